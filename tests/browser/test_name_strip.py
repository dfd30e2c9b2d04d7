"""The strip with the current name: it goes on by itself, unless somebody wants it to stand."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.lab_state import chart, drawn, press_step, start_anew, type_name, until

GO, STAND = "Let the names go on", "Pause the names"


@pytest.fixture
def lab_page(lab_page: Page) -> Page:
    start_anew(lab_page)
    return lab_page


def strip(page: Page) -> Locator:
    return page.get_by_role("group", name="The name this page is looking at")


def name(page: Page) -> str:
    """As its letters stand there."""
    letters = "(all) => all.map((one) => one.nextSibling.textContent)"
    return "".join(strip(page).get_by_role("radio").evaluate_all(letters))


@pytest.mark.feature("S1-7", "Q2")
def test_the_names_go_on_by_themselves_until_somebody_types(lab_page: Page) -> None:
    go = strip(lab_page).get_by_role("button", name=GO)
    if go.is_visible():
        go.click()
    letters = "[...document.querySelectorAll('#namebar .chips span')].map((one) => one.textContent).join('')"
    until(lab_page, f"{letters} !== argument", name(lab_page))
    expect(strip(lab_page).get_by_role("button", name=STAND)).to_be_visible()
    type_name(lab_page, "rex")
    until(lab_page, f"{letters} === 'STARTrex'")
    expect(go).to_be_visible()


@pytest.mark.feature("S1-7")
def test_next_and_previous_stop_it_and_walk_the_list(lab_page: Page) -> None:
    strip(lab_page).get_by_role("button", name="Next name").click()
    drawn(lab_page)
    here = name(lab_page)
    strip(lab_page).get_by_role("button", name="Next name").click()
    drawn(lab_page)
    assert name(lab_page) != here
    strip(lab_page).get_by_role("button", name="Previous name").click()
    drawn(lab_page)
    assert name(lab_page) == here
    expect(strip(lab_page).get_by_role("button", name=GO)).to_be_visible()


@pytest.mark.feature("Q2")
def test_with_reduced_motion_the_names_stand_still_and_values_still_update(lab_page: Page) -> None:
    lab_page.emulate_media(reduced_motion="reduce")
    expect(strip(lab_page).get_by_role("button", name=GO)).to_be_visible()
    lab_page.locator("#predictions").scroll_into_view_if_needed()
    drawn(lab_page)
    bars = chart(lab_page, "Chance of each next letter")
    before = bars.get_attribute("aria-label")
    press_step(lab_page, 20)
    drawn(lab_page)
    assert bars.get_attribute("aria-label") != before
    lab_page.emulate_media(reduced_motion="no-preference")
