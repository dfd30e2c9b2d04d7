"""The whole lab without a mouse."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab_state import (
    button,
    draw_all,
    drawn,
    press_load,
    press_step,
    root,
    start_anew,
    step,
    wait_for_step,
)

DESCRIBE = """(element) => element === document.body ? null : [
    element.tagName.toLowerCase(), element.type ?? element.getAttribute("role") ?? "",
    // a link by its target: the text of those in the journey changes with the model; a menu of the masthead by its id
    element.getAttribute("href") ?? (element.parentElement.id || null)
        ?? element.getAttribute("aria-label") ?? element.textContent.trim().slice(0, 40),
    element.name ?? "",
].join("|")"""

REACHABLE = """() => {
    const seen = new Set();
    const selector = "a[href], button, input, select, textarea, summary, [tabindex='0']";
    return [...document.querySelectorAll(selector)].filter((element) => {
        if (element.disabled || element.tabIndex < 0) return false;
        if (!element.checkVisibility({ visibilityProperty: true })) return false;
        if (element.type !== "radio") return true;
        // a group of radio buttons is one tab stop: the one that is chosen, else its first
        const group = element.form ?? document;
        const key = [...group.querySelectorAll(`input[name="${element.name}"]`)].filter((one) => !one.disabled);
        const stop = key.find((one) => one.checked) ?? key[0];
        return stop === element;
    }).map(DESCRIBE)
}""".replace("DESCRIBE", DESCRIBE)


@pytest.fixture
def lab_page(lab_page: Page) -> Page:
    lab_page.emulate_media(reduced_motion="reduce")  # or names change while we tab
    start_anew(lab_page)
    press_step(lab_page, 5)  # so that there is something to reset, and a curve
    draw_all(lab_page)
    return lab_page


def focused(page: Page) -> str | None:
    return page.evaluate(f"({DESCRIBE})(document.activeElement)")


def from_the_top(page: Page) -> None:
    """Put the keyboard where a reader begins: before the first thing on the page."""
    page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); getSelection().removeAllRanges(); }")
    page.get_by_role("link", name="Skip to the lab").evaluate("(link) => link.focus()")


@pytest.mark.feature("Q1")
def test_tab_reaches_every_control_in_order_and_whatever_has_the_focus_shows_it_and_is_in_sight(lab_page: Page) -> None:
    """In the order of the page, and not below the bar at the top or the one at the bottom (WCAG 2.4.7 and 2.4.11)."""
    draw_all(lab_page)  # what comes into sight on the way may bring controls of its own
    expected = lab_page.evaluate(REACHABLE)
    from_the_top(lab_page)
    found, faults = [focused(lab_page)], []
    while len(found) < len(expected):
        lab_page.keyboard.press("Tab")
        drawn(lab_page)
        found.append(focused(lab_page))
        fault = lab_page.evaluate(
            """() => {
                const element = document.activeElement, style = getComputedStyle(element);
                const hosts = [element, element.nextElementSibling, element.parentElement].filter(Boolean);
                const marked = hosts.some((host) => {
                    const style = getComputedStyle(host);
                    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0)
                        || style.boxShadow !== "none";
                });
                const boxes = [...(element.labels?.[0] ?? element).getClientRects(), ...element.getClientRects()];
                const fixed = ["fixed", "sticky"];
                const inBar = [...function* () { for (let e = element; e; e = e.parentElement) yield e; }()]
                    .some((one) => fixed.includes(getComputedStyle(one).position));
                const bottom = document.querySelector("#transport").getBoundingClientRect().top;
                const top = document.querySelector(".masthead").getBoundingClientRect().bottom;
                const seen = inBar || boxes.some((box) => box.bottom > top + 1 && box.top < bottom - 1);
                return [marked ? "" : "no mark", seen ? "" : "out of sight"].filter(Boolean).join(", ");
            }"""
        )
        if fault:
            faults.append(f"{found[-1]}: {fault}")
    assert found == expected
    assert not faults, "\n".join(faults)


@pytest.mark.feature("Q1", "S1-12")
def test_train_pause_step_and_reset_by_keyboard_never_lose_the_focus(lab_page: Page) -> None:
    button(lab_page, "Train").focus()
    lab_page.keyboard.press("Enter")
    expect(root(lab_page)).to_have_attribute("data-lab", "training")
    expect(button(lab_page, "Pause")).to_be_focused()
    wait_for_step(lab_page, 10)
    lab_page.keyboard.press("Space")
    expect(root(lab_page)).to_have_attribute("data-lab", "paused")
    expect(button(lab_page, "Train")).to_be_focused()
    before = step(lab_page)
    button(lab_page, "Step").focus()
    lab_page.keyboard.press("Enter")
    expect(root(lab_page)).to_have_attribute("data-step", str(before + 1))
    expect(button(lab_page, "Step")).to_be_focused()
    button(lab_page, "Reset").focus()
    lab_page.keyboard.press("Enter")
    expect(root(lab_page)).to_have_attribute("data-step", "0")
    drawn(lab_page)
    assert focused(lab_page).startswith("button")
    expect(lab_page.locator("#transport button:focus")).to_be_enabled()


@pytest.mark.feature("Q1", "U3")
def test_undo_goes_and_leaves_the_focus_on_a_button_that_can_be_pressed(lab_page: Page) -> None:
    button(lab_page, "Reset").click()
    button(lab_page, "Undo").focus()
    lab_page.keyboard.press("Enter")
    expect(root(lab_page)).to_have_attribute("data-step", "5")
    expect(button(lab_page, "Undo")).to_be_hidden()
    expect(lab_page.locator("#transport button:focus")).to_be_enabled()


@pytest.mark.feature("Q1")
def test_the_end_of_the_schedule_moves_the_focus_to_nothing_that_takes_the_run_away(lab_page: Page) -> None:
    press_load(lab_page)
    expect(root(lab_page)).to_have_attribute("data-step", "5000")
    button(lab_page, "Undo").click()
    expect(root(lab_page)).to_have_attribute("data-step", "5")
    button(lab_page, "Step").focus()
    button(lab_page, "Load the trained model").evaluate("(load) => load.click()")  # and Step keeps the focus
    expect(root(lab_page)).to_have_attribute("data-step", "5000")
    expect(button(lab_page, "Step")).to_be_disabled()
    speed = lab_page.locator("#transport").get_by_label("Speed")
    expect(speed).to_be_focused()
    expect(speed).to_be_enabled()


@pytest.mark.feature("Q1")
def test_the_skip_link_leads_past_the_bars(lab_page: Page) -> None:
    from_the_top(lab_page)
    expect(lab_page.get_by_role("link", name="Skip to the lab")).to_be_in_viewport()
    lab_page.keyboard.press("Enter")
    expect(lab_page.locator("main")).to_be_focused()


@pytest.mark.feature("Q1", "S1-14")
def test_a_chart_is_one_tab_stop_and_keeps_its_cursor_while_it_trains(lab_page: Page) -> None:
    curve = lab_page.get_by_role("slider", name="Loss by training step")
    curve.focus()
    lab_page.keyboard.press("Home")
    first = curve.get_attribute("aria-valuenow")
    press_step(lab_page, 30)
    drawn(lab_page)
    expect(curve).to_be_focused()
    assert curve.get_attribute("aria-valuenow") == first
    lab_page.keyboard.press("End")
    expect(curve).to_have_attribute("aria-valuenow", "35")
    lab_page.keyboard.press("Tab")
    expect(curve).not_to_be_focused()
    assert lab_page.evaluate("(plot) => plot.contains(document.activeElement)", curve.element_handle()) is False
