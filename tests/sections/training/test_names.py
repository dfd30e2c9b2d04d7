"""The stream of names that the model makes up."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.lab_state import button, press_step, root, start_anew


@pytest.fixture
def lab_page(lab_page: Page) -> Page:
    start_anew(lab_page)
    press_step(lab_page, 1)
    start_anew(lab_page)  # a run of its own: no name of an earlier test is in the stream
    beginning(lab_page).fill("")
    temperature_of(lab_page).fill("0.8")
    beginning(lab_page).scroll_into_view_if_needed()
    return lab_page


def beginning(page: Page) -> Locator:
    return page.locator("#training").get_by_label("beginning with")


def temperature_of(page: Page) -> Locator:
    return page.locator("#training").get_by_label("temperature")


def stream(page: Page) -> Locator:
    return page.get_by_role("list", name="Names the model made up").get_by_role("listitem")


def make(page: Page, prefix: str = "", temperature: str = "0.8") -> list[str]:
    """Press the button and wait for all ten; gives their lines, newest first."""
    beginning(page).fill(prefix)
    temperature_of(page).fill(temperature)
    made = stream(page).filter(has_text=re.compile(rf"T {re.escape(temperature)}\b(?!\.)"))
    before = made.count()
    button(page, "Make 10 names").click()
    expect(made).to_have_count(before + 10)
    return made.all_inner_texts()[:10]


@pytest.mark.feature("U8")
def test_each_name_is_stamped_with_its_step_and_temperature(lab_page: Page) -> None:
    press_step(lab_page, 30)
    for line in make(lab_page, temperature="0.5"):
        assert "step 30 · T 0.5" in line


@pytest.mark.feature("U7")
def test_names_begin_with_the_letters_given(lab_page: Page) -> None:
    lines = make(lab_page, prefix="Tyran")
    assert all(line.startswith("tyran") for line in lines), lines


@pytest.mark.feature("S1-16")
def test_the_same_step_makes_up_the_same_names(lab_page: Page) -> None:
    press_step(lab_page, 30)
    first = make(lab_page)
    button(lab_page, "Reset").click()
    expect(root(lab_page)).to_have_attribute("data-step", "0")
    press_step(lab_page, 30)
    assert make(lab_page) == first


@pytest.mark.feature("S3-7")
def test_at_temperature_zero_it_always_says_the_same(lab_page: Page) -> None:
    assert len(set(make(lab_page, temperature="0"))) == 1


@pytest.mark.feature("U8")
@pytest.mark.parametrize("temperature", ["-1", "3.5", ""])
def test_an_impossible_temperature_is_explained(lab_page: Page, temperature: str) -> None:
    temperature_of(lab_page).fill(temperature)
    button(lab_page, "Make 10 names").click()
    explained = lab_page.get_by_role("alert").filter(has_text="temperature is a number from 0")
    refused = lab_page.locator("#training input:invalid")  # or the browser itself says so
    expect(explained.or_(refused).first).to_be_visible()
    made = make(lab_page, temperature="0.7")  # and the lab goes on
    assert len(made) == 10
    expect(explained).to_be_hidden()
    assert all(" · T 0.7" in line or " · T 1" in line for line in stream(lab_page).all_inner_texts())


@pytest.mark.feature("U7")
@pytest.mark.parametrize(("prefix", "says"), [("t-rex", "“-”"), ("a" * 24, "at most 23")])
def test_letters_that_can_not_be_read_are_explained(lab_page: Page, prefix: str, says: str) -> None:
    beginning(lab_page).fill(prefix)
    button(lab_page, "Make 10 names").click()
    alert = lab_page.get_by_role("alert").filter(has_text=says)
    expect(alert).to_be_visible()
    make(lab_page)
    expect(alert).to_be_hidden()


@pytest.mark.feature("U8")
def test_names_come_by_themselves_while_it_trains(lab_page: Page) -> None:
    press_step(lab_page, 100)
    expect(stream(lab_page).filter(has_text="step 100 ·")).to_have_count(1)
    expect(stream(lab_page).filter(has_text="step 50 ·")).to_have_count(1)
