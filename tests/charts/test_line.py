import itertools
import re
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lab.charts import Baseline, Lines, Points, Series
from lab.charts.line_data import columns

losses = arrays(np.float64, st.integers(1, 400), elements=st.floats(-50, 50) | st.just(np.nan))


def run(steps: int) -> Lines:
    rng = np.random.default_rng(0)
    raw = 2 + np.exp(-np.arange(steps) / 300) + rng.normal(0, 0.3, steps)
    return Lines((Series("mean", raw, raw),), baselines=(Baseline("uniform", 3.3),))


@given(losses, st.integers(2, 60))
def test_columns_keep_every_extreme_and_the_last_value(values: np.ndarray, n: int) -> None:
    steps = np.arange(1, len(values) + 1)
    edges = np.linspace(0, len(values) + 1, n)
    shown = columns(steps, values, edges)
    at = 0
    for lo, hi in itertools.pairwise(edges):
        inside = (steps >= lo) & (steps < hi) & np.isfinite(values)
        if not inside.any():
            continue
        assert shown.low[at] == values[inside].min()
        assert shown.high[at] == values[inside].max()
        assert shown.last[at] == values[inside][-1]
        assert shown.step[at] == steps[inside][-1]
        at += 1
    assert at == len(shown.step)


@given(losses)
def test_any_losses_can_be_drawn(values: np.ndarray) -> None:
    drawn = Lines((Series("a", values, values),), baselines=(Baseline("b", 3.3),)).svg(400)
    assert "nan" not in drawn and "inf" not in drawn


@given(st.integers(1, 3000))
def test_every_step_is_on_the_axis(steps: int) -> None:
    geo = run(steps).geometry(500)
    assert geo.left <= geo.x(steps) <= geo.right
    assert geo.x.ticks[0] == 0 and geo.x.ticks[-1] <= geo.x.hi
    assert geo.y.lo <= run(steps).series[0].raw.min() and run(steps).series[0].raw.max() <= geo.y.hi


@pytest.mark.feature("S1-14")
def test_the_drawing_does_not_grow_with_the_run() -> None:
    sizes = {steps: len(run(steps).svg(640)) for steps in (2_000, 50_000)}
    assert sizes[50_000] < 1.5 * sizes[2_000]


@pytest.mark.feature("S1-14")
def test_the_work_of_drawing_does_not_grow_with_the_run() -> None:
    def calls(steps: int) -> int:
        """Of functions, while a run of so many steps is drawn: the work but for that inside NumPy."""
        data, count = run(steps), 0

        def called(_frame: object, event: str, _argument: object) -> None:
            nonlocal count
            count += event in ("call", "c_call")

        sys.setprofile(called)
        try:
            data.svg(640)
        finally:
            sys.setprofile(None)
        return count

    assert calls(50_000) < 1.5 * calls(2_000)


@pytest.mark.feature("S1-15")
@given(st.lists(st.floats(0, 5), min_size=1, max_size=6), st.sampled_from([343, 680]))
def test_baseline_labels_never_collide_and_keep_the_values_at_hand(values: list[float], width: int) -> None:
    baselines = tuple(Baseline(f"b{i}", v) for i, v in enumerate(values))
    data = Lines((Series("a", [3.0, 2.0]),), baselines=baselines)
    geo = data.geometry(width)
    places = sorted(place for place, _ in geo.baseline_text)
    for above, below in itertools.pairwise(places):
        assert below - above >= 14 - 1e-6
    assert all(geo.top <= place <= geo.bottom for place in places)
    table = data.table()
    assert all(f'<th scope="row">{b.name}</th>' in table for b in baselines)


@pytest.mark.feature("S1-14")
def test_the_crosshair_stands_on_the_smoothed_value() -> None:
    data = run(500)
    geo = data.geometry(640)
    pin = re.search(r'<circle class="pin s1" cx="([\d.]+)" cy="([\d.]+)"', data.cursor(geo, 123))
    assert float(pin[1]) == pytest.approx(geo.x(123), abs=0.06)
    assert float(pin[2]) == pytest.approx(geo.y(data.series[0].smooth[122]), abs=0.06)


def test_words() -> None:
    data = Lines((Series("mean", [3.0, 2.5]),), (Points("held-out", [0], [3.3]),))
    assert data.describe(2) == "step 2: mean 2.50"
    assert data.describe(9) == "step 9: no value"
    assert data.summary() == "step 2: mean 2.50, held-out 3.30 at step 0"
    assert Lines(()).summary() == "no values yet"
    assert (data.first, data.last) == (0, 2)


def test_the_axis_follows_the_run_past_its_limit() -> None:
    assert run(150).geometry(500).x.hi == 200
    assert run(812).geometry(500).x.hi == 1000


def test_the_axis_can_begin_late_for_the_last_steps_of_a_long_run() -> None:
    data = Lines((Series("a", np.ones(60), start=3940),), x_start=3900, x_limit=4000)
    geo = data.geometry(500)
    assert (geo.x.lo, geo.x.hi) == (3900, 4000)
    assert geo.x.ticks[0] == 3900
    assert "step 3,900" in data.svg(500)


def test_y_from_zero_when_asked() -> None:
    series = (Series("a", [3.0, 2.0]),)
    assert Lines(series).geometry(500).y.lo > 0
    assert Lines(series, y_zero=True).geometry(500).y.lo == 0


@pytest.mark.parametrize(
    "make, says",
    [
        (lambda: Series("a", [1.0, 2.0], [1.0]), "raw has 1 values, smooth has 2"),
        (lambda: Series("a", [[1.0]]), r"smooth must be one-dimensional, got shape \(1, 1\)"),
        (lambda: Series("a", [1.0], colour=8), "colour must be 1 to 7, got 8"),
        (lambda: Points("p", [1, 2], [1.0]), "2 steps, 1 values"),
        (lambda: Points("p", [2, 2], [1.0, 1.0]), r"steps must increase, got \[2.0, 2.0\]"),
        (lambda: Baseline("b", float("nan")), "must be finite, got nan"),
        (lambda: Lines((), x_limit=0), "x_limit must be positive, got 0"),
        (lambda: Lines((), x_limit=5, x_start=5), "x_start must be from 0 to below x_limit, got 5"),
    ],
)
def test_what_is_wrong_raises_and_says_so(make, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        make()
