"""The operations, at the edges where a formula written plainly would fail."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from microgpt.ops import cross_entropy, rmsnorm, softmax, softmax_and_cross_entropy
from microgpt.scalar_gpt import rmsnorm as scalar_rmsnorm
from microgpt.scalar_gpt import softmax as scalar_softmax
from microgpt.value import Value

scores = arrays(np.float64, st.integers(1, 8), elements=st.floats(-50, 50))


@pytest.mark.feature("S3-2")
@settings(max_examples=100)
@given(scores, st.floats(-1e3, 1e3))
def test_adding_a_constant_to_all_logits_changes_nothing(logits: np.ndarray, constant: float) -> None:
    np.testing.assert_allclose(softmax(logits + constant), softmax(logits), rtol=1e-9)


@settings(max_examples=100)
@given(scores)
def test_softmax_is_exp_over_the_sum_of_exps(logits: np.ndarray) -> None:
    expected = np.exp(logits) / np.exp(logits).sum()
    np.testing.assert_allclose(softmax(logits), expected, rtol=1e-12)
    one_by_one = [p.data for p in scalar_softmax([Value(float(x)) for x in logits])]
    np.testing.assert_allclose(one_by_one, expected, rtol=1e-12)


@pytest.mark.filterwarnings("error")
def test_softmax_neither_overflows_nor_divides_by_zero() -> None:
    np.testing.assert_array_equal(softmax(np.array([1e4, 0.0, -1e4])), [1, 0, 0])
    np.testing.assert_array_equal(softmax(np.array([0.0, -np.inf])), [1, 0])
    assert [p.data for p in scalar_softmax([Value(1e4), Value(-1e4)])] == [1, 0]


@settings(max_examples=100)
@given(arrays(np.float64, (2, 5), elements=st.floats(0.1, 100)))
def test_rmsnorm_makes_the_mean_square_of_each_row_one(x: np.ndarray) -> None:
    normed, scale = rmsnorm(x)
    np.testing.assert_allclose((normed**2).mean(axis=1), 1, rtol=2e-3)  # 1e-5 is added inside the root
    np.testing.assert_allclose(normed, x * scale)
    one_by_one = [[v.data for v in scalar_rmsnorm([Value(float(n)) for n in row])] for row in x]
    np.testing.assert_allclose(normed, one_by_one, rtol=1e-9)


@pytest.mark.filterwarnings("error")
def test_rmsnorm_of_nothing_but_zeros_is_zero() -> None:
    np.testing.assert_array_equal(rmsnorm(np.zeros((1, 4)))[0], np.zeros((1, 4)))


@pytest.mark.feature("S0-4")
@pytest.mark.parametrize(("p", "shown"), [(0.02, "3.91"), (0.9, "0.105"), (1.0, "0"), (1 / 27, "3.296")])
def test_the_loss_of_one_guess_is_minus_log_p(p: float, shown: str) -> None:
    with np.errstate(divide="ignore"):
        logits = np.log([[p, 1 - p]]) + 7  # scores whose softmax is p and 1 − p
    digits = len(shown.partition(".")[2])
    assert f"{abs(cross_entropy(logits, np.array([0]))[0]):.{digits}f}" == shown


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_loss_stays_finite_where_the_probability_is_too_small_for_a_number(dtype: type) -> None:
    logits = np.array([[1000, 0, -2000], [3, 3, 3]], dtype)
    np.testing.assert_allclose(cross_entropy(logits, np.array([1, 2])), [1000, math.log(3)], rtol=1e-6)
    assert cross_entropy(logits[:1], np.array([0])) == 0
    assert softmax(logits)[0, 1] == 0  # as −log of this it would be infinite


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_probabilities_that_come_with_the_loss_are_those_of_softmax(dtype: type) -> None:
    logits = np.random.RandomState(0).standard_normal((9, 27)).astype(dtype)
    probabilities, losses = softmax_and_cross_entropy(logits, np.arange(9))
    np.testing.assert_array_equal(probabilities, softmax(logits))  # to the last bit: so are the gradients
    assert probabilities.dtype == losses.dtype == dtype
    np.testing.assert_allclose(losses, -np.log(probabilities[np.arange(9), np.arange(9)]), rtol=1e-5)
