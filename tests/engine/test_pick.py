"""One draw: which token's stretch of the cumulative probabilities holds it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microgpt.sampling import pick

ALMOST_ONE = 1 - 2**-53  # the largest draw there is
weights = st.lists(st.floats(0, 1), min_size=1, max_size=27).filter(lambda w: sum(w) > 1e-3)
draws = st.floats(0, 1, exclude_max=True) | st.sampled_from([0.0, 5e-324, 0.5, ALMOST_ONE])


def shares(numbers: list[float], dtype: type) -> np.ndarray:
    array = np.array(numbers, dtype)
    return array / array.sum()


@pytest.mark.feature("S3-6")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@settings(max_examples=200)
@given(weights, draws)
def test_picks_the_first_token_whose_cumulative_probability_exceeds_the_draw(
    dtype: type, numbers: list[float], draw: float
) -> None:
    probabilities = shares(numbers, dtype)
    cumulative = np.cumsum(probabilities, dtype=np.float64)
    expected = next(i for i, end in enumerate(cumulative) if end > draw * cumulative[-1])
    assert pick(probabilities, draw) == expected


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@settings(max_examples=200)
@given(weights, draws)
def test_never_picks_what_has_no_chance(dtype: type, numbers: list[float], draw: float) -> None:
    probabilities = shares(numbers, dtype)
    assert probabilities[pick(probabilities, draw)] > 0


@pytest.mark.parametrize(("draw", "token"), [(0.0, 1), (0.2499, 1), (0.25, 2), (0.7499, 2), (0.75, 3), (ALMOST_ONE, 3)])
def test_where_one_stretch_ends_the_next_begins(draw: float, token: int) -> None:
    assert pick(np.array([0.0, 0.25, 0.5, 0.25, 0.0]), draw) == token


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_largest_draw_never_falls_off_the_end(dtype: type) -> None:
    rng = np.random.RandomState(0)
    for _ in range(500):
        probabilities = shares(rng.random_sample(27), dtype)
        assert pick(probabilities, ALMOST_ONE) == 26


@pytest.mark.feature("S3-7")
@settings(max_examples=50)
@given(weights)
def test_without_a_draw_the_most_likely_is_picked(numbers: list[float]) -> None:
    assert pick(np.array(numbers), None) == numbers.index(max(numbers))


def test_how_often_a_token_is_picked_matches_its_probability() -> None:
    probabilities, n = np.array([0.5, 0.25, 0.15, 0.08, 0.02]), 20_000
    rng = np.random.RandomState(3)
    counts = np.bincount([pick(probabilities, rng.random_sample()) for _ in range(n)], minlength=5)
    chi_square = ((counts - n * probabilities) ** 2 / (n * probabilities)).sum()
    assert chi_square < 13.3  # 99 % of fair picks are below, with 4 degrees of freedom; the seed is fixed
