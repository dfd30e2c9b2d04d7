"""Training in the lab: however it is driven, the run is the same run, to the last bit."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lab.core.rate_limiter import SPEEDS
from microgpt.trainer import STAGES
from tests.core.desk import Desk


@pytest.fixture
def straight(new_desk) -> Desk:
    """A lab that was trained for 120 steps without any interruption."""
    desk = new_desk()
    desk.train_to(120)
    return desk


@pytest.mark.feature("S1-12")
def test_training_in_the_lab_is_the_engines_training(straight, losses):
    assert straight.losses == losses[:120]


@pytest.mark.feature("U2")
@pytest.mark.parametrize("speed", SPEEDS)
def test_the_speed_never_changes_the_losses(desk, losses, speed):
    desk.lab.set_speed(speed)
    desk.train_to(25)
    assert desk.losses == losses[:25]


@pytest.mark.feature("U2")
@pytest.mark.parametrize("speed", ["slow", "watch", "fast"])
def test_a_speed_is_so_many_steps_a_second(new_desk, small_experiment, speed):
    desk = new_desk(replace(small_experiment.settings, steps=3000))
    desk.finish()
    desk.lab.set_speed(speed)
    began = desk.time.now
    desk.lab.train()
    desk.until(lambda: desk.time.now >= began + 20)
    rate = SPEEDS[speed] / (len(STAGES) if speed == "slow" else 1)
    assert desk.lab.run.step_count == pytest.approx(20 * rate, abs=max(1, 0.1 * rate) + 1)


@pytest.mark.feature("U2")
def test_the_speed_can_be_changed_while_it_trains(desk, losses):
    desk.lab.set_speed("slow")
    desk.lab.train(until=150)
    desk.until(lambda: desk.lab.run.step_count == 3)
    desk.lab.set_speed("max")
    desk.until(lambda: desk.lab.run.step_count > 100)
    desk.lab.set_speed("fast")
    desk.finish()
    assert desk.losses == losses[:150]


def test_an_unknown_speed_is_refused_and_the_old_one_stays(desk):
    with pytest.raises(KeyError):
        desk.lab.set_speed("warp")
    assert desk.lab.status.get().speed == "max"


@pytest.mark.feature("S1-12")
@settings(
    deadline=None,
    derandomize=True,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # each example makes a desk of its own
)
@given(st.lists(st.sampled_from(["slice", "pause", "step", "fast", "max", "sample", "look"]), max_size=25))
def test_pausing_stepping_and_looking_leave_every_bit_of_the_run_alone(new_desk, straight, commands):
    desk = new_desk()
    for command in commands:
        desk.lab.train(until=120)
        match command:
            case "pause":
                desk.lab.pause()
            case "step" if desk.lab.run.step_count < 120:
                desk.lab.step()
            case "sample":
                desk.lab.sample(2, 1.0)
            case "look":
                desk.lab.focus_on("rex")
                desk.lab.trace()
            case "fast" | "max":
                desk.lab.set_speed(command)
        desk.slice()
    desk.lab.set_speed("max")
    desk.train_to(120)
    assert desk.losses == straight.losses
    assert desk.weights == straight.weights


@pytest.mark.feature("S1-12")
def test_after_pause_no_step_is_taken(desk):
    desk.lab.train()
    desk.until(lambda: desk.lab.run.step_count >= 10)
    desk.lab.pause()
    reached = desk.lab.run.step_count
    desk.finish()
    assert desk.lab.run.step_count == reached
    assert desk.lab.snapshot.get().step == reached
    assert desk.lab.status.get().state == "paused"


@pytest.mark.feature("U1")
def test_a_step_is_one_step_and_shown_at_once(desk, losses):
    desk.lab.step()
    assert desk.lab.snapshot.get().step == 1
    desk.lab.step()
    assert desk.lab.snapshot.get().step == 2
    assert desk.losses == losses[:2]


@pytest.mark.feature("U1")
def test_a_step_while_it_trains_pauses_it(desk):
    desk.lab.train()
    desk.until(lambda: desk.lab.run.step_count >= 10)
    before = desk.lab.run.step_count
    desk.lab.step()
    desk.finish()
    assert desk.lab.run.step_count == before + 1
    assert desk.lab.status.get().state == "paused"


@pytest.mark.feature("U1", "S1-12")
def test_reset_goes_back_to_the_same_first_weights(desk):
    untrained = desk.weights
    desk.train_to(30)
    assert desk.weights != untrained
    desk.lab.reset()
    assert desk.weights == untrained
    assert (desk.lab.snapshot.get().step, desk.lab.snapshot.get().loss) == (0, None)
    assert desk.lab.status.get().state == "ready"


@pytest.mark.feature("U1")
def test_reset_and_the_same_steps_give_the_same_losses_and_weights(desk, straight):
    desk.train_to(70)
    desk.lab.reset()
    desk.train_to(120)
    assert desk.losses == straight.losses
    assert desk.weights == straight.weights


def test_reset_while_it_trains_stops_the_training(desk):
    desk.lab.train()
    desk.until(lambda: desk.lab.run.step_count >= 10)
    desk.lab.reset()
    desk.finish()
    assert desk.lab.run.step_count == 0


@pytest.mark.feature("S1-10")
def test_while_it_trains_a_new_moment_is_shown_ten_times_a_second(desk):
    desk.finish()
    shown = []
    desk.lab.snapshot.watch(lambda snapshot: shown.append((desk.time.now, snapshot.step)))
    began = desk.time.now
    desk.lab.set_speed("fast")
    desk.lab.train()
    desk.until(lambda: desk.time.now > began + 3)
    assert 30 <= len(shown) <= 3 / 0.08 + 1
    assert [step for _, step in shown] == sorted({step for _, step in shown})


def test_the_steps_a_second_are_told_while_it_trains_and_not_after(desk):
    rates = []
    desk.lab.status.watch(lambda status: rates.append(status.rate))
    desk.lab.set_speed("fast")
    desk.train_to(390)
    told = [rate for rate in rates if rate is not None]
    assert told[-1] == pytest.approx(100, rel=0.1)
    assert desk.lab.status.get().rate is None


@pytest.mark.feature("X3")
def test_held_out_names_are_tried_on_the_way(desk):
    desk.train_to(350)
    assert [step for step, _ in desk.lab.snapshot.get().held_out] == [0, 100, 200, 300, 350]


@pytest.mark.feature("X3")
def test_steps_by_hand_are_tried_once_there_is_time(desk):
    desk.finish()
    for _ in range(20):
        desk.lab.step()
    desk.finish()
    assert [step for step, _ in desk.lab.snapshot.get().held_out] == [0, 20]


def test_nothing_is_left_running_once_all_is_done(desk):
    desk.train_to(20)
    assert not desk.slice()
