"""The first screen: everything on it is there before it trains, moves while it trains, and nothing jumps."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.lab_state import start_anew, step, until

FEATURE = pytest.mark.feature("V4")
PICTURES = ("spelled", "descent", "arcs", "map")
SCREENS = {"laptop": (1280, 800), "phone": (390, 844)}


def bench(page: Page) -> Locator:
    return page.locator("#bench")


def pictures(page: Page) -> list[str]:
    return [bench(page).locator(f"[data-part={name}]").inner_html() for name in PICTURES]


@pytest.fixture
def fresh(lab_page: Page) -> Page:
    lab_page.set_viewport_size({"width": 1280, "height": 800})
    start_anew(lab_page)
    lab_page.evaluate("scrollTo(0, 0)")
    return lab_page


@FEATURE
@pytest.mark.parametrize("screen", SCREENS)
def test_all_of_it_is_in_the_first_screen_and_moves_while_it_trains(fresh: Page, screen: str) -> None:
    width, height = SCREENS[screen]
    fresh.set_viewport_size({"width": width, "height": height})
    for name in ("go", "spelled", "descent", "names"):
        box = bench(fresh).locator(f"[data-part={name}]").bounding_box()
        bar = fresh.locator("#transport").bounding_box()
        assert box and bar and box["y"] + min(box["height"], 40) <= bar["y"], f"{name} is below the first screen"
    until(fresh, "document.querySelectorAll('#bench .chart-svg').length === 4")
    before = pictures(fresh)
    bench(fresh).get_by_role("button", name="Train it").click()
    until(fresh, "Number(document.documentElement.dataset.step) > 150")
    bench(fresh).get_by_role("button", name="Pause it").click()
    until(fresh, "document.documentElement.dataset.lab === 'paused'")
    after = pictures(fresh)
    assert all(one != other for one, other in zip(before, after, strict=True))
    expect(bench(fresh).locator("[data-part=descent] .beaten").first).to_be_attached()
    expect(bench(fresh).locator("[data-part=names] li").first).to_have_text(re.compile(r"\d+$"))


@FEATURE
def test_nothing_on_it_moves_from_its_place_while_it_trains(fresh: Page) -> None:
    parts = "[...document.querySelectorAll('#bench [data-part]')]"
    places = f"""() => {parts}.filter((e) => !['arcs-note', 'map-note'].includes(e.dataset.part) && !e.closest('svg'))
        .map((e) => [e.dataset.part, Math.round(e.getBoundingClientRect().top + scrollY)].join())"""
    before = fresh.evaluate(places)
    for wanted in (10, 60, 150):
        bench(fresh).get_by_role("button", name=re.compile("^Train ")).click()
        until(fresh, f"Number(document.documentElement.dataset.step) >= {wanted}")
        bench(fresh).get_by_role("button", name="Pause it").click()
        assert fresh.evaluate(places) == before


@FEATURE
def test_after_the_run_there_is_something_to_do_and_a_press_too_many_destroys_nothing(fresh: Page) -> None:
    fresh.evaluate("document.querySelector('#training [data-part=load]').click()")
    until(fresh, "document.documentElement.dataset.step === '5000'")
    go = bench(fresh).get_by_role("button", name="Ten names")
    expect(go).to_be_visible()
    names = bench(fresh).locator("[data-part=names] li")
    expect(names.first).to_contain_text("5,000")  # it has shown already what it can do
    first = names.first.inner_text()
    go.focus()
    fresh.keyboard.press("Space")
    expect(names.first).not_to_have_text(first)
    assert step(fresh) == 5000


@FEATURE
def test_a_new_one_has_other_first_weights_and_undo_brings_the_old_one_back(fresh: Page) -> None:
    bench(fresh).get_by_role("button", name="Train it").click()
    until(fresh, "Number(document.documentElement.dataset.step) > 20")
    bench(fresh).get_by_role("button", name="Pause it").click()
    reached = step(fresh)
    bench(fresh).get_by_role("button", name="New one").click()
    until(fresh, "document.documentElement.dataset.lab === 'training'")
    bench(fresh).get_by_role("button", name="Pause it").click()
    fresh.get_by_role("button", name="Undo", exact=True).click()
    until(fresh, f"document.documentElement.dataset.step === '{reached}'")
