"""The trainer: the same run every time, one document a step, until the schedule is over."""

from dataclasses import replace

import numpy as np
import pytest

from microgpt.experiment import Experiment
from microgpt.trainer import Trainer


def run(experiment: Experiment, steps: int) -> list[float]:
    trainer = experiment.trainer()
    return [trainer.step().loss for _ in range(steps)]


@pytest.mark.feature("U1", "S1-12")
def test_the_same_seed_gives_the_same_losses(tiny: Experiment) -> None:
    assert run(tiny, 40) == run(tiny, 40)


@pytest.mark.feature("U1")
def test_another_seed_gives_other_losses(tiny: Experiment) -> None:
    other = Experiment(tiny.names, replace(tiny.settings, seed=8))
    assert run(other, 3) != run(tiny, 3)


def test_another_seed_keeps_the_same_names_held_out(tiny: Experiment) -> None:
    other = Experiment(tiny.names, replace(tiny.settings, seed=8))
    assert other.split == tiny.split


@pytest.mark.feature("S1-12")
def test_a_new_trainer_begins_with_the_same_weights_and_its_own_copy_of_them(tiny: Experiment) -> None:
    first = tiny.trainer()
    start = first.model.flat.copy()
    first.step()
    assert not np.array_equal(first.model.flat, start)
    np.testing.assert_array_equal(tiny.trainer().model.flat, start)


def test_each_epoch_goes_through_every_document_once_in_the_same_order(tiny: Experiment) -> None:
    trainer = Trainer(tiny.trainer().model, tiny.train_documents[:7], tiny.settings)
    indices = [trainer.step().index for _ in range(17)]
    assert sorted(indices[:7]) == list(range(7))
    assert indices[:7] != list(range(7))  # shuffled
    assert indices[7:] == (indices * 2)[: len(indices) - 7]


@pytest.mark.feature("S4-3")
def test_an_epoch_is_as_many_steps_as_there_are_documents(tiny: Experiment) -> None:
    trainer = Trainer(tiny.trainer().model, tiny.train_documents[:4], tiny.settings)
    for _ in range(6):
        trainer.step()
    assert trainer.epoch == 1.5


def test_a_step_says_what_it_did(tiny: Experiment) -> None:
    trainer = tiny.trainer()
    before = trainer.model.copy()
    result = trainer.step()
    assert (result.step, trainer.step_count) == (1, 1)
    assert result.index == trainer.order[0]
    assert result.learning_rate == tiny.settings.learning_rate
    assert result.loss == pytest.approx(before.loss(trainer.documents[result.index]))  # before it moved
    assert trainer.model.loss(trainer.documents[result.index]) < result.loss


def test_the_learning_rate_falls_to_its_last_step_and_then_the_schedule_is_over(tiny: Experiment) -> None:
    trainer, n, rate = tiny.trainer(), tiny.settings.steps, tiny.settings.learning_rate
    rates = [trainer.step().learning_rate for _ in range(n)]
    assert rates == pytest.approx([rate * (1 - i / n) for i in range(n)])
    assert trainer.finished
    weights = trainer.model.flat.copy()
    with pytest.raises(RuntimeError, match="the schedule of 40 steps is over"):
        trainer.step()
    np.testing.assert_array_equal(trainer.model.flat, weights)
    assert trainer.step_count == n


def test_the_rate_of_a_step_does_not_depend_on_where_training_paused(tiny: Experiment) -> None:
    trainer = tiny.trainer()
    for _ in range(10):
        trainer.step()
    assert not trainer.finished
    assert trainer.step().learning_rate == pytest.approx(tiny.settings.learning_rate * (1 - 10 / 40))


@pytest.mark.feature("X8")
@pytest.mark.parametrize("which", ["flat", "adam.m", "adam.v"])
def test_what_is_restored_must_have_the_models_size(tiny: Experiment, which: str) -> None:
    trainer = tiny.trainer()
    before = trainer.model.flat.copy()
    arrays = dict.fromkeys(("flat", "adam.m", "adam.v"), before + 1)
    arrays[which] = arrays[which][:1]
    with pytest.raises(ValueError, match=r"\(1,\)"):
        trainer.restore(arrays.pop("flat"), arrays, 3)
    assert np.array_equal(trainer.model.flat, before) and trainer.step_count == 0


def test_the_state_of_another_optimiser_is_refused(tiny: Experiment) -> None:
    trainer = tiny.trainer()
    with pytest.raises(ValueError, match=r"keeps adam\.m, adam\.v, not nothing"):
        trainer.restore(trainer.model.flat + 1, {}, 3)
    assert trainer.step_count == 0


def test_no_documents_are_refused(tiny: Experiment) -> None:
    with pytest.raises(ValueError, match="no documents"):
        Trainer(tiny.trainer().model, [], tiny.settings)
