"""The race of the rungs: trained in the tab, shown as curves and a table, beside the lab's own run."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from microgpt.evaluate.held_out import held_out_loss
from microgpt.experiment import Experiment
from microgpt.ladder import RUNGS, climb
from tests.browser.lab_state import button, drawn, start_anew, step, table_of, train, until

STEPS = 110  # so that there is one exam on the way, at 100
CURVES = "Loss of the rungs"
TITLES = [f"{number} {rung.title}" for number, rung in enumerate(RUNGS)]


def section(page: Page) -> Locator:
    return page.locator("#race")


def results(page: Page) -> list[list[str]]:
    """The table's rows: rung, held-out loss, parameters, steps, seconds, names."""
    drawn(page)
    return section(page).evaluate(
        """(section) => [...section.querySelectorAll(".race-table tbody tr")].map((row) => [...row.cells].map(
            (cell) => cell.querySelector("li") ? [...cell.querySelectorAll("li > b")].map((name) => name.textContent)
                : cell.firstChild.nodeName === "B" ? cell.firstChild.textContent : cell.textContent))"""
    )


def race(page: Page, steps: int = STEPS) -> None:
    section(page).scroll_into_view_if_needed()
    section(page).get_by_label("steps", exact=True).fill(str(steps))
    button(page, "Race all seven").click()


def over(page: Page) -> None:
    expect(section(page).get_by_text(f"All have arrived after {STEPS} steps.")).to_be_visible(timeout=180_000)


@pytest.fixture
def raced(lab_page: Page) -> Page:
    """After a race; one is enough for all."""
    if not section(lab_page).get_by_text("All have arrived").count():
        start_anew(lab_page)
        race(lab_page)
        over(lab_page)
    return lab_page


def test_before_the_race_the_empty_chart_offers_it(lab_page: Page) -> None:
    section(lab_page).scroll_into_view_if_needed()
    expect(section(lab_page).get_by_text("Nobody has started yet")).to_be_visible()
    expect(button(lab_page, "Race all seven rungs")).to_be_visible()
    expect(button(lab_page, "Stop the race")).to_be_disabled()


@pytest.mark.feature("S4-5")
def test_it_can_be_stopped_and_keeps_what_it_has(lab_page: Page) -> None:
    race(lab_page, 5000)
    until(
        lab_page,
        "parseInt(document.querySelector('#race .race-table tbody tr:last-child td:nth-child(4)')?.textContent) > 2",
    )
    expect(button(lab_page, "Race all seven")).to_be_disabled()
    button(lab_page, "Stop the race").click()
    stopped = section(lab_page).get_by_text(re.compile(r"^Stopped at step [\d,]+ of 5,000\.$"))
    expect(stopped).to_be_visible()
    expect(button(lab_page, "Race all seven")).to_be_focused()
    before = results(lab_page)
    assert len(before) == len(RUNGS) and 2 < int(before[-1][3]) < 5000
    for _ in range(10):
        drawn(lab_page)
    assert results(lab_page) == before  # twenty frames later


@pytest.mark.feature("S4-5")
def test_a_wrong_number_of_steps_is_explained(lab_page: Page) -> None:
    race(lab_page, 0)
    expect(section(lab_page).get_by_role("alert")).to_have_text("The steps are a whole number from 1 to 20,000.")
    expect(button(lab_page, "Race all seven")).to_be_enabled()


@pytest.mark.feature("S4-4", "S4-5", "R1")
def test_all_are_trained_for_real(raced: Page, experiment: Experiment) -> None:
    found = results(raced)
    assert [row[0] for row in found] == TITLES
    for number, (_title, held_out, parameters, steps, seconds, names) in enumerate(found):
        alone = climb(number, experiment, STEPS)
        for _ in range(STEPS):
            alone.step()
        assert float(held_out) == pytest.approx(held_out_loss(alone, experiment.held_out_documents), abs=0.0006)
        assert (parameters, steps) == (f"{alone.n_params:,}", str(STEPS))
        assert float(seconds) >= 0 and len(names) == 5
    assert found[1][1] == found[2][1]  # by hand and by autograd
    assert float(found[2][4]) > float(found[1][4])  # one number at a time takes longer


@pytest.mark.feature("S4-5", "Q3")
def test_the_curves_are_the_exams(raced: Page, experiment: Experiment) -> None:
    rows = {row[0]: row[1:] for row in table_of(raced, CURVES)}
    for number in range(len(RUNGS)):
        alone = climb(number, experiment, STEPS)
        for _ in range(100):
            alone.step()
        assert float(rows["100"][number]) == pytest.approx(
            held_out_loss(alone, experiment.held_out_documents), abs=0.006
        )
    assert f"{experiment.baselines['bigram']:.2f}" in rows["bigram"]


@pytest.mark.feature("S4-5")
def test_hover_tells_all_losses_at_a_step(raced: Page) -> None:
    figure = section(raced).get_by_role("figure", name=re.compile(f"^{CURVES}"))
    figure.get_by_role("slider").focus()
    raced.keyboard.press("Home")
    expect(figure).to_contain_text("step 100, held-out, at the last exam: 0 Counting")
    raced.keyboard.press("End")
    last = ", ".join(f"{row[0]} {row[1]}" for row in results(raced))
    expect(figure).to_contain_text(f"step {STEPS}, held-out, at the last exam: {last}")
    box = figure.locator("svg").first.bounding_box()
    raced.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(figure).to_contain_text(re.compile(r"step \d+, held-out"))
    raced.keyboard.press("Escape")


@pytest.mark.feature("S4-5")
def test_each_curve_can_be_taken_away(raced: Page) -> None:
    figure = section(raced).get_by_role("figure", name=re.compile(f"^{CURVES}"))
    for title in TITLES[:-1]:
        box = section(raced).get_by_role("checkbox", name=title, exact=True)
        expect(figure).to_have_attribute("aria-label", re.compile(re.escape(title)))
        box.uncheck()
        expect(figure).not_to_have_attribute("aria-label", re.compile(re.escape(title)))
        box.focus()
        raced.keyboard.press("Space")
        expect(figure).to_have_attribute("aria-label", re.compile(re.escape(title)))


@pytest.mark.feature("S4-4", "S4-5")
def test_the_losses_in_training_too(raced: Page, experiment: Experiment) -> None:
    section(raced).get_by_role("radio", name="training", exact=True).check()
    rows = {row[0]: row[1:] for row in table_of(raced, CURVES)}
    section(raced).get_by_role("radio", name="held-out names", exact=True).check()
    for number in range(len(RUNGS)):
        alone = climb(number, experiment, STEPS)
        mean = np.mean([alone.step() for _ in range(STEPS)][-100:])
        assert float(rows[str(STEPS)][number]) == pytest.approx(mean, abs=0.006)
    assert rows[str(STEPS)][1] == rows[str(STEPS)][2]


@pytest.mark.feature("S4-5")
def test_what_came_of_it_is_said(raced: Page) -> None:
    losses = {row[0]: row[1] for row in results(raced)}
    best = min(losses, key=lambda title: float(losses[title]))
    said = section(raced).get_by_role("status")
    expect(said).to_contain_text(f"The lowest held-out loss is that of {best}: {losses[best]}.")
    expect(said).to_contain_text("The largest step down leads from")


@pytest.mark.feature("S4-6")
def test_counting_is_closed_form_and_add_one_is_named(lab_page: Page) -> None:
    for text in ("closed form", "add-one smoothing"):
        expect(section(lab_page).locator("dfn", has_text=text)).to_be_visible()


@pytest.mark.feature("S4-5", "R1")
def test_the_model_of_the_lab_is_not_disturbed(lab_page: Page, experiment: Experiment) -> None:
    start_anew(lab_page)
    race(lab_page)
    until(lab_page, "document.querySelectorAll('#race .race-table tbody tr').length === argument", len(RUNGS))
    reached, loss = train(lab_page, 120)
    over(lab_page)
    assert step(lab_page) == reached
    trainer = experiment.trainer()
    alone = [trainer.step().loss for _ in range(reached)]
    assert loss == pytest.approx(np.mean(alone[-100:]), rel=1e-3)
