"""Sweeps: which values, the straight part, and what is said of them."""

import numpy as np
import pytest

from lab.sections.experiments.model import Basis, Table
from lab.sections.sweeps import model
from lab.sections.sweeps import view as views
from microgpt.experiment import Experiment
from microgpt.settings import Settings
from tests.core.desk import FakeTime

FEATURE = pytest.mark.feature("E3")
STEPS = 10


def swept(recipes, experiment, losses=None) -> Table:
    """All runs done; then their held-out losses are set to these, if any are given."""
    table = Table(recipes, names=0)
    table.prepare(Basis(experiment, STEPS), betting=False)
    for _ in table.work(FakeTime().clock):
        pass
    for row, loss in zip(table.rows, losses or [], strict=False):
        row.trial.held_out = loss
    return table


@FEATURE
def test_seven_rates_and_five_sizes_around_the_labs_own(dinosaurs, names):
    rates = [recipe.value for recipe in model.rates(dinosaurs)]
    assert len(rates) == 7 and rates[3] == 0.003 and rates == sorted(rates)
    assert [recipe.value for recipe in model.sizes(dinosaurs)] == [4, 8, 16, 32, 64]
    odd = Experiment(names, Settings(n_embd=126, n_head=3, learning_rate=0.5))
    assert [recipe.value for recipe in model.rates(odd)][-1] == 0.5  # none above 1
    assert all(recipe.value % 3 == 0 and recipe.value <= 128 for recipe in model.sizes(odd))


@FEATURE
def test_each_dot_is_the_held_out_loss_of_a_run_of_its_own(small_experiment):
    table = swept(model.sizes(small_experiment), small_experiment)
    curve = views.size_curve(table)
    sizes = [Experiment(small_experiment.names, Settings(n_layer=1, n_embd=width, n_head=2)).config.n_params
             for width in (2, 4, 8, 16)]  # fmt: skip
    assert curve.x.tolist() == sizes
    assert curve.y.tolist() == [row.trial.held_out for row in table.rows]
    assert all(row.trial.names == [] for row in table.rows)


@FEATURE
def test_the_straight_part_is_the_longest_that_is_straight():
    x = np.array([1e3, 3e3, 1e4, 3e4, 1e5])
    whole = model.straight_part(x, 5 * x**-0.1)
    assert whole.of == range(5) and whole.power == pytest.approx(-0.1) and whole.factor == pytest.approx(5)
    bent = 5 * x**-0.1
    bent[4] *= 1.2
    part = model.straight_part(x, bent)
    assert part.of == range(4) and part.power == pytest.approx(-0.1)
    assert model.straight_part(x, np.array([3, 2, 3, 2, 3.0])) is None
    bent[1] = np.nan
    assert model.straight_part(x, bent) is None


@FEATURE
def test_a_law_is_told_with_its_limits(small_experiment):
    recipes = model.sizes(small_experiment)
    table = swept(recipes, small_experiment)
    sizes = views.parameters(table)
    for row, loss in zip(table.rows, 5 * sizes**-0.1, strict=True):
        row.trial.held_out = float(loss)
    said = views.sizes_said(table)
    assert "to the power −0.1" in said and "lowers the loss by 6.7" in said
    assert f"below {sizes[0]:,.0f} or above {sizes[-1]:,.0f} parameters" in said
    assert views.size_curve(table).fitted == range(len(sizes))
    table.rows[1].trial.held_out *= 2
    assert "no law" in views.sizes_said(table) and views.size_curve(table).fit is None


@FEATURE
def test_the_valley_of_rates_is_told_as_it_was_measured(small_experiment):
    recipes = model.rates(small_experiment)
    said = views.rates_said(swept(recipes, small_experiment, [3.0, 2.8, 2.5, 2.1, 2.2, 2.4, 2.9]))
    assert "2.100, is at the rate 0.003, which is the lab’s own." in said
    assert "At 0.0001 it is 3.000" in said and "At 0.09 it is 2.900" in said
    flat = views.rates_said(swept(recipes, small_experiment, [2.1, 2.1, 2.1, 2.11, 2.1, 2.1, 2.09]))
    assert "at the rate 0.09; the lab’s own is 0.003." in flat and "too large" not in flat
    assert views.rates_said(Table(recipes)) == ""
