"""Capacity: two models of the reader's own size, trained for real beside the lab's."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from microgpt.evaluate.held_out import held_out_loss
from microgpt.experiment import Experiment, Settings
from tests.browser.lab_state import button, root, start_anew, step, table_of, until

STEPS = 40


@pytest.fixture
def lab_page(lab_page: Page) -> Page:
    start_anew(lab_page)
    section(lab_page).scroll_into_view_if_needed()
    fill(lab_page, "A", 1, 8, 4)
    fill(lab_page, "B", 1, 16, 4)
    steps_field(lab_page).fill(str(STEPS))
    return lab_page


def section(page: Page) -> Locator:
    return page.locator("#capacity")


def model(page: Page, key: str) -> Locator:
    return section(page).get_by_role("group", name=f"Model {key}")


def steps_field(page: Page) -> Locator:
    return section(page).get_by_label("steps for each")


def fill(page: Page, key: str, layers: int, numbers: int, heads: int) -> None:
    for label, value in (("layers", layers), ("numbers a token", numbers), ("heads", heads)):
        model(page, key).get_by_label(label).fill(str(value))


def outcome(page: Page) -> Locator:
    return section(page).get_by_role("status")


def measures(page: Page) -> dict[str, list[str]]:
    rows = (
        section(page)
        .get_by_role("table", name="A and B in numbers")
        .locator("tbody")
        .evaluate("(body) => [...body.rows].map((row) => [...row.cells].map((cell) => cell.textContent))")
    )
    return {name: values for name, *values in rows}


def alone(experiment: Experiment, **sizes: int) -> Experiment:
    return Experiment(experiment.names, Settings(**{**vars(experiment.settings), **sizes, "steps": STEPS}))


@pytest.mark.feature("S0-5")
def test_size_and_time_stand_there_before_anything_is_trained(lab_page: Page, experiment: Experiment) -> None:
    for key, numbers in (("A", 8), ("B", 16)):
        parameters = alone(experiment, n_layer=1, n_embd=numbers).config.n_params
        expect(model(lab_page, key)).to_contain_text(f"{parameters:,} parameters")
        expect(model(lab_page, key)).to_contain_text(re.compile(r"about \d+\.\d s \(\d.* ms a step\)"))
    expect(section(lab_page)).to_contain_text("Estimate for both")
    model(lab_page, "A").get_by_label("layers").fill("2")
    parameters = alone(experiment, n_layer=2, n_embd=8).config.n_params
    expect(model(lab_page, "A")).to_contain_text(f"{parameters:,} parameters")
    assert step(lab_page) == 0


@pytest.mark.feature("S0-5", "X3")
def test_both_train_for_real_and_are_compared(lab_page: Page, experiment: Experiment) -> None:
    fill(lab_page, "A", 1, 8, 4)  # the side filled in last is still the first one
    button(lab_page, "Train both").click()
    expect(outcome(lab_page)).to_contain_text("times as many parameters as A", timeout=30_000)
    told = measures(lab_page)
    for side, numbers in enumerate((8, 16)):
        trainer = alone(experiment, n_layer=1, n_embd=numbers).trainer()
        losses = [trainer.step().loss for _ in range(STEPS)]
        assert told["steps taken"][side] == f"{STEPS} of {STEPS}"
        assert float(told["mean of the last 100 losses"][side]) == pytest.approx(np.mean(losses), abs=0.002)
        exam = held_out_loss(trainer.model, experiment.held_out_documents)
        assert float(told["loss on held-out names"][side]) == pytest.approx(exam, abs=0.002)
        rows = table_of(lab_page, "Loss of A and B by step")
        at = next(row for row in rows if row[0] == str(STEPS))
        assert float(at[1 + side]) == pytest.approx(np.mean(losses), abs=0.01)
    for key in "AB":
        names = section(lab_page).get_by_role("list", name=f"Names made up by model {key}").get_by_role("listitem")
        expect(names).to_have_count(5)
    assert (step(lab_page), root(lab_page).get_attribute("data-lab")) == (0, "ready")


@pytest.mark.feature("S0-5")
def test_it_can_be_stopped(lab_page: Page) -> None:
    steps_field(lab_page).fill("5000")
    button(lab_page, "Train both").click()
    until(lab_page, "document.querySelector('#capacity progress').value >= 20")
    button(lab_page, "Stop training both").click()
    expect(outcome(lab_page)).to_contain_text("Stopped: A")
    expect(button(lab_page, "Train both")).to_be_enabled()
    expect(button(lab_page, "Train both")).to_be_focused()
    reached = section(lab_page).locator("progress").first.evaluate("(bar) => bar.value")
    assert 20 <= reached < 5000


@pytest.mark.feature("S0-5", "U3")
def test_what_can_not_work_is_explained(lab_page: Page) -> None:
    model(lab_page, "B").get_by_label("heads").fill("3")
    expect(model(lab_page, "B").get_by_role("alert")).to_contain_text("make n_embd a multiple of 3")
    expect(button(lab_page, "Train both")).to_be_disabled()
    model(lab_page, "B").get_by_label("heads").fill("2")
    expect(model(lab_page, "B").get_by_role("alert")).to_be_hidden()
    expect(button(lab_page, "Train both")).to_be_enabled()


@pytest.mark.feature("S0-5")
def test_the_labs_own_training_goes_on_undisturbed(lab_page: Page, experiment: Experiment) -> None:
    button(lab_page, "Train both").click()
    lab_page.get_by_label("train to step").fill("30")
    button(lab_page, "Train until then").click()
    expect(root(lab_page)).to_have_attribute("data-step", "30", timeout=30_000)
    expect(root(lab_page)).to_have_attribute("data-lab", "paused")
    trainer = experiment.trainer()
    expected = np.mean([trainer.step().loss for _ in range(30)])
    assert float(root(lab_page).get_attribute("data-loss")) == pytest.approx(expected, rel=1e-4)
    model(lab_page, "A").scroll_into_view_if_needed()
    expect(outcome(lab_page)).to_contain_text("times as many parameters", timeout=30_000)
