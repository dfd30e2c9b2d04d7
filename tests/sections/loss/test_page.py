"""How wrong is a guess? The point on the curve, the live dots beside it, and the phases it all adds up to."""

import math
import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from assemble.paths import DIST
from lab.charts.format import number
from lab.charts.loss_curve import Curve, probability_text
from lab.core.history import History
from lab.sections.training.model import Milestones, held_out_since
from microgpt import checkpoint
from microgpt.experiment import Experiment
from tests.browser.lab_state import load_trained, press_step, start_anew, table_of, train, type_name

CURVE = "Loss by chance"


@pytest.fixture
def lab_page(lab_page: Page) -> Page:
    """The shared page, untrained again, with the curve in sight."""
    start_anew(lab_page)
    show(lab_page)
    return lab_page


def show(page: Page) -> None:
    page.locator("#loss [data-part=curve]").scroll_into_view_if_needed()
    expect(page.locator("#loss svg")).to_be_visible()


def box(page: Page) -> Locator:
    return page.get_by_role("spinbutton", name="chance p, as a number")


def slider(page: Page) -> Locator:
    return page.get_by_role("slider", name="chance p")


def cost(p: float) -> re.Pattern:
    """What the page must say of a chance."""
    return re.compile(re.escape(f"p = {probability_text(p)} → loss {number(-math.log(p))}."))


def reading(page: Page) -> Locator:
    return page.locator("#loss [data-part=reads]")


@pytest.mark.feature("S0-4")
@pytest.mark.parametrize(("p", "costs"), [("0.02", "loss 3.91"), ("0.9", "loss 0.105"), ("1", "loss 0.")])
def test_the_slider_and_the_box_beside_it_say_what_a_chance_costs(lab_page: Page, p: str, costs: str) -> None:
    slider(lab_page).fill("0.5")
    box(lab_page).fill(p)
    expect(reading(lab_page)).to_contain_text(costs)
    expect(slider(lab_page)).to_have_value(p)
    box(lab_page).fill("0.5")
    slider(lab_page).fill(p)
    expect(reading(lab_page)).to_have_text(cost(float(p)))
    expect(box(lab_page)).to_have_value(p)
    figure = lab_page.get_by_role("figure", name=re.compile(f"^{CURVE}"))
    expect(figure).to_have_attribute("aria-label", re.compile(f"a chance of {p} costs"))


@pytest.mark.feature("S0-4")
def test_a_chance_of_nothing_has_no_number_and_what_is_no_chance_gets_a_message(lab_page: Page) -> None:
    slider(lab_page).fill("0")
    expect(reading(lab_page)).to_contain_text("without limit, beyond any number")
    text = lab_page.locator("#loss").inner_text()
    assert not re.search(r"\bnan\b|infinity|\binf\b|∞", text, re.IGNORECASE)
    box(lab_page).fill("0.25")
    for wrong in ("2", "-1", ""):
        box(lab_page).fill(wrong)
        expect(lab_page.locator("#loss").get_by_role("alert")).to_contain_text("Chance p is a number from 0 to 1.")
        expect(reading(lab_page)).to_have_text(cost(0.25))
    box(lab_page).fill("0.02")
    expect(lab_page.locator("#loss").get_by_role("alert")).to_be_hidden()
    expect(reading(lab_page)).to_contain_text("3.91")


@pytest.mark.feature("S0-4")
def test_the_point_is_dragged_along_the_curve(lab_page: Page) -> None:
    area = lab_page.locator("#loss .chart-plot").bounding_box()
    units = lab_page.locator("#loss svg").evaluate("(svg) => svg.viewBox.baseVal.width")
    geo = Curve(math.log, 0.5).geometry(units)

    def place(p: float) -> float:
        return area["x"] + geo.x(p) * area["width"] / units

    lab_page.mouse.move(place(0.5), area["y"] + 100)
    lab_page.mouse.down()
    for p in (0.5, 0.25, 0.8):
        lab_page.mouse.move(place(p), area["y"] + 120)
        assert float(box(lab_page).input_value()) == pytest.approx(p, abs=0.003)
    lab_page.mouse.move(area["x"] - 300, area["y"] + 100)  # beyond the end of the drawing
    expect(reading(lab_page)).to_contain_text("without limit")
    lab_page.mouse.up()
    lab_page.mouse.move(place(0.4), area["y"] + 100)  # let go: it stays
    expect(slider(lab_page)).to_have_value("0")


@pytest.mark.feature("S0-4", "R1")
def test_the_dots_are_the_models_chances_and_the_point_rides_on_one(lab_page: Page, experiment: Experiment) -> None:
    type_name(lab_page, "rex")
    show(lab_page)
    trainer, document = experiment.trainer(), np.array(experiment.tokenizer.document("rex"))

    def chances() -> np.ndarray:
        return trainer.model.forward(document[:-1]).probabilities[np.arange(4), document[1:]]

    lab_page.get_by_role("radio", name="e, letter 2").check()
    expect(lab_page.get_by_role("radio", name="e, letter 2")).to_be_checked()
    expect(reading(lab_page)).to_have_text(cost(float(chances()[1])))
    rows = table_of(lab_page, CURVE)
    assert [row[:2] for row in rows[1:5]] == [
        [label, probability_text(float(p))] for label, p in zip(["r", "e", "x", "END"], chances(), strict=True)
    ]
    assert rows[5] == ["guessing evenly", "", f"{np.log(27):.2f}"]
    press_step(lab_page, 40)
    for _ in range(40):
        trainer.step()
    show(lab_page)
    expect(reading(lab_page)).to_have_text(cost(float(chances()[1])))
    mean = trainer.model.loss(list(document))
    expect(lab_page.locator("#loss")).to_contain_text(f"/ 4 = {mean:.2f}, the loss of this name")
    slider(lab_page).fill("0.3")  # and off again
    expect(lab_page.get_by_role("radio", name="my own p")).to_be_checked()


@pytest.mark.feature("S0-7")
def test_the_phases_of_learning_are_marked_with_the_step_their_loss_was_reached(
    lab_page: Page, experiment: Experiment
) -> None:
    phases = lab_page.locator(".phases li")
    lab_page.locator("#training [data-part=phases]").scroll_into_view_if_needed()
    expect(phases).to_have_count(5)
    assert [("✓" in text) for text in phases.all_inner_texts()] == [True, False, False, False, False]
    train(lab_page, 110)
    expect(phases.nth(1)).to_contain_text("since step 100")
    load_trained(lab_page, experiment)
    saved = checkpoint.load(max((DIST / "checkpoints").glob("*.npz")))
    since = Milestones(experiment.baselines).reached(History(saved.losses), saved.step)
    for item, (name, value) in zip(phases.all()[1:], experiment.baselines.items(), strict=True):
        confirmed = held_out_since(sorted(saved.held_out.items()), value)
        expect(item).to_contain_text(f"since step {since[name]:,} · held-out: step {confirmed:,}")
        expect(item).to_contain_text(f"below {value:.2f}")
    expect(phases.last).to_have_attribute("aria-current", "step")


@pytest.mark.feature("S0-1")
@pytest.mark.parametrize("size", [(1280, 900), (390, 844)])
def test_the_algorithm_stands_in_three_verbs_on_the_first_screen_before_any_maths(
    lab_page: Page, size: tuple[int, int]
) -> None:
    lab_page.set_viewport_size({"width": size[0], "height": size[1]})
    lab_page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    verbs = lab_page.locator("#bench ol.bench-verbs li")
    assert [text.split()[0] for text in verbs.all_text_contents()] == ["Guess", "Measure", "Adjust"]
    top = lab_page.get_by_role("banner").bounding_box()["height"]
    bottom = lab_page.get_by_role("region", name="Training controls").bounding_box()["y"]
    for verb in verbs.all():
        area = verb.bounding_box()
        assert top <= area["y"] and area["y"] + area["height"] <= bottom
    before = verbs.last.evaluate(
        """(last) => {
            const range = document.createRange();
            range.setStart(document.querySelector("main"), 0);
            range.setEndAfter(last);
            return range.toString();
        }"""
    )
    assert "Adjust" in before
    maths = r"=|−|\bloss\b|\blog|\bln\b|softmax|gradient|matri|vector|probabilit|derivative"
    assert not re.search(maths, before, re.IGNORECASE)
    lab_page.set_viewport_size({"width": 1280, "height": 720})
