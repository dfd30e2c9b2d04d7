"""Letter by letter: a recorded name, stepped through draw by draw."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from assemble.paths import DIST
from lab.charts.format import fixed, percent
from microgpt import checkpoint
from microgpt.experiment import Experiment
from microgpt.model import GPT
from microgpt.rng import stream
from microgpt.sampling import SampleStep, complete, sample_steps
from tests.browser.lab_state import drawn, load_trained, press_step, start_anew, table_of

BARS = "Letter by letter: chance of each answer"
STRIP = "Letter by letter: all chances end to end"
AGAIN = "Again, with the model as it is now"


@pytest.fixture(scope="module")
def trained(experiment: Experiment) -> GPT:
    """The model as it is shipped."""
    return checkpoint.load(max((DIST / "checkpoints").glob("*.npz"))).model


@pytest.fixture
def untrained(experiment: Experiment) -> GPT:
    return experiment.trainer().model


@pytest.fixture
def lab_page(lab_page: Page) -> Page:
    """Untrained, and the name made anew with what the page opens with."""
    start_anew(lab_page)
    lab_page.get_by_role("radio", name="Advanced", exact=True).check()
    section(lab_page).scroll_into_view_if_needed()
    for cut in ("top-k", "top-p"):
        choose(lab_page, cut, "")
    field(lab_page, "begin with").fill("")
    field(lab_page, "seed").fill("42")
    field(lab_page, "temperature, as a number").fill("0.8")
    press(lab_page, AGAIN)
    expect_made(lab_page, "Made by the model of step 0: temperature 0.8, seed 42.")
    return lab_page


def section(page: Page) -> Locator:
    return page.locator("#generate")


def field(page: Page, label: str) -> Locator:
    return section(page).get_by_label(label, exact=True)


def choose(page: Page, cut: str, value: str) -> None:
    section(page).get_by_role("combobox", name=cut, exact=True).select_option(value)


def press(page: Page, name: str) -> None:
    section(page).get_by_role("button", name=name, exact=True).click()


def expect_made(page: Page, says: str) -> None:
    expect(section(page).locator("[data-part=made]")).to_have_text(says)
    drawn(page)


def count(page: Page) -> str:
    return section(page).locator(".stepper-count").inner_text()


def reading(page: Page) -> tuple[str, str]:
    """Letters read, and the answer drawn."""
    line = section(page).locator("[data-part=reading]")
    return tuple(line.locator(f".{css}").text_content() for css in ("read", "taken"))


def made_of(model: GPT, experiment: Experiment, prefix: str = "", seed: int = 42, **how) -> list[SampleStep]:
    tokenizer = experiment.tokenizer
    how = {"temperature": 0.8} | how
    return list(sample_steps(model, stream(seed, "sampling"), [tokenizer.bos, *tokenizer.encode(prefix)], **how))


def check_moment(page: Page, experiment: Experiment, step: SampleStep) -> None:
    """What stands on the screen is this step of the engine's: what was read, chances, draw, letter."""
    drawn(page)
    tokenizer = experiment.tokenizer
    answers = [*tokenizer.alphabet, "END"]
    label = answers[step.token]
    read, taken = reading(page)
    assert (read, taken) == (tokenizer.decode(step.context) or "START", label)
    assert table_of(page, BARS) == [[a, percent(float(p))] for a, p in zip(answers, step.probabilities, strict=True)]
    ends = [0.0, *step.cumulative.tolist()]
    assert table_of(page, STRIP) == [
        [a, fixed(ends[i], 4), fixed(ends[i + 1], 4), percent(ends[i + 1] - ends[i])] for i, a in enumerate(answers)
    ]
    figure = page.get_by_role("figure", name=re.compile(f"^{STRIP}"))
    if step.draw is None:
        expect(figure).to_have_attribute("aria-label", re.compile(rf"no draw: {label} is taken"))
    else:
        shown = re.search(r"the draw (0\.\d+) falls on (\w+),", figure.get_attribute("aria-label"))
        assert shown[2] == label
        assert abs(float(shown[1]) - step.draw) < 0.001
        assert ends[step.token] <= step.draw < ends[step.token + 1]


def step_through(page: Page, experiment: Experiment, steps: list[SampleStep]) -> None:
    """Forward to the end, checking each moment, then a few back."""
    for at, step in enumerate(steps):
        assert count(page) == f"{at + 1} of {len(steps)}"
        check_moment(page, experiment, step)
        if at < len(steps) - 1:
            press(page, "Next: draw")
    press(page, "Back: draw")
    check_moment(page, experiment, steps[-2])
    press(page, "First: draw")
    check_moment(page, experiment, steps[0])


@pytest.mark.feature("S3-6", "R1")
def test_every_draw_of_the_trained_model_is_the_engines_forward_and_back(
    lab_page: Page, experiment: Experiment, trained: GPT
) -> None:
    load_trained(lab_page, experiment)
    section(lab_page).scroll_into_view_if_needed()
    press(lab_page, AGAIN)
    expect_made(lab_page, "Made by the model of step 5,000: temperature 0.8, seed 42.")
    steps = made_of(trained, experiment)
    assert steps[-1].token == experiment.tokenizer.bos
    step_through(lab_page, experiment, steps)
    name = experiment.tokenizer.decode([step.token for step in steps])
    press(lab_page, "Last: draw")
    expect(section(lab_page)).to_contain_text(f"The name is over: “{name}”")


@pytest.mark.feature("S3-6", "R3")
def test_it_works_before_training_and_a_name_without_end_says_why_it_stops(
    lab_page: Page, experiment: Experiment, untrained: GPT
) -> None:
    steps = made_of(untrained, experiment)
    most = experiment.config.max_letters
    assert len(steps) == most  # END is one answer of many, and does not come
    check_moment(lab_page, experiment, steps[0])
    press(lab_page, "Last: draw")
    check_moment(lab_page, experiment, steps[-1])
    expect(section(lab_page)).to_contain_text(f"has all {most} letters that fit this model")


@pytest.mark.feature("S3-6")
def test_a_name_belongs_to_the_step_it_was_made_at_until_it_is_made_again(
    lab_page: Page, experiment: Experiment, untrained: GPT
) -> None:
    before = made_of(untrained, experiment)
    press_step(lab_page, 40)
    expect_made(lab_page, "Made by the model of step 0: temperature 0.8, seed 42. The model is at step 40 now.")
    press(lab_page, "Next: draw")
    check_moment(lab_page, experiment, before[1])
    press(lab_page, AGAIN)
    expect_made(lab_page, "Made by the model of step 40: temperature 0.8, seed 42.")
    trainer = experiment.trainer()
    for _ in range(40):
        trainer.step()
    check_moment(lab_page, experiment, made_of(trainer.model, experiment)[0])


@pytest.mark.feature("S3-7", "S2-10")
def test_at_temperature_zero_each_letter_is_the_most_likely_one(
    lab_page: Page, experiment: Experiment, untrained: GPT
) -> None:
    field(lab_page, "temperature, as a number").fill("0")
    expect_made(lab_page, "Made by the model of step 0: temperature 0, seed 42.")
    steps = made_of(untrained, experiment, temperature=0.0)
    assert all(step.token == step.logits.argmax() for step in steps)
    check_moment(lab_page, experiment, steps[0])
    press(lab_page, "Next: draw")
    check_moment(lab_page, experiment, steps[1])
    expect(section(lab_page)).to_contain_text("nothing is drawn: at temperature 0 the most likely answer is taken")
    expect(section(lab_page)).to_contain_text("It is not an average of all names")


@pytest.mark.feature("S2-10", "U7")
def test_temperature_seed_and_beginning_make_another_name(
    lab_page: Page, experiment: Experiment, untrained: GPT
) -> None:
    press(lab_page, "Next: draw")
    field(lab_page, "temperature, as a number").fill("2.5")
    expect_made(lab_page, "Made by the model of step 0: temperature 2.5, seed 42.")
    hot = made_of(untrained, experiment, temperature=2.5)
    assert hot[1].draw == made_of(untrained, experiment)[1].draw  # the draws stay the same
    check_moment(lab_page, experiment, hot[1])  # and one goes on looking at the same one
    press(lab_page, "Resample")
    expect_made(lab_page, "Made by the model of step 0: temperature 2.5, seed 43.")
    check_moment(lab_page, experiment, made_of(untrained, experiment, seed=43, temperature=2.5)[0])
    field(lab_page, "begin with").fill("Tri")
    expect(section(lab_page).locator(".read")).to_have_text("tri")
    check_moment(lab_page, experiment, made_of(untrained, experiment, "tri", 43, temperature=2.5)[0])
    field(lab_page, "begin with").fill("tr1")
    expect(section(lab_page).get_by_role("alert")).to_contain_text("never seen “1”")
    expect(section(lab_page).locator(".read")).to_have_text("tri")


@pytest.mark.feature("S2-10")
def test_it_plays_through_a_name_and_stops_at_its_end(lab_page: Page, experiment: Experiment, trained: GPT) -> None:
    load_trained(lab_page, experiment)
    section(lab_page).scroll_into_view_if_needed()
    field(lab_page, "begin with").fill("triceratop")
    steps = made_of(trained, experiment, "triceratop")
    expect(section(lab_page).locator(".stepper-count")).to_have_text(f"1 of {len(steps)}")
    assert 2 <= len(steps) <= 5  # so that it does not take long
    press(lab_page, "Play: draw")
    expect(section(lab_page).locator(".stepper-count")).to_have_text(f"{len(steps)} of {len(steps)}", timeout=15_000)
    expect(section(lab_page).get_by_role("button", name="Play: draw", exact=True)).to_be_visible()
    check_moment(lab_page, experiment, steps[-1])


@pytest.mark.feature("U11")
def test_with_top_k_of_one_it_is_greedy_and_top_p_cuts_what_is_unlikely(
    lab_page: Page, experiment: Experiment, untrained: GPT
) -> None:
    choose(lab_page, "top-k", "1")
    expect_made(lab_page, "Made by the model of step 0: temperature 0.8, seed 42, top-k 1.")
    check_moment(lab_page, experiment, made_of(untrained, experiment, top_k=1)[0])
    greedy = complete(untrained, experiment.tokenizer, stream(0, "sampling"), temperature=0)
    expect(section(lab_page)).to_contain_text("Only 1 of 27 answers")
    press(lab_page, "Last: draw")
    expect(section(lab_page).locator("[data-part=result]")).to_contain_text(f"“{greedy}”")
    press(lab_page, "First: draw")
    choose(lab_page, "top-k", "")
    choose(lab_page, "top-p", "0.5")
    expect_made(lab_page, "Made by the model of step 0: temperature 0.8, seed 42, top-p 0.5.")
    check_moment(lab_page, experiment, made_of(untrained, experiment, top_p=0.5)[0])


@pytest.mark.feature("S3-6", "Q1")
def test_the_strip_is_read_with_the_keyboard(lab_page: Page, experiment: Experiment, untrained: GPT) -> None:
    step = made_of(untrained, experiment)[0]
    bar = lab_page.get_by_role("slider", name=STRIP, exact=True)
    bar.focus()
    readout = lab_page.get_by_role("figure", name=re.compile(f"^{STRIP}")).locator("[data-part=readout]")
    expect(readout).to_contain_text("the draw fell here")
    expect(bar).to_have_attribute("aria-valuenow", str(step.token + 1))
    lab_page.keyboard.press("Home")
    expect(readout).to_have_text(f"a: from 0.000 to {step.cumulative[0]:.3f}, {percent(float(step.cumulative[0]))}")


@pytest.mark.feature("Q1")
@pytest.mark.parametrize("part", ["sandbox", "generate"])
def test_nothing_of_it_runs_off_a_narrow_screen(lab_page: Page, part: str) -> None:
    lab_page.set_viewport_size({"width": 320, "height": 700})
    here = lab_page.locator(f"#{part}")
    for mode in ("Sample", "Forward", "Loss") if part == "sandbox" else (None,):
        if mode:
            here.get_by_role("radio", name=mode, exact=True).check()
        drawn(lab_page)
        wide = here.evaluate(
            """(section) => [...section.querySelectorAll("*")]
                .filter((one) => one.checkVisibility() && !one.parentElement.closest("[role=region]"))
                .filter((one) => one.getBoundingClientRect().right > 320.5).map((one) => one.outerHTML.slice(0, 80))"""
        )
        assert not wide, mode
    lab_page.set_viewport_size({"width": 1280, "height": 800})
