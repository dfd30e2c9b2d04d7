"""One chapter at a time: what a link opens, what back and forward do, and what stays as it was."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from assemble import chapters
from assemble.paths import LAB
from lab.chapters import TOUR
from tests.browser.driving import SharedLab
from tests.browser.lab_state import button, chart, drawn, press_step, root, step, until, wait_for_step


@pytest.fixture(scope="module")
def shared_lab(browser: Browser, site_url: str) -> Iterator[SharedLab]:
    lab = SharedLab.with_options(browser, site_url, "#autograd", whole=False, reduced_motion="reduce")
    yield lab
    lab.close()


def shown(page: Page) -> list[str]:
    return page.locator("main section[id]").filter(visible=True).evaluate_all("(all) => all.map(({ id }) => id)")


def chapter(page: Page, name: str) -> None:
    link = page.get_by_role("navigation", name="Chapters").get_by_role("link", name=name, exact=True)
    link.click()
    expect(page.locator(link.get_attribute("href"))).to_be_focused()


def test_an_address_opens_its_chapter_in_the_mode_that_shows_it_and_says_so(lab_page: Page) -> None:
    """The module's page has been opened at a part that the mode hides."""
    assert shown(lab_page) == ["loss", "training", "loop", "autograd", "weight"]
    expect(lab_page.locator("#autograd h2")).to_be_in_viewport()
    notice = lab_page.get_by_text("This part belongs to Advanced, so the page now shows that.").first
    expect(notice).to_be_visible()
    lab_page.get_by_role("button", name="Back to Focused").click()
    expect(notice).to_be_hidden()
    assert shown(lab_page) == ["loss", "training", "loop"]
    assert lab_page.url.endswith("#chapter-how-it-learns")  # so that a reload keeps to the reader's choice


@pytest.mark.expects_errors("Failed to")
def test_the_chapter_is_decided_before_the_first_paint(page: Page, site_url: str) -> None:
    """Long before Python is up; nothing of that is fetched here."""
    page.route("**/*.{mjs,py}", lambda route: route.abort())
    for address, first in (("#softmax", "softmax"), ("#rung3", "rung3"), ("", "bench"), ("#nothing", "bench")):
        page.goto(f"{site_url}LICENSE.txt")
        page.goto(site_url + address)
        assert shown(page)[0] == first, address


def test_the_end_of_a_chapter_leads_on_and_back_and_training_goes_on(lab_page: Page) -> None:
    chapter(lab_page, "Meet it")
    lab_page.get_by_label("Speed").select_option("watch")
    button(lab_page, "Train").click()
    walked = [shown(lab_page)[0]]
    turn = lab_page.get_by_role("navigation", name="Previous and next")
    while (following := turn.get_by_role("link", name="Next")).is_visible():
        following.click()
        walked.append(shown(lab_page)[0])
        assert lab_page.evaluate("scrollY") < 400
    assert walked == [
        next(part.slug for part in leaf.parts if part.level != "advanced")
        for one in chapters.chapters(LAB)
        for leaf in one.leaves
        if leaf.level != "advanced"
    ]
    before = step(lab_page)
    wait_for_step(lab_page, before + 1)
    button(lab_page, "Pause").click()
    turn.get_by_role("link", name="Previous").click()
    expect(lab_page).to_have_title(f"{chapters.chapters(LAB)[-2].title} · microgpt lab")
    assert shown(lab_page)[0] == walked[-2]


def test_back_and_forward_open_the_chapter_and_the_place_in_it(lab_page: Page) -> None:
    chapter(lab_page, "Guessing")
    lab_page.mouse.move(640, 400)
    lab_page.mouse.wheel(0, 1500)
    until(lab_page, "history.state.top > 800")
    place = lab_page.evaluate("scrollY")
    chapter(lab_page, "Letters")
    lab_page.go_back()
    until(lab_page, "document.documentElement.dataset.leaf === 'softmax'")
    until(lab_page, "Math.abs(scrollY - argument) < 3", place)
    lab_page.go_forward()
    until(lab_page, "document.documentElement.dataset.leaf === 'patterns'")
    until(lab_page, "scrollY < 10")


@pytest.mark.feature("S1-3")
def test_a_mode_without_the_open_chapter_goes_to_one_that_it_has(lab_page: Page) -> None:
    chapter(lab_page, "Build it up")
    look = lab_page.locator("#look")
    look.locator("summary").click()
    look.get_by_label("Show").select_option("minimal")
    assert shown(lab_page)
    expect(lab_page.get_by_role("heading", level=1, name="Build it up")).to_be_hidden()
    look.get_by_label("Show").select_option("focused")
    lab_page.keyboard.press("Escape")
    expect(look.locator("summary")).to_be_focused()


@pytest.mark.feature("Q1")
def test_a_link_in_the_text_opens_its_section_and_hands_it_the_keyboard(lab_page: Page) -> None:
    chapter(lab_page, "Meet it")
    link = lab_page.locator("#journey").get_by_role("link", name="A chance for each letter")
    link.focus()
    lab_page.keyboard.press("Enter")
    expect(lab_page.locator("#predictions h2")).to_be_focused()
    expect(lab_page.locator("#predictions h2")).to_be_in_viewport()
    expect(lab_page.locator("#announcer")).to_have_text("Guessing")
    rail = lab_page.get_by_role("navigation", name="Parts of Guessing")
    expect(rail.locator("[aria-current]")).to_have_attribute("href", "#predictions")


def test_all_on_one_page_and_back_again_where_the_reader_was(lab_page: Page) -> None:
    chapter(lab_page, "Letters")
    lab_page.get_by_role("button", name="All on one page").click()
    assert "page=all" in lab_page.url
    expect(lab_page.get_by_role("heading", level=1, name="Letters")).to_be_in_viewport()
    assert len(shown(lab_page)) > 25
    lab_page.locator("#look summary").click()
    lab_page.get_by_role("button", name="One chapter at a time").click()
    assert shown(lab_page) == ["patterns", "tokens"]
    assert "page=all" not in lab_page.url


def test_the_tour_opens_stop_after_stop_and_says_what_to_do(lab_page: Page) -> None:
    chapter(lab_page, "Meet it")
    lab_page.get_by_role("button", name="New here? Take the ten-minute tour").click()
    tour = lab_page.get_by_role("group", name="Ten-minute tour")
    drawn(lab_page)
    assert lab_page.locator("#transport").bounding_box()["height"] <= 720 / 3  # with the tour in it
    seen = []
    while (onward := tour.get_by_role("button", name="Next stop")).is_visible():
        seen.append(tour.get_by_role("link").get_attribute("href"))
        expect(tour).to_contain_text(f"Stop {len(seen)} of {len(TOUR)}")
        expect(lab_page.locator(f"{seen[-1]} :is(h1, h2)").first).to_be_in_viewport()
        onward.click()
    assert [*seen, "#takeaways"] == [f"#{stop}" for stop in TOUR]
    lab_page.go_back()
    expect(tour).to_contain_text(f"Stop {len(TOUR) - 1} of {len(TOUR)}")
    tour.get_by_role("button", name="End the tour").click()
    expect(tour).to_be_hidden()


@pytest.mark.feature("Q8")
def test_what_is_printed_has_been_drawn_though_it_was_out_of_sight_and_no_bar_lies_over_it(lab_page: Page) -> None:
    lab_page.get_by_label("Speed").select_option("max")
    chapter(lab_page, "How it learns")
    lab_page.locator("#look summary").click()
    lab_page.get_by_label("Colours").select_option("dark")
    lab_page.keyboard.press("Escape")
    before = step(lab_page)
    press_step(lab_page, 3)
    curve = chart(lab_page, "Loss by training step")
    expect(curve).not_to_be_in_viewport()
    assert lab_page.pdf()
    assert f"step {before + 3}" in curve.get_attribute("aria-label")
    expect(root(lab_page)).to_have_attribute("data-theme", "dark")  # as it was chosen for the screen
    lab_page.emulate_media(media="print")
    for bar in (".masthead", ".transport-buttons", ".rail:visible", ".turn"):
        expect(lab_page.locator(bar)).to_be_hidden()
    assert lab_page.evaluate("getComputedStyle(document.body).color") == "rgb(33, 28, 23)"
    lab_page.emulate_media(media="screen")
    lab_page.locator("#look summary").click()
    lab_page.get_by_label("Colours").select_option("system")
    lab_page.keyboard.press("Escape")


@pytest.mark.feature("U10")
def test_the_colours_are_chosen_in_the_page_and_kept(lab_page: Page) -> None:
    look = lab_page.locator("#look")
    look.locator("summary").click()
    look.get_by_label("Colours").select_option("dark")
    expect(root(lab_page)).to_have_attribute("data-theme", "dark")
    assert lab_page.evaluate("localStorage.getItem('theme')") == "dark"
    look.get_by_label("Colours").select_option("system")
    assert lab_page.evaluate("localStorage.getItem('theme')") is None
    lab_page.keyboard.press("Escape")


@pytest.mark.feature("H6")
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844), (320, 180), (640, 360)])
def test_the_bars_leave_two_thirds_of_the_height(lab_page: Page, width: int, height: int) -> None:
    lab_page.set_viewport_size({"width": width, "height": height})
    lab_page.evaluate("document.activeElement.blur()")
    chapter_link = lab_page.locator("#turn-next")
    chapter_link.focus()
    drawn(lab_page)
    taken = lab_page.evaluate(
        """() => [document.querySelector(".masthead"), document.querySelector("#transport")]
            .map((bar) => bar.getBoundingClientRect())
            .map(({ top, bottom }) => Math.max(0, Math.min(bottom, innerHeight) - Math.max(top, 0)))
            .reduce((sum, part) => sum + part)"""
    )
    assert taken <= height / 3
    covered = lab_page.evaluate(
        """() => {
            const { left, top, width, height } = document.activeElement.getBoundingClientRect();
            return !document.activeElement.contains(document.elementFromPoint(left + width / 2, top + height / 2));
        }"""
    )
    assert not covered
    lab_page.set_viewport_size({"width": 1280, "height": 720})
