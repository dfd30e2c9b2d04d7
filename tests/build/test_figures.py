"""Figures in the prose are those of the names and settings in force."""

import re
from html import unescape

import pytest

from assemble.paths import DIST
from lab.core.figures import figure
from microgpt.experiment import Experiment


def test_the_page_as_built_has_the_figures_it_opens_with(experiment: Experiment) -> None:
    found = re.findall(r'data-live="(\w+)">([^<]*)</span>', (DIST / "index.html").read_text("utf-8"))
    assert len(found) > 30
    for name, text in found:
        value = figure(name, experiment) * (100 if "%" in text else 1)
        assert float(re.sub(r"[^\d.]", "", unescape(text))) == pytest.approx(value, rel=0.01)
