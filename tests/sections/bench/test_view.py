"""The bench: which name it shows, which lines are beaten, which head looks most sharply, and what it says."""

from types import SimpleNamespace

import numpy as np
import pytest

from lab.core.history import WINDOW, History
from lab.core.sharpest import sharpest
from lab.core.status import Status
from lab.sections.bench import model, view
from microgpt.experiment import Experiment
from microgpt.inspect.letter_map import LetterMap

FEATURE = pytest.mark.feature("V4")


class Told:
    """A model that gives each name the loss it is told, once for each time it is asked."""

    def __init__(self, losses: dict[str, float], tokenizer) -> None:
        self._losses = {tuple(tokenizer.document(name)): loss for name, loss in losses.items()}

    def loss(self, document) -> float:
        return self._losses.get(tuple(document), 1.0)


@FEATURE
def test_the_name_shown_is_held_out_and_falls_evenly_from_moment_to_moment(all_names: list[str]) -> None:
    experiment = Experiment(all_names[:300])
    fitting = [n for n in experiment.split.held_out if model.SHORTEST <= len(n) <= model.LONGEST]
    even, sudden, worse = fitting[:3]
    moments = [
        Told({even: 3.0, sudden: 3.0, worse: 1.0}, experiment.tokenizer),
        Told({even: 2.0, sudden: 0.2, worse: 2.0}, experiment.tokenizer),
        Told({even: 1.0, sudden: 0.1, worse: 0.5}, experiment.tokenizer),
    ]
    assert model.steady_learner(moments, experiment) == even
    assert model.steady_learner(moments[:1], experiment) == model.example(experiment)
    assert model.example(experiment) in experiment.split.held_out


@FEATURE
def test_a_line_is_beaten_by_the_mean_of_a_hundred_and_stays_beaten() -> None:
    lines = {"high": 3.0, "low": 1.0}
    lucky = History((0.5,) * (WINDOW - 1))
    assert model.beaten(lucky, len(lucky), lines) == frozenset()
    worse_again = History((2.0,) * WINDOW + (9.0,) * WINDOW)
    assert model.beaten(worse_again, len(worse_again), lines) == {"high"}


@FEATURE
def test_the_sharpest_head_is_kept_until_another_is_clearly_sharper() -> None:
    def trace(*shares: float):
        attention = np.array([[[0, 0, 0], [0, 0, 0], [0, share, 1 - share]] for share in shares])
        return SimpleNamespace(layers=[SimpleNamespace(attention=attention)])

    assert sharpest(trace(0.5, 0.9), 2, None) == (0, 1)
    assert sharpest(trace(0.8, 0.9), 2, (0, 0)) == (0, 0)
    assert sharpest(trace(0.5, 0.9), 2, (0, 0)) == (0, 1)
    assert sharpest(trace(0.5, 0.9), 2, (3, 3)) == (0, 1)  # a head of another model


@FEATURE
def test_each_letter_has_the_probability_that_the_model_gives_it(desk) -> None:
    experiment, snapshot = desk.lab.experiment.get(), desk.lab.snapshot.get()
    name = model.example(experiment)
    shown = view.spelled(snapshot, experiment, name)
    assert shown.letters == [*name, "END"]
    assert -np.log(shown.probabilities).mean() == pytest.approx(
        snapshot.model.loss(experiment.tokenizer.document(name)), abs=1e-6
    )


@FEATURE
def test_what_the_button_does_is_what_it_says() -> None:
    assert view.go(Status(), 0) == "Train it"
    assert view.go(Status(state="training"), 5) == "Pause it"
    assert view.go(Status(state="paused"), 5) == "Train on"
    assert view.go(Status(state="paused", finished=True), 5) == "Ten names"


@FEATURE
def test_the_newest_names_come_first_and_are_escaped() -> None:
    samples = tuple(SimpleNamespace(name=f"<{i}>", step=1000 * i) for i in range(12))
    shown = view.names(samples)
    assert shown.count("<li>") == view.NEWEST
    assert shown.index("&lt;11&gt;") < shown.index("&lt;10&gt;") and "11,000" in shown


@pytest.mark.feature("V1")
def test_the_map_says_that_it_is_random_at_first_and_then_how_much_it_holds() -> None:
    found = LetterMap(np.zeros((2, 2)), 0.316)
    assert view.map_note(0, ["a", "b"], found) == "vowels in colour; still random"
    assert view.map_note(0, ["б"], found) == "still random"
    assert view.map_note(100, ["a", "b"], found).startswith("32")
