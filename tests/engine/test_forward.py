"""The forward pass: the same as one number at a time, and what its trace promises."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microgpt.config import GPTConfig
from microgpt.evaluate import ablations
from microgpt.evaluate.guesses import score
from microgpt.graph import build
from microgpt.model import GPT
from microgpt.ops import linear, rmsnorm
from microgpt.tensor_gpt import TensorGPT
from tests.engine.models import Case, cases


@settings(max_examples=40)
@given(cases())
def test_logits_equal_those_of_the_scalar_gpt_at_every_position(case: Case) -> None:
    scalar, tokens = case.scalar, case.document[:-1]
    expected = [[v.data for v in scalar.forward(token, position)] for position, token in enumerate(tokens)]
    np.testing.assert_allclose(case.model.forward(tokens).logits, expected, rtol=1e-9, atol=1e-12)


@settings(max_examples=20)
@given(cases())
def test_the_scalar_gpt_forgets_one_document_before_the_next(case: Case) -> None:
    scalar = case.scalar
    assert scalar.loss(case.document).data == scalar.loss(case.document).data


@pytest.mark.feature("S1-21")
@settings(max_examples=60)
@given(cases())
def test_attention_looks_back_only_and_shares_out_exactly_one(case: Case) -> None:
    t = len(case.document) - 1
    for layer in case.model.forward(case.document[:-1]).layers:
        assert layer.attention.shape == (case.model.config.n_head, t, t)
        assert (np.triu(layer.attention, k=1) == 0).all()  # to the last bit
        np.testing.assert_allclose(layer.attention.sum(axis=-1), 1, rtol=1e-12)
        assert (layer.attention >= 0).all()


@pytest.mark.feature("S1-19")
@settings(max_examples=60)
@given(cases())
def test_probabilities_of_every_position_sum_to_one(case: Case) -> None:
    trace = case.model.forward(case.document[:-1])
    assert trace.probabilities.shape == (len(case.document) - 1, case.model.config.vocab_size)
    np.testing.assert_allclose(trace.probabilities.sum(axis=-1), 1, rtol=1e-12)


@pytest.mark.feature("S1-9")
@settings(max_examples=60)
@given(cases())
def test_the_input_row_is_exactly_the_token_row_plus_the_position_row(case: Case) -> None:
    trace, p = case.model.forward(case.document[:-1]), case.model.params
    for position, token in enumerate(case.document[:-1]):
        assert (trace.embedded[position] == p["wte"][token] + p["wpe"][position]).all()
    np.testing.assert_array_equal(trace.x0, rmsnorm(trace.embedded)[0])


@settings(max_examples=60)
@given(cases())
def test_each_stage_of_the_trace_follows_from_the_one_before(case: Case) -> None:
    trace, p = case.model.forward(case.document[:-1]), case.model.params
    t, c, h = len(trace.tokens), case.model.config.n_embd, case.model.config.n_head
    x = trace.x0
    for i, layer in enumerate(trace.layers):
        np.testing.assert_array_equal(layer.x_in, x)
        np.testing.assert_allclose(layer.norm1, rmsnorm(x)[0], rtol=1e-12)
        for name in "qkv":
            side_by_side = getattr(layer, name).transpose(1, 0, 2).reshape(t, c)
            expected = linear(layer.norm1, p[f"layer{i}.attn_w{name}"])
            np.testing.assert_allclose(side_by_side, expected, rtol=1e-9, atol=1e-12)
        scores = layer.q @ layer.k.transpose(0, 2, 1) / (c // h) ** 0.5
        np.testing.assert_allclose(np.tril(layer.scores), np.tril(scores), rtol=1e-9, atol=1e-12)
        heads = layer.mixed.reshape(t, h, c // h).transpose(1, 0, 2)
        np.testing.assert_allclose(heads, layer.attention @ layer.v, rtol=1e-9, atol=1e-12)
        np.testing.assert_array_equal(layer.attn_out, linear(layer.mixed, p[f"layer{i}.attn_wo"]))
        np.testing.assert_array_equal(layer.x_mid, x + layer.attn_out)
        np.testing.assert_allclose(layer.norm2, rmsnorm(layer.x_mid)[0], rtol=1e-12)
        np.testing.assert_array_equal(layer.preactivation, linear(layer.norm2, p[f"layer{i}.mlp_fc1"]))
        np.testing.assert_array_equal(layer.hidden, np.maximum(layer.preactivation, 0))
        np.testing.assert_array_equal(layer.mlp_out, linear(layer.hidden, p[f"layer{i}.mlp_fc2"]))
        np.testing.assert_array_equal(layer.x_out, layer.x_mid + layer.mlp_out)
        x = layer.x_out
    np.testing.assert_allclose(trace.logits, linear(x, p["lm_head"]), rtol=1e-9, atol=1e-12)


@settings(max_examples=60)
@given(cases(), st.data())
def test_a_later_token_changes_nothing_before_it(case: Case, data: st.DataObject) -> None:
    tokens = case.document[:-1]
    cut = data.draw(st.integers(1, len(tokens)))
    alone = case.model.forward(tokens[:cut]).logits
    np.testing.assert_allclose(case.model.forward(tokens).logits[:cut], alone, rtol=1e-9, atol=1e-12)


@settings(max_examples=60)
@given(cases())
def test_the_loss_is_the_mean_of_minus_log_p_of_what_came_next(case: Case) -> None:
    guesses = case.model.forward(case.document[:-1]).probabilities
    by_hand = -np.mean([np.log(guess[target]) for guess, target in zip(guesses, case.document[1:], strict=True)])
    assert case.model.loss(case.document) == pytest.approx(by_hand, rel=1e-12)
    assert case.model.loss_and_gradient(case.document) == pytest.approx(by_hand, rel=1e-12)


@pytest.mark.parametrize("tokens", [[], [0, 1, 2, 0, 1]], ids=["none", "one too many"])
def test_too_few_or_too_many_tokens_are_refused(tokens: list[int]) -> None:
    model = GPT.initial(GPTConfig(vocab_size=3, block_size=4, n_layer=1, n_embd=4, n_head=2), seed=1)
    with pytest.raises(ValueError, match=f"{len(tokens)} tokens given; this model reads 1 to 4"):
        model.forward(tokens)


@pytest.mark.parametrize("token", [-1, -3, 3, 99])
def test_a_token_that_is_not_there_is_refused(token: int) -> None:
    config = GPTConfig(vocab_size=3, block_size=4, n_layer=1, n_embd=4, n_head=1)
    with pytest.raises(ValueError, match=rf"tokens are 0 to 2 for this model, not \[2, {token}\]"):
        GPT(config, np.zeros(config.n_params)).forward([2, token])


def test_weights_of_another_length_are_refused() -> None:
    config = GPTConfig(n_layer=1)
    with pytest.raises(ValueError, match="parameters"):
        GPT(config, np.zeros(config.n_params + 1))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_everything_in_a_trace_has_the_precision_of_the_weights(dtype: type) -> None:
    model = GPT.initial(GPTConfig(n_layer=2), 1, dtype)
    trace = model.forward([26, 17, 4, 23])
    model.loss_and_gradient([26, 17, 4, 23, 26])
    arrays = [trace.embedded, trace.x0, trace.logits, model.flat_grad]
    arrays += [getattr(layer, name) for layer in trace.layers for name in layer.__annotations__]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


@pytest.mark.parametrize("last", [-1, 27, 1000])
@pytest.mark.parametrize("kind", [GPT, TensorGPT])
def test_the_last_token_is_checked_though_it_is_only_predicted(kind: type[GPT] | type[TensorGPT], last: int) -> None:
    model = kind.initial(GPTConfig(), 1)
    silenced = ablations.Silenced(build(model.config), model.params, [])
    for judge in model.loss, model.loss_and_gradient, silenced.loss, partial(score, model):
        with pytest.raises(ValueError, match=f"tokens are 0 to 26 for this model, not .*{last}"):
            judge([26, 3, 4, last])
