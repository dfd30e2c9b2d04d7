"""The sandbox: one text of its own, and what the model bets, pays and draws on it."""

import math
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from assemble.paths import DIST
from lab.charts.format import fixed, percent
from microgpt import checkpoint
from microgpt.evaluate.guesses import costliest_hit, score, top
from microgpt.experiment import Experiment
from microgpt.model import GPT
from microgpt.rng import stream
from microgpt.sampling import sample_steps
from tests.browser.lab_state import drawn, load_trained, press_step, start_anew, table_of, until

BARS = "Sandbox: the likeliest answers and the rest"
STRIP = "Sandbox: all chances end to end"


@pytest.fixture(scope="module")
def trained(experiment: Experiment) -> GPT:
    """The model as it is shipped."""
    return checkpoint.load(max((DIST / "checkpoints").glob("*.npz"))).model


@pytest.fixture
def untrained(experiment: Experiment) -> GPT:
    return experiment.trainer().model


@pytest.fixture
def lab_page(lab_page: Page) -> Page:
    start_anew(lab_page)
    section(lab_page).scroll_into_view_if_needed()
    ask(lab_page, "Sample")
    field(lab_page, "seed").fill("42")
    field(lab_page, "temperature, as a number").fill("1")
    field(lab_page, "answers told apart, as a number").fill("5")
    ask(lab_page, "Forward")
    return lab_page


def section(page: Page) -> Locator:
    return page.locator("#sandbox")


def field(page: Page, label: str) -> Locator:
    return section(page).get_by_label(label, exact=True)


def use_trained(page: Page, experiment: Experiment) -> None:
    """Load the trained model, come back, and wait until it is drawn here."""
    load_trained(page, experiment)
    section(page).scroll_into_view_if_needed()
    expect(section(page).locator("[data-part=tag]")).to_have_text("precomputed")


def press(page: Page, name: str) -> None:
    section(page).get_by_role("button", name=name, exact=True).click()


def text(page: Page) -> Locator:
    return section(page).get_by_label("text to play with")


def ask(page: Page, mode: str) -> None:
    section(page).get_by_role("radio", name=mode, exact=True).check()
    drawn(page)


def type_text(page: Page, typed: str) -> None:
    text(page).fill(typed)
    drawn(page)


def answers(experiment: Experiment) -> list[str]:
    return [*experiment.tokenizer.alphabet, "END"]


def costs(page: Page) -> list[list[str]]:
    """The cells of each column, top to bottom."""
    return (
        section(page)
        .get_by_role("table", name="What each letter cost")
        .evaluate(
            """(table) => [...table.querySelectorAll('[role=row]')].slice(1).map(
                (row) => [...row.querySelectorAll('[role=cell]')].map((cell) => cell.textContent.trim()))"""
        )
    )


def check_forward(page: Page, model: GPT, experiment: Experiment, typed: str) -> None:
    type_text(page, typed)
    tokenizer = experiment.tokenizer
    best = top(model.forward([tokenizer.bos, *tokenizer.encode(typed)]).probabilities[-1], 5)
    shown = table_of(page, BARS)
    expected = [[answers(experiment)[token], percent(float(p))] for token, p in zip(*best[:2], strict=True)]
    assert shown == [*expected, ["other", percent(best.rest)]]
    total = sum(float(re.sub(r"[^\d.]", "", share)) for _, share in shown)
    assert total == pytest.approx(100, abs=0.05 + 0.5 * len(shown))


@pytest.mark.feature("S2-1", "R1")
def test_forward_shows_the_top_bars_and_one_more_for_the_rest(
    lab_page: Page, experiment: Experiment, untrained: GPT, trained: GPT
) -> None:
    check_forward(lab_page, untrained, experiment, "stego")
    use_trained(lab_page, experiment)
    check_forward(lab_page, trained, experiment, "tricera")
    check_forward(lab_page, trained, experiment, "")
    field(lab_page, "answers told apart, as a number").fill("2")
    assert [answer for answer, _ in table_of(lab_page, BARS)][2:] == ["other"]


@pytest.mark.feature("S2-4")
def test_presets_and_free_input_and_the_stated_limit_is_the_true_one(lab_page: Page, experiment: Experiment) -> None:
    limit = experiment.config.max_letters
    expect(section(lab_page)).to_contain_text(f"At most {limit} letters")
    press(lab_page, "velociraptor")
    expect(text(lab_page)).to_have_value("velociraptor")
    expect(section(lab_page)).to_contain_text("After velociraptor,")
    type_text(lab_page, "q" * limit)
    expect(section(lab_page)).to_contain_text(f"After {'q' * limit},")  # not a letter is lost
    type_text(lab_page, "q" * (limit + 1))
    alert = section(lab_page).get_by_role("alert")
    expect(alert).to_have_text(f"That is {limit + 1} letters; this model reads at most {limit}. Take some away.")
    expect(text(lab_page)).to_have_value("q" * (limit + 1))
    expect(text(lab_page)).to_have_attribute("aria-invalid", "true")
    type_text(lab_page, "r3x")
    expect(alert).to_contain_text("never seen “3”")
    type_text(lab_page, "REX")
    expect(alert).to_be_hidden()
    expect(section(lab_page)).to_contain_text("After rex,")


@pytest.mark.feature("S2-4", "S1-7")
def test_the_text_is_the_sandboxs_own(lab_page: Page) -> None:
    group = lab_page.get_by_role("group", name="The name this page is looking at")
    group.get_by_role("button", name="Next name").click()
    letters = "(group) => [...group.querySelectorAll('input')].slice(1).map((one) => one.ariaLabel[0]).join('')"
    current = group.evaluate(letters)
    type_text(lab_page, "stego")
    assert group.evaluate(letters) == current
    press(lab_page, "the name at the top")
    expect(text(lab_page)).to_have_value(current)


def check_loss(page: Page, model: GPT, experiment: Experiment, name: str) -> None:
    type_text(page, name)
    document = experiment.tokenizer.document(name)
    scores = score(model, document)
    said = answers(experiment)
    shown = costs(page)
    assert len(shown) == len(name) + 1
    assert [row[0] for row in shown] == ["START", *name]
    assert [row[1] for row in shown] == [*name, "END"]
    for row, one in zip(shown, scores, strict=True):
        assert row[2] == f"{said[one.guess]} " + ("✓right" if one.guess == one.truth else "✗wrong")
        assert row[3:] == [percent(one.probability), fixed(-math.log(one.probability), 2)]
    expect(section(page)).to_contain_text(f"Average cost {fixed(model.loss(document), 2)}:")


@pytest.mark.feature("S2-2", "R1")
def test_loss_marks_each_guess_and_counts_its_cost_to_the_end(
    lab_page: Page, experiment: Experiment, untrained: GPT, trained: GPT
) -> None:
    ask(lab_page, "Loss")
    check_loss(lab_page, untrained, experiment, "triceratops")
    check_loss(lab_page, untrained, experiment, "")
    use_trained(lab_page, experiment)
    check_loss(lab_page, trained, experiment, "triceratops")
    expect(section(lab_page)).not_to_contain_text("no name on the list")
    check_loss(lab_page, trained, experiment, "tricera")
    expect(section(lab_page)).to_contain_text("no name on the list")


@pytest.mark.feature("S2-2")
def test_a_right_guess_with_a_high_loss_is_found_on_the_list(
    lab_page: Page, experiment: Experiment, trained: GPT
) -> None:
    use_trained(lab_page, experiment)
    ask(lab_page, "Loss")
    press(lab_page, "Find the ✓ that cost most")
    documents = [experiment.tokenizer.document(name) for name in experiment.names]
    *_, best = costliest_hit(trained, documents, first=1)
    name = experiment.names[best.document]
    expect(section(lab_page)).to_contain_text(f"“{name}” has the costliest ✓", timeout=30_000)
    expect(text(lab_page)).to_have_value(name)
    drawn(lab_page)
    row = costs(lab_page)[best.position]
    assert row[2].endswith("✓right") and float(row[4]) > 1.5
    spot = section(lab_page).locator(".costs .spot")
    expect(spot).to_have_count(1)
    expect(spot).to_contain_text(fixed(best.loss, 2))
    expect(section(lab_page)).to_contain_text("Right, and still costly")
    section(lab_page).evaluate("""(section) => {
        section.querySelector("[data-part=look]").click();
        requestAnimationFrame(() => section.querySelector("[data-part=stop-looking]").click());
    }""")  # at once, before all names have been looked at
    expect(section(lab_page)).to_contain_text("Stopped.")
    expect(section(lab_page).get_by_role("button", name="Find the ✓ that cost most")).to_be_focused()


def draws(page: Page) -> list[list[str]]:
    made = section(page).get_by_role("list", name="Letters drawn so far")
    return made.evaluate("(list) => [...list.children].map((li) => [...li.children].map((one) => one.textContent))")


def sampled(model: GPT, experiment: Experiment, start: str, seed: int, temperature: float) -> list:
    tokenizer = experiment.tokenizer
    tokens = [tokenizer.bos, *tokenizer.encode(start)]
    return list(sample_steps(model, stream(seed, "sampling"), tokens, temperature))


@pytest.mark.feature("S2-3", "R1")
def test_each_draw_falls_on_a_stretch_and_its_letter_joins_the_text_until_end(
    lab_page: Page, experiment: Experiment, trained: GPT
) -> None:
    use_trained(lab_page, experiment)
    ask(lab_page, "Sample")
    type_text(lab_page, "stego")
    steps = sampled(trained, experiment, "stego", 42, 1.0)
    written = "stego"
    for step in steps:
        press(lab_page, "Draw a letter")
        label = answers(experiment)[step.token]
        drawn(lab_page)
        rows = table_of(lab_page, STRIP)
        ends = step.cumulative
        start = float(ends[step.token - 1]) if step.token else 0.0
        assert rows[step.token] == [
            label,
            fixed(start, 4),
            fixed(float(ends[step.token]), 4),
            percent(float(ends[step.token]) - start),
        ]
        assert start <= step.draw < ends[step.token]
        figure = lab_page.get_by_role("figure", name=re.compile(f"^{STRIP}"))
        expect(figure).to_have_attribute(
            "aria-label", re.compile(rf"the draw {step.draw:.3f}\d* falls (in “other”, )?on {label},")
        )
        written += "" if label == "END" else label
        expect(text(lab_page)).to_have_value(written)
    assert draws(lab_page) == [[answers(experiment)[step.token], fixed(step.draw, 3)] for step in steps]
    expect(section(lab_page).get_by_role("status")).to_contain_text(f"The name is over: “{written}”")
    again = section(lab_page).get_by_role("button", name="Draw a letter")
    expect(again).to_be_focused()  # the keyboard's place is not lost
    lab_page.keyboard.press("Enter")  # END stops
    drawn(lab_page)
    assert len(draws(lab_page)) == len(steps)
    press(lab_page, "Start again")
    expect(text(lab_page)).to_have_value("stego")
    assert draws(lab_page) == []


@pytest.mark.feature("S2-3")
def test_a_draw_among_the_others_shows_the_letter_really_drawn(
    lab_page: Page, experiment: Experiment, untrained: GPT
) -> None:
    ask(lab_page, "Sample")
    type_text(lab_page, "")
    field(lab_page, "answers told apart, as a number").fill("3")
    first = sampled(untrained, experiment, "", 42, 1.0)[0]
    assert first.token not in top(first.probabilities, 3).tokens  # untrained, most draws are such
    press(lab_page, "Draw a letter")
    label = answers(experiment)[first.token]
    chance = percent(float(first.probabilities[first.token]))
    expect(section(lab_page).get_by_role("status")).to_contain_text(
        f"falls in “other”, the {experiment.config.vocab_size - 3} answers outside the top 3. "
        f"The one it hits is {label}, with {chance}."
    )
    expect(text(lab_page)).to_have_value(label)


@pytest.mark.feature("S2-3", "S2-10")
def test_it_plays_to_the_end_and_the_same_seed_plays_the_same_name(
    lab_page: Page, experiment: Experiment, trained: GPT
) -> None:
    use_trained(lab_page, experiment)
    ask(lab_page, "Sample")
    type_text(lab_page, "triceratop")
    steps = sampled(trained, experiment, "triceratop", 42, 0.5)
    assert len(steps) < 5  # so that it does not take long
    field(lab_page, "temperature, as a number").fill("0.5")
    lists = []
    for _ in range(2):
        press(lab_page, "Start again")
        press(lab_page, "Play: draw letter after letter")
        expect(section(lab_page).get_by_role("status")).to_contain_text("The name is over", timeout=10_000)
        expect(section(lab_page).get_by_role("button", name="Play: draw letter after letter")).to_be_visible()
        lists.append(draws(lab_page))
    assert lists[0] == lists[1] == [[answers(experiment)[step.token], fixed(step.draw, 3)] for step in steps]


@pytest.mark.feature("S2-3", "S2-10")
def test_another_seed_draws_otherwise_and_temperature_zero_draws_nothing(
    lab_page: Page, experiment: Experiment, untrained: GPT
) -> None:
    ask(lab_page, "Sample")
    type_text(lab_page, "rex")
    for seed in (42, 43):
        press(lab_page, "Draw a letter")
        drawn(lab_page)
        (step, *_) = sampled(untrained, experiment, "rex", seed, 1.0)
        assert draws(lab_page) == [[answers(experiment)[step.token], fixed(step.draw, 3)]]
        press(lab_page, "Another seed")
    field(lab_page, "temperature, as a number").fill("0")
    press(lab_page, "Draw a letter")
    (greedy, *_) = sampled(untrained, experiment, "rex", 1, 0.0)
    expect(section(lab_page).get_by_role("status")).to_contain_text("at temperature 0 the most likely answer is taken")
    assert draws(lab_page) == [[answers(experiment)[greedy.token], "top"]]
    field(lab_page, "seed").fill("-1")
    field(lab_page, "seed").blur()
    expect(section(lab_page).get_by_role("alert")).to_contain_text("whole number from 0")


@pytest.mark.feature("S2-1", "S2-2")
def test_all_of_it_follows_the_training(lab_page: Page, experiment: Experiment) -> None:
    type_text(lab_page, "stego")
    before = table_of(lab_page, BARS)
    press_step(lab_page, 30)
    drawn(lab_page)
    assert table_of(lab_page, BARS) != before
    ask(lab_page, "Loss")
    trainer = experiment.trainer()
    for _ in range(30):
        trainer.step()
    until(lab_page, "document.querySelectorAll('#sandbox .cost').length === argument", 6)
    expected = [fixed(one.loss, 2) for one in score(trainer.model, experiment.tokenizer.document("stego"))]
    assert [row[4] for row in costs(lab_page)] == expected
