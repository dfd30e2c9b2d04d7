"""What is around the sections: chapters, the list of all parts, words explained where they stand."""

import re

import pytest
from playwright.sync_api import BrowserType, Page, expect

from assemble import browser as chromium
from assemble import page as composed
from assemble.paths import LAB
from tests.browser.driving import open_lab
from tests.browser.lab_state import arrived

CHAPTERS = composed.outline(LAB / "chapters.py")
MODES = {"Minimal": "minimal", "Focused": "focused", "Advanced": "advanced"}


@pytest.fixture(autouse=True)
def advanced(lab_page: Page) -> None:
    lab_page.emulate_media(reduced_motion="reduce")
    lab_page.get_by_role("radio", name="Advanced").check()
    lab_page.evaluate("scrollTo(0, 0)")


@pytest.mark.feature("S1-3")
@pytest.mark.parametrize("mode", MODES)
def test_chapters_lead_to_what_the_mode_shows_and_to_nothing_else(lab_page: Page, mode: str) -> None:
    lab_page.get_by_role("radio", name=mode).check()
    links = lab_page.get_by_role("navigation", name="Chapters").get_by_role("link")
    assert set(links.all_inner_texts()) <= set(CHAPTERS)
    assert (mode == "Minimal") == (len(links.all_inner_texts()) < len(CHAPTERS))
    for link in links.all():
        target = lab_page.locator(link.get_attribute("href"))
        expect(target).to_be_visible()
        assert target.evaluate(
            "(mark) => { let s = mark; while (!s.matches('section')) s = s.nextElementSibling; return !!s; }"
        )


@pytest.mark.feature("S1-3", "Q1")
def test_the_list_of_all_parts_opens_closes_and_goes_there(lab_page: Page) -> None:
    parts = lab_page.locator("#contents")
    summary = parts.locator("summary")
    summary.focus()
    lab_page.keyboard.press("Enter")
    links = lab_page.get_by_role("navigation", name="All parts").get_by_role("link")
    assert links.count() == sum(map(len, CHAPTERS.values()))
    lab_page.keyboard.press("Escape")
    expect(links.first).to_be_hidden()
    expect(summary).to_be_focused()
    summary.click()
    links.filter(has_text="Softmax").click()
    expect(links.first).to_be_hidden()
    expect(lab_page.locator("#softmax")).to_be_in_viewport()
    summary.click()
    lab_page.locator(".transport-state").click()  # anywhere outside
    expect(links.first).to_be_hidden()


@pytest.mark.feature("S3-9")
def test_a_word_is_explained_where_it_stands_and_the_note_goes_away_again(lab_page: Page) -> None:
    word = lab_page.locator("#predictions").get_by_role("button", name="logits")
    word.focus()
    lab_page.keyboard.press("Enter")
    note = lab_page.locator("#term-logits")
    expect(note).to_be_visible()
    expect(note).to_contain_text(re.compile("raw scores"))
    lab_page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    expect(word).to_be_focused()
    word.click()
    expect(note).to_be_in_viewport(ratio=1)
    lab_page.locator("#predictions h2").click()
    expect(note).to_be_hidden()


@pytest.mark.feature("S3-9", "Q1")
def test_a_note_fits_a_narrow_page(lab_page: Page) -> None:
    lab_page.set_viewport_size({"width": 320, "height": 640})
    lab_page.locator("#opening").get_by_role("button", name="attention").click()
    note = lab_page.locator("#term-attention")
    expect(note).to_be_in_viewport(ratio=1)
    lab_page.keyboard.press("Escape")
    lab_page.set_viewport_size({"width": 1280, "height": 720})


@pytest.mark.feature("S3-8")
def test_what_production_changes_is_told_part_by_part(lab_page: Page) -> None:
    table = lab_page.get_by_role("table", name="What changes from this model to a large one, and what stays")
    rows = [text.strip() for text in table.get_by_role("row").all_text_contents()]
    assert len(rows) == 7
    for part in ("text", "tokens", "arithmetic", "the block", "training", "making text"):
        assert any(row.startswith(part) for row in rows), part


@pytest.mark.parametrize("width", [1280, 390])
def test_a_jump_far_ahead_ends_at_its_goal(browser_type: BrowserType, site_url: str, width: int) -> None:
    """On the way, in a browser that glides there, figures are drawn for the first time, and the goal moves down."""
    gliding = browser_type.launch(**chromium.launch_options())
    page = open_lab(gliding.new_page(viewport={"width": width, "height": 800}), site_url)
    page.get_by_role("navigation", name="Chapters").get_by_role("link", name="Scale").click()
    arrived(page.locator("#chapter-scale"))
    gliding.close()
