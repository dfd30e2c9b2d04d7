"""What can be stepped, by touch: on a phone, in the deepest mode."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.driving import SharedLab
from tests.browser.lab_state import drawn, in_sight

STEPPED = ["game", "loop", "autograd", "block", "attention_head", "generate", "source"]


@pytest.fixture(scope="module")
def shared_lab(browser: Browser, site_url: str) -> Iterator[SharedLab]:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    lab = SharedLab.with_options(browser, site_url, "?mode=advanced", reduced_motion="reduce", **phone)
    yield lab
    lab.close()


@pytest.fixture
def phone(lab_page: Page) -> Page:
    return lab_page


@pytest.mark.feature("S0-6", "S2-6", "S2-7", "S2-8", "S3-1", "S3-6", "X1", "Q1")
@pytest.mark.parametrize("name", STEPPED)
def test_a_tap_goes_on_and_back(phone: Page, name: str) -> None:
    section = phone.locator(f"#{name}")
    section.scroll_into_view_if_needed()
    stepper = section.locator(".stepper").first
    stepper.scroll_into_view_if_needed()
    count = stepper.locator(".stepper-count")
    expect(count).to_contain_text(" of ")
    in_sight(stepper.get_by_role("button", name="First")).tap(force=True)  # which says it is idle there
    expect(count).to_contain_text("1 of")
    stepper.get_by_role("button", name="Next").tap()
    expect(count).to_contain_text("2 of")
    stepper.get_by_role("button", name="Back").tap()
    expect(count).to_contain_text("1 of")


@pytest.mark.feature("S0-2", "Q1")
def test_a_letter_is_guessed_with_a_tap(phone: Page) -> None:
    game = phone.locator("#game")
    game.scroll_into_view_if_needed()
    said = game.get_by_role("status").first
    before = said.inner_text()
    game.get_by_role("button", name="a", exact=True).tap()
    expect(said).not_to_have_text(before)


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """One finger from here to there. What it flings may go on, and swallow the next tap: so this comes last."""
    session = page.context.new_cdp_session(page)
    points = [(start[0] + (end[0] - start[0]) * i / 8, start[1] + (end[1] - start[1]) * i / 8) for i in range(9)]
    for i, (x, y) in enumerate(points):
        kind = "touchStart" if i == 0 else "touchMove"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.mark.feature("S0-4", "Q1")
def test_the_point_of_the_loss_follows_a_finger(phone: Page) -> None:
    phone.locator("#loss [data-part=curve]").scroll_into_view_if_needed()
    plot = phone.locator("#loss .chart-plot")
    expect(plot).to_be_visible()
    drawn(phone)
    box = phone.get_by_role("spinbutton", name="chance p, as a number")
    before = box.input_value()
    area = plot.bounding_box()
    middle = area["y"] + area["height"] / 2
    drag(phone, (area["x"] + area["width"] * 0.4, middle), (area["x"] + area["width"] * 0.8, middle))
    drawn(phone)
    assert float(box.input_value()) > 0.6
    assert box.input_value() != before
