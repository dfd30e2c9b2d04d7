"""What machines can check of WCAG 2.2 AA, in every theme and size, and that nothing runs off the screen."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from assemble import runtime
from microgpt.experiment import Experiment
from tests.browser.lab_state import button, draw_all, load_trained, press_step, start_anew, type_name

WIDTHS = {"desk": 1280, "phone": 390}
MODES = ["Minimal", "Focused", "Advanced"]

# Every theme, every width and every mode is seen, though not each with each in every state: the deepest mode shows
# all that the others do, in the same colours.
SEEN = {
    "untrained": [("light", "Advanced", WIDTHS["desk"]), ("dark", "Focused", WIDTHS["phone"])],
    "training": [("dark", "Advanced", WIDTHS["desk"])],
    "loaded": [("light", "Minimal", WIDTHS["desk"]), ("dark", "Advanced", WIDTHS["phone"])],
}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def axe() -> str:
    return (Path(runtime.node_modules()) / "axe-core" / "axe.min.js").read_text("utf-8")


@pytest.fixture
def lab_page(lab_page: Page):
    lab_page.emulate_media(reduced_motion="reduce")
    start_anew(lab_page)
    yield lab_page
    choose_mode(lab_page, "Focused")
    lab_page.set_viewport_size({"width": 1280, "height": 800})
    lab_page.emulate_media(color_scheme="light")


def bring_to(page: Page, state: str, experiment: Experiment) -> None:
    match state:
        case "training":
            page.get_by_label("Speed").select_option("watch")  # enough to have things move
            button(page, "Train").click()
        case "loaded":
            load_trained(page, experiment)


def choose_mode(page: Page, mode: str) -> None:
    page.get_by_role("radio", name=mode, exact=True).check()


def violations(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    found = page.evaluate(
        "(options) => axe.run(document, options).then((result) => result.violations)",
        {"runOnly": RULES, "resultTypes": ["violations"], "preload": False},
    )
    return [
        f"{one['id']} ({one['impact']}): {node['target']} {node['failureSummary'].splitlines()[-1].strip()}"
        for one in found
        for node in one["nodes"][:3]
    ]


@pytest.mark.feature("Q1", "U10")
@pytest.mark.parametrize("state", SEEN)
def test_axe_finds_nothing(lab_page: Page, experiment: Experiment, axe: str, state: str) -> None:
    bring_to(lab_page, state, experiment)
    for theme, mode, width in SEEN[state]:
        lab_page.emulate_media(color_scheme=theme)
        lab_page.set_viewport_size({"width": width, "height": 844})
        choose_mode(lab_page, mode)
        draw_all(lab_page)
        found = violations(lab_page, axe)
        assert not found, f"{theme}, {mode}, {width}:\n" + "\n".join(found)


@pytest.mark.feature("Q1", "Q3")
def test_axe_finds_nothing_in_open_tables_and_messages(lab_page: Page, axe: str) -> None:
    choose_mode(lab_page, "Advanced")
    press_step(lab_page, 20)
    draw_all(lab_page)
    for summary in lab_page.locator("main details > summary").filter(visible=True).all():
        if not summary.evaluate("(summary) => summary.parentElement.open"):
            summary.click()
    type_name(lab_page, "r3x")
    expect(lab_page.get_by_role("alert").filter(has_text="never seen")).to_be_visible()
    found = violations(lab_page, axe)
    assert not found, "\n".join(found)


@pytest.mark.feature("Q1")
@pytest.mark.parametrize(("width", "zoom"), [(320, 100), (390, 100), (640, 200)])
def test_nothing_runs_off_the_side(lab_page: Page, width: int, zoom: int) -> None:
    """At 320 CSS pixels, which is a screen of 1280 at 400 %, and with text twice as large."""
    lab_page.set_viewport_size({"width": width, "height": 700})
    lab_page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", f"{zoom}%")
    press_step(lab_page, 20)
    faults = []
    for mode in MODES:
        choose_mode(lab_page, mode)
        draw_all(lab_page)
        if lab_page.evaluate("document.scrollingElement.scrollWidth") > width:
            faults.append(f"{mode}: {wide_things(lab_page)}")
    lab_page.evaluate("() => { document.documentElement.style.fontSize = ''; }")
    assert not faults, "\n".join(faults)


def wide_things(page: Page) -> list[str]:
    """What sticks out on the right, for the message of a failing test."""
    return page.evaluate(
        """() => [...document.querySelectorAll("body *")]
            .filter((one) => one.checkVisibility() && !one.closest("nav"))  // which scrolls in itself
            .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
            .slice(0, 8)
            .map((one) => `${one.tagName}.${one.className} in #${one.closest("[id]")?.id}`)"""
    )


@pytest.mark.feature("Q1")
@pytest.mark.parametrize("width", WIDTHS.values())
def test_targets_are_large_enough_to_hit(lab_page: Page, width: int) -> None:
    """At least 24 by 24 CSS pixels; a control inside a label is as large as the label."""
    lab_page.set_viewport_size({"width": width, "height": 844})
    press_step(lab_page, 5)
    draw_all(lab_page)
    small = lab_page.evaluate(
        """() => [...document.querySelectorAll("button, select, input, summary, nav a")]
            .filter((one) => one.checkVisibility() && !one.closest(".visually-hidden"))
            .map((one) => [one, (one.labels?.[0] ?? one).getBoundingClientRect()])
            .filter(([, box]) => box.width < 24 || box.height < 24)
            .map(([one, box]) => `${one.outerHTML.slice(0, 90)} ${box.width.toFixed(0)}×${box.height.toFixed(0)}`)"""
    )
    assert not small, "\n".join(small)


@pytest.mark.feature("Q3")
def test_training_is_announced_and_not_too_often(lab_page: Page) -> None:
    lab_page.evaluate("""() => {
        window.said = [];
        new MutationObserver(() => said.push(document.getElementById("announcer").textContent))
            .observe(document.getElementById("announcer"), { childList: true, characterData: true, subtree: true });
    }""")
    lab_page.get_by_label("Speed").select_option("fast")  # flat out it would be over by the time of the first word
    button(lab_page, "Train").click()
    lab_page.evaluate("""() => new Promise((done) => {
        const look = () => said.some((text) => text.includes("loss")) ? done() : requestAnimationFrame(look);
        look();
    })""")
    button(lab_page, "Pause").click()
    expect(lab_page.locator("#announcer")).to_have_text(re.compile(r"^paused, step [\d,]+, loss \d"))
    said = lab_page.evaluate("said")
    assert len(said) <= 3, said


@pytest.mark.feature("R4", "Q3")
def test_every_chart_has_a_name_and_says_its_latest_value(lab_page: Page) -> None:
    press_step(lab_page, 20)
    draw_all(lab_page)
    charts = lab_page.locator("main .chart[role=figure]").filter(visible=True)
    labels = [one.get_attribute("aria-label") for one in charts.all()]
    assert labels
    assert all(label and len(label) > 10 for label in labels), labels
    assert len(set(labels)) == len(labels), "two charts have the same name"
    assert any("step 20" in label for label in labels)
