"""The small curve in the bar."""

import re

import numpy as np
import pytest

from lab.charts.sparkline import svg


def points(drawn: str) -> list[tuple[float, float]]:
    found = re.search(r'd="M([\d. -]+)"', drawn)
    numbers = [float(one) for one in found[1].split()] if found else []
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def test_it_falls_as_the_loss_does_and_ends_where_the_run_is() -> None:
    there = points(svg(np.linspace(3.3, 2.0, 100), 400, 2.3))
    assert there[-1][0] == pytest.approx(100, abs=0.1)  # a quarter of the steps is half of a square-root axis
    heights = [y for _, y in there]
    assert heights == sorted(heights) and heights[0] >= 0 and heights[-1] <= 32


@pytest.mark.parametrize("means", [[], [np.nan, np.inf], [3.0, np.nan, 1e30]])
def test_no_run_and_one_that_has_diverged_are_drawn_without_a_fault(means: list[float]) -> None:
    drawn = svg(np.array(means), 10, 2.3)
    assert "nan" not in drawn and "inf" not in drawn and 'class="dash"' in drawn
    assert all(0 <= y <= 32 for _, y in points(drawn))
