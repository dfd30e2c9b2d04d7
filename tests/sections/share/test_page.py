"""A link is made, and sets a fresh tab up as it says."""

import pytest
from playwright.sync_api import Locator, Page, expect

from assemble.paths import DATA
from lab.core.link import Link, write
from microgpt import dataset
from microgpt.experiment import Experiment, Settings
from tests.browser.driving import open_lab
from tests.browser.lab_state import button, in_sight, loss, press_step, root, start_anew


def part(page: Page, name: str) -> Locator:
    return page.locator(f"#share [data-part={name}]")


@pytest.mark.feature("T1", "U5")
def test_the_link_holds_what_is_chosen_and_says_so_in_words(lab_page: Page, site_url: str) -> None:
    start_anew(lab_page)
    press_step(lab_page, 7)
    in_sight(part(lab_page, "here")).click()
    part(lab_page, "section").select_option(label="Attention")
    part(lab_page, "note").fill("<b>Look</b> & say")
    lab_page.get_by_text("Leave parts out", exact=True).click()
    part(lab_page, "hide").get_by_label("You guess").check()
    expect(part(lab_page, "link")).to_have_text(
        f"{site_url}?{write(Link(to=7, hide=('game',), note='<b>Look</b> & say'))}#attention"
    )
    expect(part(lab_page, "preview").get_by_role("listitem")).to_contain_text(
        ["learns Dinosaurs", "the lab’s own settings", "trains to step 7", "hides 1 part", "your note", "Attention"]
    )
    part(lab_page, "to").fill("99999")
    expect(part(lab_page, "to-error")).to_have_text("A whole number from 0 to 5,000.")


@pytest.mark.feature("T1", "U5")
def test_a_link_sets_a_fresh_tab_up_with_the_very_same_losses(page: Page, site_url: str) -> None:
    settings = Settings(n_layer=1, seed=7)
    link = Link("greek", settings, to=20, head=2, hide=("game",), note="<i>First</i> read.")
    lab = open_lab(page, f"{site_url}?{write(link)}&seed=8&n_embd=9000", whole=False)
    expect(root(lab)).to_have_attribute("data-step", "20")
    expect(root(lab)).to_have_attribute("data-lab", "paused")
    names, _ = dataset.load(DATA / "greek.txt", dataset.ReadOptions(fold_case=True))
    trainer = Experiment(names, Settings(n_layer=1, seed=7, n_embd=128)).trainer()
    losses = [trainer.step().loss for _ in range(20)]
    assert loss(lab) == pytest.approx(sum(losses) / 20, rel=1e-4)
    lesson = lab.get_by_role("complementary", name="What this link sets up")
    expect(lesson).to_contain_text("<i>First</i> read.")
    expect(lesson).to_contain_text("The link says “seed” twice; the first one holds.")
    expect(lesson).to_contain_text("numbers a token 9000; it is 128 here.")
    expect(lab.locator("#game")).to_be_hidden()
    expect(lab.locator("#opening")).to_be_visible()
    expect(lab.get_by_role("heading", level=1)).to_have_text("Watch a GPT learn your list", use_inner_text=True)
    button(lab, "Close").click()
    expect(lesson).to_be_hidden()
