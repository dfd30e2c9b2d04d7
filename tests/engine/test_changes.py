"""Settings that change while a run trains: recorded, and done again to the last bit."""

from dataclasses import replace

import numpy as np
import pytest

from microgpt.changes import Change
from microgpt.checkpoint import Checkpoint, CheckpointError
from microgpt.config import ConfigError
from microgpt.experiment import Experiment
from microgpt.trainer import Trainer
from tests.engine.test_checkpoint_resume import through_a_file


def train(trainer: Trainer, steps: int) -> list[float]:
    return [trainer.step().loss for _ in range(steps)]


def kept(experiment: Experiment, trainer: Trainer, losses: list[float]) -> Checkpoint:
    return through_a_file(Checkpoint.capture(experiment, trainer, np.array(losses)))


@pytest.mark.feature("E2", "E6", "X8")
def test_a_finished_run_is_extended_and_its_record_makes_it_again(tiny: Experiment) -> None:
    trainer = tiny.trainer()
    losses = train(trainer, 40)
    finished = kept(tiny, trainer, losses)
    assert finished.finished and finished.resume(tiny).finished
    longer = finished.extended(60)
    assert not longer.finished and longer.steps == 60
    experiment = Experiment(tiny.names, longer.settings, longer.changes)
    resumed = longer.resume(experiment)
    # stretched over all 60 steps: a third is still to come
    assert resumed.learning_rate == pytest.approx(tiny.settings.learning_rate / 3)
    losses += train(resumed, 20)
    assert resumed.finished
    again = experiment.trainer()
    assert train(again, 60) == losses
    np.testing.assert_array_equal(again.model.flat, resumed.model.flat)
    assert through_a_file(kept(experiment, resumed, losses)).changes == ((40, "steps", 60),)


@pytest.mark.feature("X8")
def test_a_schedule_shorter_than_the_steps_taken_is_refused(tiny: Experiment) -> None:
    trainer = tiny.trainer()
    moment = kept(tiny, trainer, train(trainer, 12))
    with pytest.raises(CheckpointError, match="taken 12 steps already: 11 in all are too few"):
        moment.extended(11)
    assert moment.extended(40) is moment
    assert moment.extended(12).finished


@pytest.mark.feature("X8")
def test_an_extended_run_is_another_run_than_the_one_it_was(tiny: Experiment) -> None:
    trainer = tiny.trainer()
    moment = kept(tiny, trainer, train(trainer, 12))
    with pytest.raises(CheckpointError, match="other settings"):
        moment.extended(50).resume(tiny)


@pytest.mark.feature("E6")
def test_a_learning_rate_changed_on_the_way_is_part_of_the_record(tiny: Experiment) -> None:
    trainer = tiny.trainer()
    losses = train(trainer, 10)
    trainer.change(learning_rate=0.02)
    assert trainer.learning_rate == pytest.approx(0.02 * (1 - 10 / 40))
    losses += train(trainer, 5)
    moment = kept(tiny, trainer, losses)
    assert moment.changes == (Change(10, "learning_rate", 0.02),)
    again = Experiment(tiny.names, moment.settings, moment.changes).trainer()
    assert train(again, 15) == losses
    assert train(tiny.trainer(), 10) == losses[:10]


@pytest.mark.feature("E6", "U3")
@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"n_layer": 2}, "n_layer can't change while a run trains; steps, learning_rate can"),
        ({"optimizer": "sgd"}, "optimizer can't change"),
        ({"learning_rate": 2.0}, "above 0 and at most 1, not 2.0"),
    ],
)
def test_a_change_that_can_not_be_made_names_its_setting(tiny: Experiment, change: dict, says: str) -> None:
    trainer = tiny.trainer()
    with pytest.raises(ConfigError, match=says) as caught:
        trainer.change(**change)
    assert [caught.value.field] == list(change)
    assert trainer.changes == ()
    (name, value), *_ = change.items()
    with pytest.raises(ConfigError, match=says):
        Experiment(tiny.names, tiny.settings, [Change(3, name, value)])


def test_a_change_in_a_file_is_checked_like_any_other(tiny: Experiment) -> None:
    trainer = tiny.trainer()
    moment = kept(tiny, trainer, train(trainer, 3))
    broken = replace(moment, changes=(Change(-1, "steps", 50),))
    with pytest.raises(CheckpointError, match="steps can't change at step -1"):
        through_a_file(broken)
