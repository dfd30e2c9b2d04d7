"""Figures in the prose are those of the names and settings in force."""

import re
from html import unescape

import pytest

from assemble.page import fill
from assemble.paths import DIST
from lab.charts.format import figure_text
from lab.core.figures import figure
from microgpt.experiment import Experiment


def test_the_page_as_built_has_the_figures_it_opens_with(experiment: Experiment) -> None:
    found = re.findall(r'data-live="(\w+)">([^<]*)</span>', (DIST / "index.html").read_text("utf-8"))
    assert len(found) > 60
    for name, text in found:
        assert unescape(text) == figure_text(name, figure(name, experiment))


@pytest.mark.feature("D8")
def test_a_figure_is_live_wherever_it_can_be() -> None:
    live = {"n": '<span data-live="n">5</span>'}
    assert fill("<p>{{n}} of {{n}}</p>", live) == f"<p>{live['n']} of {live['n']}</p>"
    assert fill('<rect width="{{n}}"/>{{n}}', live) == f'<rect width="5"/>{live["n"]}'
