"""With another list the whole page speaks of that list: no figure, word or name of the old one is left."""

import re

import pytest
from playwright.sync_api import Page, expect

from assemble.paths import DATA
from lab.charts.format import figure_text
from lab.core.figures import NAMES, figure
from microgpt.experiment import Experiment
from tests.browser.lab_state import button, draw_all, press_step

GREEK = (DATA / "greek.txt").read_text("utf-8").split()[:300]
EVERYTHING = """() => {
    for (const one of document.querySelectorAll("main details")) one.open = true;
    for (const one of document.querySelectorAll("[popover]")) one.removeAttribute("popover");
}"""
SHOWN = """() => {
    const seen = [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility());
    const labels = seen.flatMap((one) => ["aria-label", "placeholder", "title"].map((name) => one.getAttribute(name)));
    const values = seen.filter((one) => one.matches("input[type=text], textarea")).map((one) => one.value);
    // these speak of the old list by name: it is on offer, and a link opens with it
    const others = [".names-shelf", "#share [data-part=preview]"].map((one) => document.querySelector(one));
    for (const one of others) one.hidden = true;
    const text = document.body.innerText;
    for (const one of others) one.hidden = false;
    return [text, ...labels, ...values].filter(Boolean).join("\\n");
}"""
LIVE = """() => [...document.querySelectorAll("main [data-live], .term-note [data-live]")]
    .map((one) => [one.dataset.live, one.textContent])"""


@pytest.mark.feature("D6", "D8")
def test_hundreds_of_letters_have_a_picture_in_every_section(lab: Page) -> None:
    lab.emulate_media(reduced_motion="reduce")
    lab.get_by_role("radio", name="Advanced", exact=True).check()
    names = ["".join(chr(0x4E00 + (11 * n + 13 * i) % 700) for i in range(1 + n % 5)) for n in range(900)]
    lab.get_by_label("or paste a list").fill("\n".join(names))
    button(lab, "Look at these").click()
    button(lab, "Learn these").click()
    expect(lab.get_by_text("The list in force: your list")).to_be_visible()
    press_step(lab, 1)
    draw_all(lab)
    assert lab.get_by_text(re.compile("Something went wrong")).count() == 0
    expect(lab.locator("#rung0")).to_contain_text("The list has 700 different ones")
    assert lab.locator("#tokens .token-map .tile").count() == 96
    assert lab.locator("#game").get_by_role("toolbar", name="Answers").get_by_role("button").count() == 96
    expect(lab.get_by_role("figure", name=re.compile("^Chance of each next letter"))).to_contain_text("others")


@pytest.mark.feature("D8", "R2", "X2")
def test_no_word_or_number_of_the_old_list_is_left(lab: Page, experiment: Experiment) -> None:
    lab.emulate_media(reduced_motion="reduce")
    lab.get_by_role("radio", name="Advanced", exact=True).check()
    press_step(lab, 1)
    draw_all(lab)  # the old list has been everywhere
    lab.get_by_label("or paste a list").fill("\n".join(GREEK))
    button(lab, "Look at these").click()
    button(lab, "Learn these").click()
    expect(lab.get_by_text("The list in force: your list, 300 names")).to_be_visible()
    press_step(lab, 1)
    lab.evaluate(EVERYTHING)
    draw_all(lab)
    assert lab.get_by_text(re.compile("Something went wrong")).count() == 0
    text = lab.evaluate(SHOWN)

    words = set(re.findall(r"[a-z]+", text.lower()))
    assert not words & (set(experiment.names) - {"mei"}), words & set(experiment.names)
    assert not [word for word in words if re.search("saur|raptor|ceratop|tyran", word)]

    greek = Experiment(GREEK)
    old, new = ({name: figure_text(name, figure(name, one)) for name in NAMES} for one in (experiment, greek))
    live = lab.evaluate(LIVE)
    assert len(live) > 60
    assert {name: shown for name, shown in live if shown != new[name]} == {}
    numbers = set(re.findall(r"\d[\d,.]*\d", text))
    stale = {shown for name, shown in old.items() if len(shown) > 4 and shown != new[name]}
    assert {"1,829", "1,646", "27,072"} <= stale
    assert not numbers & stale
    assert not re.findall(r"\b(?:27|26) (?:by|tokens|answers|possible|letters|scores|rows)\b", text)
    assert lab.title() == "microgpt lab: a real GPT that learns in your browser tab"
