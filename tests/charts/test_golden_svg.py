"""Each case is drawn and compared with a small SVG file, which doubles as an example to look at.

After a change that is meant to show: `UPDATE_GOLDEN=1 python -m pytest tests/charts`, then read the diff.
"""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from lab.charts import Bars, Baseline, Lines, Matrix, Points, Series
from lab.charts.format import count
from lab.charts.scatter import Scatter
from lab.charts.slope import Slope
from tests.charts import golden_files

GOLDEN = Path(__file__).parent / "golden"

LOSS = np.array([3.3, 3.1, 2.9, 3.0, 2.6, 2.7, 2.4, 2.5, 2.2, 2.3])
MEAN = np.cumsum(LOSS) / np.arange(1, 11)
BASELINES = (Baseline("uniform", 3.2958), Baseline("bigram", 2.39), Baseline("trigram", 2.36))
GRID = np.array([[0.4, -0.4, 0.0], [np.nan, 0.1, -0.2]])
CAUSAL = np.array([[1.0, 0.0, 0.0], [0.7, 0.3, 0.0], [0.1, 0.6, 0.3]])
FUTURE = np.triu(np.ones((3, 3), bool), 1)
AT = np.linspace(-2, 2, 9)
SLOPE = Slope(AT, AT**2, 1.0, 1.0, 2.0, 2.1, 0.5, 0.3, 2.2, x_label="score", y_label="loss")
NEXT = (0.02, 0.61, 0.0004, 0.3696)

CASES = {
    "line-first-step": (Lines((Series("loss", LOSS[:1], LOSS[:1]),)), 400),
    "line-baselines": (Lines((Series("mean", MEAN, LOSS),), baselines=BASELINES, x_limit=10), 600),
    "line-narrow": (Lines((Series("mean", MEAN, LOSS),), baselines=BASELINES, x_limit=10), 320),
    "line-held-out": (
        Lines((Series("mean", MEAN),), (Points("held-out", [0, 5, 10], [3.3, 2.8, 2.5]),), x_limit=20),
        400,
    ),
    "line-two-runs": (Lines((Series("a", MEAN), Series("b", MEAN + 0.2, colour=3)), x_limit=10), 400),
    "line-not-finite": (Lines((Series("mean", [3.0, np.nan, np.inf, 2.0]),), x_limit=4), 320),
    "line-decimated": (Lines((Series("m", np.linspace(3, 2, 900), np.tile([4, 1, 2], 300)),)), 140),
    "bars-next-letter": (Bars(["a", "b", "c", "END"], NEXT, highlight=1, mark=3), 200),
    "bars-long-label-upright": (Bars([*"abcdefghi", "END"], [0.1] * 10), 120),
    "bars-counts-glow": (Bars("xyz", [12, 0, 1200], format=count, glow=0), 200),
    "bars-lengths-thinned": (Bars([str(n) for n in range(8, 20)], range(12), count, glow=3), 160),
    "bars-rows": (Bars(["r", "other"], [0.25, 0.75], highlight=1, mark=0, rows=True), 240),
    "bars-not-finite": (Bars("ab", [float("nan"), 0.5]), 160),
    "heatmap-signed": (Matrix(GRID, "ab", "012", kind="signed", row_marks=[1]), 200),
    "heatmap-causal": (Matrix(CAUSAL, ["[BOS]", *"re"], ["[BOS]", *"re"], mask=FUTURE), 200),
    "heatmap-counts": (
        Matrix([[0, 3], [40, 1]], "ab", "ab", limit=20, cell_marks=[(1, 0)], format=count),
        200,
    ),
    "scatter-slopes": (Scatter([0.0, -0.06, 0.02], [0.0, -0.06, 0.05], "abc"), 240),
    "scatter-not-finite": (Scatter([1.0, np.nan, 0.5], [1.0, 2.0, np.inf]), 200),
    "slope-secant": (SLOPE, 520),
    "slope-narrow": (SLOPE, 300),
    "heatmap-small": (Matrix(CAUSAL, "abc", "abc", max_cell=8, legend=False), 120),
}


@pytest.mark.parametrize("name", CASES)
def test_golden(name: str) -> None:
    data, width = CASES[name]
    golden_files.check(GOLDEN, name, data.svg(width, label=name))


def test_no_golden_file_is_left_over() -> None:
    golden_files.check_none_left_over(GOLDEN, CASES)


@pytest.mark.parametrize("name", CASES)
def test_nothing_the_policy_forbids_and_no_number_gone_wrong(name: str) -> None:
    data, width = CASES[name]
    drawn = data.svg(width) + data.table() + data.summary()
    for bad in ("style=", "nan", "inf", "None", '"-0"', "-0.0"):
        assert bad not in drawn


@pytest.mark.parametrize("name", CASES)
def test_a_drawing_without_a_label_is_hidden_from_assistive_technology(name: str) -> None:
    data, width = CASES[name]
    assert 'aria-hidden="true"' in data.svg(width)
    assert 'role="img" aria-label="loss &amp; &lt;more&gt;"' in data.svg(width, "loss & <more>")


@pytest.mark.feature("Q3")
@pytest.mark.parametrize("name", CASES)
def test_every_chart_has_a_table_and_a_summary(name: str) -> None:
    data, _ = CASES[name]
    rows = ElementTree.fromstring(data.table()).findall("./tbody/tr")
    assert rows and all(row[0].tag == "th" for row in rows)
    assert data.summary()


@pytest.mark.parametrize("data", [data for data, _ in CASES.values()])
def test_a_width_that_is_no_width_raises(data) -> None:
    for width in (0, -5, 119, float("nan")):
        with pytest.raises(ValueError, match=str(width)):
            data.svg(width)
