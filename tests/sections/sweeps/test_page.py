"""Sweeps on the page: trained, stopped, gone on with, told."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.lab_state import button, start_anew, step, table_of

STEPS = 100


def section(page: Page) -> Locator:
    return page.locator("#sweeps")


def form(page: Page, name: str) -> Locator:
    return section(page).get_by_role("form", name=name)


@pytest.mark.feature("E3", "R1")
def test_five_sizes_are_trained_and_a_law_is_looked_for(lab_page: Page) -> None:
    start_anew(lab_page)
    form(lab_page, "Sizes").get_by_label("steps for each").select_option(str(STEPS))
    button(lab_page, "Try all sizes").click()
    expect(section(lab_page)).to_contain_text("All 5 runs are done.", timeout=60_000)
    rows = table_of(lab_page, "Held-out loss by size")
    assert [row[0] for row in rows] == ["696", "2,160", "7,392", "27,072", "103,296"]
    assert all(1.5 < float(row[1]) < 3.4 for row in rows)
    expect(section(lab_page).get_by_role("status").nth(1)).to_contain_text(re.compile("power|no law"))
    assert step(lab_page) == 0


@pytest.mark.feature("E3")
def test_rates_stop_with_their_results_and_go_on(lab_page: Page) -> None:
    form(lab_page, "Learning rates").get_by_label("steps for each").select_option("3000")
    button(lab_page, "Try all rates").click()
    expect(section(lab_page)).to_contain_text(re.compile(r"[1-9]\d* % of all steps done, 7 runs under way"))
    button(lab_page, "Stop the rates").click()
    expect(section(lab_page)).to_contain_text("Stopped: 7 runs not done.")
    expect(button(lab_page, "Go on with rates")).to_be_focused()
    form(lab_page, "Learning rates").get_by_label("steps for each").select_option(str(STEPS))
    button(lab_page, "Try all rates").click()
    expect(section(lab_page)).to_contain_text("All 7 runs are done.", timeout=60_000)
    expect(section(lab_page).get_by_role("status").first).to_contain_text("The lowest held-out loss")
    assert len(table_of(lab_page, "Held-out loss by learning rate")) == 7
