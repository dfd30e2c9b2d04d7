"""What each stage of one whole step says, from the step's own numbers."""

import math
import re

import numpy as np
import pytest

from lab.charts.format import number, percent, signed
from lab.sections.loop import view as views
from lab.sections.loop.model import PLACES, Cycle


@pytest.fixture
def cycle(desk) -> Cycle:
    cycle = Cycle(desk.lab)
    cycle.reach("again")
    return cycle


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def figures(cycle: Cycle) -> dict[str, list[str]]:
    """For each stage what must be read there, from the trainer's own step."""
    stage, config = cycle.stage, cycle.experiment.config
    positions = len(cycle.document) - 1
    chances = stage.probabilities[np.arange(positions), cycle.document[1:]]
    largest = np.abs(cycle.gradient).max()
    m = float((1 - cycle.adam.beta1) * cycle.gradient[cycle.weight])
    return {
        "name": [cycle.name, f"Step 1 of {cycle.experiment.settings.steps}"],
        "tokens": [str(token) for token in cycle.document],
        "embed": [f"{positions} positions × {config.n_embd} numbers = {positions * config.n_embd} numbers"],
        "layers": [f"After layer {i} of {config.n_layer}" for i in range(1, config.n_layer + 1)],
        "chances": [text(percent(float(chance))) for chance in chances],
        "losses": [f"{-math.log(chance):.3f}" for chance in chances],
        "mean": [f"= {-np.log(chances).mean():.4f}"],
        "gradient": [f"{config.n_params:,} gradients", number(float(largest))],
        "averages": [
            f"at step {cycle.number}",
            signed(m, 4),
        ],
        "nudge": [f"Of all {config.n_params:,} parameters", number(float(np.abs(cycle.moved).max()))],
        "again": [f"{cycle.after.loss:.4f} now"],
    }


@pytest.mark.feature("S0-6")
@pytest.mark.parametrize("place", PLACES)
def test_every_stage_shows_the_numbers_of_the_step(cycle, place):
    said = text(views.numbers(place, cycle))
    for figure in figures(cycle)[place]:
        assert figure in said
    assert "nan" not in said.lower()


def test_the_tokens_are_those_of_the_name(cycle):
    said = text(views.numbers("tokens", cycle))
    assert all(str(token) in said for token in cycle.document)
    assert f"{len(cycle.name) + 1} tokens to read" in said


@pytest.mark.feature("S0-6")
def test_the_mean_is_the_mean_of_the_losses_shown(cycle):
    said = text(views.numbers("mean", cycle))
    terms = [float(term) for term in said[said.index("(") + 1 : said.index(")")].split(" + ")]
    assert len(terms) == len(cycle.document) - 1
    assert np.mean(terms) == pytest.approx(cycle.result.loss, abs=0.006)
    assert f"= {cycle.result.loss:.4f}" in said
    assert views.middle("mean", cycle)[2] == f"loss {cycle.result.loss:.3f}"


def test_the_nudge_counts_every_parameter_once(cycle):
    said = text(views.numbers("nudge", cycle))
    up, down, still = (int(mask.sum()) for mask in (cycle.moved > 0, cycle.moved < 0, cycle.moved == 0))
    assert up + down + still == len(cycle.gradient)
    for n in (up, down, still):
        assert f" {n:,} " in said


def test_before_and_after_stand_side_by_side(cycle):
    said = text(views.numbers("again", cycle))
    assert f"{cycle.result.loss:.4f} before" in said
    assert f"{cycle.after.loss:.4f} now" in said
    assert "→" in views.middle("again", cycle)[2]


@pytest.mark.feature("S0-6")
def test_it_says_whether_the_step_is_kept(desk):
    cycle = Cycle(desk.lab)
    cycle.reach("averages")
    assert "still at step 0: going past the nudge makes it 1" in views.kept(cycle, False)
    assert "pauses" in views.kept(cycle, True)
    cycle.reach("nudge")
    assert views.kept(cycle, False) == "Step 1 is taken, and the model keeps it."
    desk.train_to(9)
    assert "gone on to step 9" in views.kept(cycle, False)
