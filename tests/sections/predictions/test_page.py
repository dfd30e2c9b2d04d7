"""What the model expects after the letters it has read."""

import re

import pytest
from playwright.sync_api import Page, expect

from lab.charts.format import percent
from microgpt.experiment import Experiment
from tests.browser.lab_state import NAME_FIELD, button, chart, press_step, root, start_anew, table_of, type_name, until

BARS = "Chance of each next letter"


@pytest.fixture
def lab_page(lab_page: Page) -> Page:
    """The shared page, untrained again, with the predictions in sight."""
    start_anew(lab_page)
    lab_page.locator("#predictions").scroll_into_view_if_needed()
    return lab_page


def bars(page: Page) -> dict[str, str]:
    return dict(table_of(page, BARS))


def show(page: Page, name: str) -> None:
    """Type a name and wait until its predictions are drawn."""
    type_name(page, name)
    until(page, "document.querySelector('#predictions [data-part=read]').textContent === argument", name.lower())


def number(text: str) -> float:
    """A percentage as text → a share; “<0.1 %” counts as half of that."""
    if text.startswith("<"):
        return 0.0005
    return float(text.rstrip("%").strip()) / 100


def top(chances: dict[str, str]) -> str:
    return max(chances, key=lambda answer: number(chances[answer]))


@pytest.mark.feature("S1-19", "R1")
@pytest.mark.parametrize("name", ["rex", "tyranno", "q"])
def test_the_bars_are_the_models_chances(lab_page: Page, experiment: Experiment, name: str) -> None:
    show(lab_page, name)
    model, tokenizer = experiment.trainer().model, experiment.tokenizer
    expected = model.forward([tokenizer.bos, *tokenizer.encode(name)]).probabilities[-1]
    answers = [*tokenizer.alphabet, "END"]
    assert bars(lab_page) == {answer: percent(float(p)) for answer, p in zip(answers, expected, strict=True)}


@pytest.mark.feature("S1-19")
def test_the_chances_make_a_hundred_per_cent(lab_page: Page) -> None:
    show(lab_page, "stego")
    chances = bars(lab_page)
    assert len(chances) == 27
    rounding = 27 * 0.0005
    assert sum(map(number, chances.values())) == pytest.approx(1, abs=rounding)


@pytest.mark.feature("S1-19")
def test_the_caption_names_the_top_guess(lab_page: Page) -> None:
    show(lab_page, "rap")
    chances = bars(lab_page)
    best = top(chances)
    expect(lab_page.locator("#predictions")).to_contain_text(f"top guess is {best} ({chances[best]})")


@pytest.mark.feature("S1-18")
def test_capitals_are_read_as_small_letters(lab_page: Page) -> None:
    show(lab_page, "rex")
    small = bars(lab_page)
    show(lab_page, "ste")
    assert bars(lab_page) != small
    show(lab_page, "REX")
    assert bars(lab_page) == small


@pytest.mark.feature("S1-18")
@pytest.mark.parametrize(
    ("typed", "says"),
    [("r3x", "“3”"), ("t rex", "“ ”"), ("zoë", "“ë”"), ("<b>", "“<”"), ("a" * 24, "24 letters.*at most 23")],
)
def test_what_can_not_be_read_is_explained_and_the_lab_goes_on(lab_page: Page, typed: str, says: str) -> None:
    show(lab_page, "rex")
    before = bars(lab_page)
    type_name(lab_page, typed)
    alert = lab_page.locator("#predictions").get_by_role("alert")
    expect(alert).to_have_text(re.compile(says))
    field = lab_page.get_by_label(NAME_FIELD)
    expect(field).to_have_attribute("aria-invalid", "true")
    assert bars(lab_page) == before
    press_step(lab_page, 1)
    expect(root(lab_page)).to_have_attribute("data-step", "1")
    type_name(lab_page, "rex")
    expect(alert).to_be_hidden()
    expect(field).not_to_have_attribute("aria-invalid", "true")


@pytest.mark.feature("S1-20")
def test_the_temperature_reshapes_the_bars_and_one_brings_the_models_own_back(lab_page: Page) -> None:
    show(lab_page, "rex")
    own = bars(lab_page)
    dial = lab_page.locator("#predictions").get_by_role("slider", name="temperature")
    dial.fill("0.2")
    cold = bars(lab_page)
    dial.fill("3")
    hot = bars(lab_page)
    assert top(cold) == top(own) == top(hot)
    assert number(cold[top(own)]) > number(own[top(own)]) > number(hot[top(own)])
    button(lab_page, "Back to 1").click()
    assert bars(lab_page) == own


@pytest.mark.feature("S1-18", "Q4")
def test_the_predictions_follow_the_training(lab_page: Page) -> None:
    show(lab_page, "rex")
    figure = chart(lab_page, BARS)
    before = figure.get_attribute("aria-label")
    button(lab_page, "Train").click()
    until(
        lab_page,
        "document.querySelector('#predictions [role=figure]').getAttribute('aria-label') !== argument",
        before,
    )
    expect(root(lab_page)).to_have_attribute("data-lab", "training")
    type_name(lab_page, "stego")  # typed into a lab that is training
    until(lab_page, "document.querySelector('#predictions [data-part=read]').textContent === argument", "stego")
    expect(root(lab_page)).to_have_attribute("data-lab", "training")
    button(lab_page, "Pause").click()


@pytest.mark.feature("S1-12")
def test_reset_brings_the_untrained_predictions_back(lab_page: Page) -> None:
    show(lab_page, "rex")
    untrained = bars(lab_page)
    press_step(lab_page, 50)
    assert bars(lab_page) != untrained
    button(lab_page, "Reset").click()
    assert bars(lab_page) == untrained


@pytest.mark.feature("S1-7", "S1-18")
def test_a_letter_chosen_at_the_top_is_where_the_page_looks(lab_page: Page) -> None:
    show(lab_page, "r")
    after_r = bars(lab_page)
    show(lab_page, "rex")
    lab_page.locator("label").filter(has=lab_page.get_by_role("radio", name="r, position 1")).click()
    until(lab_page, "document.querySelector('#predictions [data-part=read]').textContent === 'r'")
    assert bars(lab_page) == after_r
