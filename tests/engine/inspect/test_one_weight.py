"""One weight under Adam: what is told of a step is what the step did."""

from dataclasses import replace

import numpy as np
import pytest

from microgpt.config import GPTConfig
from microgpt.experiment import Experiment
from microgpt.inspect.one_weight import KEPT, WeightWatch, rehearse, steepest
from microgpt.model import GPT
from microgpt.scalar_gpt import ScalarAdam, ScalarGPT
from microgpt.settings import Settings
from microgpt.trainer import Trainer

DOCUMENTS = [[4, 0, 1, 1, 4], [4, 2, 4], [4, 3, 3, 3, 0, 4], [4, 1, 2, 3, 0, 1, 2]]
SHAPE = GPTConfig(vocab_size=5, block_size=6, n_layer=1, n_embd=6, n_head=3)
SCHEDULE = Settings(steps=20, learning_rate=0.02, seed=3)


def watched_step(trainer: Trainer, watch: WeightWatch) -> None:
    for stage in trainer.stages():
        watch.see(stage)


@pytest.mark.feature("S2-9")
@pytest.mark.parametrize("index", [0, 40, 139])
def test_every_term_equals_that_of_adam_on_single_values(index: int) -> None:
    model = GPT.initial(SHAPE, seed=3, dtype=np.float64)
    scalar = ScalarGPT(SHAPE, model.params)
    trainer = Trainer(model, DOCUMENTS, SCHEDULE)
    adam = ScalarAdam(list(scalar.parameters()), SCHEDULE.steps, SCHEDULE.learning_rate)
    watch = WeightWatch(trainer, index)
    for _ in range(12):
        weight = adam.parameters[index]
        before, m_before, v_before = weight.data, adam.m[index], adam.v[index]
        watched_step(trainer, watch)
        told = watch.steps[-1]
        document = trainer.documents[trainer.order[(told.count - 1) % len(DOCUMENTS)]].tolist()
        scalar.loss(document).backward()
        gradient = weight.grad
        adam.step()
        t = adam.step_count
        m_hat, v_hat = adam.m[index] / (1 - adam.beta1**t), adam.v[index] / (1 - adam.beta2**t)
        assert (told.count, told.gradient) == (t, pytest.approx(gradient, abs=1e-9))
        assert (told.before, told.m_before, told.v_before) == pytest.approx((before, m_before, v_before), abs=1e-9)
        assert (told.m, told.v) == pytest.approx((adam.m[index], adam.v[index]), abs=1e-9)
        assert (told.m_hat, told.v_hat) == pytest.approx((m_hat, v_hat), abs=1e-9)
        assert told.after == pytest.approx(weight.data, abs=1e-9)
        assert told.change == pytest.approx(-told.learning_rate * m_hat / (v_hat**0.5 + adam.eps), abs=1e-9)
    assert len(watch.steps) == 12


@pytest.mark.feature("S2-9")
def test_in_single_precision_it_is_what_stands_in_the_arrays_to_the_last_bit(tiny: Experiment) -> None:
    trainer = tiny.trainer()
    adam, index = trainer.optimizer, 300
    watch = WeightWatch(trainer, index)
    for _ in range(5):
        old = (adam.flat[index], adam.m[index], adam.v[index])
        watched_step(trainer, watch)
        told = watch.steps[-1]
        assert (told.before, told.m_before, told.v_before) == old
        assert (told.after, told.m, told.v) == (adam.flat[index], adam.m[index], adam.v[index])
        assert told.gradient == trainer.model.flat_grad[index]


@pytest.mark.feature("S2-9")
@pytest.mark.parametrize("steps", [0, 7])
def test_a_rehearsal_tells_exactly_what_the_step_then_does_and_changes_nothing(tiny: Experiment, steps: int) -> None:
    trainer = tiny.trainer()
    for _ in range(steps):
        trainer.step()
    watch = None
    for stage in trainer.stages():
        if stage.name == "backward":
            index = steepest(stage.gradient)
            watch = WeightWatch(trainer, index)
            kept = [array.copy() for array in (trainer.model.flat, trainer.optimizer.m, trainer.optimizer.v)]
            gradient = float(stage.gradient[index])
            said = rehearse(trainer.optimizer, index, gradient, trainer.learning_rate, trainer.step_count + 1)
            for array, was in zip((trainer.model.flat, trainer.optimizer.m, trainer.optimizer.v), kept, strict=True):
                np.testing.assert_array_equal(array, was)
        if watch:
            watch.see(stage)
    assert said == watch.steps[-1]
    assert said.change != 0


def test_watching_changes_nothing(tiny: Experiment) -> None:
    plain, watched = tiny.trainer(), tiny.trainer()
    watch = WeightWatch(watched, 5)
    for _ in range(10):
        plain.step()
        watched_step(watched, watch)
    np.testing.assert_array_equal(plain.model.flat, watched.model.flat)
    np.testing.assert_array_equal(plain.optimizer.v, watched.optimizer.v)


@pytest.mark.feature("E2")
def test_an_optimiser_without_averages_can_not_be_watched(tiny: Experiment) -> None:
    plain = Experiment(tiny.names, replace(tiny.settings, optimizer="sgd")).trainer()
    with pytest.raises(ValueError, match="sgd keeps no m and no v"):
        WeightWatch(plain, 5)


def test_a_step_of_adamw_is_rehearsed_with_its_decay(tiny: Experiment) -> None:
    trainer = Experiment(tiny.names, replace(tiny.settings, optimizer="adamw", weight_decay=0.5)).trainer()
    watch = WeightWatch(trainer, 5)
    for stage in trainer.stages():
        if stage.gradient is not None and stage.result is None:
            said = rehearse(trainer.optimizer, 5, float(stage.gradient[5]), trainer.learning_rate, 1)
        watch.see(stage)
    assert said == watch.steps[-1]


def test_a_watch_remembers_the_last_steps_only(tiny: Experiment) -> None:
    trainer = Experiment(tiny.names, replace(tiny.settings, steps=KEPT + 20)).trainer()
    watch = WeightWatch(trainer, 5)
    for _ in range(KEPT + 10):
        watched_step(trainer, watch)
    assert [step.count for step in watch.steps] == list(range(11, KEPT + 11))


def test_a_step_whose_beginning_was_not_seen_is_not_told_of(tiny: Experiment) -> None:
    trainer = tiny.trainer()
    stages = trainer.stages()
    for _ in range(3):
        next(stages)
    watch = WeightWatch(trainer, 5)
    watch.see(next(stages))
    assert not watch.steps
    watched_step(trainer, watch)
    assert [step.count for step in watch.steps] == [2]


@pytest.mark.parametrize("index", [-1, 10**9])
def test_a_weight_that_is_not_there_is_refused(tiny: Experiment, index: int) -> None:
    with pytest.raises(IndexError, match=f"no weight {index}"):
        WeightWatch(tiny.trainer(), index)
