"""Each case is drawn and compared with a small SVG file, which doubles as an example to look at.

After a change that is meant to show: `UPDATE_GOLDEN=1 python -m pytest tests/charts`, then read the diff.
"""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from lab.charts import Bars, Baseline, Lines, Matrix, Points, Series, bars, heatmap, line, line_data, scatter, slope
from lab.charts.format import count
from tests.charts import golden_files

GOLDEN = Path(__file__).parent / "golden"

LOSS = np.array([3.3, 3.1, 2.9, 3.0, 2.6, 2.7, 2.4, 2.5, 2.2, 2.3])
MEAN = np.cumsum(LOSS) / np.arange(1, 11)
BASELINES = (Baseline("uniform", 3.2958), Baseline("bigram", 2.39), Baseline("trigram", 2.36))
GRID = np.array([[0.4, -0.4, 0.0], [np.nan, 0.1, -0.2]])
CAUSAL = np.array([[1.0, 0.0, 0.0], [0.7, 0.3, 0.0], [0.1, 0.6, 0.3]])
FUTURE = np.triu(np.ones((3, 3), bool), 1)
AT = np.linspace(-2, 2, 9)
SLOPE = slope.Slope(AT, AT**2, 1.0, 1.0, 2.0, 2.1, 0.5, 0.3, 2.2, x_label="score", y_label="loss")
NEXT = (0.02, 0.61, 0.0004, 0.3696)

CASES = {
    "line-first-step": (line, Lines((Series("loss", LOSS[:1], LOSS[:1]),)), 400),
    "line-baselines": (line, Lines((Series("mean", MEAN, LOSS),), baselines=BASELINES, x_limit=10), 600),
    "line-narrow": (line, Lines((Series("mean", MEAN, LOSS),), baselines=BASELINES, x_limit=10), 320),
    "line-held-out": (
        line,
        Lines((Series("mean", MEAN),), (Points("held-out", [0, 5, 10], [3.3, 2.8, 2.5]),), x_limit=20),
        400,
    ),
    "line-two-runs": (line, Lines((Series("a", MEAN), Series("b", MEAN + 0.2, colour=3)), x_limit=10), 400),
    "line-not-finite": (line, Lines((Series("mean", [3.0, np.nan, np.inf, 2.0]),), x_limit=4), 320),
    "line-decimated": (line, Lines((Series("m", np.linspace(3, 2, 900), np.tile([4, 1, 2], 300)),)), 140),
    "bars-next-letter": (bars, Bars(["a", "b", "c", "END"], NEXT, highlight=1, mark=3), 200),
    "bars-long-label-upright": (bars, Bars([*"abcdefghi", "END"], [0.1] * 10), 120),
    "bars-counts-glow": (bars, Bars("xyz", [12, 0, 1200], format=count, glow=0), 200),
    "bars-lengths-thinned": (bars, Bars([str(n) for n in range(8, 20)], range(12), count, glow=3), 160),
    "bars-rows": (bars, Bars(["r", "other"], [0.25, 0.75], highlight=1, mark=0, rows=True), 240),
    "bars-not-finite": (bars, Bars("ab", [float("nan"), 0.5]), 160),
    "heatmap-signed": (heatmap, Matrix(GRID, "ab", "012", kind="signed", row_marks=[1]), 200),
    "heatmap-causal": (heatmap, Matrix(CAUSAL, ["[BOS]", *"re"], ["[BOS]", *"re"], mask=FUTURE), 200),
    "heatmap-counts": (
        heatmap,
        Matrix([[0, 3], [40, 1]], "ab", "ab", limit=20, cell_marks=[(1, 0)], format=count),
        200,
    ),
    "scatter-slopes": (scatter, scatter.Scatter([0.0, -0.06, 0.02], [0.0, -0.06, 0.05], "abc"), 240),
    "scatter-not-finite": (scatter, scatter.Scatter([1.0, np.nan, 0.5], [1.0, 2.0, np.inf]), 200),
    "slope-secant": (slope, SLOPE, 520),
    "slope-narrow": (slope, SLOPE, 300),
    "heatmap-small": (heatmap, Matrix(CAUSAL, "abc", "abc", max_cell=8, legend=False), 120),
}


@pytest.mark.parametrize("name", CASES)
def test_golden(name: str) -> None:
    module, data, width = CASES[name]
    golden_files.check(GOLDEN, name, module.svg(data, width, label=name))


def words_of(module):
    """Where a chart's table and summary stand: beside its drawing, or beside its data."""
    return line_data if module is line else module


def test_no_golden_file_is_left_over() -> None:
    golden_files.check_none_left_over(GOLDEN, CASES)


@pytest.mark.parametrize("name", CASES)
def test_nothing_the_policy_forbids_and_no_number_gone_wrong(name: str) -> None:
    module, data, width = CASES[name]
    words = words_of(module)
    drawn = module.svg(data, width) + words.table(data) + words.summary(data)
    for bad in ("style=", "nan", "inf", "None", '"-0"', "-0.0"):
        assert bad not in drawn


@pytest.mark.parametrize("name", CASES)
def test_a_drawing_without_a_label_is_hidden_from_assistive_technology(name: str) -> None:
    module, data, width = CASES[name]
    assert 'aria-hidden="true"' in module.svg(data, width)
    assert 'role="img" aria-label="loss &amp; &lt;more&gt;"' in module.svg(data, width, "loss & <more>")


@pytest.mark.feature("Q3")
@pytest.mark.parametrize("name", CASES)
def test_every_chart_has_a_table_and_a_summary(name: str) -> None:
    module, data, _ = CASES[name]
    words = words_of(module)
    rows = ElementTree.fromstring(words.table(data)).findall("./tbody/tr")
    assert rows and all(row[0].tag == "th" for row in rows)
    assert words.summary(data)


@pytest.mark.parametrize("module, data", [(module, data) for module, data, _ in CASES.values()])
def test_a_width_that_is_no_width_raises(module, data) -> None:
    for width in (0, -5, 119, float("nan")):
        with pytest.raises(ValueError, match=str(width)):
            module.svg(data, width)
