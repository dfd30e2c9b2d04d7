"""Letters on a map: principal components that are held still from one moment to the next."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microgpt.inspect.letter_map import letter_map

FEATURE = pytest.mark.feature("V1")


def rows(seed: int, n: int = 12, c: int = 8) -> np.ndarray:
    spread = np.arange(1, c + 1, dtype=np.float32)
    return np.random.default_rng(seed).standard_normal((n, c)).astype(np.float32) * spread


@FEATURE
@given(st.integers(0, 1000))
@settings(max_examples=30)
def test_it_holds_as_much_of_the_variance_as_two_dimensions_can(seed: int) -> None:
    found = letter_map(rows(seed))
    centred = rows(seed) - rows(seed).mean(axis=0)
    values = np.linalg.svd(centred.astype(np.float64), compute_uv=False)
    assert found.explained == pytest.approx((values[:2] ** 2).sum() / (values**2).sum())
    assert (found.places**2).sum(axis=0) == pytest.approx(values[:2] ** 2)


@FEATURE
@given(st.integers(0, 1000), st.floats(0, 6.28), st.booleans())
@settings(max_examples=30)
def test_a_map_that_has_turned_or_turned_over_is_turned_back(seed: int, angle: float, mirrored: bool) -> None:
    places = letter_map(rows(seed)).places
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    before = places @ turn * ([1, -1] if mirrored else [1, 1])
    assert letter_map(rows(seed), before).places == pytest.approx(before, abs=1e-8)


@FEATURE
def test_distances_on_the_map_are_those_of_the_components_whatever_was_before() -> None:
    first = letter_map(rows(1)).places
    again = letter_map(rows(1), before=letter_map(rows(2)).places).places
    assert np.linalg.norm(first[:, None] - first, axis=-1) == pytest.approx(
        np.linalg.norm(again[:, None] - again, axis=-1), abs=1e-8
    )


@pytest.mark.parametrize("bad", [np.full((4, 3), np.nan), np.zeros((1, 3)), np.array([[1, np.inf], [0, 0]])])
def test_rows_that_can_not_be_mapped_are_refused(bad: np.ndarray) -> None:
    with pytest.raises(ValueError, match="two or more rows"):
        letter_map(bad)


def test_equal_rows_and_rows_of_one_number_have_a_map() -> None:
    assert letter_map(np.ones((3, 4))).explained == 1
    assert letter_map(np.arange(3.0)[:, None]).places.shape == (3, 2)
