"""A rung in training beside the lab: its place in the list, its losses, and what is kept of it."""

import numpy as np
import pytest

from lab.sections.ladder import rungs
from lab.sections.ladder.rung6.model import Recorder
from lab.sections.ladder.rungs import RungRun
from microgpt.experiment import Experiment, Settings
from microgpt.ladder import RUNGS, climb
from microgpt.ladder.averages import adam_averages
from microgpt.ladder.rung6_adam import BETA1, BETA2
from tests.core.fixtures import SMALL

ALL = range(len(RUNGS))


@pytest.mark.feature("S4-3")
def test_the_place_is_the_remainder_and_the_turn(small_experiment: Experiment) -> None:
    run, names = RungRun(0, small_experiment), len(small_experiment.split.train)
    for step in range(2 * names + 3):
        place = run.place
        assert (place.step, place.index, place.turn) == (step, step % names, step // names + 1)
        assert place.name == small_experiment.tokenizer.decode(list(run.rung.documents[step % names]))
        run.step()


@pytest.mark.parametrize("number", ALL)
def test_its_losses_are_those_of_the_rung_alone(small_experiment: Experiment, number: int) -> None:
    run, alone = RungRun(number, small_experiment), climb(number, small_experiment)
    expected = [alone.step() for _ in range(5)]
    assert [run.step() for _ in range(5)] == expected
    assert run.history.losses(5).tolist() == expected
    assert run.loss == pytest.approx(np.mean(expected))


def test_a_schedule_ends_and_counting_has_none(names: list[str]) -> None:
    short = Experiment(names, Settings(n_layer=1, n_embd=8, n_head=2, steps=2, seed=7))
    for number in (1, 6):
        run = RungRun(number, short)
        run.step(), run.step()
        assert run.finished
    run = RungRun(0, short)
    for _ in range(2 * len(short.split.train)):
        run.step()
    assert not run.finished


def test_other_names_or_another_size_is_another_rung(names: list[str], small_experiment: Experiment) -> None:
    assert rungs.key(Experiment(names, SMALL)) == rungs.key(small_experiment)
    for other in (Experiment(names[1:], SMALL), Experiment(names, Settings(n_layer=1, n_embd=8, n_head=1, steps=400))):
        assert rungs.key(other) != rungs.key(small_experiment)


def test_pairs_in_words(small_experiment: Experiment) -> None:
    document = small_experiment.tokenizer.document("ab")
    assert rungs.pairs(document, small_experiment.tokenizer) == [("START", "a"), ("a", "b"), ("b", "END")]


@pytest.mark.feature("S4-4")
def test_the_curve_of_one_score_is_the_loss_and_moves_nothing(small_experiment: Experiment) -> None:
    run = RungRun(1, small_experiment)
    run.step()
    before, document = run.rung.logits.copy(), run.document
    index = int(document[0]) * before.shape[1] + int(document[1])
    own = float(before.flat[index])
    found = rungs.curve(run.rung, document, index, np.array([own - 1, own, own + 1]))
    np.testing.assert_array_equal(run.rung.logits, before)
    assert found[1] == run.rung.loss(document)
    assert found[0] > found[1] > found[2]  # the right letter: the higher, the smaller the loss


def test_a_step_tried_on_a_copy_is_the_step_that_comes(small_experiment: Experiment) -> None:
    run = RungRun(1, small_experiment)
    run.step()
    before = run.rung.logits.copy()
    tried = rungs.stepped(run.rung)
    np.testing.assert_array_equal(run.rung.logits, before)
    assert run.rung.step_count == 1
    run.step()
    np.testing.assert_array_equal(run.rung.logits, tried)


@pytest.mark.feature("S4-4")
def test_the_recorded_gradients_make_the_averages_of_the_rung(small_experiment: Experiment) -> None:
    run = RungRun(6, small_experiment)
    alone = climb(6, small_experiment)
    recorder = Recorder(run.rung)
    for _ in range(12):
        assert run.step() == alone.step()  # watching changes nothing
    for name, place in recorder.places.items():
        gradients = recorder.gradients(name)
        assert len(gradients) == 12
        m, root_v = adam_averages(gradients, BETA1, BETA2)
        assert m[-1] * (1 - BETA1**12) == pytest.approx(run.rung.m[name][place], rel=1e-9, abs=1e-15)
        assert root_v[-1] ** 2 * (1 - BETA2**12) == pytest.approx(run.rung.v[name][place], rel=1e-9, abs=1e-18)
