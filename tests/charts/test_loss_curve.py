"""The curve of the loss: its point, its marks, and what it says where there is no number to say.

After a change that is meant to show: `UPDATE_GOLDEN=1 python -m pytest tests/charts`, then read the diff.
"""

import math
import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.charts import Baseline
from lab.charts.loss_curve import NO_LIMIT, TOP, Curve, Mark
from tests.charts import golden_files

GOLDEN = Path(__file__).parent / "golden_loss"
chances = st.floats(0, 1)


def cost(p):
    return -np.log(p)


EVEN = [Baseline("guessing evenly", math.log(27))]
REX = [Mark("r", 0.04), Mark("e", 0.3), Mark("x", 0.0008), Mark("END", 0.92)]

CASES = {
    "loss-half": (Curve(cost, 0.5), 320),
    "loss-sure": (Curve(cost, 1.0, levels=EVEN), 320),
    "loss-never": (Curve(cost, 0.0, levels=EVEN), 320),
    "loss-name": (Curve(cost, 0.02, REX, EVEN), 600),
    "loss-untrained": (Curve(cost, 1 / 27, [Mark(letter, 0.037) for letter in "brontos"], EVEN), 320),
}


@pytest.mark.feature("S0-4")
@pytest.mark.parametrize("name", CASES)
def test_golden(name: str) -> None:
    data, width = CASES[name]
    golden_files.check(GOLDEN, name, data.svg(width, label=name))


def test_no_golden_file_is_left_over() -> None:
    golden_files.check_none_left_over(GOLDEN, CASES)


def everything(data: Curve, width: float = 400) -> str:
    return data.svg(width) + data.table() + data.summary()


@pytest.mark.feature("S0-4")
@pytest.mark.filterwarnings("error")
@given(chances, st.lists(chances | st.sampled_from([0.0, 1.0, math.nan]), max_size=24))
def test_no_chance_makes_a_number_go_wrong(at: float, given_chances: list[float]) -> None:
    data = Curve(cost, at, [Mark("a", p) for p in given_chances], EVEN)
    text = everything(data).lower()
    for bad in ("nan", "inf", "style=", "none", '"-0"', "-0.0"):
        assert bad not in text


@pytest.mark.feature("S0-4")
@pytest.mark.parametrize(("p", "says"), [(0.02, "3.91"), (0.9, "0.105"), (1, "0"), (0, NO_LIMIT)])
def test_what_a_chance_costs_is_said(p: float, says: str) -> None:
    assert Curve(cost, p).summary().endswith(f" costs {says}")


@given(st.floats(0.007, 1))
def test_the_point_stands_on_the_curve(p: float) -> None:
    data = Curve(cost, p)
    geo, drawn = data.geometry(500), data.svg(500)
    pin = re.search(r'<circle class="pin s1" cx="([\d.]+)" cy="([\d.]+)"', drawn)
    assert float(pin[1]) == pytest.approx(geo.x(p), abs=0.06)
    assert float(pin[2]) == pytest.approx(geo.y(-math.log(p)), abs=0.06)
    bend = re.search(r'class="bend" d="M([^"]+)"', drawn)[1]
    numbers = [float(n) for n in bend.split()]
    xs, ys = numbers[::2], numbers[1::2]
    # between its corners the path is straight, and a straight line lies a little above a hollow curve
    assert float(np.interp(float(pin[1]), xs, ys)) == pytest.approx(float(pin[2]), abs=1.5)
    assert all(a <= b for a, b in pairwise(xs))


@given(st.floats(0, math.exp(-TOP) * 0.99))
def test_what_costs_more_than_there_is_room_for_points_upwards(p: float) -> None:
    drawn = Curve(cost, p).svg(500)
    assert '<circle class="pin' not in drawn
    assert '<path class="pin s1"' in drawn


@given(st.lists(chances, min_size=2, max_size=20), st.sampled_from([300, 700]))
def test_labels_beside_the_steep_part_do_not_collide(given_chances: list[float], width: float) -> None:
    drawn = Curve(cost, 0.5, [Mark("a", p) for p in given_chances]).svg(width)
    column = sorted(float(y) for y in re.findall(r'<text class="code" x="[\d.]+" y="([\d.]+)">a<', drawn))
    assert len(column) == sum(p < 0.3 for p in given_chances)
    room = Curve(cost, 0.5).geometry(width)
    gap = min(13, (room.y.start - 8 - room.y.end) / max(1, len(column) - 1))
    assert all(b - a >= gap - 0.2 for a, b in pairwise(column))


@pytest.mark.feature("Q3")
def test_the_table_has_the_point_every_mark_and_every_level() -> None:
    rows = ElementTree.fromstring(Curve(cost, 0.0, REX, EVEN).table()).findall("./tbody/tr")
    cells = [[cell.text or "" for cell in row] for row in rows]
    assert cells == [
        ["the point", "0", NO_LIMIT],
        ["r", "0.04", "3.22"],
        ["e", "0.3", "1.20"],
        ["x", "0.0008", "7.13"],
        ["END", "0.92", "0.0834"],
        ["guessing evenly", "", "3.30"],
    ]


@pytest.mark.parametrize("at", [-0.1, 1.5, math.nan])
def test_what_is_no_chance_raises(at: float) -> None:
    with pytest.raises(ValueError, match=re.escape(str(at))):
        Curve(cost, at)


def test_a_width_that_is_no_width_raises() -> None:
    for width in (0, 119, math.nan):
        with pytest.raises(ValueError, match=str(width)):
            Curve(cost, 0.5).svg(width)
