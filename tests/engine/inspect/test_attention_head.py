"""Softmax and one head, stage by stage: the same, in the end, as the whole in one go."""

import math
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from microgpt.config import GPTConfig
from microgpt.inspect.attention_head import HeadStage, head_steps, rms, softmax_steps
from microgpt.model import GPT
from microgpt.ops import EPS, rmsnorm, softmax
from microgpt.scalar_gpt import ScalarGPT
from microgpt.scalar_gpt import softmax as scalar_softmax
from microgpt.value import Value
from tests.engine.models import Case, cases

scores = arrays(np.float64, st.integers(1, 12), elements=st.floats(-50, 50))


def named(stages) -> dict[str, np.ndarray]:
    return {stage.name: stage.values for stage in stages}


@pytest.mark.feature("S3-2")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(1,), (5,), (27,), (4, 9, 9)])
def test_softmax_in_steps_is_softmax_to_the_last_bit(shape: tuple[int, ...], dtype: type) -> None:
    logits = (np.random.RandomState(len(shape)).standard_normal(shape) * 4).astype(dtype)
    shares = named(softmax_steps(logits))["shares"]
    assert shares.dtype == dtype
    np.testing.assert_array_equal(shares, softmax(logits))


@pytest.mark.feature("S3-2")
@settings(max_examples=60)
@given(scores)
def test_each_stage_of_softmax_follows_from_the_one_before(logits: np.ndarray) -> None:
    stages = list(softmax_steps(logits))
    assert [stage.name for stage in stages] == ["largest", "shifted", "exps", "total", "shares"]
    found = named(stages)
    assert found["largest"] == logits.max() and found["shifted"].max() == 0
    np.testing.assert_allclose(found["exps"], [math.exp(one) for one in found["shifted"]], rtol=1e-12)
    assert found["total"][0] == pytest.approx(math.fsum(found["exps"]), rel=1e-12)
    np.testing.assert_allclose(found["shares"], found["exps"] / found["total"][0], rtol=1e-12)
    one_by_one = [share.data for share in scalar_softmax([Value(float(one)) for one in logits])]
    np.testing.assert_allclose(found["shares"], one_by_one, rtol=1e-9)


@pytest.mark.feature("S3-2")
@settings(max_examples=60)
@given(scores, st.floats(-1000, 1000))
def test_adding_the_same_to_all_scores_changes_no_share(logits: np.ndarray, constant: float) -> None:
    before, after = (named(softmax_steps(one))["shares"] for one in (logits, logits + constant))
    np.testing.assert_allclose(after, before, rtol=1e-9, atol=1e-15)


@pytest.mark.feature("S3-2")
def test_on_paper_the_shares_are_the_same_until_exp_overflows() -> None:
    logits = np.array([2.0, 1.0, -3.0])
    np.testing.assert_allclose(
        named(softmax_steps(logits, subtract=False))["shares"], named(softmax_steps(logits))["shares"], rtol=1e-12
    )
    far = named(softmax_steps(logits + 1000, subtract=False))
    assert np.isinf(far["exps"]).all() and np.isinf(far["total"]).all() and np.isnan(far["shares"]).all()
    assert np.isfinite(named(softmax_steps(logits + 1000))["shares"]).all()


@pytest.mark.feature("S2-7")
@settings(max_examples=40)
@given(cases(), st.data())
def test_a_head_in_steps_is_the_models_own(case: Case, data: st.DataObject) -> None:
    config, trace = case.model.config, case.model.forward(case.document[:-1])
    layer = data.draw(st.integers(0, config.n_layer - 1))
    at = data.draw(st.integers(0, len(trace.tokens) - 1))
    seen = trace.layers[layer]
    added = np.zeros(config.n_embd)
    for head in range(config.n_head):
        found = named(head_steps(case.model, trace, layer, head, at))
        own = slice(head * config.head_size, (head + 1) * config.head_size)
        np.testing.assert_allclose(found["shares"], seen.attention[head, at], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(found["mixed"], seen.mixed[at, own], rtol=1e-9, atol=1e-12)
        added += found["added"]
    # all heads together: what attention added to x
    np.testing.assert_allclose(seen.x_in[at] + added, seen.x_mid[at], rtol=1e-9, atol=1e-12)


@pytest.mark.feature("S2-7")
@settings(max_examples=20)
@given(cases(), st.data())
def test_a_head_in_steps_is_that_of_the_scalar_gpt(case: Case, data: st.DataObject) -> None:
    """With the unit matrix for wo, its attention hands out what the heads have mixed."""
    config, trace = case.model.config, case.model.forward(case.document[:-1])
    layer = data.draw(st.integers(0, config.n_layer - 1))
    scalar = ScalarGPT(config, case.model.params | {f"layer{layer}.attn_wo": np.eye(config.n_embd)})
    for at, normed in enumerate(trace.layers[layer].norm1):
        mixed = [value.data for value in scalar.attention(layer, [Value(float(number)) for number in normed])]
        heads = [named(head_steps(case.model, trace, layer, head, at))["mixed"] for head in range(config.n_head)]
        np.testing.assert_allclose(np.concatenate(heads), mixed, rtol=1e-9, atol=1e-12)


@pytest.mark.feature("S2-7")
@settings(max_examples=40)
@given(cases(), st.data())
def test_each_stage_of_a_head_follows_from_the_one_before(case: Case, data: st.DataObject) -> None:
    config, trace = case.model.config, case.model.forward(case.document[:-1])
    at = data.draw(st.integers(0, len(trace.tokens) - 1))
    stages = list(head_steps(case.model, trace, 0, config.n_head - 1, at))
    names = ["x", "query", "keys", *["score"] * (at + 1), "scores", "scaled", "masked"]
    assert [stage.name for stage in stages] == [*names, "shares", "values", "weighted", "mixed", "added"]
    found = named(stages)
    products = [stage for stage in stages if stage.name == "score"]
    assert [stage.key for stage in products] == list(range(at + 1))
    for stage in products:
        np.testing.assert_array_equal(stage.values, found["query"] * found["keys"][stage.key])
        assert found["scores"][stage.key] == pytest.approx(stage.values.sum(), rel=1e-12, abs=1e-15)
    np.testing.assert_allclose(found["scaled"] * math.sqrt(config.head_size), found["scores"], rtol=1e-12)
    np.testing.assert_array_equal(found["masked"][: at + 1], found["scaled"])
    assert (found["masked"][at + 1 :] == -np.inf).all() and (found["shares"][at + 1 :] == 0).all()
    assert found["shares"].sum() == pytest.approx(1, rel=1e-12)
    np.testing.assert_allclose(found["mixed"], found["shares"][: at + 1] @ found["values"], rtol=1e-9, atol=1e-12)


def test_a_head_can_be_stopped_between_any_two_stages() -> None:
    model = GPT.initial(GPTConfig(), 1)
    stages = list(islice(head_steps(model, model.forward([26, 17, 4]), 0, 0, 2), 4))
    assert [stage.name for stage in stages] == ["x", "query", "keys", "score"]
    assert all(isinstance(stage, HeadStage) and stage.values.dtype == np.float32 for stage in stages)


@pytest.mark.parametrize("place", [(2, 0, 0), (0, 4, 0), (0, 0, 3), (0, 0, -1)])
def test_what_is_not_there_is_refused(place: tuple[int, int, int]) -> None:
    model = GPT.initial(GPTConfig(), 1)
    with pytest.raises(IndexError, match="there is no layer"):
        next(head_steps(model, model.forward([26, 17, 4]), *place))


@given(arrays(np.float64, st.integers(1, 9), elements=st.floats(-10, 10)))
def test_the_size_of_a_vector_is_what_rmsnorm_divides_by(x: np.ndarray) -> None:
    _, scale = rmsnorm(x[None])
    assert math.sqrt(rms(x) ** 2 + EPS) == pytest.approx(1 / scale[0, 0], rel=1e-12)
