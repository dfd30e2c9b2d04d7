"""The table of experiments on the page: rows that are added, bet on, trained for real, stopped and gone on with."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from lab.sections.experiments.recipes import recipes, settings_of
from microgpt.evaluate.held_out import held_out_loss
from microgpt.experiment import Experiment
from microgpt.tensor_gpt import TensorGPT
from microgpt.trainer import Trainer
from tests.browser.lab_state import button, in_sight, root, start_anew, step, table_of, train

STEPS = 100
KEPT = ("as it is", "without attention", "no decay of the rate")
CURVES = "Loss of the experiments"


def section(page: Page) -> Locator:
    return page.locator("#experiments")


def rows(page: Page) -> dict[str, list[str]]:
    """Title → what stands in its row, without the bet."""
    found = (
        section(page)
        .locator("tbody[data-part=rows]")
        .evaluate("(body) => [...body.rows].map((row) => [...row.cells].map((cell) => cell.textContent))")
    )
    return {row[0]: row[-8:-1] for row in found}


@pytest.fixture
def lab_page(lab_page: Page) -> Page:
    """The untrained lab, and a table of three short runs without results."""
    start_anew(lab_page)
    if button(lab_page, "Stop the runs").is_enabled():
        button(lab_page, "Stop the runs").click()
    if button(lab_page, "Clear the results").is_enabled():
        button(lab_page, "Clear the results").click()
    for name in ("lowest held-out loss first", "I bet on the order"):
        section(lab_page).get_by_label(name).uncheck()
    section(lab_page).get_by_label("steps for each").select_option(str(STEPS))
    for title in rows(lab_page):
        if title not in KEPT:
            section(lab_page).get_by_role("button", name=f"Remove {title}", exact=True).click()
    for title in KEPT:
        if title not in rows(lab_page):
            add(lab_page, title)
    assert sorted(rows(lab_page)) == sorted(KEPT)
    return lab_page


def add(page: Page, title: str) -> None:
    section(page).get_by_label("change one thing").select_option(title)
    button(page, "Add this run").click()


def done(page: Page) -> None:
    expect(section(page)).to_contain_text(re.compile(r"All \d+ runs are done"), timeout=60_000)


def alone(experiment: Experiment, title: str) -> Trainer:
    """The run of this row by the engine, all steps taken."""
    changes = {recipe.title: recipe for recipe in recipes(experiment)}
    base = settings_of(changes["the same once more"], experiment.settings, STEPS)
    settings = settings_of(changes[title], base, STEPS) if title in changes else base
    made = Experiment(experiment.names, settings)
    trainer = Trainer(TensorGPT.initial(made.config, settings.seed), made.train_documents, settings)
    return trainer


@pytest.mark.feature("E1", "R1")
def test_all_rows_train_for_real_and_the_lab_notices_nothing(lab_page: Page, experiment: Experiment) -> None:
    add(lab_page, "the same once more")
    button(lab_page, "Train all").click()
    reached, loss = train(lab_page, 40)
    own = experiment.trainer()
    assert loss == pytest.approx(np.mean([own.step().loss for _ in range(reached)][-100:]), rel=1e-3)
    done(lab_page)
    assert step(lab_page) == reached and root(lab_page).get_attribute("data-lab") == "paused"
    found, curve = rows(lab_page), {row[0]: row[1:] for row in table_of(lab_page, CURVES)}
    for at, title in enumerate(found):
        trainer = alone(experiment, title)
        mean = np.mean([trainer.step().loss for _ in range(STEPS)])
        steps, held_out, _gap, parameters, seconds, _differs, names = found[title]
        assert (steps, parameters) == (str(STEPS), f"{len(trainer.model.flat):,}")
        assert float(held_out) == pytest.approx(held_out_loss(trainer.model, experiment.held_out_documents), abs=0.002)
        assert float(curve[str(STEPS)][at]) == pytest.approx(mean, abs=0.01)
        assert float(seconds) >= 0 and len(names.split(", ")) == 3
    assert [found[title][5] for title in (*KEPT[1:], "the same once more")] == [
        "from step 1 on", "from step 3 on", "no difference",
    ]  # fmt: skip
    section(lab_page).get_by_role("button", name="the same once more", exact=True).click()
    expect(section(lab_page)).to_contain_text(f"No difference: all {STEPS} losses")
    expect(
        section(lab_page).get_by_role("list", name="Names made up by this run").get_by_role("listitem")
    ).to_have_count(10)
    for axis, unit in (("time", "milliseconds"), ("arithmetic", "million multiplications"), ("steps", "step")):
        in_sight(section(lab_page).get_by_role("radio", name=axis, exact=True)).check(force=True)
        expect(lab_page.get_by_role("figure", name=re.compile(f"^{CURVES}. {unit} "))).to_be_visible()


@pytest.mark.feature("E1")
def test_a_bet_is_made_with_the_keyboard_and_told_afterwards(lab_page: Page) -> None:
    section(lab_page).get_by_label("I bet on the order").check()
    up = section(lab_page).get_by_role("button", name="no decay of the rate: expect it better")
    up.focus()
    lab_page.keyboard.press("Enter")
    expect(up).to_be_focused()
    lab_page.keyboard.press("Enter")
    assert list(rows(lab_page)) == ["no decay of the rate", "as it is", "without attention"]
    expect(section(lab_page).get_by_role("button", name="no decay of the rate: expect it worse")).to_be_focused()
    button(lab_page, "Train all").click()
    expect(up).to_have_count(0)
    done(lab_page)
    expect(section(lab_page).get_by_role("status")).to_contain_text("Your bet: of 3 pairs of runs")
    section(lab_page).get_by_label("lowest held-out loss first").check()
    expect(section(lab_page).locator(".trial-best")).to_have_count(1)
    losses = [float(row[1]) for row in rows(lab_page).values()]
    assert losses == sorted(losses)


@pytest.mark.feature("E1")
def test_it_stops_with_its_results_and_goes_on(lab_page: Page) -> None:
    section(lab_page).get_by_label("steps for each").select_option("5000")
    button(lab_page, "Train all").click()
    expect(section(lab_page).locator("tbody[data-part=rows] tr").first).to_contain_text(re.compile(r"\d\d\d"))
    expect(section(lab_page).get_by_role("figure", name=re.compile(f"^{CURVES}. step"))).to_be_visible()
    button(lab_page, "Stop the runs").click()
    expect(section(lab_page)).to_contain_text("Stopped: 3 runs not done.")
    reached = rows(lab_page)
    assert all(0 < int(row[0].replace(",", "")) < 5000 for row in reached.values())
    expect(button(lab_page, "Go on")).to_be_enabled()
    button(lab_page, "Clear the results").click()
    expect(button(lab_page, "Train all")).to_be_enabled()
    assert all(row[0] == "–" for row in rows(lab_page).values())


@pytest.mark.feature("E2")
def test_a_change_shows_the_lines_of_code_that_it_is(lab_page: Page) -> None:
    section(lab_page).get_by_role("button", name="without attention", exact=True).click()
    listing = section(lab_page).get_by_role("region", name="TensorGPT.logits, before and after")
    expect(listing.locator(".gone")).to_have_text("gone: " + " " * 12 + "x = self.join(x, self.attend(layer, x))")
    expect(listing.locator(".gone")).to_be_visible()
    expect(section(lab_page)).to_contain_text("8,192 parameters fewer")
    section(lab_page).get_by_label("change one thing").select_option("twice as deep")
    expect(section(lab_page).get_by_role("heading", name="twice as deep")).to_be_visible()
