"""Where training ends by itself, and what the reader is told then."""

import math

import numpy as np
import pytest

from lab.core.jobs import Priority
from microgpt.experiment import Settings

SHORT = Settings(n_layer=1, n_embd=8, n_head=2, steps=30, seed=7)


def poison(desk) -> None:
    desk.lab.run.trainer.model.params["lm_head"][:] = math.nan


@pytest.fixture(autouse=True)
def quiet_numpy():
    """NumPy warns of the NaNs that some of these tests put in."""
    with np.errstate(all="ignore"):
        yield


@pytest.mark.feature("U4")
@pytest.mark.parametrize("speed", ["watch", "max"])
@pytest.mark.parametrize("stop", [1, 7, 33])
def test_training_until_a_step_stops_at_exactly_that_step(desk, stop, speed):
    desk.lab.set_speed(speed)
    desk.lab.train(until=stop)
    desk.finish()
    assert desk.lab.run.step_count == desk.lab.snapshot.get().step == stop
    assert desk.lab.status.get().state == "paused"


@pytest.mark.feature("U4")
@pytest.mark.parametrize("stop", [0, 9, 10])
def test_training_until_a_step_already_reached_takes_none(desk, stop):
    desk.train_to(10)
    desk.lab.train(until=stop)
    desk.finish()
    assert desk.lab.run.step_count == 10
    assert desk.lab.status.get().state == "paused"


@pytest.mark.feature("U4")
def test_a_stop_is_good_for_one_time_only(desk):
    desk.train_to(5)
    desk.lab.train()
    desk.until(lambda: desk.lab.run.step_count > 20)


def test_at_the_end_of_the_schedule_it_stops_and_says_so(new_desk):
    desk = new_desk(SHORT)
    desk.lab.train()
    desk.finish()
    status = desk.lab.status.get()
    assert desk.lab.run.step_count == desk.lab.snapshot.get().step == 30
    assert (status.state, status.finished) == ("paused", True)
    assert status.message == "finished"


def test_the_last_step_by_hand_says_so_too(new_desk):
    desk = new_desk(SHORT)
    desk.train_to(29)
    desk.lab.step()
    assert desk.lab.status.get().finished
    assert desk.lab.status.get().message == "finished"


@pytest.mark.parametrize("command", ["train", "step"])
def test_after_the_end_nothing_more_is_trained(new_desk, command):
    desk = new_desk(SHORT)
    desk.train_to(30)
    weights = desk.weights
    getattr(desk.lab, command)()
    desk.finish()
    assert desk.weights == weights
    assert desk.lab.status.get().state == "paused"


def test_after_the_end_reset_begins_anew(new_desk):
    desk = new_desk(SHORT)
    desk.train_to(30)
    desk.lab.reset()
    status = desk.lab.status.get()
    assert (status.state, status.finished, status.message) == ("ready", False, "")
    desk.train_to(3)


def test_a_run_that_diverged_is_not_tried_on_held_out_names(desk):
    desk.finish()
    poison(desk)
    desk.lab.step()
    desk.finish()
    assert [step for step, _ in desk.lab.snapshot.get().held_out] == [0]


def test_a_loss_that_is_no_number_stops_it_and_says_what_to_do(desk):
    desk.train_to(5)
    poison(desk)
    desk.lab.train()
    desk.finish()
    status = desk.lab.status.get()
    assert (status.state, desk.lab.run.step_count) == ("paused", 6)
    assert "step 6" in status.message
    assert "lower the learning rate" in status.message


def test_a_single_step_that_diverges_says_so_too(desk):
    poison(desk)
    desk.lab.step()
    assert "lower the learning rate" in desk.lab.status.get().message


def test_reset_recovers_from_a_loss_that_is_no_number(desk, losses):
    poison(desk)
    desk.lab.step()
    desk.finish()
    desk.lab.reset()
    assert desk.lab.status.get().message == ""
    desk.train_to(10)
    assert desk.losses == losses[:10]


def test_names_can_not_be_made_up_by_weights_that_are_no_numbers(desk):
    poison(desk)
    with pytest.raises(ValueError, match="reset"):
        desk.lab.sample(3, 1.0)
    desk.finish()
    assert all(sample.step == 0 and sample.name for sample in desk.lab.snapshot.get().samples)


@pytest.mark.feature("U3")
def test_the_greatest_learning_rate_ends_with_numbers_or_with_a_message(new_desk):
    desk = new_desk(Settings(n_layer=1, n_embd=8, n_head=2, steps=200, seed=7, learning_rate=1.0))
    desk.lab.train()
    desk.finish()
    status = desk.lab.status.get()
    assert status.state == "paused"
    assert status.message
    assert status.finished == bool(np.isfinite(desk.losses).all())


def test_a_fault_in_a_job_stops_the_lab_and_leaves_it_usable(desk):
    desk.finish()

    def faulty():
        yield
        raise RuntimeError("on purpose")

    desk.lab.jobs.add("A fault", faulty(), priority=Priority.RUN, owner=desk.lab.run)
    desk.lab.train()
    with pytest.raises(RuntimeError, match="on purpose"):
        desk.finish()
    status = desk.lab.status.get()
    assert status.state == "paused" and "on purpose" in status.message
    desk.train_to(desk.lab.run.step_count + 5)
