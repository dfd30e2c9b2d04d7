"""What each stage of one whole step says, from the step's own numbers."""

import math
import re

import numpy as np
import pytest

from lab.charts.format import number, percent, signed
from lab.sections.loop import view as views
from lab.sections.loop.model import PLACES, Walkthrough


@pytest.fixture
def walk(desk) -> Walkthrough:
    walk = Walkthrough(desk.lab)
    walk.reach("again")
    return walk


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def figures(walk: Walkthrough) -> dict[str, list[str]]:
    """For each stage what must be read there, from the trainer's own step."""
    stage, config = walk.stage, walk.experiment.config
    positions = len(walk.document) - 1
    chances = stage.probabilities[np.arange(positions), walk.document[1:]]
    largest = np.abs(walk.gradient).max()
    m = float((1 - walk.adam.beta1) * walk.gradient[walk.weight])
    return {
        "name": [walk.name, f"Step 1 of {walk.experiment.settings.steps}"],
        "tokens": [str(token) for token in walk.document],
        "embed": [f"{positions} positions × {config.n_embd} numbers = {positions * config.n_embd} numbers"],
        "layers": [f"After layer {i} of {config.n_layer}" for i in range(1, config.n_layer + 1)],
        "chances": [text(percent(float(chance))) for chance in chances],
        "losses": [f"{-math.log(chance):.3f}" for chance in chances],
        "mean": [f"= {-np.log(chances).mean():.4f}"],
        "gradient": [f"{config.n_params:,} gradients", number(float(largest))],
        "averages": [
            f"at step {walk.number}",
            signed(m, 4),
        ],
        "nudge": [f"Of all {config.n_params:,} parameters", number(float(np.abs(walk.moved).max()))],
        "again": [f"{walk.after.loss:.4f} now"],
    }


@pytest.mark.feature("S0-6")
@pytest.mark.parametrize("place", PLACES)
def test_every_stage_shows_the_numbers_of_the_step(walk, place):
    said = text(views.numbers(place, walk))
    for figure in figures(walk)[place]:
        assert figure in said
    assert "nan" not in said.lower()


def test_the_tokens_are_those_of_the_name(walk):
    said = text(views.numbers("tokens", walk))
    assert all(str(token) in said for token in walk.document)
    assert f"{len(walk.name) + 1} tokens to read" in said


@pytest.mark.feature("S0-6")
def test_the_mean_is_the_mean_of_the_losses_shown(walk):
    said = text(views.numbers("mean", walk))
    terms = [float(term) for term in said[said.index("(") + 1 : said.index(")")].split(" + ")]
    assert len(terms) == len(walk.document) - 1
    assert np.mean(terms) == pytest.approx(walk.result.loss, abs=0.006)
    assert f"= {walk.result.loss:.4f}" in said
    assert views.middle("mean", walk)[2] == f"loss {walk.result.loss:.3f}"


def test_the_nudge_counts_every_parameter_once(walk):
    said = text(views.numbers("nudge", walk))
    up, down, still = (int(mask.sum()) for mask in (walk.moved > 0, walk.moved < 0, walk.moved == 0))
    assert up + down + still == len(walk.gradient)
    for n in (up, down, still):
        assert f" {n:,} " in said


def test_before_and_after_stand_side_by_side(walk):
    said = text(views.numbers("again", walk))
    assert f"{walk.result.loss:.4f} before" in said
    assert f"{walk.after.loss:.4f} now" in said
    assert "→" in views.middle("again", walk)[2]


@pytest.mark.feature("S0-6")
def test_it_says_whether_the_step_is_kept(desk):
    walk = Walkthrough(desk.lab)
    walk.reach("averages")
    assert "still at step 0: going past the nudge makes it 1" in views.kept(walk, False)
    assert "pauses" in views.kept(walk, True)
    walk.reach("nudge")
    assert views.kept(walk, False) == "Step 1 is taken, and the model keeps it."
    desk.train_to(9)
    assert "gone on to step 9" in views.kept(walk, False)
