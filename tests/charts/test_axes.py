"""One axis module for all charts: what stands on an axis lies on it, and no two numbers touch."""

import itertools
import re

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lab.charts import Lines, Series, legend
from lab.charts.axes import Axes, Tick, axis, axis_between, room_beside, root_axis
from lab.charts.loss_curve import Curve
from lab.charts.scale import nice_ticks
from lab.charts.scatter import Scatter
from lab.charts.slope import Slope
from lab.charts.svg import text_width

values = st.floats(-1e6, 1e6, allow_subnormal=False).filter(lambda x: x == 0 or abs(x) > 1e-5)
widths = st.integers(120, 900)


def cost(p):
    return -np.log(p)


def numbers_below(drawn: str) -> list[tuple[float, float]]:
    """Where each text below a plot begins and ends, from left to right."""
    spans = []
    for anchor, x, text in re.findall(r'<text class="tick( mid|)" x="([-\d.]+)" y="[-\d.]+">([^<]*)<', drawn):
        left = float(x) - (text_width(text) / 2 if anchor else 0)
        spans.append((left, left + text_width(text)))
    return sorted(spans)


@given(values, values, st.integers(0, 200), st.integers(120, 900))
def test_ticks_lie_on_their_axis_in_order(a: float, b: float, start: int, room: int) -> None:
    lo, hi = sorted((a, b))
    assume(hi - lo > 1e-6 * max(abs(lo), abs(hi)))
    found = axis_between(lo, hi, start, start + room)
    assert (found.lo, found.hi) == (lo, hi)
    places = [found(value) for value in found.ticks]
    assert places == sorted(places)
    assert all(start - 1e-3 <= place <= start + room + 1e-3 for place in places)
    assert all(later - sooner >= min(90, room / 2) - 1e-3 for sooner, later in itertools.pairwise(places))


@given(values, values, st.integers(1, 8))
def test_the_numbers_beside_a_plot_have_room_and_the_axis_covers_the_values(a: float, b: float, count: int) -> None:
    ticks = nice_ticks(*sorted((a, b)), count)
    found = axis(ticks, 300, 20)
    assert found(found.lo) == 300 and found(found.hi) == pytest.approx(20)
    assert all(20 - 1e-6 <= found(value) <= 300 + 1e-6 for value in (a, b))
    assert all(text_width(found.text(value)) + 8 <= room_beside(ticks) for value in found.ticks)


@given(values, values, widths)
def test_numbers_below_a_curve_never_collide_nor_do_their_marks_get_lost(a: float, b: float, width: int) -> None:
    lo, hi = sorted((a, b))
    assume(hi - lo > 1e-6 * max(abs(lo), abs(hi)))
    x = np.linspace(lo, hi, 9)
    assume(np.all(np.diff(x) > 0))
    data = Slope(x, x * 0 + 1.5, (lo + hi) / 2, 1.5, 0.0, 0.0, (hi - lo) / 4, 1.5, 1.5)
    drawn, geo = data.svg(width), data.geometry(width)
    spans = numbers_below(drawn)
    assert len(spans) >= min(1, len(geo.x.ticks))
    assert all(left[1] < right[0] for left, right in itertools.pairwise(spans))
    marks = re.findall(
        rf'<line class="rule" x1="[-\d.]+" y1="{geo.bottom:g}" x2="[-\d.]+" y2="{geo.bottom + 4:g}"/>', drawn
    )
    assert len(marks) == len(geo.x.ticks)


@given(st.integers(1, 200_000), widths)
def test_numbers_below_a_run_never_collide(steps: int, width: int) -> None:
    data = Lines((Series("a", [3.0], start=steps),), x_label="training step")
    spans = numbers_below(data.svg(width))
    assert spans and all(left[1] < right[0] for left, right in itertools.pairwise(spans))


@given(st.lists(values, min_size=1, max_size=5), widths)
def test_numbers_below_a_scatter_and_a_loss_curve_never_collide(x: list[float], width: int) -> None:
    for drawn in (Scatter(x, x).svg(width), Curve(cost, 0.5).svg(width)):
        assert all(left[1] < right[0] for left, right in itertools.pairwise(numbers_below(drawn)))


def test_a_tick_knows_where_its_text_stands() -> None:
    wide = text_width("1.0")
    assert Tick(50, "1.0").span == (50 - wide / 2, 50 + wide / 2)
    assert Tick(50, "1.0", "start").span == (50, 50 + wide)
    assert Tick(50, "1.0", "end", shift=4).span == pytest.approx((54 - wide, 54))


def test_numbers_without_room_are_thinned_out_and_their_marks_stay() -> None:
    axes = Axes(60, 100, axis(nice_ticks(0, 1000, 5), 0, 60), axis(nice_ticks(0, 1, 2), 80, 0))
    drawn = "".join(axes.x_axis(axes.x_ticks))
    assert drawn.count("<line") == 6
    assert re.findall(r">([\d,]+)<", drawn) == ["0", "400", "800"]


@given(st.lists(st.text("abcdef ", min_size=1, max_size=30), min_size=1, max_size=8), widths)
def test_entries_of_a_legend_do_not_overlap_and_stay_within_it_where_they_can(names: list[str], width: int) -> None:
    entries = legend.rows([(name, "swatch s1") for name in names], 40, width)
    assert [entry.name for entry in entries] == names
    ends = [entry.x + 22 + text_width(entry.name) for entry in entries]
    for (a, end), b in itertools.pairwise(zip(entries, ends, strict=True)):
        assert b[0].y > a.y or b[0].x > end
    assert all(end <= width or entry.x == 0 for entry, end in zip(entries, ends, strict=True))


@pytest.mark.parametrize("hi", [1, 50, 400, 5000, 100_000])
def test_on_a_root_axis_early_values_have_more_room_and_every_place_has_its_value(hi: int) -> None:
    axis = root_axis(hi, 30, 630)
    assert (axis(0), axis(hi)) == (30, 630) and axis(hi / 4) == pytest.approx(330)
    assert axis.invert(axis(hi / 3)) == pytest.approx(hi / 3)
    places = [float(axis(value)) for value in axis.ticks]
    assert axis.ticks[0] == 0 and all(b - a >= 45 for a, b in itertools.pairwise(places))
    assert np.allclose(axis(np.array([0.0, hi])), [30, 630])
