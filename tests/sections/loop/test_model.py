"""One whole step as one walk: it is the run's own step, and looking at it changes nothing."""

from dataclasses import replace

import numpy as np
import pytest

from lab.core.snapshot import Watched
from lab.sections.loop.model import NEEDS, PLACES, Walkthrough
from microgpt.experiment import Experiment
from tests.core.desk import Desk
from tests.core.fixtures import SMALL


def whole(desk: Desk) -> Walkthrough:
    walk = Walkthrough(desk.lab)
    for place in PLACES:
        walk.reach(place)
    return walk


def test_a_cycle_has_eight_to_eleven_places():
    assert 8 <= len(PLACES) <= 11
    assert list(NEEDS.values()) == sorted(NEEDS.values())


@pytest.mark.feature("S0-6")
def test_steps_taken_in_cycles_are_the_steps_that_the_run_would_take_anyway(desk, new_desk):
    cycles = [whole(desk) for _ in range(3)]
    other = new_desk()
    for _ in range(3):
        other.lab.step()
    assert desk.losses == other.losses == [walk.result.loss for walk in cycles]
    assert desk.weights == other.weights
    assert [walk.number for walk in cycles] == [1, 2, 3]
    assert desk.lab.snapshot.get().step == 3
    assert len({walk.name for walk in cycles}) == 3


@pytest.mark.feature("S0-6")
def test_the_model_keeps_the_step_when_its_nudge_is_reached_and_not_before(desk):
    walk, start = Walkthrough(desk.lab), desk.weights
    for place in PLACES:
        walk.reach(place)
        kept = PLACES.index(place) >= PLACES.index("nudge")
        assert desk.lab.snapshot.get().step == (1 if kept else 0), place
        assert (desk.weights == start) is not kept
    after = desk.weights
    for place in reversed(PLACES):  # going back only looks
        walk.reach(place)
    assert desk.weights == after


@pytest.mark.feature("S0-6")
def test_the_record_holds_the_numbers_of_the_step(desk, small_experiment: Experiment):
    walk = whole(desk)
    trainer = small_experiment.trainer()
    model = trainer.model
    index = trainer.next_index
    document = np.array(small_experiment.train_documents[index])
    assert walk.name == small_experiment.split.train[index]
    assert walk.document == document.tolist()
    trace = model.forward(document[:-1])
    np.testing.assert_array_equal(walk.stage.forward.x0, trace.x0)
    np.testing.assert_array_equal(walk.stage.probabilities, trace.probabilities)
    loss = model.loss_and_gradient(document)
    np.testing.assert_array_equal(walk.gradient, model.flat_grad)
    assert walk.stage.losses.mean() == pytest.approx(loss)
    before = model.flat.copy()
    trainer.step()
    np.testing.assert_array_equal(walk.moved, model.flat - before)
    assert walk.weight == abs(walk.gradient).argmax()
    assert (walk.adam.before, walk.adam.after) == (before[walk.weight], model.flat[walk.weight])
    assert walk.after.loss == model.loss(document) < loss


@pytest.mark.feature("S0-6")
def test_a_step_half_taken_and_finished_by_training_is_no_longer_the_one_to_look_at(desk, losses):
    walk = Walkthrough(desk.lab)
    walk.reach("mean")
    assert walk.current
    desk.train_to(5)
    assert not walk.current
    walk.reach("again")  # and then nothing is done for it
    assert walk.result is None
    assert desk.losses == losses[:5]


@pytest.mark.feature("S0-6")
def test_a_finished_record_stays_while_training_goes_on_and_says_how_far(desk):
    walk = whole(desk)
    desk.train_to(7)
    assert walk.current
    assert walk.steps_since == 6
    desk.lab.reset()
    assert not walk.current


def test_reaching_on_while_it_trains_pauses(desk, losses):
    desk.lab.train()
    desk.until(lambda: desk.lab.run.step_count > 3)
    walk = Walkthrough(desk.lab)
    walk.reach("chances")
    assert desk.lab.status.get().state == "paused"
    step = desk.lab.run.step_count
    desk.finish()
    assert desk.lab.run.step_count == step == walk.number - 1
    walk.reach("again")
    assert desk.losses == losses[: step + 1]


def test_a_cycle_takes_up_a_step_that_slow_motion_has_begun(desk, losses):
    early = Walkthrough(desk.lab)
    desk.lab.set_speed("slow")
    desk.lab.train()
    desk.until(lambda: desk.lab.stage.get() is not None and desk.lab.stage.get().name == "backward")
    desk.lab.pause()
    for walk in (early, Walkthrough(desk.lab)):
        walk.reach("averages")
        assert (walk.done, walk.adam.count) == (3, 1)
    walk.reach("again")
    assert desk.losses == losses[:1]
    assert not early.current


def test_a_run_whose_weights_run_away_ends_the_cycle(new_desk):
    desk = new_desk(replace(SMALL, learning_rate=1.0))
    desk.lab.run.trainer.model.flat[:] = np.inf
    with np.errstate(all="ignore"):
        walk = whole(desk)
    assert walk.failed
    assert not walk.current
    assert "too large" in desk.lab.status.get().message


def test_there_is_no_cycle_after_the_last_step(new_desk):
    desk = new_desk(replace(SMALL, steps=2))
    whole(desk)
    whole(desk)
    with pytest.raises(RuntimeError, match="schedule is over"):
        Walkthrough(desk.lab)


@pytest.mark.feature("S2-9")
def test_a_watched_weight_is_in_the_snapshot_and_the_watch_survives_a_reset(desk, losses):
    assert desk.lab.snapshot.get().watched is None
    desk.lab.watch_weight(40)
    for _ in range(3):
        desk.lab.step()
    watched = desk.lab.snapshot.get().watched
    assert watched.index == 40
    assert [step.count for step in watched.steps] == [1, 2, 3]
    assert watched.steps[-1].after == desk.lab.snapshot.get().model.flat[40]
    desk.lab.reset()
    assert desk.lab.snapshot.get().watched == Watched(40, ())
    desk.train_to(20)
    assert desk.losses == losses[:20]
    desk.lab.configure(desk.lab.experiment.get().names, replace(SMALL, n_embd=12))
    assert desk.lab.snapshot.get().watched is None
    with pytest.raises(IndexError, match="no weight"):
        desk.lab.watch_weight(10**7)
