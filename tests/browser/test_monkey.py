"""Odd acts by the hundred while it trains, for each of three seeds: no part breaks, none shows what is no number."""

import pytest
from playwright.sync_api import Page

from tests.browser.driving import SharedLab
from tests.browser.lab_state import button, start_anew

ACTS = 80

PLAY = """async ([seed, acts]) => {
    const random = () => { // mulberry32
        seed = (seed + 0x6d2b79f5) | 0;
        let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
    const pick = (list) => list[Math.floor(random() * list.length)];
    const texts = ["", " ", "0", "-1", "1e3", "1e999", "0.5", "1,5", "e", "99999999999", "NaN", "a*b+c", "x", "rex",
        "zzzzzzzzzzzzzzzzzzzzzzzzzzz", "<b>&", "ß☃", "(", "a/0", "None"];
    const keys = ["ArrowRight", "ArrowUp", "Home", "End", "PageDown", "Enter", "Escape", " "];
    const tell = (control, ...kinds) => {
        for (const kind of kinds) control.dispatchEvent(new Event(kind, { bubbles: true }));
    };
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const all = "main section :is(button, input, select, textarea, summary, [role=slider], [role=grid])";
    const usable = (one) => !one.disabled && one.type !== "file" && one.checkVisibility();
    const done = [];
    for (let act = 0; act < acts; act += 1) {
        const section = pick([...document.querySelectorAll("main section")].filter((one) => one.checkVisibility()));
        const control = pick([...section.querySelectorAll(all)].filter((one) => one.matches(all) && usable(one)));
        if (!control) continue;
        done.push(`${section.id} ${control.dataset.part || control.name || control.textContent.slice(0, 20)}`);
        if (control.matches("select")) {
            control.selectedIndex = Math.floor(random() * control.options.length);
            tell(control, "input", "change");
        } else if (control.matches("[type=radio], [type=checkbox], button, summary")) control.click();
        else if (control.matches("[type=range]")) {
            control.value = Number(control.min) + random() * (control.max - control.min);
            tell(control, "input", "change");
        } else if (control.matches("input, textarea")) {
            control.value = pick(texts);
            tell(control, "input", "change");
            if (random() < 0.3 && control.form) control.form.requestSubmit();
        } else control.dispatchEvent(new KeyboardEvent("keydown", { key: pick(keys), bubbles: true }));
        const question = document.querySelector("dialog[open] button[value]");
        if (question) question.click();
        if (act % 6 === 0) await frame();
    }
    await frame();
    await frame();
    return done;
}"""

ODD = r"""() => {
    const odd = /\b(undefined|None|NaN|nan|Infinity|inf)\b/;
    const found = [];
    const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const { parentElement: parent, data } = texts.currentNode;
        if (odd.test(data) && parent.checkVisibility() && !parent.closest("code, pre, .code, option, .source-names")) {
            found.push(`${parent.closest("section").id}: ${data.trim().slice(0, 120)}`);
        }
    }
    for (const part of document.querySelectorAll("main [aria-label]")) {
        if (odd.test(part.ariaLabel)) found.push(`${part.closest("section").id}: ${part.ariaLabel.slice(0, 120)}`);
    }
    return found;
}"""


@pytest.mark.feature("H3")
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_odd_act_breaks_a_part(shared_lab: SharedLab, lab_page: Page, seed: int) -> None:
    start_anew(lab_page)
    lab_page.get_by_role("radio", name="Advanced").check()
    button(lab_page, "Train").click()
    done = lab_page.evaluate(PLAY, [seed, ACTS])
    broken = lab_page.get_by_text("Something went wrong in this part").all_inner_texts()
    assert not broken, (broken, done[-8:])
    assert not shared_lab.guard.faults, (shared_lab.guard.faults, done)
    assert lab_page.evaluate(ODD) == []
