"""The training controls, on a real run in the tab."""

import math
import re

import pytest
from playwright.sync_api import Page, expect

from microgpt.experiment import Experiment
from tests.browser.lab_state import (
    button,
    chart,
    loss,
    press_step,
    root,
    start_anew,
    step,
    table_of,
    train,
    wait_for_step,
)


@pytest.fixture
def lab_page(lab_page: Page) -> Page:
    """The shared page, untrained again."""
    start_anew(lab_page)
    return lab_page


@pytest.mark.feature("S1-12", "S1-15")
def test_three_hundred_steps_beat_counting_letters(lab_page: Page, experiment: Experiment) -> None:
    reached, found = train(lab_page, at_least=300)
    assert reached >= 300
    assert found < experiment.baselines["unigram"] < experiment.baselines["uniform"]


@pytest.mark.feature("S1-12")
def test_the_first_step_comes_within_a_second(lab_page: Page) -> None:
    waited = button(lab_page, "Train").evaluate(
        """(button) => new Promise((done) => {
            const began = performance.now();
            const root = document.documentElement;
            new MutationObserver((_changes, observer) => {
                if (Number(root.dataset.step) === 0) return;
                observer.disconnect();
                done(performance.now() - began);
            }).observe(root, { attributeFilter: ["data-step"] });
            button.click();
        })"""
    )
    assert waited <= 1000


@pytest.mark.feature("S1-12", "Q4")
def test_a_press_of_pause_is_felt_within_a_tenth_of_a_second(lab_page: Page) -> None:
    """From the moment the browser receives it, behind whatever training has under way."""
    waits = []
    for _ in range(5):
        lab_page.evaluate("""() => {
            let pressed = 0;
            addEventListener("click", (event) => { pressed = event.timeStamp; }, true);
            window.waited = new Promise((done) => new MutationObserver((_changes, observer) => {
                if (!pressed || document.documentElement.dataset.lab !== "paused") return;
                observer.disconnect();
                done(performance.now() - pressed);
            }).observe(document.documentElement, { attributeFilter: ["data-lab"] }));
        }""")
        train(lab_page, at_least=step(lab_page) + 1)
        waits.append(lab_page.evaluate("waited"))
    assert sorted(waits)[2] <= 100, waits


@pytest.mark.feature("S1-12")
def test_after_pause_the_model_stands_still(lab_page: Page) -> None:
    at, shown = train(lab_page, at_least=20)
    held_out = lab_page.get_by_text(re.compile(r"held-out \d\.\d\d"))
    expect(held_out.first).to_be_visible()  # the work that was left is done
    assert (step(lab_page), loss(lab_page)) == (at, shown)
    expect(root(lab_page)).to_have_attribute("data-lab", "paused")


@pytest.mark.feature("S1-12", "U1")
def test_resume_and_reset_repeat_the_same_run(lab_page: Page) -> None:
    losses = press_step(lab_page, 150)
    button(lab_page, "Reset").click()
    expect(root(lab_page)).to_have_attribute("data-step", "0")
    assert loss(lab_page) is None
    lab_page.get_by_label("Speed").select_option("fast")
    for at_least in (20, 45):  # trained and paused, twice
        reached, found = train(lab_page, at_least)
        assert found == losses[reached - 1]
    assert press_step(lab_page, 150 - step(lab_page))[-1] == losses[-1]


@pytest.mark.feature("U1")
def test_step_takes_exactly_one_step(lab_page: Page) -> None:
    for expected in (1, 2, 3):
        button(lab_page, "Step").click()
        expect(root(lab_page)).to_have_attribute("data-step", str(expected))
    expect(root(lab_page)).to_have_attribute("data-lab", "paused")


@pytest.mark.feature("U2")
def test_the_speed_changes_the_time_and_not_the_losses(lab_page: Page) -> None:
    losses = press_step(lab_page, 12)
    button(lab_page, "Reset").click()
    expect(root(lab_page)).to_have_attribute("data-step", "0")
    lab_page.get_by_label("Speed").select_option("watch")
    button(lab_page, "Train").click()
    wait_for_step(lab_page, 2)
    first, began = step(lab_page), lab_page.evaluate("performance.now()")
    wait_for_step(lab_page, first + 5)
    seconds = (lab_page.evaluate("performance.now()") - began) / 1000
    button(lab_page, "Pause").click()
    assert 0.7 <= seconds <= 3, "five steps at five a second"
    assert loss(lab_page) == losses[step(lab_page) - 1]


@pytest.mark.feature("U3")
def test_undo_brings_a_reset_run_back(lab_page: Page) -> None:
    before = train(lab_page, at_least=30)
    button(lab_page, "Reset").click()
    expect(root(lab_page)).to_have_attribute("data-step", "0")
    button(lab_page, "Undo").click()
    expect(root(lab_page)).to_have_attribute("data-step", str(before[0]))
    assert (step(lab_page), loss(lab_page)) == before
    expect(button(lab_page, "Undo")).to_be_hidden()


@pytest.mark.feature("S1-12")
def test_only_what_can_be_done_can_be_pressed(lab_page: Page) -> None:
    def enabled() -> dict[str, bool]:
        return {name: button(lab_page, name).is_enabled() for name in ("Train", "Pause", "Step", "Reset")}

    expect(button(lab_page, "Reset")).to_be_disabled()
    assert enabled() == {"Train": True, "Pause": False, "Step": True, "Reset": False}
    button(lab_page, "Train").click()
    expect(button(lab_page, "Pause")).to_be_enabled()
    expect(button(lab_page, "Reset")).to_be_enabled()
    assert enabled() == {"Train": False, "Pause": True, "Step": True, "Reset": True}
    button(lab_page, "Pause").click()
    expect(button(lab_page, "Train")).to_be_enabled()
    assert enabled() == {"Train": True, "Pause": False, "Step": True, "Reset": True}


@pytest.mark.feature("S1-14", "S1-15", "Q3")
def test_the_curve_has_a_table_with_the_baselines(lab_page: Page, experiment: Experiment) -> None:
    losses = press_step(lab_page, 120)
    lab_page.locator("#training").scroll_into_view_if_needed()
    rows = {row[0]: row[1:] for row in table_of(lab_page, "Loss by training step")}
    assert float(rows["120"][0]) == pytest.approx(losses[-1], abs=0.006)
    assert float(rows["bigram"][0]) == pytest.approx(experiment.baselines["bigram"], abs=0.006)
    assert float(rows["guessing evenly"][0]) == pytest.approx(math.log(experiment.config.vocab_size), abs=0.006)


@pytest.mark.feature("S1-14")
def test_the_curve_is_read_with_the_arrow_keys(lab_page: Page) -> None:
    losses = press_step(lab_page, 130)
    figure = chart(lab_page, "Loss by training step")
    figure.scroll_into_view_if_needed()
    curve = figure.get_by_role("slider")
    curve.focus()
    expect(curve).to_have_attribute("aria-valuenow", "130")
    lab_page.keyboard.press("Shift+ArrowLeft")
    expect(curve).to_have_attribute("aria-valuenow", "129")
    expect(curve).to_have_attribute("aria-valuetext", re.compile(f"mean of the 100 steps before {losses[128]:.3f}"))
    lab_page.keyboard.press("Home")
    expect(curve).to_have_attribute("aria-valuetext", re.compile(f"step 1: .* {losses[0]:.3f}"))


@pytest.mark.feature("S1-14", "S1-12")
def test_before_training_the_curve_says_that_there_is_none(lab_page: Page) -> None:
    figure = chart(lab_page, "Loss by training step")
    figure.scroll_into_view_if_needed()
    expect(figure).to_have_attribute("aria-label", re.compile("Nothing|Train", re.IGNORECASE))
    expect(figure.get_by_role("slider")).to_be_hidden()


@pytest.mark.feature("S1-10", "Q4")
def test_while_it_trains_the_page_shows_new_moments_many_times_a_second(lab_page: Page) -> None:
    lab_page.locator("#predictions").scroll_into_view_if_needed()
    button(lab_page, "Train").click()
    moments = lab_page.evaluate(
        """() => new Promise((done) => {
            const seen = new Set();
            const began = performance.now();
            const look = () => {
                seen.add(document.querySelector("#predictions [role=figure]").getAttribute("aria-label"));
                seen.add(document.documentElement.dataset.step);
                if (performance.now() - began < 1000) requestAnimationFrame(look);
                else done(seen.size);
            };
            look();
        })"""
    )
    button(lab_page, "Pause").click()
    assert moments >= 4
