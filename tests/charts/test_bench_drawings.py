"""The drawings of the bench. Golden drawings in golden_bench/.

After a change that is meant to show: `UPDATE_GOLDEN=1 python -m pytest tests/charts`, then read the diff.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from lab.charts import arcs, descent, scattered, spelled
from lab.charts.arcs import Arcs
from lab.charts.descent import Descent
from lab.charts.line_data import Baseline
from lab.charts.scattered import Scattered
from lab.charts.spelled import Spelled
from tests.charts import golden_files

GOLDEN = Path(__file__).parent / "golden_bench"
FALLING = 1.9 + 1.5 / np.sqrt(np.arange(1, 801))
LINES = [Baseline("even guess", 3.3), Baseline("letters", 2.82), Baseline("pairs", 2.26), Baseline("triples", 1.98)]
REX = Spelled(["r", "e", "x", "END"], [0.05, 0.31, 0.002, 1.0])
PLACES = np.array([[1.0, 0.2], [-2.0, 0.5], [0.1, -0.8]])

CASES: dict[str, Callable[[], str]] = {
    "spelled-wide": lambda: spelled.svg(REX, 520, "rex"),
    "spelled-narrow": lambda: spelled.svg(Spelled([*"megaraptor", "END"], [0.1] * 11), 330, "megaraptor"),
    "spelled-diverged": lambda: spelled.svg(Spelled(["r", "END"], [float("nan")] * 2), 330, "r"),
    "descent-untrained": lambda: descent.svg(Descent(FALLING[:0], 5000, LINES), 420, 200, "loss"),
    "descent-under-way": lambda: descent.svg(
        Descent(FALLING, 5000, LINES, frozenset({"even guess", "letters", "pairs"})), 420, 200, "loss"
    ),
    "descent-over": lambda: descent.svg(Descent(FALLING, 800, LINES), 300, 200, "loss"),
    "descent-diverged": lambda: descent.svg(Descent(np.array([3.0, 90.0, np.inf]), 50, LINES), 420, 200, "loss"),
    "arcs": lambda: arcs.svg(Arcs(["START", *"rex"], [0.1, 0.6, 0.01, 0.29]), 330, 150, "rex"),
    "map": lambda: scattered.svg(Scattered([*"abc"], PLACES, frozenset("ae")), 330, 150, "map"),
    "map-of-equals": lambda: scattered.svg(Scattered([*"ab"], np.zeros((2, 2))), 330, 150, "map"),
}


@pytest.mark.feature("V4", "V1")
@pytest.mark.parametrize("name", CASES)
def test_golden(name: str) -> None:
    drawn = CASES[name]()
    golden_files.check(GOLDEN, name, drawn)
    for bad in ("style=", "nan", "inf", "None", '"-0"'):
        assert bad not in drawn


def test_no_golden_file_is_left_over() -> None:
    golden_files.check_none_left_over(GOLDEN, CASES)


@pytest.mark.feature("Q3")
def test_each_says_in_words_what_it_shows() -> None:
    assert spelled.summary(REX).startswith("r 5.0")
    assert descent.summary(Descent(FALLING[:0], 5000)) == "no step taken yet"
    passed = frozenset({"letters", "even guess"})
    assert (
        descent.summary(Descent(FALLING, 5000, LINES, passed))
        == "loss 1.95 at step 800; it has passed even guess, letters"
    )
    assert arcs.summary(Arcs(["START", *"rex"], [0.1, 0.6, 0.01, 0.29])).startswith("60")
