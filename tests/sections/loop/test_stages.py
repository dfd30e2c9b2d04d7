"""Slow motion shows the stages of real steps, and changes nothing about them."""

import numpy as np
import pytest

from lab.sections.loop import view as loop
from lab.sections.weight.model import index_of, locate
from microgpt.experiment import Experiment
from microgpt.trainer import STAGES
from tests.core.desk import Desk


def slow_steps(desk: Desk, steps: int) -> list[str]:
    """Train in slow motion; the stages that were shown, in order."""
    seen = []
    undo = desk.lab.stage.watch(lambda stage: stage and seen.append(stage.name))
    desk.lab.set_speed("slow")
    desk.train_to(desk.lab.run.step_count + steps)
    undo()
    return seen


@pytest.mark.feature("S1-11", "U2")
def test_every_step_goes_through_the_four_stages(desk):
    assert slow_steps(desk, 3) == list(STAGES) * 3


@pytest.mark.feature("S1-11")
def test_each_stage_stays_for_half_a_second_at_least(desk):
    times = []
    desk.lab.stage.watch(lambda stage: stage and times.append(desk.time.now))
    slow_steps(desk, 3)
    assert min(np.diff(times)) >= 0.5


@pytest.mark.feature("U2")
def test_a_step_half_done_in_slow_motion_is_finished_by_the_next_command(desk, names, small_experiment):
    desk.lab.set_speed("slow")
    desk.lab.train()
    desk.until(lambda: desk.lab.stage.get() is not None and desk.lab.stage.get().name == "backward")
    desk.lab.pause()
    desk.lab.set_speed("max")
    desk.train_to(30)
    trainer = small_experiment.trainer()
    assert desk.losses == [trainer.step().loss for _ in range(30)]


@pytest.mark.feature("U2")
def test_slow_motion_takes_the_very_steps_that_full_speed_takes(desk, small_experiment):
    slow_steps(desk, 5)
    trainer = small_experiment.trainer()
    assert desk.losses == [trainer.step().loss for _ in range(5)]


def test_what_is_said_of_a_stage_is_the_steps_own(desk, small_experiment: Experiment):
    stages = []
    desk.lab.stage.watch(lambda stage: stage and stages.append(stage))
    slow_steps(desk, 1)
    said = [loop.describe(stage, small_experiment) for stage in stages]
    assert [len(one) for one in said] == [1, 2, 3, 4]
    assert f"Loss {desk.losses[0]:.2f}"[:8] in said[1]["loss"]
    assert f"{small_experiment.config.n_params:,} gradients" in said[2]["backward"]


def test_a_parameters_place_is_found_in_its_matrix(small_experiment: Experiment):
    model = small_experiment.trainer().model
    for flat in (0, 1000, len(model.flat) - 1):
        place = locate(flat, small_experiment.config)
        assert model.params[place.matrix][place.row, place.column] == model.flat[flat]
        assert index_of(place, small_experiment.config) == flat
