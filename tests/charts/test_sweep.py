"""Dots over a logarithmic axis."""

import itertools

import numpy as np
import pytest

from lab.charts.sweep import Sweep

X = [0.001, 0.01, 0.1, 1.0]
Y = [2.4, 2.0, np.nan, 3.0]


def test_equal_ratios_are_equally_far_apart():
    geo = Sweep(X, Y, "rate").geometry(600)
    places = geo.x(np.log10(X))
    assert np.diff(places) == pytest.approx([places[1] - places[0]] * 3)
    assert [tick.text for tick in geo.x_ticks] == ["0.001", "0.01", "0.1", "1"]
    assert [Sweep(X, Y, "rate").hit(geo, place + 3, 50) for place in places] == [0, 1, 2, 3]


@pytest.mark.feature("Q3")
def test_what_is_not_known_is_not_drawn_and_said_to_be_so():
    sweep = Sweep(X, Y, "rate")
    assert sweep.svg(400).count("h0") == 3
    assert sweep.describe(2) == "rate 0.1: held-out loss not known yet"
    assert sweep.summary() == "lowest of 3 at rate 0.01: held-out loss 2.000"
    assert "<td></td>" in sweep.table() and sweep.start == 1
    nothing = Sweep(X, [np.nan] * 4, "rate")
    assert nothing.summary() == "no value yet" and nothing.svg(400) and nothing.start == 0


def test_a_power_law_is_straight_and_dashed_over_the_dots_it_was_fitted_to():
    x = np.array([100.0, 1000, 10000])
    law = 4 * x**-0.1
    sweep = Sweep(x, law, "parameters", y_log=True, fit=law, fitted=range(2))
    geo = sweep.geometry(500)
    places = [sweep._place(geo, i, float(law[i])) for i in range(3)]
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in itertools.pairwise(places)]
    assert slopes[0] == pytest.approx(slopes[1])
    assert sweep.svg(500).count('class="dash"') == 1


@pytest.mark.parametrize("x", [[1, 1, 2, 3], [0, 1, 2, 3], [3, 2, 1, 0.5], [1, 2, 3]])
def test_what_is_no_sweep_is_refused(x):
    with pytest.raises(ValueError):
        Sweep(x, Y, "rate")
