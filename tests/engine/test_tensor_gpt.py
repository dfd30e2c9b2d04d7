"""The GPT on Tensors: equal to `GPT` where both can be had, and to plain numbers in every variation."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microgpt.config import ACTIVATIONS, ConfigError, GPTConfig
from microgpt.evaluate.heads import measure_heads
from microgpt.experiment import Experiment
from microgpt.model import GPT
from microgpt.scalar_gpt import ScalarGPT
from microgpt.tensor_gpt import TensorGPT
from microgpt.trainer import Trainer
from tests.engine import plain_gpt
from tests.engine.models import Case, cases

SMALL = GPTConfig(vocab_size=5, block_size=5, n_layer=2, n_embd=4, n_head=2)
VARIATIONS = [
    {"bias": True},
    {"tied": True},
    {"gain": True},
    {"attention": False},
    {"positions": False},
    {"residual": False},
    {"rmsnorm": False},
    {"mlp": False},
    *({"activation": name} for name in ACTIVATIONS[1:]),
    {"n_head": 1},
    {"bias": True, "gain": True, "tied": True, "activation": "silu", "residual": False},
    {"attention": False, "mlp": False, "positions": False, "rmsnorm": False},
]
DOCUMENT = [4, 1, 3, 3, 0, 4]
switches = st.fixed_dictionaries(
    {name: st.booleans() for name in ("bias", "tied", "attention", "positions", "residual", "mlp")}
    | {"activation": st.sampled_from(ACTIVATIONS), "n_layer": st.integers(1, 2), "n_head": st.sampled_from([1, 2, 4])}
)
norms = st.sampled_from([{}, {"gain": True}, {"rmsnorm": False}])


def model_of(config: GPTConfig, seed: int = 1) -> TensorGPT:
    """In double precision, with weights large enough for every part to matter."""
    random = np.random.RandomState(seed)
    return TensorGPT(config, random.standard_normal(config.n_params) * 0.4)


def named(variation: object) -> str:
    return ", ".join(f"{name}={value}" for name, value in variation.items())


@settings(max_examples=30)
@given(cases())
def test_without_a_variation_it_is_the_model_of_model_py(case: Case) -> None:
    model = TensorGPT(case.model.config, case.model.flat.copy())
    trace, expected = model.forward(case.document[:-1]), case.model.forward(case.document[:-1])
    np.testing.assert_allclose(trace.logits, expected.logits, rtol=1e-10, atol=1e-12)
    for layer, other in zip(trace.layers, expected.layers, strict=True):
        for name, value in layer._asdict().items():
            np.testing.assert_allclose(value, getattr(other, name), rtol=1e-9, atol=1e-11, err_msg=name)
    assert model.loss(case.document) == pytest.approx(case.model.loss(case.document), rel=1e-12)
    loss = case.model.loss_and_gradient(case.document)
    assert model.loss_and_gradient(case.document) == pytest.approx(loss, rel=1e-12)
    np.testing.assert_allclose(model.flat_grad, case.model.flat_grad, rtol=1e-9, atol=1e-11)


@pytest.mark.feature("E2")
def test_two_hundred_steps_of_training_are_those_of_model_py(lab: Experiment) -> None:
    models = [kind.initial(lab.config, seed=42, dtype=np.float64) for kind in (GPT, TensorGPT)]
    assert models[0].flat.tobytes() == models[1].flat.tobytes()
    fast, general = (Trainer(model, lab.train_documents, lab.settings) for model in models)
    for _ in range(200):
        assert general.step().loss == pytest.approx(fast.step().loss, rel=1e-9)
    np.testing.assert_allclose(general.model.flat, fast.model.flat, rtol=1e-7, atol=1e-9)


@pytest.mark.feature("E2")
@pytest.mark.parametrize("variation", VARIATIONS, ids=named)
def test_every_variation_is_the_model_in_plain_numbers(variation: dict) -> None:
    model = model_of(replace(SMALL, **variation))
    weights = {name: model.params[name].tolist() for name in model.config.shapes()}
    expected = plain_gpt.logits(model.config, weights, DOCUMENT[:-1])
    np.testing.assert_allclose(model.forward(DOCUMENT[:-1]).logits, expected, rtol=1e-9, atol=1e-11)


@pytest.mark.feature("E2")
@pytest.mark.parametrize("variation", VARIATIONS, ids=named)
def test_gradients_of_every_variation_are_the_measured_slopes(variation: dict) -> None:
    model = model_of(replace(SMALL, **variation))
    model.loss_and_gradient(DOCUMENT)
    nudge, slopes = 1e-6, np.empty_like(model.flat)
    for i, value in enumerate(model.flat.copy()):
        around = []
        for model.flat[i] in (value - nudge, value + nudge):
            around.append(model.loss(DOCUMENT))
        model.flat[i] = value
        slopes[i] = (around[1] - around[0]) / (2 * nudge)
    np.testing.assert_allclose(model.flat_grad, slopes, rtol=1e-5, atol=1e-8)


@pytest.mark.feature("E2")
@settings(max_examples=40)
@given(switches, norms, st.integers(0, 99))
def test_parameters_are_counted_exactly_and_those_of_other_parts_start_the_same(
    chosen: dict, norm: dict, seed: int
) -> None:
    config = replace(SMALL, **chosen, **norm)
    model = TensorGPT.initial(config, seed)
    names = list(config.shapes())
    assert {name: model.params[name].shape for name in names} == config.shapes()
    assert sum(model.params[name].size for name in names) == config.n_params == model.flat.size
    model.flat[:] = np.arange(config.n_params)
    assert np.concatenate([model.params[name].ravel() for name in names]).tolist() == list(range(config.n_params))
    whole = TensorGPT.initial(replace(SMALL, n_layer=config.n_layer), seed)
    model = TensorGPT.initial(config, seed)
    for name in names:
        expected = whole.params[name] if name in whole.params else float(name.endswith("gain"))
        np.testing.assert_array_equal(model.params[name], np.broadcast_to(expected, config.shapes()[name]))


@pytest.mark.feature("E2")
@pytest.mark.parametrize(
    ("variation", "more"),
    [
        ({"bias": True}, 2 * (4 * 4 + 16 + 4)),
        ({"tied": True}, -5 * 4),
        ({"gain": True}, 5 * 4),
        ({"attention": False}, -2 * 4 * 4 * 4),
        ({"positions": False}, -5 * 4),
        ({"mlp": False}, -2 * 2 * 4 * 16),
        ({"residual": False}, 0),
        ({"rmsnorm": False}, 0),
        ({"activation": "gelu"}, 0),
        ({"n_head": 1}, 0),
    ],
    ids=str,
)
def test_what_a_variation_adds_in_parameters(variation: dict, more: int) -> None:
    assert replace(SMALL, **variation).n_params == SMALL.n_params + more


@pytest.mark.feature("E2")
@pytest.mark.parametrize("variation", VARIATIONS, ids=named)
def test_the_trace_of_a_variation_adds_up(variation: dict) -> None:
    config = replace(SMALL, **variation)
    trace = model_of(config).forward(DOCUMENT[:-1])
    x = trace.x0
    for layer in trace.layers:
        for before, added, after in (
            (layer.x_in, layer.attn_out, layer.x_mid),
            (layer.x_mid, layer.mlp_out, layer.x_out),
        ):
            stays = config.residual or not added.any()  # a part that is not there adds zeros
            np.testing.assert_allclose(after, before + added if stays else added, rtol=1e-12)
        np.testing.assert_array_equal(layer.x_in, x)
        x = layer.x_out
        assert layer.attention.shape == (config.n_head if config.attention else 0, 5, 5)
        np.testing.assert_allclose(layer.attention.sum(axis=-1), 1)
        assert layer.hidden.shape == (5, 16 if config.mlp else 0)


def test_the_gradient_is_that_of_the_last_document_only() -> None:
    model = model_of(replace(SMALL, bias=True))
    model.loss_and_gradient(DOCUMENT[:3])
    alone = model.flat_grad.copy()
    model.loss_and_gradient(DOCUMENT)
    assert model.flat_grad.tolist() != alone.tolist()
    model.loss_and_gradient(DOCUMENT[:3])
    np.testing.assert_array_equal(model.flat_grad, alone)


def test_a_copy_stays_as_it_is() -> None:
    model = model_of(SMALL)
    copy = model.copy()
    model.flat[:] = 0
    assert copy.loss(DOCUMENT) != model.loss(DOCUMENT)


@pytest.mark.parametrize("tokens", [[], [0] * 6, [5], [0, -1]])
def test_tokens_that_it_can_not_read_are_refused(tokens: list[int]) -> None:
    model = model_of(SMALL)
    for read in (model.forward, lambda tokens: model.loss([*tokens, 0])):
        with pytest.raises(ValueError, match="this model"):
            read(tokens)


@pytest.mark.feature("E2", "U3")
@pytest.mark.parametrize("variation", [v for v in VARIATIONS if v != {"n_head": 1}], ids=named)
def test_the_other_models_name_the_variation_that_they_do_not_know(variation: dict) -> None:
    model = model_of(replace(SMALL, **variation))
    first = next(iter(model.config.variations))
    for other in (GPT, lambda config, _flat: ScalarGPT(config, model.params)):
        with pytest.raises(ConfigError, match=f"{first} = {variation[first]} is a variation") as caught:
            other(model.config, model.flat)
        assert caught.value.field == first


def test_without_attention_there_are_no_heads_to_measure() -> None:
    with pytest.raises(ConfigError, match="no heads to measure"):
        list(measure_heads(model_of(replace(SMALL, attention=False)), [DOCUMENT], {1}))
