"""Predictions, attention and heads on the real page: the controls, and what they do and do not change."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from lab.charts.format import percent
from lab.core import heads
from microgpt.evaluate.heads import head_sums, measures, vowels
from microgpt.experiment import Experiment
from microgpt.rng import stream
from microgpt.sampling import at_temperature
from tests.browser.lab_state import (
    NAME_FIELD,
    button,
    in_sight,
    press_step,
    root,
    start_anew,
    step,
    table_of,
    type_name,
    until,
)

BARS, HEAT = "Chance of each next letter", "Attention weights"
READ = "document.querySelector('#predictions [data-part=read]').textContent === argument"


@pytest.fixture
def lab_page(lab_page: Page) -> Page:
    """The shared page, untrained again, at temperature 1, by letter, with the mean of all heads."""
    start_anew(lab_page)
    button(lab_page, "Back to 1").click()
    for name in ("by letter", "mean of all layers", "mean of all heads"):
        in_sight(lab_page.get_by_role("radio", name=name)).check(force=True)
    return lab_page


def show(page: Page, name: str) -> None:
    type_name(page, name)
    until(page, READ, name)


def bars(page: Page) -> list[list[str]]:
    return table_of(page, BARS)


def expected_bars(experiment: Experiment, name: str, temperature: float, trainer=None) -> dict[str, str]:
    tokenizer = experiment.tokenizer
    model = (trainer or experiment.trainer()).model
    logits = model.forward([tokenizer.bos, *tokenizer.encode(name)]).logits[-1]
    chances = at_temperature(logits, temperature)
    return {a: percent(float(p)) for a, p in zip([*tokenizer.alphabet, "END"], chances, strict=True)}


def effect(page: Page) -> Locator:
    return page.locator("#predictions [data-part=effect]")


@pytest.mark.feature("S1-18")
def test_a_beginning_to_try_is_one_click_away_and_clear_goes_back(lab_page: Page, experiment: Experiment) -> None:
    group = lab_page.get_by_role("group", name="Beginnings to try")
    expect(group.get_by_role("button", name="Clear")).to_be_disabled()
    group.get_by_role("button", name="tricera").click()
    field = lab_page.get_by_label(NAME_FIELD)
    expect(field).to_have_value("tricera")
    until(lab_page, READ, "tricera")
    assert [row[0] for row in table_of(lab_page, HEAT)] == ["START", *"tricera"]
    group.get_by_role("button", name="Clear").click()
    expect(field).to_have_value("")
    expect(field).to_be_focused()
    expect(lab_page.locator("#predictions [data-part=read]")).not_to_have_text("tricera")
    read = lab_page.locator("#predictions [data-part=read]").inner_text()
    assert read and any(name.startswith(read) for name in experiment.split.train)


@pytest.mark.feature("S1-18")
def test_the_message_goes_when_the_name_at_the_top_is_turned(lab_page: Page) -> None:
    show(lab_page, "rex")
    type_name(lab_page, "rex9")
    alert = lab_page.locator("#predictions").get_by_role("alert")
    expect(alert).to_contain_text("“9”")
    lab_page.locator("#namebar").get_by_role("button", name="Next name").click()
    expect(alert).to_be_hidden()
    expect(lab_page.get_by_label(NAME_FIELD)).to_have_value("")


@pytest.mark.feature("S1-19")
def test_bars_can_be_put_in_order_of_chance(lab_page: Page) -> None:
    show(lab_page, "tyran")
    by_letter = bars(lab_page)
    in_sight(lab_page.get_by_role("radio", name="likeliest first")).check(force=True)
    until(lab_page, "document.querySelector('#predictions .chart-table td').textContent !== argument", by_letter[0][1])
    by_chance = bars(lab_page)
    assert len(by_chance) == 27 and sorted(by_chance) == sorted(by_letter)
    assert by_chance != by_letter
    top = by_chance[0]
    expect(lab_page.locator("#predictions")).to_contain_text(f"top guess is {top[0]} ({top[1]})")


@pytest.mark.feature("S1-19")
def test_the_letter_that_really_comes_next_is_marked(lab_page: Page) -> None:
    show(lab_page, "rex")
    mark = lab_page.locator("#predictions .chart-svg path.mark")
    expect(mark).to_have_count(0)  # what follows the beginning somebody typed, nobody knows
    lab_page.get_by_role("button", name="Read one letter less").click()
    until(lab_page, READ, "re")
    expect(mark).to_have_count(1)
    plot = lab_page.get_by_role("slider", name=BARS, exact=True)
    plot.focus()
    plot.press("Home")
    for _ in range("abcdefghijklmnopqrstuvwxyz".index("x")):
        plot.press("ArrowRight")
    expect(plot).to_have_attribute("aria-valuetext", re.compile("^x: .* what comes next$"))


@pytest.mark.feature("S1-19")
def test_reading_on_stops_at_either_end_and_keeps_the_focus(lab_page: Page) -> None:
    show(lab_page, "ox")
    less = lab_page.get_by_role("button", name="Read one letter less")
    less.focus()
    for read in ("o", "START", "START"):
        less.press("Enter")
        until(lab_page, READ, read)
    expect(less).to_be_focused()
    expect(less).to_have_attribute("aria-disabled", "true")
    lab_page.get_by_role("button", name="Read one letter more").click()
    until(lab_page, READ, "o")


@pytest.mark.feature("S1-20")
def test_the_temperature_reshapes_the_bars_and_leaves_the_attention(lab_page: Page, experiment: Experiment) -> None:
    show(lab_page, "stego")
    raw, map_before = bars(lab_page), table_of(lab_page, HEAT)
    assert dict(raw) == expected_bars(experiment, "stego", 1)
    box = lab_page.locator("#predictions").get_by_role("spinbutton", name="temperature, as a number")
    slider = lab_page.locator("#predictions").get_by_role("slider", name="temperature", exact=True)
    slider.fill("0.5")
    expect(box).to_have_value("0.5")
    expect(effect(lab_page)).to_contain_text("Temperature 0.5 makes it safer")
    assert dict(bars(lab_page)) == expected_bars(experiment, "stego", 0.5) != dict(raw)
    box.fill("2.5")
    expect(slider).to_have_value("2.5")
    expect(effect(lab_page)).to_contain_text("Temperature 2.5 makes it bolder")
    assert dict(bars(lab_page)) == expected_bars(experiment, "stego", 2.5)
    assert table_of(lab_page, HEAT) == map_before
    button(lab_page, "Back to 1").click()
    expect(effect(lab_page)).to_contain_text("own chances")
    assert bars(lab_page) == raw


@pytest.mark.feature("S1-20")
def test_the_temperature_does_not_reach_the_training(lab_page: Page) -> None:
    plain = press_step(lab_page, 5)
    start_anew(lab_page)
    lab_page.locator("#predictions").get_by_role("slider", name="temperature", exact=True).fill("3")
    assert press_step(lab_page, 5) == plain


@pytest.mark.feature("S1-20")
@pytest.mark.parametrize("typed", ["", "-1", "9"])
def test_an_impossible_temperature_is_explained_and_the_last_one_kept(lab_page: Page, typed: str) -> None:
    show(lab_page, "rex")
    before = bars(lab_page)
    box = lab_page.locator("#predictions").get_by_role("spinbutton", name="temperature, as a number")
    box.fill(typed)
    expect(lab_page.locator("#predictions").get_by_role("alert")).to_contain_text(
        "Temperature is a number from 0 to 3."
    )
    expect(box).to_have_attribute("aria-invalid", "true")
    assert bars(lab_page) == before
    box.fill("1")
    expect(lab_page.locator("#predictions").get_by_role("alert")).to_be_hidden()


def checked(page: Page) -> list[str]:
    """Which layer, head and small map are chosen, by the names of the radio buttons."""
    return page.locator("#attention").evaluate(
        "(section) => [...section.querySelectorAll('input:checked')].map((i) => i.ariaLabel || i.value)"
    )


@pytest.mark.feature("S1-21")
def test_layer_and_head_are_tabs_walked_with_the_arrows(lab_page: Page) -> None:
    show(lab_page, "raptor")
    layers = lab_page.get_by_role("group", name="layer", exact=True)
    layers.get_by_role("radio", name="mean of all layers").focus()
    lab_page.keyboard.press("ArrowRight")
    expect(layers.get_by_role("radio", name="layer 1")).to_be_checked()
    expect(layers.get_by_role("radio", name="layer 1")).to_be_focused()
    lab_page.keyboard.press("Tab")
    expect(lab_page.get_by_role("radio", name="mean of all heads")).to_be_focused()
    lab_page.keyboard.press("ArrowRight")
    lab_page.keyboard.press("ArrowRight")
    until(lab_page, "document.querySelector('#attention input[value=\"0,1\"]').checked")
    assert checked(lab_page) == ["layer 1", "head 2", "0,1"]
    in_sight(lab_page.get_by_role("radio", name="mean of all heads")).check(force=True)
    until(lab_page, "!document.querySelector('#attention input[name=one]:checked')")


@pytest.mark.feature("S1-21")
def test_every_head_is_drawn_small_and_chosen_with_a_click(lab_page: Page, experiment: Experiment) -> None:
    show(lab_page, "raptor")
    press_step(lab_page, 60)
    small = lab_page.get_by_role("group", name="every head", exact=True).get_by_role("radio")
    expect(small).to_have_count(experiment.config.n_layer * experiment.config.n_head)
    lab_page.locator("#attention .heads-grid").scroll_into_view_if_needed()
    until(lab_page, "document.querySelectorAll('#attention .heads-map svg').length === argument", small.count())
    tokenizer, trainer = experiment.tokenizer, experiment.trainer()
    for _ in range(60):
        trainer.step()
    in_sight(small.nth(6)).check(force=True)
    until(lab_page, "document.querySelector('#attention input[name=head][value=\"2\"]').checked")
    trace = trainer.model.forward([tokenizer.bos, *tokenizer.encode("raptor")])
    cells = [[cell for cell in row[1:] if cell != "hidden"] for row in table_of(lab_page, HEAT)]
    shown = [[float(cell.removesuffix("\u202f%").lstrip("<>")) / 100 for cell in row] for row in cells]
    for row, expected in zip(shown, trace.layers[1].attention[2], strict=True):
        assert row == pytest.approx(expected[: len(row)].tolist(), abs=0.006)


@pytest.mark.feature("S1-21")
def test_choosing_a_row_of_the_map_looks_there(lab_page: Page) -> None:
    show(lab_page, "raptor")
    plot = lab_page.get_by_role("grid", name=HEAT)
    plot.focus()
    for key in ("Home", "Control+Home", "ArrowDown", "ArrowDown", "Enter"):
        plot.press(key)
    expect(lab_page.locator("#attention [data-part=mix]")).to_contain_text("After ra it mixes in")
    expect(lab_page.get_by_role("radio", name="a, position 2")).to_be_checked()
    lab_page.get_by_label(NAME_FIELD).scroll_into_view_if_needed()  # what is out of sight is not drawn
    until(lab_page, READ, "ra")


def habits(page: Page) -> list[list[str]]:
    return page.locator("#heads table.habits").evaluate(
        "(table) => [...table.rows].map((row) => [...row.cells].map((cell) => cell.textContent))"
    )


@pytest.mark.feature("S1-23", "S1-24")
def test_analysing_gives_the_engines_measures_pooled_and_by_layer(lab_page: Page, experiment: Experiment) -> None:
    press_step(lab_page, 30)
    button(lab_page, f"Analyse {heads.COUNT} names").click()
    told = lab_page.locator("#heads").get_by_role("status")
    expect(told).to_contain_text("Done: ")
    expect(lab_page.locator("#heads")).to_contain_text(f"Measured at step 30, on {heads.COUNT} names.")
    assert step(lab_page) == 30
    trainer = experiment.trainer()
    for _ in range(30):
        trainer.step()
    order = stream(experiment.settings.seed, "analysis").permutation(len(experiment.train_documents))
    looked_for = frozenset(experiment.tokenizer.encode(vowels(experiment.tokenizer.alphabet)))
    documents = [experiment.train_documents[i] for i in order[: heads.COUNT]]
    sums = sum(head_sums(trainer.model, document, looked_for) for document in documents)
    rows = [row for row in habits(lab_page)[1:-1] if len(row) > 1]
    n_layer, n_head = sums.shape[2:]
    assert len(rows) == n_head + n_layer * n_head
    together = [measures(sums.sum(axis=2)).at(j) for j in range(n_head)]
    apart = [measures(sums).at(i, j) for i in range(n_layer) for j in range(n_head)]
    for row, found in zip(rows, together + apart, strict=True):
        shares = [float(row[i].rstrip("%").strip()) / 100 for i in (1, 2, 3, 4, 6)]
        expected = [found.bos, found.previous, found.current, found.vowels, found.repeat]
        assert shares == pytest.approx(expected, abs=0.006)
        assert float(row[5]) == pytest.approx(found.entropy, abs=0.006)
    assert all(re.search("looks|rests|leans", row[-1]) for row in rows)


@pytest.mark.feature("S1-23")
def test_layer_by_layer_is_for_the_advanced_mode(lab_page: Page) -> None:
    button(lab_page, f"Analyse {heads.COUNT} names").click()
    expect(lab_page.locator("#heads").get_by_role("status")).to_contain_text("Done: ")
    group = lab_page.get_by_role("rowheader", name="layer 2", exact=True)
    expect(lab_page.get_by_role("rowheader", name="all layers pooled")).to_be_visible()
    expect(group).to_be_hidden()
    lab_page.get_by_role("radio", name="Advanced").check()
    expect(group).to_be_visible()
    lab_page.get_by_role("radio", name="Focused").check()
    expect(group).to_be_hidden()


@pytest.mark.feature("S1-23")
def test_an_analysis_shows_its_progress_and_can_be_called_off_while_training_goes_on(lab_page: Page) -> None:
    lab_page.get_by_role("radio", name="Advanced").check()
    button(lab_page, "Train").click()
    lab_page.get_by_role("button", name=re.compile("^Analyse all")).click()
    section = lab_page.locator("#heads")
    expect(section.get_by_role("progressbar", name="Names measured")).to_be_visible()
    cancel = button(lab_page, "Cancel")
    cancel.focus()
    cancel.press("Enter")
    expect(section.get_by_role("status")).to_have_text(re.compile(r"Cancelled after [\d,]+ of [\d,]+ names\."))
    expect(section.get_by_role("progressbar", name="Names measured")).to_be_hidden()
    expect(cancel).to_be_hidden()
    expect(button(lab_page, f"Analyse {heads.COUNT} names")).to_be_focused()
    expect(root(lab_page)).to_have_attribute("data-lab", "training")
    button(lab_page, "Pause").click()
    lab_page.get_by_role("radio", name="Focused").check()


@pytest.mark.feature("S1-23")
def test_reset_leaves_nothing_measured(lab_page: Page) -> None:
    press_step(lab_page, 1)
    button(lab_page, f"Analyse {heads.COUNT} names").click()
    expect(lab_page.locator("#heads table.habits")).to_be_visible()
    button(lab_page, "Reset").click()
    expect(lab_page.locator("#heads")).to_contain_text("Nothing is measured yet.")
    expect(lab_page.locator("#heads table.habits")).to_have_count(0)


@pytest.mark.feature("S1-21", "Q1")
def test_nothing_scrolls_sideways_on_a_narrow_screen(lab_page: Page) -> None:
    show(lab_page, "archaeornithomimus")
    size = lab_page.viewport_size
    lab_page.set_viewport_size({"width": 320, "height": 700})
    button(lab_page, f"Analyse {heads.COUNT} names").click()
    expect(lab_page.locator("#heads table.habits")).to_be_visible()
    wide = lab_page.evaluate("document.documentElement.scrollWidth")
    lab_page.set_viewport_size(size)
    assert wide == 320
