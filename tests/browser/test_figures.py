"""Figures in the prose are those of the names and settings in force."""

import re
from html import unescape

import pytest
from playwright.sync_api import Page, expect

from assemble.paths import DIST
from lab.core.figures import figure
from microgpt.experiment import Experiment
from tests.browser.lab_state import button


def test_the_page_as_built_has_the_figures_it_opens_with(experiment: Experiment) -> None:
    found = re.findall(r'data-live="(\w+)">([^<]*)</span>', (DIST / "index.html").read_text("utf-8"))
    assert len(found) > 30
    for name, text in found:
        value = figure(name, experiment) * (100 if "%" in text else 1)
        assert float(re.sub(r"[^\d.]", "", unescape(text))) == pytest.approx(value, rel=0.01)


def test_a_model_of_another_size_changes_the_prose(lab_page: Page) -> None:
    lab_page.get_by_role("radio", name="Advanced", exact=True).check()
    lab_page.locator("#control summary", has_text="Settings").click()
    lab_page.get_by_label("layers (n_layer)").fill("1")
    button(lab_page, "Start over with these").click()
    for section in ("attention", "rung4", "block"):
        lab_page.locator(f"#{section}").evaluate("(s) => s.scrollIntoView({ behavior: 'instant' })")
        expect(lab_page.locator(f"#{section} [data-live=n_layer]").first).to_have_text("1")
