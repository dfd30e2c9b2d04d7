"""Knock-outs on the page: parts are silenced by keys, measured, ranked, and given back."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.lab_state import button, drawn, start_anew, step, train, type_name


def section(page: Page) -> Locator:
    return page.locator("#knockout")


def said(page: Page) -> Locator:
    return section(page).get_by_role("status").first


@pytest.mark.feature("E8")
def test_parts_are_silenced_measured_and_given_back(lab_page: Page) -> None:
    start_anew(lab_page)
    type_name(lab_page, "tyran")
    reached, _ = train(lab_page, 60)
    section(lab_page).scroll_into_view_if_needed()
    expect(said(lab_page)).to_have_text(
        f"After tyran, step {reached}: nothing is silenced, so nothing is changed, to the last bit."
    )
    mlp = section(lab_page).get_by_role("button", name="layer 1, MLP")
    mlp.focus()
    lab_page.keyboard.press("Enter")
    expect(mlp).to_have_attribute("aria-pressed", "true")
    expect(said(lab_page)).to_have_text(re.compile(r"without layer 1, MLP: .* goes from \d\.\d{3} to \d\.\d{3}\."))
    button(lab_page, "Silence each in turn").click()
    expect(section(lab_page)).to_contain_text("Needed most, by held-out loss:", timeout=60_000)
    section(lab_page).get_by_label("most needed first").check()
    drawn(lab_page)
    changes = section(lab_page).locator("tbody[data-part=rows] tr td:last-child").all_inner_texts()
    values = [float(text.replace("−", "-").replace("±", "")) for text in changes]
    assert len(values) == 2 * (4 + 1) + 5 and values == sorted(values, reverse=True)
    button(lab_page, "Give all back").click()
    expect(said(lab_page)).to_contain_text("nothing is silenced")
    assert step(lab_page) == reached


@pytest.mark.feature("E8")
def test_measuring_can_be_stopped_and_a_new_moment_begins_anew(lab_page: Page) -> None:
    start_anew(lab_page)
    section(lab_page).scroll_into_view_if_needed()
    expect(said(lab_page)).to_contain_text("step 0")
    button(lab_page, "Silence each in turn").click()
    stop = button(lab_page, "Stop measuring")
    expect(stop).to_be_focused()
    lab_page.keyboard.press("Enter")
    expect(stop).to_be_disabled()
    expect(button(lab_page, "Silence each in turn")).to_be_focused()
    button(lab_page, "Step").click()
    expect(said(lab_page)).to_contain_text("step 1:")
    expect(section(lab_page).locator("tbody[data-part=rows] tr").first.locator("td").last).to_have_text("–")
