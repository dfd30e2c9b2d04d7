"""The rungs on the page: what they show is what the engine, run here, comes to."""

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from assemble.paths import ENGINE
from microgpt.experiment import Experiment
from microgpt.ladder import RUNGS, climb
from microgpt.ladder.averages import adam_averages
from microgpt.ladder.rung6_adam import BETA1, BETA2
from tests.browser.lab_state import button, chart, drawn, in_sight, root, table_of

ALL = range(len(RUNGS))


def section(page: Page, number: int) -> Locator:
    found = page.locator(f"#rung{number}")
    found.evaluate("(section) => section.scrollIntoView({ behavior: 'instant' })")
    return found


def press(page: Page, number: int, text: str) -> None:
    section(page, number).get_by_role("button", name=f"{text}: rung {number}", exact=True).click()


def train(page: Page, number: int, text: str, step: int) -> None:
    press(page, number, text)
    said(page, number, f"step {step:,}")


def said(page: Page, number: int, text: str) -> None:
    """Wait until the rung's state begins so."""
    expect(section(page, number).locator("[data-part=where]")).to_have_text(re.compile(rf"^{re.escape(text)}\b"))


def start_over(page: Page, number: int) -> None:
    again = section(page, number).get_by_role("button", name=f"Start over: rung {number}", exact=True)
    if again.get_attribute("aria-disabled") != "true":
        again.click()
    said(page, number, "step 0")
    drawn(page)


def number_of(text: str) -> float:
    return float(text.replace("−", "-").replace(",", "").replace("+", "").split()[0].rstrip("%\u202f"))


def shown(page: Page, number: int, part: str) -> str:
    drawn(page)
    return section(page, number).locator(f"[data-part={part}]").inner_text()


def opened(page: Page, number: int) -> Locator:
    """The file of a rung and what it holds, unfolded."""
    file = section(page, number).locator("[data-part=file]")
    if not file.evaluate("(details) => details.open"):
        file.locator("summary").first.click()
    drawn(page)
    return file


def row_of(page: Page, number: int, variable: str) -> str:
    """The value of a variable in the list of what is alive."""
    rows = opened(page, number).locator("[data-part=sofar] tr")
    return (
        rows.filter(has=page.locator("code", has_text=re.compile(f"^{re.escape(variable)}$")))
        .locator("td")
        .inner_text()
    )


@pytest.fixture
def lab_page(lab_page: Page) -> Page:
    yield lab_page
    expect(root(lab_page)).to_have_attribute("data-step", "0")  # whatever a rung does, the lab's model stays


# Rung 0


@pytest.mark.feature("S4-1")
def test_the_quiz_goes_pair_by_pair_and_the_cells_go_up_at_the_end(lab_page: Page, experiment: Experiment) -> None:
    start_over(lab_page, 0)
    rung = climb(0, experiment)
    document = rung.documents[0]
    quiz = list(rung.updates(document))
    here = section(lab_page, 0)
    pairs = here.get_by_role("region", name="The name, pair by pair").get_by_role("listitem")
    expect(pairs).to_have_count(len(quiz) + 1)
    for i, update in enumerate(quiz, 1):
        here.get_by_role("button", name="Next pair").click()
        expect(pairs.nth(i)).to_have_attribute("aria-current", "step")
        expect(pairs.nth(i)).to_contain_text(f"loss {update.loss:.2f}")
        expect(pairs.nth(i)).to_contain_text("count 0")
        said(lab_page, 0, "step 0")
    here.get_by_role("button", name="Next pair").click()
    said(lab_page, 0, "step 1")
    for i, (context, target) in enumerate(pairwise(document), 1):
        expect(pairs.nth(i)).to_contain_text(f"count 0 → {rung.counts[context, target]:.0f}")
    assert shown(lab_page, 0, "told").startswith(f"Counted: {np.count_nonzero(rung.counts)} cells went up.")


@pytest.mark.feature("S4-1", "S4-3")
def test_counts_equal_a_direct_count(lab_page: Page, experiment: Experiment) -> None:
    start_over(lab_page, 0)
    train(lab_page, 0, "Train 1,000 steps", 1000)
    train(lab_page, 0, "Train 1,000 steps", 2000)
    order = experiment.trainer().order
    direct = np.zeros((27, 27), int)
    for step in range(2000):
        for pair in pairwise(experiment.train_documents[order[step % len(order)]]):
            direct[pair] += 1
    rows = table_of(lab_page, "Count table")
    assert [[int(cell.replace(",", "")) for cell in row[1:]] for row in rows] == direct.tolist()
    index = 2000 % len(order)
    name = experiment.split.train[order[index]]
    place = shown(lab_page, 0, "place")
    assert f"2,000 % {len(order):,} = {index}" in place and name in place and "turn 2" in place


@pytest.mark.feature("S4-1")
def test_a_row_is_a_guess_that_adds_up(lab_page: Page, experiment: Experiment) -> None:
    start_over(lab_page, 0)
    train(lab_page, 0, "Train 100 steps", 100)
    rung = climb(0, experiment)
    for _ in range(100):
        rung.step()
    here, t = section(lab_page, 0), experiment.tokenizer.encode("t")[0]
    grid = here.get_by_role("grid", name="Count table")
    grid.focus()
    for key in ["Home", *["ArrowDown"] * t, "Enter"]:
        lab_page.keyboard.press(key)
    expect(here.get_by_role("combobox", name="row", exact=True)).to_have_value(str(t))
    expect(here.get_by_role("heading", name="What the table expects after t")).to_be_visible()
    chances = rung.row(t)
    values = [number_of(row[1].replace("<", "")) for row in table_of(lab_page, "Chances after one letter")]
    assert values == pytest.approx([100 * float(chance) for chance in chances], abs=0.51)
    above, below = rung.counts[t].max() + 1, rung.counts[t].sum() + 27
    assert f"{above:,.0f} / {below:,.0f}" in shown(lab_page, 0, "row-told")


@pytest.mark.feature("S4-1")
def test_it_plays_at_the_speed_chosen_and_stops(lab_page: Page, experiment: Experiment) -> None:
    start_over(lab_page, 0)
    here = section(lab_page, 0)
    here.get_by_role("combobox", name="at", exact=True).select_option("a hundred names a second")
    here.get_by_role("button", name="Play", exact=True).click()
    where = here.locator("[data-part=where]")
    expect(where).to_have_text(re.compile(r"^step \d{2,}"))
    here.get_by_role("button", name="Stop playing").click()
    drawn(lab_page)
    steps = int(re.search(r"step (\d+)", where.inner_text())[1])
    rung = climb(0, experiment)
    losses = [rung.step() for _ in range(steps)]
    assert f"{np.mean(losses[-100:]):.2f}" in where.inner_text()
    start_over(lab_page, 0)


# Code and variables


@pytest.mark.feature("S4-2")
@pytest.mark.parametrize("number", ALL)
def test_the_code_is_the_file_and_can_be_cut_to_what_is_new(lab_page: Page, number: int) -> None:
    file = sorted((ENGINE / "ladder").glob("rung[0-9]*.py"))[number]
    here = section(lab_page, number)
    listing = opened(lab_page, number).get_by_role("region", name=f"Source of rung {number}")
    lines = listing.evaluate("(box) => [...box.querySelectorAll('li[value] code')].map((c) => c.textContent.trimEnd())")
    assert lines == [line.rstrip() for line in file.read_text("utf-8").splitlines()]
    if number == 0:
        return
    visible = "(box) => [...box.querySelectorAll('li')].filter((li) => li.checkVisibility()).map((li) => li.className)"
    kinds = set(listing.evaluate(visible))
    assert "new" in kinds and not kinds & {"far", "gone"}
    in_sight(here.get_by_role("radio", name="the whole file")).check(force=True)
    here.get_by_role("checkbox", name="and the lines that are gone").check()
    kinds = set(listing.evaluate(visible))
    assert {"new", "gone"} <= kinds and "gap" not in kinds
    in_sight(here.get_by_role("radio", name="only what is new")).check(force=True)
    here.get_by_role("checkbox", name="and the lines that are gone").uncheck()


@pytest.mark.feature("S4-2", "S4-4")
@pytest.mark.parametrize("number", ALL)
def test_it_trains_as_the_engine_does_and_lists_what_it_holds(
    lab_page: Page, experiment: Experiment, number: int
) -> None:
    start_over(lab_page, number)
    steps = 25 if number == 2 else 100
    if number == 2:
        for i in range(steps):
            press(lab_page, number, "One step")
            said(lab_page, number, f"step {i + 1}")
    else:
        train(lab_page, number, "Train 100 steps", steps)
    rung = climb(number, experiment)
    losses = [rung.step() for _ in range(steps)]
    assert number_of(row_of(lab_page, number, "loss")) == pytest.approx(losses[-1], rel=1e-5)
    assert row_of(lab_page, number, "self.step_count") == f"{steps}"
    assert f"names {np.mean(losses):.2f}" in shown(lab_page, number, "where")
    document = rung.documents[steps % len(rung.documents)]
    assert row_of(lab_page, number, "document") == ", ".join(map(str, document))
    if number >= 3:
        low, high = (number_of(text) for text in row_of(lab_page, number, 'self.weights["wte"]').split(" to "))
        wte = rung.weights["wte"].data
        assert (low, high) == pytest.approx((wte.min(), wte.max()), rel=0.01)


# Rung 1


@pytest.mark.feature("S4-4")
def test_measured_and_worked_out_slopes_agree(lab_page: Page) -> None:
    here = section(lab_page, 1)
    here.get_by_role("button", name="Measure all slopes").last.click()
    told = here.locator("[data-part=scatter-told]")
    expect(told).to_contain_text("729 slopes measured", timeout=30_000)
    at_most = re.search(r"at most ([\d.]+)(?:e−(\d+))?", told.inner_text())
    assert float(at_most[1]) * 10 ** -int(at_most[2] or 0) <= 1e-6
    for row in table_of(lab_page, "Slopes, measured and worked out"):
        assert number_of(row[1]) == pytest.approx(number_of(row[2]), abs=1e-6)
    here.get_by_role("combobox", name="with ε =").select_option("1")
    here.get_by_role("button", name="Measure all slopes").last.click()
    expect(told).to_contain_text(re.compile(r"at most 0\.0\d"), timeout=30_000)  # a nudge that large is not a slope


@pytest.mark.feature("S4-4")
def test_a_smaller_epsilon_turns_the_secant_into_the_tangent(lab_page: Page, experiment: Experiment) -> None:
    start_over(lab_page, 1)
    here, plot = section(lab_page, 1), chart(lab_page, "Loss by one score")

    def apart() -> float:
        drawn(lab_page)
        found = re.search(r"apart ([\d.]+)(?:e−(\d+))?", plot.get_attribute("aria-label"))
        return float(found[1]) * 10 ** -int(found[2] or 0)

    differences = [apart()]
    for _ in range(len(RUNGS)):
        here.get_by_role("button", name="Halve ε").click()
        differences.append(apart())
    assert all(b < 0.5 * a for a, b in pairwise(differences)) and differences[-1] < 1e-5
    rung = climb(1, experiment)
    context, target = rung.documents[0][:2]
    slope = rung.gradient(rung.documents[0])[context, target]
    assert f"worked out {slope:.6g}".replace("-", "−")[:18] in plot.get_attribute("aria-label")
    here.get_by_label("ε, as a number").fill("3")


@pytest.mark.feature("S4-4")
def test_the_point_moves_by_key_and_by_pointer_and_the_rung_does_not(lab_page: Page, experiment: Experiment) -> None:
    start_over(lab_page, 1)
    here, slider = section(lab_page, 1), lab_page.get_by_role("slider", name="Loss by one score: the point")
    slider.scroll_into_view_if_needed()
    drawn(lab_page)
    assert float(slider.get_attribute("aria-valuenow")) == 0
    slider.focus()
    lab_page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuenow", "0.2")
    rung = climb(1, experiment)
    document = rung.documents[0]
    rung.logits[document[0], document[1]] = 0.2
    assert f"loss is {rung.loss(document):.3f}" in slider.get_attribute("aria-valuetext")
    box = slider.bounding_box()
    lab_page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    lab_page.mouse.down()
    lab_page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2)
    lab_page.mouse.up()
    drawn(lab_page)
    assert float(slider.get_attribute("aria-valuenow")) > 5
    assert row_of(lab_page, 1, "self.logits") == "all 0"
    here.get_by_role("button", name="Point back to the rung’s own score").click()
    expect(slider).to_have_attribute("aria-valuenow", "0")


# Rung 2


@pytest.mark.feature("S4-4")
def test_by_hand_and_by_autograd_give_the_same_losses(lab_page: Page, experiment: Experiment) -> None:
    start_over(lab_page, 2)
    by_hand, autograd = climb(1, experiment), climb(2, experiment)
    for step in range(1, 4):
        press(lab_page, 2, "One step")
        said(lab_page, 2, f"step {step}")
        drawn(lab_page)
        cells = section(lab_page, 2).locator("[data-part=same] tr").first.locator("td").all_inner_texts()
        assert float(cells[1]) == pytest.approx(by_hand.step(), abs=1e-9)
        assert float(cells[2]) == pytest.approx(autograd.step(), abs=1e-9)
        assert abs(float(cells[1]) - float(cells[2])) <= 1e-6
    assert "In 3 steps the two losses were never more than" in shown(lab_page, 2, "same-told")


@pytest.mark.feature("S4-4")
def test_the_graph_has_the_slope_that_the_paper_has(lab_page: Page, experiment: Experiment) -> None:
    start_over(lab_page, 2)
    rung = climb(1, experiment)
    document = rung.documents[0]
    here = section(lab_page, 2)
    for pair in range(2):
        context, target = document[pair : pair + 2]
        slope = rung.gradient(document[pair : pair + 2])[context, target]
        drawn(lab_page)
        label = experiment.tokenizer.label(target)
        told = here.locator("[data-part=graph-told]")
        expect(told).to_contain_text(f"comes {label}. ")
        expect(told).to_contain_text(f"slope {slope:.4f} for its score".replace("-", "−"))
        here.get_by_role("button", name="Next: pair of the name").click()


# Rungs 3 to 6


@pytest.mark.feature("S4-4")
@pytest.mark.parametrize("number", [3, 4])
def test_the_map_is_where_the_rung_looks(lab_page: Page, experiment: Experiment, number: int) -> None:
    start_over(lab_page, number)
    lab_page.get_by_role("button", name="Pause the names").click() if lab_page.get_by_role(
        "button", name="Pause the names"
    ).count() else None
    train(lab_page, number, "Train 100 steps", 100)
    rung = climb(number, experiment)
    for _ in range(100):
        rung.step()
    here = section(lab_page, number)
    layer, head = 0, 0
    if number == 4:
        layer, head = 1, 2
        in_sight(here.get_by_role("radio", name="layer 2, head 3")).check(force=True)
    drawn(lab_page)
    rows = table_of(lab_page, f"Attention of rung {number}")
    name = "".join(row[0] for row in rows[1:])
    rung.forward([experiment.tokenizer.bos, *experiment.tokenizer.encode(name)])
    weights = rung.attention[layer][head]
    for t, row in enumerate(rows):
        assert row[t + 2 :] == ["hidden"] * (len(rows) - t - 1)
        assert [number_of(cell) for cell in row[1 : t + 2]] == pytest.approx(100 * weights[t, : t + 1], abs=0.51)


@pytest.mark.feature("S4-4")
def test_the_averages_of_a_gradient_follow_the_sliders(lab_page: Page, experiment: Experiment) -> None:
    start_over(lab_page, 6)
    train(lab_page, 6, "Train 100 steps", 100)
    rung = climb(6, experiment)
    for _ in range(99):
        rung.step()
    rung.expression(rung.documents[99])
    place = tuple(n // 2 for n in rung.weights["lm_head"].data.shape)
    before = rung.m["lm_head"][place]
    rung.step()
    gradient = (rung.m["lm_head"][place] - BETA1 * before) / (1 - BETA1)

    def values() -> list[float]:
        text = shown(lab_page, 6, "gradient-told")
        return [number_of(one) for one in re.findall(r"(?:gradient|, m|√v) ([+−]?[\d.]+)", text)[:3]]

    m_hat = rung.m["lm_head"][place] / (1 - BETA1**100)
    root_v = (rung.v["lm_head"][place] / (1 - BETA2**100)) ** 0.5
    assert values() == pytest.approx([gradient, m_hat, root_v], rel=0.01)
    section(lab_page, 6).get_by_label("β₁, as a number").fill("0")
    assert values()[:2] == pytest.approx([gradient, gradient], rel=0.01)
    assert adam_averages(np.array([gradient]), 0.0, 0.5)[0][0] == gradient
    section(lab_page, 6).get_by_label("β₁, as a number").fill("0.85")


# Beside the lab


@pytest.mark.feature("S4-4")
def test_training_a_rung_can_be_stopped_and_is_kept(lab_page: Page) -> None:
    start_over(lab_page, 4)
    press(lab_page, 4, "Train 1,000 steps")
    where = section(lab_page, 4).locator("[data-part=where]")
    expect(where).to_have_text(re.compile(r"^step [1-9]"))
    press(lab_page, 4, "Stop training")
    drawn(lab_page)
    stopped = where.inner_text()
    assert 0 < int(re.search(r"step (\d+)", stopped)[1]) < 1000
    section(lab_page, 0)
    drawn(lab_page)
    section(lab_page, 4)
    drawn(lab_page)
    assert where.inner_text() == stopped


@pytest.mark.feature("S4-4")
def test_other_settings_make_other_rungs(lab_page: Page, experiment: Experiment) -> None:
    start_over(lab_page, 3)
    train(lab_page, 3, "Train 100 steps", 100)
    button(lab_page, "New seed").click()
    said(lab_page, 3, "step 0")
    train(lab_page, 3, "Train 100 steps", 100)
    other = replace(experiment.settings, seed=experiment.settings.seed + 1)
    rung = climb(3, Experiment(experiment.names, other))
    losses = [rung.step() for _ in range(100)]
    section(lab_page, 3)
    assert number_of(row_of(lab_page, 3, "loss")) == pytest.approx(losses[-1], rel=1e-5)
