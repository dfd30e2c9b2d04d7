"""What is around the sections: chapters, the list of all parts, words explained where they stand."""

import re

import pytest
from playwright.sync_api import BrowserType, Locator, Page, expect

from assemble import browser as chromium
from assemble import chapters
from assemble.paths import LAB
from tests.browser.driving import open_lab
from tests.browser.lab_state import arrived, chart, drawn, press_step, start_anew, type_name, until

CHAPTERS = chapters.chapters(LAB)
TITLES = [chapter.title for chapter in CHAPTERS]
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
    assert set(links.all_inner_texts()) <= set(TITLES)
    assert (mode == "Minimal") == (len(links.all_inner_texts()) < len(TITLES))
    for link in links.all():
        heading = lab_page.locator(link.get_attribute("href"))
        expect(heading).to_be_visible()
        expect(
            lab_page.get_by_role("article").filter(has=heading).locator("section").filter(visible=True)
        ).not_to_have_count(0)


@pytest.mark.feature("S1-3", "Q1")
def test_the_list_of_all_parts_opens_closes_and_goes_there(lab_page: Page) -> None:
    parts = lab_page.locator("#contents")
    summary = parts.locator("summary")
    summary.focus()
    lab_page.keyboard.press("Enter")
    links = lab_page.get_by_role("navigation", name="All parts").get_by_role("link")
    assert links.count() == len(CHAPTERS) + sum(len(chapter.parts) for chapter in CHAPTERS)
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
    page.locator("#contents summary").click()
    page.get_by_role("navigation", name="All parts").get_by_role("link", name="The code", exact=True).click()
    arrived(page.locator("#chapter-the-code"))
    gliding.close()


# The strip with the current name: it goes on by itself, unless somebody wants it to stand

GO, STAND = "Let the names go on", "Pause the names"


def strip(page: Page) -> Locator:
    return page.get_by_role("group", name="The name this page is looking at")


def name(page: Page) -> str:
    """As its letters stand there."""
    letters = "(all) => all.map((one) => one.nextSibling.textContent)"
    return "".join(strip(page).get_by_role("radio").evaluate_all(letters))


def going(page: Page) -> Locator:
    """Names that go on by themselves, as on the bench; gives the button that says so when they stand."""
    start_anew(page)
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    go = strip(page).get_by_role("button", name=GO)
    page.emulate_media(reduced_motion="no-preference")
    page.emulate_media(reduced_motion="reduce")  # whatever was before, this stops them
    expect(go).to_be_visible()
    page.emulate_media(reduced_motion="no-preference")
    expect(strip(page).get_by_role("button", name=STAND)).to_be_visible()
    return go


@pytest.mark.feature("S1-7", "Q2")
def test_the_names_go_on_by_themselves_until_somebody_types(lab_page: Page) -> None:
    go = going(lab_page)
    letters = "[...document.querySelectorAll('#namebar .chips span')].map((one) => one.textContent).join('')"
    until(lab_page, f"{letters} !== argument", name(lab_page))
    type_name(lab_page, "rex")
    until(lab_page, f"{letters} === 'STARTrex'")
    expect(go).to_be_visible()


@pytest.mark.feature("S1-7")
def test_further_down_they_stand_unless_a_reader_lets_them_go_on(lab_page: Page) -> None:
    go = going(lab_page)
    lab_page.locator("#predictions").scroll_into_view_if_needed()
    expect(go).to_be_visible()  # when the next one would have come
    here = name(lab_page)
    go.click()
    letters = "[...document.querySelectorAll('#namebar .chips span')].map((one) => one.textContent).join('')"
    until(lab_page, f"{letters} !== argument", f"START{here}")
    expect(strip(lab_page).get_by_role("button", name=STAND)).to_be_visible()


@pytest.mark.feature("S1-7")
def test_next_and_previous_stop_it_and_walk_the_list(lab_page: Page) -> None:
    go = going(lab_page)
    strip(lab_page).get_by_role("button", name="Next name").click()
    drawn(lab_page)
    here = name(lab_page)
    strip(lab_page).get_by_role("button", name="Next name").click()
    drawn(lab_page)
    assert name(lab_page) != here
    strip(lab_page).get_by_role("button", name="Previous name").click()
    drawn(lab_page)
    assert name(lab_page) == here
    expect(go).to_be_visible()


@pytest.mark.feature("Q2")
def test_with_reduced_motion_the_names_stand_still_and_values_still_update(lab_page: Page) -> None:
    go = going(lab_page)
    lab_page.emulate_media(reduced_motion="reduce")
    expect(go).to_be_visible()
    lab_page.locator("#predictions").scroll_into_view_if_needed()
    drawn(lab_page)
    bars = chart(lab_page, "Chance of each next letter")
    before = bars.get_attribute("aria-label")
    press_step(lab_page, 20)
    drawn(lab_page)
    assert bars.get_attribute("aria-label") != before
