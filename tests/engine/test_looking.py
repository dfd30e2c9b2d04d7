"""Looking at a run between its steps never changes it."""

from collections.abc import Callable

import numpy as np
import pytest

from microgpt.checkpoint import Checkpoint
from microgpt.evaluate.held_out import held_out_loss
from microgpt.experiment import Experiment
from microgpt.rng import stream
from microgpt.sampling import complete
from microgpt.trainer import Trainer

Look = Callable[[Experiment, Trainer], object]


def sample(experiment: Experiment, trainer: Trainer) -> str:
    return complete(trainer.model, experiment.tokenizer, stream(experiment.settings.seed, "sampling"))


def train_a_copy(experiment: Experiment, trainer: Trainer) -> None:
    copy = Trainer(trainer.model.copy(), trainer.documents, trainer.settings)
    copy.step()


def capture_and_train_on(experiment: Experiment, trainer: Trainer) -> None:
    moment = Checkpoint.capture(experiment, trainer, np.zeros(trainer.step_count))
    moment.resume(experiment).step()


LOOKS: dict[str, Look] = {
    "sampling": sample,
    "evaluating": lambda e, t: held_out_loss(t.model, e.held_out_documents),
    "tracing": lambda e, t: t.model.forward(e.held_out_documents[0][:-1]).probabilities,
    "training a copy of the model": train_a_copy,
    "training on from a checkpoint": capture_and_train_on,
    "another trainer": lambda e, t: e.trainer().step(),
    "NumPy's global random numbers": lambda e, t: np.random.seed(1),
}


@pytest.mark.parametrize("look", LOOKS)
def test_changes_no_loss(look: str, tiny: Experiment) -> None:
    watched, alone = tiny.trainer(), tiny.trainer()
    for _ in range(15):
        LOOKS[look](tiny, watched)
        assert watched.step() == alone.step()
    np.testing.assert_array_equal(watched.model.flat, alone.model.flat)


@pytest.mark.feature("S1-16")
def test_a_copy_of_the_model_stays_as_it_was(tiny: Experiment) -> None:
    trainer = tiny.trainer()
    copy, weights = trainer.model.copy(), trainer.model.flat.copy()
    trainer.step()
    np.testing.assert_array_equal(copy.flat, weights)
    np.testing.assert_array_equal(copy.params["wte"].ravel(), weights[: copy.params["wte"].size])


def test_a_trace_stays_as_it_was(tiny: Experiment) -> None:
    trainer = tiny.trainer()
    trace = trainer.model.forward([trainer.model.config.vocab_size - 1, 3, 4])
    kept = [array.copy() for array in (trace.embedded, trace.logits, trace.layers[0].attention)]
    trainer.step()
    for before, after in zip(kept, (trace.embedded, trace.logits, trace.layers[0].attention), strict=True):
        np.testing.assert_array_equal(after, before)
