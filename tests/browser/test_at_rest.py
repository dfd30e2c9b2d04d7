"""Nothing moves under a finger: what can be pressed has its place, which no drawing of a figure changes."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.driving import Guard, open_lab
from tests.browser.lab_state import button, draw_all, drawn, press_step, root, start_anew, step, wait_for_step

WATCH = """
const CONTROLS = "main section :is(button, input, select, textarea):enabled";
const first = new Map(); // control → its place in its section when it could be pressed for the first time
const top = (part) => Math.round(part.getBoundingClientRect().top);
const place = (control) => top(control) - top(control.closest("section"));
const look = () => {
    for (const control of document.querySelectorAll(CONTROLS)) {
        if (!first.has(control) && control.checkVisibility()) first.set(control, place(control));
    }
    requestAnimationFrame(() => setTimeout(look)); // after the paint: what a reader sees
};
look();
new MutationObserver(() => first.clear()).observe(document, { subtree: true, attributeFilter: ["data-mode"] });
window.moved = () => [...first]
    .filter(([control, before]) => control.checkVisibility() && Math.abs(place(control) - before) > 1)
    .map(([control, before]) => {
        const name = control.dataset.part ?? control.textContent;
        return `${control.closest("section").id}: ${name} from ${before} to ${place(control)}`;
    });
"""


@pytest.mark.feature("Q1")
@pytest.mark.parametrize("width", [1280, 390])
def test_what_can_be_pressed_does_not_move(browser: Browser, site_url: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, reduced_motion="reduce")
    guard = Guard(site_url)
    guard.watch(context)
    page = context.new_page()
    page.add_init_script(WATCH)
    open_lab(page, f"{site_url}?mode=minimal")
    # a figure that stays while its prose goes by moves in its section, and is meant to
    page.evaluate("document.styleSheets[0].insertRule('.beside > * { position: static !important; }')")
    moved = []
    for mode in ("Minimal", "Focused", "Advanced"):
        page.get_by_role("radio", name=mode).check()
        draw_all(page)
        moved += page.evaluate("moved()")
    context.close()
    guard.check()
    assert moved == []


HOPS = """() => {
    const parts = document.querySelectorAll("main > section, main > section figure, main > section [data-part]");
    const heights = new Map([...parts].map((part) => [part, part.offsetHeight]));
    window.hops = new Set();
    const look = new ResizeObserver((all) => all.forEach(({ target }) => {
        const [before, now] = [heights.get(target), target.offsetHeight];
        if (!target.isConnected || now === before) return; // taken out, to be drawn anew
        heights.set(target, now);
        const place = `${target.closest("main > section").id} ${target.dataset.part ?? target.tagName}`;
        hops.add(`${place}: ${before} to ${now}`);
    }));
    parts.forEach((part) => look.observe(part));
}"""


@pytest.mark.feature("Q1")
def test_nothing_changes_its_height_while_the_model_trains(lab_page: Page) -> None:
    """Five hundred steps, in windows so tall that all of the page is drawn again and again."""
    lab_page.emulate_media(reduced_motion="reduce")
    lab_page.get_by_role("radio", name="Advanced").check()
    start_anew(lab_page)
    for width in (390, 768, 1280):
        lab_page.set_viewport_size({"width": width, "height": 60_000})
        press_step(lab_page, 3)
        drawn(lab_page)
        lab_page.evaluate(HOPS)
        button(lab_page, "Train").click()
        wait_for_step(lab_page, step(lab_page) + 167)
        button(lab_page, "Pause").click()
        expect(root(lab_page)).to_have_attribute("data-lab", "paused")
        drawn(lab_page)
        assert lab_page.evaluate("[...hops]") == [], width
