"""The run outlives a reload, if the browser and the reader let it."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.driving import open_lab
from tests.browser.lab_state import button, in_sight, press_step, root

NO_DATABASE = """{
    const open = indexedDB.open.bind(indexedDB);
    indexedDB.open = (name, version) => {
        if (name === "microgpt-lab") throw new DOMException("no", "SecurityError");
        return open(name, version);
    };
}"""


def kept(page: Page) -> Locator:
    """What the page says of it, brought in sight, so that it is drawn."""
    return in_sight(page.locator("#take_home [data-part=kept]"))


@pytest.mark.feature("U6", "T7")
def test_a_reload_brings_the_run_back_and_forget_does_not(lab: Page, site_url: str) -> None:
    losses = press_step(lab, 30)
    expect(kept(lab)).to_contain_text("at step 30")
    lab = open_lab(lab, site_url)
    expect(root(lab)).to_have_attribute("data-step", "30")
    expect(lab.locator("#transport")).to_contain_text("your run is back, at step 30")
    assert float(root(lab).get_attribute("data-loss")) == losses[-1]

    other = open_lab(lab.context.new_page(), site_url)  # a second tab has a run of its own
    expect(root(other)).to_have_attribute("data-step", "0")
    press_step(other, 2)
    expect(kept(other)).to_contain_text("at step 2")
    other.close()

    button(lab, "Forget").click()
    expect(kept(lab)).to_contain_text("Nothing is kept any more")
    rows = """() => new Promise((done) => {
        const asked = indexedDB.open("microgpt-lab");
        asked.onsuccess = () => {
            const all = asked.result.transaction("runs").objectStore("runs").count();
            all.onsuccess = () => { asked.result.close(); done(all.result); };
        };
    })"""
    assert lab.evaluate(rows) == 0


@pytest.mark.feature("U6", "T7")
@pytest.mark.parametrize("way", ["refused", "by address"])
def test_where_nothing_can_be_kept_one_sentence_says_so(page: Page, site_url: str, way: str) -> None:
    if way == "refused":
        page.add_init_script(NO_DATABASE)
    lab = open_lab(page, site_url + ("?keep=nothing" if way == "by address" else ""))
    press_step(lab, 3)
    expect(kept(lab)).to_contain_text("keeps nothing for this page" if way == "refused" else "keep=nothing")
    expect(button(lab, "Keep my run")).to_have_attribute("aria-disabled", "true")
    assert press_step(lab, 1)
