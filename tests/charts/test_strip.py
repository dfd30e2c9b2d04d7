"""Chances laid end to end, and the draw that falls on one of them. Golden drawings in golden_strip/.

After a change that is meant to show: `UPDATE_GOLDEN=1 python -m pytest tests/charts`, then read the diff.
"""

import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab.charts.strip import Strip
from tests.charts import golden_files

GOLDEN = Path(__file__).parent / "golden_strip"
ENDS = np.cumsum([0.1, 0.4, 0.002, 0.298, 0.2])
LETTERS = [*"abcd", "END"]

CASES = {
    "strip-undrawn": (Strip(LETTERS, ENDS), 320),
    "strip-drawn": (Strip(LETTERS, ENDS, 0.31, 1), 480),
    "strip-hair": (Strip(LETTERS, ENDS, 0.501, 2), 320),
    "strip-other": (Strip(LETTERS, ENDS, 0.6, 3, frozenset({0, 2, 3})), 320),
    "strip-ends": (Strip(LETTERS, ENDS, 0.999, 4), 160),
    "strip-greedy": (Strip(LETTERS, [0, 1, 1, 1, 1], None, 1), 320),
}


@pytest.mark.feature("S3-6")
@pytest.mark.parametrize("name", CASES)
def test_golden(name: str) -> None:
    data, width = CASES[name]
    golden_files.check(GOLDEN, name, data.svg(width, label=name))


def test_no_golden_file_is_left_over() -> None:
    golden_files.check_none_left_over(GOLDEN, CASES)


@pytest.mark.feature("Q3")
@pytest.mark.parametrize("name", CASES)
def test_nothing_the_policy_forbids_and_words_for_all_of_it(name: str) -> None:
    data, width = CASES[name]
    drawn = data.svg(width) + data.table() + data.summary()
    assert 'aria-hidden="true"' in drawn
    for bad in ("style=", "nan", "inf", "None", '"-0"', "-0.0"):
        assert bad not in drawn
    rows = ElementTree.fromstring(data.table()).findall("./tbody/tr")
    assert len(rows) == len(data.labels)


@pytest.mark.feature("S3-6")
@settings(max_examples=100)
@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=27), st.floats(0, 1, exclude_max=True), st.integers(120, 900))
def test_the_marker_stands_over_the_stretch_it_hit_in_the_strip_and_in_the_lens(
    numbers: list[float], draw: float, width: int
) -> None:
    ends = np.cumsum(numbers) / np.sum(numbers)
    ends[-1] = 1
    chosen = int(np.searchsorted(ends, draw, side="right"))
    data = Strip([str(i) for i in range(len(ends))], ends, draw, chosen)
    geo = data.geometry(width)
    for place, y in ((geo.whole, 30), (geo.lens, 90)):
        x = place(draw)
        start, end = (place(edge) for edge in data.stretch(chosen))
        assert start - 1e-6 <= x <= end + 1e-6
        if end - start > 0.01:
            assert data.hit(geo, (start + end) / 2, y) == chosen
    low, high = data.lens
    assert 0 <= low <= data.stretch(chosen)[0] and data.stretch(chosen)[1] <= high <= 1
    # in the lens a thin stretch is never thin
    start, end = (geo.lens(edge) for edge in data.stretch(chosen))
    assert end - start >= (width - 2) / 2 - 1e-6


@pytest.mark.feature("S2-3")
def test_a_draw_among_the_others_is_told_with_its_letter() -> None:
    data, _ = CASES["strip-other"]
    assert data.summary() == "the draw 0.600 falls in “other”, on d, which goes from 0.502 to 0.800"
    assert data.describe(3) == "d: from 0.502 to 0.800, 30\u202f%, one of the others; the draw fell here"
    assert data.describe(1) == "b: from 0.100 to 0.500, 40\u202f%"


@pytest.mark.feature("S2-3")
def test_others_have_no_letters_in_the_strip_and_have_them_in_the_lens() -> None:
    data, width = CASES["strip-other"]
    root = ElementTree.fromstring(data.svg(width))
    letters = [(part.text, float(part.get("y"))) for part in root.iter("text") if "strip-letter" in part.get("class")]
    assert [text for text, y in letters if y < 60] == ["b", "d", "END"]  # d was drawn
    assert "d" in [text for text, y in letters if y > 60]


@pytest.mark.feature("S3-7")
def test_without_a_draw_it_is_said_so() -> None:
    data, width = CASES["strip-greedy"]
    assert data.summary() == "no draw: b is taken"
    assert data.geometry(width).lens is None
    assert "longest stretch is b, 40\u202f%" in CASES["strip-undrawn"][0].summary()


def test_ends_and_draw_have_as_many_decimals_as_tell_them_apart() -> None:
    close = Strip("ab", [0.50001, 1], 0.500004, 0)
    assert close.decimals() == 6
    assert "0.500004 falls on a, which goes from 0.000000 to 0.500010" in close.summary()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"ends": [0.5]}, "2 labels, 1 ends"),
        ({"ends": [0.6, 0.5]}, "never fall"),
        ({"ends": [0.5, 0.9]}, "go up to 1"),
        ({"ends": [0.5, float("nan")]}, "never fall"),
        ({"chosen": 2}, "an index below 2"),
        ({"draw": 0.7, "chosen": 0}, "does not fall on 0"),
        ({"draw": 0.7}, "does not fall on None"),
    ],
)
def test_what_does_not_fit_raises(change: dict, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Strip(**{"labels": "ab", "ends": [0.5, 1.0]} | change)


@pytest.mark.parametrize("width", [0, 119, float("nan")])
def test_a_width_that_is_no_width_raises(width: float) -> None:
    with pytest.raises(ValueError, match=str(width)):
        Strip("ab", [0.5, 1]).svg(width)


def test_the_cursor_is_never_too_thin_to_be_seen() -> None:
    data, width = CASES["strip-hair"]
    frame = data.cursor(data.geometry(width), 2)
    assert float(re.search(r'width="([\d.]+)"', frame)[1]) >= 2
