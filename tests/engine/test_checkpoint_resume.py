"""Going on from a checkpoint is going on as if nothing had happened."""

import io
from dataclasses import replace

import numpy as np
import pytest

from microgpt import checkpoint
from microgpt.checkpoint import Checkpoint, CheckpointError
from microgpt.experiment import Experiment
from tests.engine.test_checkpoint import after


def through_a_file(moment: Checkpoint) -> Checkpoint:
    file = io.BytesIO()
    checkpoint.save(moment, file)
    file.seek(0)
    return checkpoint.load(file)


@pytest.mark.feature("X8", "S1-12")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("at", [0, 1, 17, 40])
def test_resumed_equals_uninterrupted_to_the_last_bit(tiny: Experiment, at: int, dtype: type) -> None:
    whole = tiny.trainer(dtype)
    results = [whole.step() for _ in range(tiny.settings.steps)]
    resumed = through_a_file(after(tiny, at, dtype)).resume(tiny)
    assert resumed.step_count == at
    rest = []
    while not resumed.finished:
        rest.append(resumed.step())
    assert rest == results[at:]
    np.testing.assert_array_equal(resumed.model.flat, whole.model.flat)
    for name, array in whole.optimizer.state.items():
        np.testing.assert_array_equal(resumed.optimizer.state[name], array)
    assert resumed.model.flat.dtype == dtype


@pytest.mark.feature("S1-13")
def test_the_step_reached_is_that_of_a_run_stopped_there(tiny: Experiment) -> None:
    stopped = tiny.trainer()
    for _ in range(9):
        stopped.step()
    np.testing.assert_array_equal(through_a_file(after(tiny, 9)).model.flat, stopped.model.flat)


def test_resuming_twice_gives_two_runs_that_do_not_touch_each_other(tiny: Experiment) -> None:
    moment = after(tiny, 5)
    first, second = moment.resume(tiny), moment.resume(tiny)
    first.step()
    np.testing.assert_array_equal(second.model.flat, moment.flat)
    np.testing.assert_array_equal(second.optimizer.v, moment.state["adam.v"])


@pytest.mark.feature("X8")
def test_other_names_are_refused(tiny: Experiment) -> None:
    other = Experiment(tiny.names[:-1], tiny.settings)
    with pytest.raises(CheckpointError, match="another list of names"):
        after(tiny, 3).resume(other)


@pytest.mark.feature("X8")
@pytest.mark.parametrize("change", [{"seed": 8}, {"steps": 41}, {"learning_rate": 0.02}, {"n_layer": 2}])
def test_other_settings_are_refused(tiny: Experiment, change: dict) -> None:
    other = Experiment(tiny.names, replace(tiny.settings, **change))
    with pytest.raises(CheckpointError, match="other settings"):
        after(tiny, 3).resume(other)
