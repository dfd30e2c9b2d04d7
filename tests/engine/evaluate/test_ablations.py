"""Knock-outs: nothing silenced changes nothing; a silenced part is gone, and the rest as it was."""

from collections.abc import Generator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microgpt.config import GPTConfig
from microgpt.evaluate.ablations import MLP, Head, HeldOut, Knockout, Past, edits, effect, held_out
from microgpt.evaluate.held_out import held_out_loss
from microgpt.experiment import Experiment
from microgpt.graph import build
from microgpt.interpreter import evaluate
from microgpt.model import GPT
from microgpt.tensor_gpt import TensorGPT
from tests.engine.models import Case, cases


def without(case: Case, weight: str, columns: slice = slice(None)) -> GPT:
    """The model with these columns of one of its matrices set to zero."""
    other = case.model.copy()
    other.params[weight][:, columns] = 0
    return other


def finished(work: Generator[float, None, HeldOut]) -> tuple[HeldOut, list[float]]:
    """What a generator returns in the end, and what it has yielded on the way."""
    progress = []
    while True:
        try:
            progress.append(next(work))
        except StopIteration as done:
            return done.value, progress


@pytest.mark.feature("E8", "X9")
@settings(max_examples=60)
@given(cases())
def test_with_nothing_silenced_nothing_changes_to_the_last_bit(case: Case) -> None:
    graph, params, tokens = build(case.model.config), case.model.params, case.document[:-1]
    found = effect(graph, params, tokens, [])
    np.testing.assert_array_equal(found.before, case.model.forward(tokens).probabilities)
    np.testing.assert_array_equal(found.after, found.before)
    loss, _ = finished(held_out(graph, params, [case.document], []))
    assert loss.change == 0 and loss.before == case.model.loss(case.document)


@pytest.mark.feature("E8", "X9")
@settings(max_examples=60)
@given(cases(), st.data())
def test_a_silenced_head_is_one_whose_output_weighs_nothing(case: Case, data: st.DataObject) -> None:
    config, tokens = case.model.config, case.document[:-1]
    layer = data.draw(st.integers(0, config.n_layer - 1))
    head = data.draw(st.integers(0, config.n_head - 1))
    own = slice(head * config.head_size, (head + 1) * config.head_size)
    found = effect(build(config), case.model.params, tokens, [Head(layer, head)])
    expected = without(case, f"layer{layer}.attn_wo", own).forward(tokens).probabilities
    np.testing.assert_allclose(found.after, expected, rtol=1e-9, atol=1e-15)


@pytest.mark.feature("E8")
@settings(max_examples=40)
@given(cases(), st.data())
def test_a_silenced_mlp_is_one_that_adds_nothing(case: Case, data: st.DataObject) -> None:
    layer = data.draw(st.integers(0, case.model.config.n_layer - 1))
    found = effect(build(case.model.config), case.model.params, case.document[:-1], [MLP(layer)])
    expected = without(case, f"layer{layer}.mlp_fc2").forward(case.document[:-1]).probabilities
    np.testing.assert_allclose(found.after, expected, rtol=1e-9, atol=1e-15)


@pytest.mark.feature("E8", "X9")
@settings(max_examples=60)
@given(cases(), st.data())
def test_a_hidden_letter_could_be_any_other_for_all_who_come_after(case: Case, data: st.DataObject) -> None:
    config, tokens = case.model.config, list(case.document[:-1])
    graph, params = build(config), case.model.params
    position = data.draw(st.integers(0, len(tokens) - 1))
    found = effect(graph, params, tokens, [Past(position)])
    tokens[position] = data.draw(st.integers(0, config.vocab_size - 1))
    other = effect(graph, params, tokens, [Past(position)])
    np.testing.assert_array_equal(found.after[position + 1 :], other.after[position + 1 :])
    # itself and those before it never looked back at it
    np.testing.assert_array_equal(found.after[: position + 1], found.before[: position + 1])


@pytest.mark.feature("E8", "X9")
@settings(max_examples=40)
@given(cases(), st.data())
def test_what_a_hidden_letter_got_is_shared_out_among_the_others(case: Case, data: st.DataObject) -> None:
    config, tokens = case.model.config, case.document[:-1]
    graph, params = build(config), case.model.params
    layer = data.draw(st.integers(0, config.n_layer - 1))
    position = data.draw(st.integers(0, len(tokens) - 1))
    plain = evaluate(graph, params, tokens)[f"layer{layer}.attention"].copy()
    changed = evaluate(graph, params, tokens, edits(graph, [Past(position, layer)]))
    plain[:, position + 1 :, position] = 0
    expected = plain / plain.sum(-1, keepdims=True)
    np.testing.assert_allclose(changed[f"layer{layer}.attention"], expected, rtol=1e-6, atol=1e-12)
    for i in range(layer):
        np.testing.assert_array_equal(changed[f"layer{i}.x_out"], evaluate(graph, params, tokens)[f"layer{i}.x_out"])


@pytest.mark.feature("E8")
def test_several_parts_can_be_silenced_at_once() -> None:
    model = GPT.initial(GPTConfig(), 1)
    graph, tokens = build(model.config), [26, 17, 4, 23]
    silenced: list[Knockout] = [MLP(0), MLP(1), *(Head(i, h) for i in range(2) for h in range(4))]
    values = evaluate(graph, model.params, tokens, edits(graph, silenced))
    np.testing.assert_array_equal(values["layer1.x_out"], values["x0"])  # nothing was added to x
    np.testing.assert_array_equal(values["layer0.mixed"], 0)


@pytest.mark.feature("E8", "X9")
def test_the_held_out_loss_without_a_part_is_that_of_a_model_in_which_it_weighs_nothing(tiny: Experiment) -> None:
    trainer = tiny.trainer(np.float64)
    for _ in range(40):
        trainer.step()
    model, documents = trainer.model, tiny.held_out_documents
    model_without = model.copy()
    model_without.params["layer0.mlp_fc2"][:] = 0
    found, progress = finished(held_out(build(model.config), model.params, documents, [MLP(0)]))
    assert found.before == pytest.approx(held_out_loss(model, documents), rel=1e-12)
    assert found.after == pytest.approx(held_out_loss(model_without, documents), rel=1e-9)
    assert found.change == found.after - found.before != 0
    assert progress == pytest.approx(np.arange(1, 2 * len(documents) + 1) / (2 * len(documents)))


@pytest.mark.feature("E8")
def test_a_varied_model_has_its_parts_silenced_too() -> None:
    config = GPTConfig(activation="silu", bias=True, gain=True, residual=False)
    model = TensorGPT.initial(config, 1)
    graph, tokens = build(config), [26, 17, 4, 23]
    plain = effect(graph, model.params, tokens, [])
    np.testing.assert_array_equal(plain.after, plain.before)
    np.testing.assert_allclose(plain.before, model.forward(tokens).probabilities, rtol=1e-5)
    silent = evaluate(graph, model.params, tokens, edits(graph, [MLP(1)]))
    np.testing.assert_allclose(silent["probabilities"], 1 / config.vocab_size)  # nothing but zeros goes on


@pytest.mark.parametrize(
    ("config", "part", "missing"),
    [(GPTConfig(mlp=False), MLP(0), "mlp_out"), (GPTConfig(attention=False), Head(0, 0), "mixed")],
)
def test_a_part_that_is_switched_off_can_not_be_silenced(config: GPTConfig, part: Knockout, missing: str) -> None:
    with pytest.raises(ValueError, match=f"can't be silenced: this model has no layer0.{missing}"):
        edits(build(config), [part])


def test_a_letter_beyond_the_end_of_a_name_changes_nothing() -> None:
    model = GPT.initial(GPTConfig(), 1)
    found = effect(build(model.config), model.params, [26, 17], [Past(5)])
    np.testing.assert_array_equal(found.after, found.before)


@pytest.mark.parametrize(
    ("part", "message"),
    [
        (Head(2, 0), "no layer 2: they go from 0 to 1"),
        (Head(0, 4), "no head 4: they go from 0 to 3"),
        (MLP(-1), "no layer -1"),
        (Past(24), "no position 24: they go from 0 to 23"),
        (Past(0, 2), "no layer 2"),
    ],
)
def test_a_part_that_is_not_there_is_refused(part: Knockout, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        edits(build(GPTConfig()), [part])
