"""Nothing moves under a finger: what can be pressed has its place, and no first drawing of a figure changes it."""

import pytest
from playwright.sync_api import Browser

from tests.browser.driving import Guard, open_lab
from tests.browser.lab_state import draw_all

WATCH = """
const CONTROLS = "main > section :is(button, input, select, textarea):enabled";
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
    moved = []
    for mode in ("Minimal", "Focused", "Advanced"):
        page.get_by_role("radio", name=mode).check()
        draw_all(page)
        moved += page.evaluate("moved()")
    context.close()
    guard.check()
    assert moved == []
