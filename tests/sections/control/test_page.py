"""Take control: more steps, stops, other settings, and the question before a run is given up."""

from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from lab.sections.loop.view import VERBS
from microgpt import dataset
from microgpt.experiment import Experiment, Settings
from tests.browser.lab_state import button, load_trained, press_step, root, start_anew, step


@pytest.fixture
def lab_page(lab_page: Page) -> Page:
    start_anew(lab_page)
    return lab_page


def settings_form(page: Page) -> None:
    if not page.get_by_label("heads (n_head)").is_visible():
        page.locator("summary", has_text="Settings").click()


def apply(page: Page) -> None:
    button(page, "Start over with these").click()


@pytest.mark.feature("U1")
def test_ten_and_a_hundred_more_steps(lab_page: Page) -> None:
    button(lab_page, "+10 steps").click()
    expect(root(lab_page)).to_have_attribute("data-step", "10")
    button(lab_page, "+100 steps").click()
    expect(root(lab_page)).to_have_attribute("data-step", "110")
    expect(root(lab_page)).to_have_attribute("data-lab", "paused")


@pytest.mark.feature("U4")
def test_training_stops_at_the_exact_step(lab_page: Page) -> None:
    lab_page.get_by_label("train to step").fill("137")
    button(lab_page, "Train until then").click()
    expect(root(lab_page)).to_have_attribute("data-lab", "paused")
    assert step(lab_page) == 137


@pytest.mark.feature("U4")
def test_a_stop_that_is_past_or_missing_gets_a_message(lab_page: Page) -> None:
    lab_page.get_by_label("train to step").fill("")
    button(lab_page, "Train until then").click()
    expect(lab_page.get_by_text("Say where to stop")).to_be_visible()
    press_step(lab_page, 3)
    lab_page.get_by_label("train to step").fill("2")
    button(lab_page, "Train until then").click()
    expect(lab_page.get_by_text("at step 3 already")).to_be_visible()
    assert step(lab_page) == 3


@pytest.mark.feature("U4")
def test_a_stop_beyond_the_schedule_is_explained(lab_page: Page, experiment: Experiment) -> None:
    lab_page.get_by_label("train to step").fill("9000")
    button(lab_page, "Train until then").click()
    expect(lab_page.get_by_text("This run ends at step 5,000")).to_be_visible()
    assert step(lab_page) == 0
    load_trained(lab_page, experiment)
    lab_page.get_by_label("train to step").fill("")
    lab_page.get_by_label("or until the loss is").fill("1.2")
    button(lab_page, "Train until then").click()
    expect(lab_page.get_by_text("All 5,000 steps are taken.")).to_be_visible()
    lab_page.locator("#control").get_by_role("button", name="Go back to step 2,000").click()
    expect(button(lab_page, "+10 steps")).to_be_focused()
    expect(lab_page.get_by_text("All 5,000 steps are taken.")).to_be_hidden()
    lab_page.keyboard.press("Enter")
    expect(root(lab_page)).to_have_attribute("data-step", "2010")
    lab_page.get_by_label("or until the loss is").fill("")


@pytest.mark.feature("U3")
def test_other_settings_train_another_model_and_undo_brings_the_old_run_back(lab_page: Page) -> None:
    before = press_step(lab_page, 2)
    settings_form(lab_page)
    lab_page.get_by_label("layers (n_layer)").fill("1")
    lab_page.locator("#control").get_by_label("seed", exact=True).fill("7")
    apply(lab_page)
    expect(lab_page.get_by_role("dialog")).to_contain_text("step 2")
    button(lab_page, "Start over").click()
    expect(root(lab_page)).to_have_attribute("data-step", "0")

    names = dataset.load("data/dinosaurs.txt")[0]
    expected = Experiment(names, Settings(n_layer=1, seed=7)).trainer().step().loss
    assert press_step(lab_page, 1) == pytest.approx([expected], rel=1e-4)

    button(lab_page, "Undo").click()
    expect(root(lab_page)).to_have_attribute("data-step", "2")
    assert float(root(lab_page).get_attribute("data-loss")) == before[-1]
    expect(lab_page.get_by_label("layers (n_layer)")).to_have_value("2")


@pytest.mark.feature("U3")
def test_the_question_can_be_declined_and_nothing_is_lost(lab_page: Page) -> None:
    press_step(lab_page, 2)
    settings_form(lab_page)
    lab_page.get_by_label("layers (n_layer)").fill("3")
    apply(lab_page)
    expect(lab_page.get_by_role("dialog")).to_be_visible()
    lab_page.keyboard.press("Escape")
    expect(lab_page.get_by_role("dialog")).to_be_hidden()
    assert step(lab_page) == 2
    expect(lab_page.get_by_label("layers (n_layer)")).to_have_value("2")


@pytest.mark.feature("U3")
def test_settings_that_cant_work_are_explained_at_once(lab_page: Page) -> None:
    settings_form(lab_page)
    lab_page.get_by_label("heads (n_head)").fill("5")
    expect(lab_page.get_by_text("make n_embd a multiple of 5")).to_be_visible()
    apply(lab_page)
    expect(lab_page.get_by_role("dialog")).to_be_hidden()
    lab_page.get_by_label("heads (n_head)").fill("4")
    expect(lab_page.get_by_text("A model with 27,072 parameters.")).to_be_visible()


@pytest.mark.feature("U1")
def test_a_new_seed_gives_another_run(lab_page: Page) -> None:
    first = press_step(lab_page, 1)
    button(lab_page, "New seed").click()
    button(lab_page, "Start over").click()
    expect(root(lab_page)).to_have_attribute("data-step", "0")
    assert press_step(lab_page, 1) != first
    button(lab_page, "Undo").click()


@pytest.mark.feature("S1-13")
def test_a_jump_goes_to_a_saved_moment_of_the_run(lab_page: Page) -> None:
    press_step(lab_page, 1)
    lab_page.get_by_label("or jump to step").select_option("500")
    expect(root(lab_page)).to_have_attribute("data-step", "500")
    expect(root(lab_page)).to_have_attribute("data-lab", "paused")
    lab_page.get_by_label("or jump to step").select_option("0")
    expect(root(lab_page)).to_have_attribute("data-step", "0")


@pytest.mark.feature("S1-11", "U2")
def test_a_step_in_slow_motion_lights_its_stages_one_after_another(lab_page: Page) -> None:
    lab_page.evaluate("""() => {
        window.lit = [];
        new MutationObserver(() => {
            const now = document.querySelector("#loop [aria-current]")?.dataset.stage;
            if (now && lit.at(-1)?.[0] !== now) lit.push([now, performance.now()]);
        }).observe(document.getElementById("loop"), { subtree: true, attributes: true });
    }""")
    lab_page.locator("#loop").scroll_into_view_if_needed()  # what is out of sight is not drawn
    button(lab_page, "One step in slow motion").click()
    expect(root(lab_page)).to_have_attribute("data-step", "1")
    expect(root(lab_page)).to_have_attribute("data-lab", "paused")
    expect(lab_page.locator("#loop")).to_contain_text("Done: step 1")
    lit = lab_page.evaluate("lit")
    assert [stage for stage, _ in lit] == list(VERBS.values())
    times = [time for _, time in lit]
    shown = sorted(b - a for a, b in pairwise(times))
    assert shown[1] >= 500, shown  # milliseconds; a busy machine may be late to draw once
    lab_page.get_by_label("Speed").select_option("max")


@pytest.mark.feature("U3", "R2")
def test_a_model_of_another_size_changes_the_prose(lab_page: Page) -> None:
    lab_page.get_by_role("radio", name="Advanced", exact=True).check()
    settings_form(lab_page)
    lab_page.get_by_label("layers (n_layer)").fill("1")
    apply(lab_page)
    for section in ("attention", "rung4", "block"):
        lab_page.locator(f"#{section}").evaluate("(s) => s.scrollIntoView({ behavior: 'instant' })")
        expect(lab_page.locator(f"#{section} [data-live=n_layer]").first).to_have_text("1")
