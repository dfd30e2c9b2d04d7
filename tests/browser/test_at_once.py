"""A section is drawn when it comes in sight. What is used sooner, on a busy machine, must answer all the same."""

import re

import pytest
from playwright.sync_api import Page

from tests.browser.driving import open_lab
from tests.browser.lab_state import drawn

USE_ALL = """(section) => {
    let used = 0;
    for (const control of section.querySelectorAll("input, select, textarea, button, [role=slider], [role=grid]")) {
        if (control.disabled || control.type === "file" || !control.checkVisibility()) continue;
        used += 1;
        const kind = (name) => new Event(name, { bubbles: true });
        const key = (name) => new KeyboardEvent("keydown", { key: name, bubbles: true });
        const events = ["ArrowRight", "End", "Enter"].map(key);
        if (control.matches("input, select, textarea")) events.unshift(kind("input"), kind("change"));
        else control.click?.();
        for (const event of events) control.dispatchEvent(event);
    }
    return used;
}"""


@pytest.mark.feature("Q4")
def test_what_is_used_before_it_is_drawn_answers(page: Page, site_url: str) -> None:
    open_lab(page, f"{site_url}?mode=advanced")
    used = {part.get_attribute("id"): part.evaluate(USE_ALL) for part in page.locator("main section").all()}
    drawn(page)
    assert sum(used.values()) > 200, used
    assert page.get_by_text(re.compile("Something went wrong in this part")).count() == 0
