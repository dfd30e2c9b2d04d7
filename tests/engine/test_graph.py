"""The model's operations as data: run one by one they are the forward pass, and they point at its code."""

from dataclasses import replace
from itertools import islice
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microgpt.config import ACTIVATIONS, GPTConfig
from microgpt.graph import PROBABILITIES, TOKENS, build
from microgpt.interpreter import evaluate, steps, traced
from microgpt.model import GPT
from microgpt.tensor_gpt import TensorGPT
from tests.engine.models import Case, cases, configs

READ = [26, 17, 4, 23, 0, 8, 9, 3, 17]


@st.composite
def varied(draw: st.DrawFn) -> GPTConfig:
    """Any configuration, its variations included."""
    config = draw(configs())
    switches = ("bias", "tied", "attention", "positions", "residual", "rmsnorm", "mlp")
    chosen = {name: draw(st.booleans(), label=name) for name in switches}
    chosen["gain"] = chosen["rmsnorm"] and draw(st.booleans(), label="gain")
    return replace(config, activation=draw(st.sampled_from(ACTIVATIONS)), **chosen)


@settings(max_examples=60)
@given(cases())
def test_run_one_by_one_the_operations_give_what_the_model_gives_to_the_last_bit(case: Case) -> None:
    graph, tokens = build(case.model.config), case.document[:-1]
    found, expected = evaluate(graph, case.model.params, tokens), traced(case.model.forward(tokens))
    lookups = {"token_rows", "position_rows"}
    assert set(graph.maker) - lookups <= set(expected)
    for name in set(found) - lookups:
        np.testing.assert_array_equal(found[name], expected[name], err_msg=name)
    np.testing.assert_array_equal(found["token_rows"] + found["position_rows"], expected["embedded"])


@settings(max_examples=100)
@given(varied(), st.data())
def test_they_give_what_a_varied_model_gives_to_rounding(config: GPTConfig, data: st.DataObject) -> None:
    rng = np.random.RandomState(data.draw(st.integers(0, 999), label="seed"))
    model = TensorGPT(config, rng.standard_normal(config.n_params) * 0.3)
    token = st.integers(0, config.vocab_size - 1)
    tokens = data.draw(st.lists(token, min_size=1, max_size=config.block_size), label="tokens")
    found, expected = evaluate(build(config), model.params, tokens), traced(model.forward(tokens))
    for name in found.keys() & expected.keys():
        np.testing.assert_allclose(found[name], expected[name], rtol=1e-9, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_model_of_the_labs_size_is_run_to_the_last_bit_too(dtype: type) -> None:
    model = GPT.initial(GPTConfig(), 1, dtype)
    found = evaluate(build(model.config), model.params, READ)
    assert (found[PROBABILITIES] == model.forward(READ).probabilities).all()
    assert {value.dtype for name, value in found.items() if name != TOKENS} == {np.dtype(dtype)}


@pytest.mark.feature("S2-8")
@settings(max_examples=60)
@given(cases())
def test_each_operation_says_the_shape_of_what_it_gives(case: Case) -> None:
    graph, tokens = build(case.model.config), case.document[:-1]
    for operation, value in steps(graph, case.model.params, tokens):
        assert value.shape == graph.shape(operation, len(tokens)), operation.name


@given(varied())
def test_each_value_is_made_once_and_before_it_is_taken(config: GPTConfig) -> None:
    graph, made = build(config), {TOKENS}
    for operation in graph.operations:
        assert made.issuperset(operation.inputs), operation.name
        assert operation.output not in made
        made.add(operation.output)
    assert len(graph.by_name) == len(graph.operations)
    assert len(graph.residual) == config.n_layer + 1


@pytest.mark.feature("S1-17")
@given(varied())
def test_every_weight_belongs_to_an_operation_and_counts_once(config: GPTConfig) -> None:
    graph, shapes = build(config), config.shapes()
    owned = [name for operation in graph.operations for name in operation.weights]
    assert set(owned) == set(shapes)
    assert len(owned) == len(shapes) + config.tied  # wte looks up, and if tied it answers as well
    for operation in graph.operations:
        assert graph.parameters([operation]) == sum(prod(shapes[name]) for name in operation.weights)
    assert graph.parameters(graph.operations) == config.n_params


@given(varied())
def test_what_is_switched_off_has_no_operation(config: GPTConfig) -> None:
    kinds = {operation.kind for operation in build(config).operations}
    assert ("scores" in kinds) == config.attention
    assert (config.activation in kinds) == config.mlp
    assert ("position rows" in kinds) == config.positions
    assert ("rmsnorm" in kinds) == config.rmsnorm
    added = config.n_layer * (config.attention + config.mlp) if config.residual else 0
    assert sum(operation.kind == "add" for operation in build(config).operations) == added + config.positions


@given(configs(), st.integers(1, 6))
def test_the_multiplications_are_those_of_the_textbook(config: GPTConfig, t: int) -> None:
    """12 C² a token and layer for the weights, 2 T C for attention (Kaplan et al., 2020, table 1, halved)."""
    graph, c = build(config), config.n_embd
    found = sum(graph.multiplications(operation, t) for operation in graph.operations)
    assert found == t * (config.n_layer * (12 * c * c + 2 * t * c) + c * config.vocab_size)


def test_a_run_can_be_stopped_between_any_two_operations() -> None:
    model = GPT.initial(GPTConfig(), 1)
    first = list(islice(steps(build(model.config), model.params, READ), 3))
    assert [operation.name for operation, _ in first] == ["wte", "wpe", "embed"]


def test_a_changed_value_changes_what_comes_after_it_and_nothing_before() -> None:
    model = GPT.initial(GPTConfig(), 1)
    graph = build(model.config)
    plain = evaluate(graph, model.params, READ)
    found = evaluate(graph, model.params, READ, {"layer0.hidden": lambda hidden: hidden * 2})
    changed = {name for name in found if not np.array_equal(found[name], plain[name])}
    order = list(graph.maker)
    assert changed == set(order[order.index("layer0.hidden") :])
    np.testing.assert_array_equal(found["layer0.hidden"], 2 * plain["layer0.hidden"])


@pytest.mark.parametrize(
    ("tokens", "edits", "message"),
    [
        ([], {}, "0 tokens given; this model reads 1 to 4"),
        ([0] * 5, {}, "5 tokens given; this model reads 1 to 4"),
        ([0, 3], {}, r"tokens are 0 to 2 for this model, not \[0, 3\]"),
        ([0, -1], {}, r"tokens are 0 to 2 for this model, not \[0, -1\]"),
        ([0], {"layer1.mixed": np.zeros_like}, "this model has no value 'layer1.mixed' to change; it has token_rows"),
    ],
)
def test_what_can_not_be_run_is_refused(tokens: list[int], edits: dict, message: str) -> None:
    model = GPT.initial(GPTConfig(vocab_size=3, block_size=4, n_layer=1, n_embd=4, n_head=2), 1)
    with pytest.raises(ValueError, match=message):
        evaluate(build(model.config), model.params, tokens, edits)
