"""The training controls, on a real run in the tab."""

import math
import re

import pytest
from playwright.sync_api import Locator, Page, expect

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
    losses = press_step(lab_page, 200)
    button(lab_page, "Reset").click()
    expect(root(lab_page)).to_have_attribute("data-step", "0")
    lab_page.get_by_label("Speed").select_option("watch")
    began = lab_page.evaluate("performance.now()")
    button(lab_page, "Train").click()
    wait_for_step(lab_page, 8)
    button(lab_page, "Pause").click()
    expect(root(lab_page)).to_have_attribute("data-lab", "paused")
    seconds = (lab_page.evaluate("performance.now()") - began) / 1000
    assert step(lab_page) <= 5 * seconds + 2, "five steps a second, however busy the machine is"
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


# The stream of names that the model makes up


@pytest.fixture
def fresh_page(lab_page: Page) -> Page:
    start_anew(lab_page)
    press_step(lab_page, 1)
    start_anew(lab_page)  # a run of its own: no name of an earlier test is in the stream
    beginning(lab_page).fill("")
    temperature_of(lab_page).fill("0.8")
    beginning(lab_page).scroll_into_view_if_needed()
    return lab_page


def beginning(page: Page) -> Locator:
    return page.locator("#training").get_by_label("beginning with")


def temperature_of(page: Page) -> Locator:
    return page.locator("#training").get_by_label("temperature")


def stream(page: Page) -> Locator:
    return page.get_by_role("list", name="Names the model made up").get_by_role("listitem")


def make(page: Page, prefix: str = "", temperature: str = "0.8") -> list[str]:
    """Press the button and wait for all ten; gives their lines, newest first."""
    beginning(page).fill(prefix)
    temperature_of(page).fill(temperature)
    made = stream(page).filter(has_text=re.compile(rf"T {re.escape(temperature)}\b(?!\.)"))
    before = made.count()
    button(page, "Make 10 names").click()
    expect(made).to_have_count(before + 10)
    return made.all_inner_texts()[:10]


@pytest.mark.feature("U8")
def test_each_name_is_stamped_with_its_step_and_temperature(fresh_page: Page) -> None:
    press_step(fresh_page, 30)
    for line in make(fresh_page, temperature="0.5"):
        assert "step 30 · T 0.5" in line


@pytest.mark.feature("U7")
def test_names_begin_with_the_letters_given(fresh_page: Page) -> None:
    lines = make(fresh_page, prefix="Tyran")
    assert all(line.startswith("tyran") for line in lines), lines


@pytest.mark.feature("S1-16")
def test_the_same_step_makes_up_the_same_names(fresh_page: Page) -> None:
    press_step(fresh_page, 30)
    first = make(fresh_page)
    button(fresh_page, "Reset").click()
    expect(root(fresh_page)).to_have_attribute("data-step", "0")
    press_step(fresh_page, 30)
    assert make(fresh_page) == first


@pytest.mark.feature("S3-7")
def test_at_temperature_zero_it_always_says_the_same(fresh_page: Page) -> None:
    assert len(set(make(fresh_page, temperature="0"))) == 1


@pytest.mark.feature("U8")
@pytest.mark.parametrize("temperature", ["-1", "3.5", ""])
def test_an_impossible_temperature_is_explained(fresh_page: Page, temperature: str) -> None:
    temperature_of(fresh_page).fill(temperature)
    button(fresh_page, "Make 10 names").click()
    explained = fresh_page.get_by_role("alert").filter(has_text="temperature is a number from 0")
    refused = fresh_page.locator("#training input:invalid")  # or the browser itself says so
    expect(explained.or_(refused).first).to_be_visible()
    made = make(fresh_page, temperature="0.7")  # and the lab goes on
    assert len(made) == 10
    expect(explained).to_be_hidden()
    assert all(" · T 0.7" in line or " · T 1" in line for line in stream(fresh_page).all_inner_texts())


@pytest.mark.feature("U7")
@pytest.mark.parametrize(("prefix", "says"), [("t-rex", "“-”"), ("a" * 24, "at most 23")])
def test_letters_that_can_not_be_read_are_explained(fresh_page: Page, prefix: str, says: str) -> None:
    beginning(fresh_page).fill(prefix)
    button(fresh_page, "Make 10 names").click()
    alert = fresh_page.get_by_role("alert").filter(has_text=says)
    expect(alert).to_be_visible()
    make(fresh_page)
    expect(alert).to_be_hidden()


@pytest.mark.feature("U8")
def test_names_come_by_themselves_while_it_trains(fresh_page: Page) -> None:
    press_step(fresh_page, 100)
    expect(stream(fresh_page).filter(has_text="step 100 ·")).to_have_count(1)
    expect(stream(fresh_page).filter(has_text="step 50 ·")).to_have_count(1)
