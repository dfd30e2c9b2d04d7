"""Bolder and safer: what the temperature does to a guess."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from microgpt.ops import softmax
from microgpt.sampling import at_temperature

logits = arrays(np.float64, st.integers(1, 8), elements=st.floats(-20, 20))
warm = st.floats(0.05, 20)


@pytest.mark.feature("S1-20")
@settings(max_examples=100)
@given(logits)
def test_temperature_one_is_the_raw_softmax(scores: np.ndarray) -> None:
    np.testing.assert_allclose(at_temperature(scores, 1.0), softmax(scores), rtol=1e-12)


@settings(max_examples=100)
@given(logits, warm)
def test_it_divides_the_logits(scores: np.ndarray, temperature: float) -> None:
    found = at_temperature(scores, temperature)
    np.testing.assert_allclose(found, softmax(scores / temperature), rtol=1e-9, atol=1e-300)
    assert found.sum() == pytest.approx(1)


@pytest.mark.feature("S3-2")
@settings(max_examples=100)
@given(logits, warm, st.floats(-100, 100))
def test_adding_a_constant_changes_nothing(scores: np.ndarray, temperature: float, constant: float) -> None:
    expected = at_temperature(scores, temperature)
    np.testing.assert_allclose(at_temperature(scores + constant, temperature), expected, rtol=1e-6, atol=1e-12)


@pytest.mark.feature("S3-7")
@settings(max_examples=100)
@given(logits)
def test_temperature_zero_is_all_on_the_top_guess(scores: np.ndarray) -> None:
    found = at_temperature(scores, 0)
    assert found[scores.argmax()] == 1 == found.sum()


@settings(max_examples=100)
@given(logits, warm, warm)
def test_warmer_never_makes_the_top_guess_more_likely(scores: np.ndarray, a: float, b: float) -> None:
    cool, hot = sorted((a, b))
    assert at_temperature(scores, hot).max() <= at_temperature(scores, cool).max() + 1e-12


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("temperature", [1e-3, 1e-320])
def test_near_zero_it_goes_over_into_the_top_guess_without_overflow(temperature: float) -> None:
    scores = np.array([1e3, 0.0, -1e3], np.float32)
    np.testing.assert_array_equal(at_temperature(scores, temperature), at_temperature(scores, 0))


@pytest.mark.parametrize("temperature", [-0.1, -np.inf, np.nan])
def test_what_is_no_temperature_is_refused(temperature: float) -> None:
    with pytest.raises(ValueError, match="a temperature is 0 or more, not"):
        at_temperature(np.zeros(3), temperature)
