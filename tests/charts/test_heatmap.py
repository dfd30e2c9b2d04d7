import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from lab.charts import Matrix
from lab.charts.color import diverging, sequential

sizes = array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=14)
weights = arrays(np.float64, sizes, elements=st.floats(-3, 3) | st.just(np.nan))
shares = arrays(np.float64, sizes, elements=st.floats(0, 1))


def matrix(values: np.ndarray, **options) -> Matrix:
    rows, cols = values.shape
    return Matrix(values, [f"r{i}" for i in range(rows)], [str(i) for i in range(cols)], legend=False, **options)


def cells(drawn: str) -> Counter:
    """How many cells each path has, by class: each cell begins with one M."""
    return Counter({css: d.count("M") for css, d in re.findall(r'<path class="(\w+)" d="([^"]*)"/>', drawn)})


@pytest.mark.feature("S1-10")
@given(weights)
def test_every_weight_is_one_cell_with_its_sign_in_its_shape(values: np.ndarray) -> None:
    data = matrix(values, kind="signed")
    drawn = data.svg(320)
    found = cells(drawn)
    assert found.total() == values.size
    assert found["hatch"] == np.isnan(values).sum()
    levels = diverging(values[np.isfinite(values)], data.reach)
    assert sum(n for css, n in found.items() if css.startswith("n")) == (levels < 0).sum()
    assert sum(n for css, n in found.items() if css.startswith("p")) == (levels > 0).sum()
    for css, d in re.findall(r'<path class="([np]\d)" d="([^"]*)"/>', drawn):
        assert ("a" in d) == css.startswith("n")  # discs are made of arcs, squares are not


@pytest.mark.feature("S1-21")
@given(shares, st.data())
def test_every_share_is_one_cell_and_the_future_is_hatched(values: np.ndarray, data) -> None:
    mask = data.draw(arrays(bool, values.shape))
    found = cells(matrix(values, mask=mask).svg(320))
    assert found.total() == values.size
    assert found["hatch"] == mask.sum()
    for level, n in Counter(sequential(values[~mask]).tolist()).items():
        assert found[f"q{level}"] == n


def test_few_elements_however_many_cells() -> None:
    values = np.random.default_rng(0).normal(size=(45, 32))
    assert matrix(values, kind="signed").svg(640).count("<path") <= 17


@given(sizes, st.sampled_from([160, 320, 343, 680]))
def test_it_fits_its_width_and_pointing_at_a_cell_finds_it(shape: tuple[int, int], width: int) -> None:
    data = matrix(np.zeros(shape))
    geo = data.geometry(width)
    assert geo.left + geo.cols * geo.cell <= width
    for row, col in ((0, 0), (shape[0] - 1, shape[1] - 1)):
        x, y = geo.left + (col + 0.5) * geo.cell, geo.top + (row + 0.5) * geo.cell
        assert data.hit(geo, x, y) == (row, col)
    assert data.hit(geo, geo.left - 1, geo.top + 1) is None
    assert data.hit(geo, geo.left + 1, geo.top + geo.rows * geo.cell + 1) is None


@pytest.mark.feature("S1-10")
def test_27_letters_by_32_dimensions_are_legible_on_a_phone() -> None:
    letters = [*"abcdefghijklmnopqrstuvwxyz", "[BOS]"]
    data = Matrix(np.zeros((27, 32)), letters, [str(i) for i in range(32)], kind="signed")
    geo = data.geometry(343)
    assert geo.cell >= 9 and geo.row_step == 1


def test_levels() -> None:
    assert sequential(np.array([0, 0.0624, 0.0626, 0.5, 1])).tolist() == [0, 0, 1, 8, 15]
    assert diverging(np.array([-9, -1, -0.06, 0, 0.06, 0.07, 1]), 1).tolist() == [-8, -8, 0, 0, 0, 1, 8]
    with pytest.raises(ValueError, match="limit must be positive, got 0"):
        diverging(np.zeros(1), 0)


def test_words() -> None:
    data = Matrix([[0.31, 0.0], [0.25, 0.75]], "re", "re", mask=[[0, 1], [0, 0]])
    assert data.describe(0, 0) == "row r, column r: 0.31"
    assert data.describe(0, 1) == "row r, column e: hidden"
    assert data.summary() == "2 by 2, strongest row e, column e: 0.75"
    assert Matrix([[np.nan]], "a", "b").summary() == "1 by 1, all hidden"
    signed = Matrix([[-0.5, 0.25]], "a", "xy", kind="signed")
    assert signed.describe(0, 0) == "row a, column x: −0.500"
    assert signed.describe(0, 1) == "row a, column y: +0.250"


def test_a_typed_label_is_escaped() -> None:
    data = Matrix([[1.0]], ["<b>"], ["&"])
    assert "<b>" not in data.svg(200) and "<b>" not in data.table()


@pytest.mark.parametrize(
    "make, says",
    [
        (lambda: Matrix([1.0], "a", "b"), r"shape \(1,\)"),
        (lambda: Matrix(np.zeros((0, 2)), "", "ab"), r"shape \(0, 2\)"),
        (lambda: Matrix([[1.0]], "ab", "c"), "2 row labels and 1 column labels"),
        (lambda: Matrix([[1.0]], "a", "b", kind="hot"), "got 'hot'"),
        (lambda: Matrix([[1.5]], "a", "b"), r"must lie in 0…1, got .*1\.5"),
        (lambda: Matrix([[1.0]], "a", "b", kind="signed", limit=-1), "limit must be positive, got -1"),
        (lambda: Matrix([[1.0]], "a", "b", mask=[[True, False]]), r"mask of shape \(1, 2\)"),
        (lambda: Matrix([[1.0]], "a", "b", row_marks=[1]), r"row_marks must be indices below 1, got \(1,\)"),
    ],
)
def test_what_is_wrong_raises_and_says_so(make, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        make()


def test_the_label_of_a_marked_column_is_not_crowded_by_its_neighbours() -> None:
    drawn = matrix(np.zeros((2, 32)), kind="signed", col_marks=[25], max_cell=14).svg(480)
    labels = [int(label) for label in re.findall(r">(\d+)</text>", drawn)]
    assert 25 in labels
    assert 2 in labels and 1 not in labels  # every second one
    assert {24, 26}.isdisjoint(labels)
