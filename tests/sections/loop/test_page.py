"""One whole step as one cycle: its numbers are the engine's, and the model keeps the step."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from lab.sections.loop.model import PLACES
from microgpt.experiment import Experiment
from tests.browser.lab_state import button, load_trained, press_step, root, start_anew, step, wait_for_step

FIGURE = "One whole step, as one cycle"


@pytest.fixture
def lab_page(lab_page: Page) -> Page:
    start_anew(lab_page)
    figure(lab_page).scroll_into_view_if_needed()
    scrub(lab_page, 0)
    return lab_page


def figure(page: Page) -> Locator:
    return page.locator("#loop figure").filter(has_text=FIGURE)


def go_on(page: Page) -> None:
    button(page, "Next: one whole step").click()


def scrub(page: Page, at: int) -> None:
    page.get_by_label("Moment: one whole step").evaluate(
        "(input, at) => { input.value = at; input.dispatchEvent(new Event('input', { bubbles: true })); }", at
    )
    shown(page, PLACES[at])


def shown(page: Page, place: str) -> None:
    expect(page.locator("#loop .cycle-ring [aria-current=step]")).to_have_text(place)


def numbers(page: Page) -> Locator:
    return page.get_by_role("region", name="The numbers of this stage")


def rows(page: Page) -> list[list[str]]:
    return (
        numbers(page)
        .locator("tbody")
        .evaluate("(body) => [...body.rows].map((row) => [...row.cells].map((cell) => cell.textContent))")
    )


@pytest.mark.feature("S0-6")
def test_a_real_step_goes_round_in_eleven_stages_and_is_kept(lab_page: Page, experiment: Experiment) -> None:
    trainer = experiment.trainer()
    index = trainer.next_index
    name, document = experiment.split.train[index], np.array(experiment.train_documents[index])
    guesses = trainer.model.forward(document[:-1]).probabilities[np.arange(len(document) - 1), document[1:]]
    result = trainer.step()
    expect(numbers(lab_page)).to_contain_text(name)
    for at, place in enumerate(PLACES):
        if at:
            go_on(lab_page)
        shown(lab_page, place)
        expect(figure(lab_page)).to_contain_text(f"{at + 1} of {len(PLACES)}")
        expect(root(lab_page)).to_have_attribute("data-step", "1" if at >= PLACES.index("nudge") else "0")
        if place == "tokens":
            tiles = numbers(lab_page).locator("li span").all_inner_texts()
            assert [int(tile) for tile in tiles] == document.tolist()
        elif place == "chances":
            told = [float(re.sub(r"[^\d.]", "", row[2])) / 100 for row in rows(lab_page)]
            assert told == pytest.approx(guesses.tolist(), abs=0.006)
        elif place == "losses":
            told = [float(row[3]) for row in rows(lab_page)]
            assert told == pytest.approx((-np.log(guesses)).tolist(), abs=0.001)
        elif place == "mean":
            expect(numbers(lab_page)).to_contain_text(f"= {result.loss:.4f}")
        elif place == "gradient":
            largest = abs(trainer.model.flat_grad).max()
            expect(numbers(lab_page)).to_contain_text(f"{largest:.3f}")
        elif place == "nudge":
            expect(numbers(lab_page)).to_contain_text(f"{int((trainer.model.flat_grad < 0).sum()):,} went up")
        elif place == "again":
            expect(numbers(lab_page)).to_contain_text(f"{trainer.model.loss(document):.4f} now")
    assert float(root(lab_page).get_attribute("data-loss")) == pytest.approx(result.loss, rel=1e-4)
    expect(figure(lab_page)).to_contain_text("Step 1 is taken, and the model keeps it.")


@pytest.mark.feature("S0-6")
def test_going_back_only_looks_and_the_next_name_begins_anew(lab_page: Page, experiment: Experiment) -> None:
    trainer = experiment.trainer()
    button(lab_page, "Last: one whole step").click()
    shown(lab_page, "again")
    expect(root(lab_page)).to_have_attribute("data-step", "1")
    first = experiment.split.train[trainer.next_index]
    scrub(lab_page, PLACES.index("chances"))
    expect(lab_page.locator("#loop .cycle-middle")).to_contain_text(first)
    scrub(lab_page, PLACES.index("again"))
    assert step(lab_page) == 1
    trainer.step()
    button(lab_page, "On to the next name").click()
    shown(lab_page, "name")
    expect(numbers(lab_page)).to_contain_text(experiment.split.train[trainer.next_index])
    assert step(lab_page) == 1
    # and what comes after is what would have come anyway
    assert press_step(lab_page, 2)[-1] == pytest.approx(
        np.mean([one.loss for one in (experiment_steps(experiment, 3))]), rel=1e-4
    )


def experiment_steps(experiment: Experiment, count: int) -> list:
    trainer = experiment.trainer()
    return [trainer.step() for _ in range(count)]


@pytest.mark.feature("S0-6")
def test_it_follows_a_lab_that_trains_or_is_reset(lab_page: Page) -> None:
    scrub(lab_page, PLACES.index("mean"))
    button(lab_page, "Step").click()  # finishes the step that was begun here
    shown(lab_page, "name")
    expect(lab_page.locator("#loop .cycle-middle")).to_contain_text("step 2")
    button(lab_page, "Last: one whole step").click()
    expect(root(lab_page)).to_have_attribute("data-step", "2")
    press_step(lab_page, 3)
    expect(figure(lab_page)).to_contain_text("This is the record of it: the lab has gone on to step 5.")
    shown(lab_page, "again")
    button(lab_page, "Reset").click()
    shown(lab_page, "name")
    expect(lab_page.locator("#loop .cycle-middle")).to_contain_text("step 1")


@pytest.mark.feature("S0-6")
def test_going_on_here_pauses_training_by_keyboard_too(lab_page: Page) -> None:
    button(lab_page, "Train").click()
    wait_for_step(lab_page, 5)
    button(lab_page, "Next: one whole step").focus()
    lab_page.keyboard.press("Enter")
    expect(root(lab_page)).to_have_attribute("data-lab", "paused")
    shown(lab_page, "tokens")
    at = step(lab_page)
    expect(figure(lab_page)).to_contain_text(f"The model is still at step {at:,}")
    lab_page.locator("#loop .cycle-ring li", has_text="nudge").click()
    expect(root(lab_page)).to_have_attribute("data-step", str(at + 1))


@pytest.mark.feature("S0-6", "S1-11")
def test_the_four_boxes_above_show_the_same_step(lab_page: Page) -> None:
    scrub(lab_page, PLACES.index("gradient"))
    expect(lab_page.locator("#loop [data-stage=trace]")).to_have_attribute("aria-current", "step")
    said = lab_page.locator("#loop [data-part=trace]").inner_text()
    expect(numbers(lab_page)).to_contain_text(re.search(r"row \d+, column \d+", said).group())


@pytest.mark.feature("S0-6", "S1-13")
def test_where_the_schedule_is_over_it_can_be_made_longer_or_left_for_an_earlier_moment(
    lab_page: Page, experiment: Experiment
) -> None:
    load_trained(lab_page, experiment)
    figure(lab_page).scroll_into_view_if_needed()
    expect(numbers(lab_page)).to_be_hidden()
    expect(button(lab_page, "Train in slow motion")).to_be_disabled()
    figure(lab_page).get_by_role("button", name="Add 5,000 steps").press("Enter")
    expect(button(lab_page, "Next: one whole step")).to_be_focused()
    expect(numbers(lab_page)).to_contain_text("Step 5,001 of 10,000.")
    load_trained(lab_page, experiment)
    figure(lab_page).scroll_into_view_if_needed()
    figure(lab_page).get_by_role("button", name="Go back to step 2,000").press("Enter")
    expect(root(lab_page)).to_have_attribute("data-step", "2000")
    expect(button(lab_page, "Next: one whole step")).to_be_focused()
    expect(lab_page.locator("#loop .schedule-over").filter(visible=True)).to_have_count(0)
    expect(button(lab_page, "Train in slow motion")).to_be_enabled()
    shown(lab_page, "name")
    expect(numbers(lab_page)).to_contain_text("Step 2,001 of 5,000")
    button(lab_page, "Last: one whole step").click()
    expect(root(lab_page)).to_have_attribute("data-step", "2001")
