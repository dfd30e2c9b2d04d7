import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.charts.scale import Linear, nice_end, nice_ticks

ordinary = st.floats(-1e6, 1e6, allow_subnormal=False).filter(lambda x: x == 0 or abs(x) > 1e-6)


@given(ordinary, ordinary, st.integers(1, 12))
def test_ticks_cover_the_range_in_even_round_steps(a: float, b: float, count: int) -> None:
    lo, hi = sorted((a, b))
    ticks = nice_ticks(lo, hi, count)
    slack = 1e-6 * ticks.step
    assert ticks.lo <= lo + slack and ticks.hi >= hi - slack
    assert 2 <= len(ticks.values) <= count + 3
    for before, after in zip(ticks.values[:-1], ticks.values[1:], strict=True):
        assert after - before == pytest.approx(ticks.step)


@given(st.floats(1e-6, 1e9))
def test_a_nice_end_is_just_beyond(value: float) -> None:
    end = nice_end(value)
    assert value * (1 - 1e-6) <= end <= value * 1.51


def test_multiples_of_a_tenth_stay_short() -> None:
    assert nice_ticks(0, 0.5, 5).values == (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
    assert nice_ticks(1.9, 3.4, 5).values == (1.5, 2.0, 2.5, 3.0, 3.5)


def test_a_flat_range_is_widened() -> None:
    for value in (0.0, 2.5, -3.0):
        ticks = nice_ticks(value, value, 4)
        assert ticks.lo < value < ticks.hi


@pytest.mark.parametrize("lo, hi, count", [(1, 0, 5), (math.nan, 1, 5), (0, math.inf, 5), (0, 1, 0)])
def test_ranges_that_are_none_raise(lo: float, hi: float, count: int) -> None:
    with pytest.raises(ValueError, match="ticks need"):
        nice_ticks(lo, hi, count)


@given(ordinary, st.floats(1e-3, 1e6), st.floats(0, 1))
def test_a_scale_and_its_inverse(lo: float, size: float, share: float) -> None:
    scale = Linear(lo, lo + size, 300, 20)
    value = lo + share * size
    assert scale.invert(scale(value)) == pytest.approx(value, abs=1e-6 * size + 1e-9 * abs(lo))


def test_a_scale_without_extent_raises() -> None:
    with pytest.raises(ValueError, match=r"lo < hi, got 2\.0"):
        Linear(2.0, 2.0, 0, 1)
