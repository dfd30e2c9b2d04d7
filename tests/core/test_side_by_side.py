"""Learners side by side: each takes its own run's steps, and the lab's run notices nothing."""

from dataclasses import replace

import numpy as np
import pytest

from lab.core.compare import Recipe
from lab.core.side_by_side import MEASURED, WARM_UP, Entry, GPTLearner, gpt_entry, probe, side_by_side
from microgpt.evaluate.held_out import held_out_loss
from microgpt.experiment import Experiment
from microgpt.ladder.rung0_count import Rung0
from tests.core.desk import FakeTime
from tests.core.fixtures import SMALL

RECIPE = Recipe(0.8, 7)
SHORT = replace(SMALL, steps=30)


def pair(names) -> list[Entry]:
    return [
        gpt_entry("A", Experiment(names, replace(SHORT, n_embd=4)), RECIPE, 5),
        gpt_entry("B", Experiment(names, SHORT), RECIPE, 5),
    ]


def drained(entries: list[Entry], exam) -> list[Entry]:
    for _ in side_by_side(entries, exam, FakeTime().clock):
        pass
    return entries


@pytest.mark.feature("S0-5")
def test_each_entry_is_the_very_run_that_its_settings_make_alone(names, small_experiment):
    entries = drained(pair(names), small_experiment.held_out_documents)
    for entry, settings in zip(entries, (replace(SHORT, n_embd=4), SHORT), strict=True):
        alone = Experiment(names, settings).trainer()
        assert entry.history.losses(30).tolist() == [alone.step().loss for _ in range(30)]
        assert entry.held_out == pytest.approx(held_out_loss(alone.model, small_experiment.held_out_documents))
        assert entry.finished
        assert not entry.failed
        assert (len(entry.names), entry.learner.n_params) == (5, len(alone.model.flat))
        assert all(name.verdict.kind in ("new", "near", "copy") for name in entry.names)
    assert entries[0].held_out != entries[1].held_out


@pytest.mark.feature("S0-5")
def test_both_read_the_same_names_in_the_same_order(names):
    a, b = (entry.learner.trainer for entry in pair(names))
    np.testing.assert_array_equal(a.order, b.order)
    assert [document.tolist() for document in a.documents] == [document.tolist() for document in b.documents]


@pytest.mark.feature("S0-5")
def test_they_take_turns_step_by_step(names, small_experiment):
    entries = pair(names)
    work = side_by_side(entries, small_experiment.held_out_documents, FakeTime().clock)
    for _ in range(21):
        next(work)
    assert [entry.step_count for entry in entries] == [11, 10]
    assert entries[0].seconds == pytest.approx(11 * 0.0005)  # the clock ticks once a look
    assert not entries[0].finished


@pytest.mark.feature("S0-5")
def work(desk, entries):
    return side_by_side(entries, desk.lab.experiment.get().held_out_documents, desk.time.clock)


def test_a_contest_beside_the_lab_leaves_its_losses_as_they_are(desk, names, losses):
    entries = pair(names)
    desk.lab.add_job("Contest", work(desk, entries), pytest.fail)
    desk.train_to(60)
    assert desk.losses == losses[:60]
    assert all(entry.finished for entry in entries)
    alone = Experiment(names, SHORT).trainer()
    assert entries[1].history.losses(30).tolist() == [alone.step().loss for _ in range(30)]


@pytest.mark.feature("S0-5")
def test_a_contest_can_be_stopped_and_what_was_reached_stays(desk, names):
    entries = pair(names)
    job = desk.lab.add_job("Contest", work(desk, entries), pytest.fail)
    desk.until(lambda: entries[0].step_count >= 7)
    job.cancel()
    reached = entries[0].step_count
    desk.finish()
    assert entries[0].step_count == reached < 30
    assert entries[0].loss == pytest.approx(entries[0].history.losses(entries[0].step_count).mean())
    assert not entries[0].finished


class Wild:
    """A learner whose loss is soon no number any more."""

    n_params, steps = 1, 10

    def __init__(self) -> None:
        self.taken = 0

    def step(self) -> float:
        self.taken += 1
        return 1.0 if self.taken < 4 else float("nan")

    def loss(self, document) -> float:
        return 1.0


def test_one_that_runs_away_stops_and_the_other_goes_on(names, small_experiment):
    wild, sane = Entry("wild", Wild()), pair(names)[0]
    drained([wild, sane], small_experiment.held_out_documents)
    assert (wild.failed, wild.finished, wild.step_count, wild.held_out) == (True, True, 4, None)
    assert sane.finished
    assert not sane.failed


@pytest.mark.feature("S0-5")
@pytest.mark.parametrize("steps", [1, 3, 400])
def test_a_probe_measures_real_steps_and_says_the_mean(names, steps):
    learner = GPTLearner(Experiment(names, replace(SMALL, steps=steps)))
    *waiting, seconds = probe(learner, FakeTime(tick=0.003).clock)
    assert seconds == pytest.approx(0.003)
    assert waiting == [None] * min(steps, WARM_UP + MEASURED)


def test_a_rung_of_the_ladder_is_an_entry_as_it_stands(small_experiment):
    learner = Rung0(small_experiment.train_documents, small_experiment.config.vocab_size, 0, 20)
    (entry,) = drained([Entry("counting", learner)], small_experiment.held_out_documents)
    assert entry.step_count == 20
    assert 0 < entry.held_out < entry.history.losses(1)[0]
