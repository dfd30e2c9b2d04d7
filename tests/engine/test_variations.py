"""Runs under every setting: trained, saved, resumed, evaluated."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microgpt.checkpoint import Checkpoint
from microgpt.config import ACTIVATIONS, ConfigError
from microgpt.evaluate.held_out import held_out_loss
from microgpt.experiment import Experiment, Settings
from microgpt.model import GPT
from microgpt.settings import DECAYS, FIELDS, OPTIMIZERS
from microgpt.tensor_gpt import TensorGPT
from microgpt.trainer import Trainer
from tests.engine.test_checkpoint_resume import through_a_file

CHANGED = [  # each setting away from its default, but for the sizes and the seed, which other tests change
    {"optimizer": "sgd", "learning_rate": 0.3},
    {"optimizer": "adamw"},
    {"optimizer": "adamw", "weight_decay": 0.5},
    {"beta1": 0.5},
    {"beta2": 0.9},
    {"decay": "none"},
    {"decay": "cosine"},
    {"batch_size": 3},
    *({"activation": name} for name in ACTIVATIONS[1:]),
    *({name: True} for name in ("bias", "tied", "gain")),
    *({name: False} for name in ("attention", "positions", "residual", "rmsnorm", "mlp")),
]
combinations = st.fixed_dictionaries(
    {
        "n_layer": st.integers(1, 2),
        "n_head": st.sampled_from([1, 2, 4]),
        "optimizer": st.sampled_from(OPTIMIZERS),
        "decay": st.sampled_from(DECAYS),
        "batch_size": st.integers(1, 3),
        "activation": st.sampled_from(ACTIVATIONS),
    }
    | {field.name: st.booleans() for field in FIELDS if field.kind is bool}
)


def experiment_of(tiny: Experiment, changed: dict) -> Experiment:
    return Experiment(tiny.names, replace(tiny.settings, **changed))


def test_every_setting_is_tried() -> None:
    tried = {name for changed in CHANGED for name in changed}
    sizes = {"n_layer", "n_embd", "n_head", "block_size", "steps", "seed"}
    assert tried | sizes == {field.name for field in FIELDS}


@pytest.mark.feature("E2", "X8")
@pytest.mark.parametrize("changed", CHANGED, ids=str)
def test_resumed_equals_uninterrupted_to_the_last_bit_and_differs_from_the_default(
    tiny: Experiment, changed: dict
) -> None:
    experiment = experiment_of(tiny, changed)
    whole = experiment.trainer()
    losses = [whole.step().loss for _ in range(10)]
    first = experiment.trainer()
    early = np.array([first.step().loss for _ in range(4)])
    saved = through_a_file(Checkpoint.capture(experiment, first, early))
    resumed = saved.resume(experiment)
    assert [resumed.step().loss for _ in range(6)] == losses[4:]
    np.testing.assert_array_equal(resumed.model.flat, whole.model.flat)
    plain = tiny.trainer()
    assert losses != [plain.step().loss for _ in range(10)]


@pytest.mark.feature("E2", "U3")
@settings(max_examples=40)
@given(combinations)
def test_every_combination_trains_or_names_the_field_at_fault(tiny: Experiment, changed: dict) -> None:
    if changed["gain"] and not changed["rmsnorm"]:
        with pytest.raises(ConfigError) as caught:
            experiment_of(tiny, changed)
        assert caught.value.field == "gain"
        return
    experiment = experiment_of(tiny, changed)
    trainer = experiment.trainer()
    for _ in range(3):
        assert 0 < trainer.step().loss < 50
    assert np.isfinite(trainer.model.flat).all()
    made = [trainer.model.params[name].size for name in experiment.config.shapes()]
    assert sum(made) == experiment.config.n_params == trainer.model.flat.size


@pytest.mark.feature("E2")
@pytest.mark.parametrize("changed", [{}, *CHANGED], ids=str)
def test_the_experiment_chooses_the_model_and_says_which(tiny: Experiment, changed: dict) -> None:
    experiment = experiment_of(tiny, changed)
    shaping = {"activation"} | {field.name for field in FIELDS if field.kind is bool}
    module, model = ("tensor_gpt.py", TensorGPT) if shaping & set(changed) else ("model.py", GPT)
    assert experiment.engine == module
    assert type(experiment.trainer().model) is model


@pytest.mark.feature("E2")
@pytest.mark.parametrize("changed", [{}, {"bias": True}])
def test_a_step_on_a_batch_learns_from_the_mean_of_its_names(tiny: Experiment, changed: dict) -> None:
    chosen = replace(tiny.settings, batch_size=3, optimizer="sgd", decay="none", learning_rate=0.5, **changed)
    trainer = Experiment(tiny.names, chosen).trainer(np.float64)
    before = trainer.model.copy()
    first, second = trainer.step(), trainer.step()
    assert first.indices + second.indices == tuple(trainer.order[:6])
    assert trainer.epoch == 6 / len(trainer.documents)
    model = before.copy()
    for result in (first, second):
        gradients, losses = [], []
        for index in result.indices:
            losses.append(model.loss_and_gradient(trainer.documents[index]))
            gradients.append(model.flat_grad.copy())
        assert result.loss == pytest.approx(np.mean(losses))
        model.flat -= 0.5 * np.mean(gradients, axis=0)
    np.testing.assert_allclose(trainer.model.flat, model.flat, rtol=1e-12, atol=1e-15)


def test_the_stages_of_a_batch_are_those_of_its_names_and_one_update(tiny: Experiment) -> None:
    trainer = experiment_of(tiny, {"batch_size": 2}).trainer()
    before = trainer.model.flat.copy()
    seen = []
    for stage in trainer.stages():
        seen.append((stage.name, stage.index))
        assert np.array_equal(trainer.model.flat, before) == (stage.result is None)
    a, b = (int(index) for index in trainer.order[:2])
    names = ("forward", "loss", "backward")
    assert seen == [*((name, a) for name in names), *((name, b) for name in names), ("update", b)]


@pytest.mark.feature("E2")
@pytest.mark.parametrize("changed", [{"mlp": False}, {"tied": True, "gain": True}], ids=str)
def test_held_out_names_are_evaluated_by_the_same_loss(tiny: Experiment, changed: dict) -> None:
    experiment = experiment_of(tiny, changed)
    model, documents = experiment.trainer().model, experiment.held_out_documents
    expected = np.mean([model.loss(document) for document in documents])
    assert held_out_loss(model, documents) == pytest.approx(expected, rel=1e-6)


@pytest.mark.feature("E2")
def test_a_checkpoint_from_before_these_settings_is_read_with_their_defaults(tiny: Experiment) -> None:
    old = Settings(n_layer=1, n_embd=8, n_head=2, steps=40, seed=7)
    assert old == tiny.settings
    trainer = Trainer(tiny.trainer().model, tiny.train_documents, old)
    assert trainer.step().loss == tiny.trainer().step().loss
