"""The table of experiments in words, cells and curves."""

import re

import pytest

from lab.sections.experiments import view as views
from lab.sections.experiments.model import Basis, Table
from lab.sections.experiments.recipes import AGAIN, AS_IT_IS, recipes, standard
from tests.core.desk import FakeTime

FEATURE = pytest.mark.feature("E1")
STEPS = 12


def recipe(experiment, title):
    return next(one for one in recipes(experiment) if one.title == title)


@pytest.fixture(scope="module")
def table(small_experiment) -> Table:
    """As it is, once more, and without residual connections: all done. Nobody changes it."""
    table = Table([AS_IT_IS, AGAIN, recipe(small_experiment, "without residual connections")])
    table.prepare(Basis(small_experiment, STEPS), betting=True)
    for _ in table.work(FakeTime().clock):
        pass
    return table


@FEATURE
def test_a_row_says_what_came_of_the_run(table, small_experiment):
    base, again, bare = (views.cells(row, table, small_experiment.config.n_params) for row in table.rows)
    trials = [row.trial for row in table.rows]
    assert base.held_out == f"{trials[0].held_out:.3f}" == again.held_out
    assert (base.against, again.against) == ("–", "±0.000")
    gap = trials[2].held_out - trials[0].held_out
    assert bare.against.replace("−", "-") == f"{gap:+.3f}"
    assert (base.differs, again.differs, bare.differs) == ("–", "no difference", "from step 1 on")
    assert bare.steps == str(STEPS) and bare.parameters == f"{small_experiment.config.n_params:,}"
    assert bare.names.split(", ")[0] in [sample.name or "(nothing)" for sample in trials[2].names]
    waiting = views.cells(Table(standard(small_experiment)).rows[1], Table(standard(small_experiment)), 7)
    assert waiting == ("–", "–", "–", "7", "–", "–", "–")


@FEATURE
def test_the_first_step_where_two_differ_is_named_with_both_losses(table):
    base, again, bare = table.rows
    assert views.parting(base, table) == ""
    assert "No difference: all 12 losses" in views.parting(again, table)
    said = views.parting(bare, table)
    assert "at step 1:" in said and f"{bare.trial.history.losses(1)[0]:.6f}" in said


@FEATURE
def test_what_came_of_it_is_said_once_all_are_done(table, small_experiment):
    best = table.ranked()[0]
    said = views.outcome(table)
    assert f"“{best.recipe.title}”: {best.trial.held_out:.3f}" in said and "of 2 changes came out below" in said
    assert views.outcome(Table(standard(small_experiment))) == ""
    assert views.progress(table, False) == "All 3 runs are done."
    assert views.progress(Table(standard(small_experiment)), False) == "11 runs to train."


@FEATURE
def test_the_bet_is_told_pair_by_pair(table):
    said = views.verdict(table)
    assert re.search(r"of 3 pairs of runs, [0-3] stand in the right order. Tossing a coin gets about 1 or 2", said)
    assert said.count("as you said") + said.count("did not expect") == 2
    assert [views.bet_place(row, table) for row in table.rows] == ["1", "2", "3"]


@FEATURE
def test_curves_over_steps_time_and_arithmetic(table):
    steps, seconds, arithmetic = (views.curves(table, axis) for axis in views.AXES)
    assert [len(series.smooth) for series in steps.series] == [STEPS] * 3
    assert steps.x_limit == STEPS and len({series.css for series in steps.series}) == 3
    for lines in (seconds, arithmetic):
        ends = [float(series.smooth[-1]) for series in lines.series]
        assert ends == [float(series.smooth[-1]) for series in steps.series]
    assert max(len(series.smooth) for series in seconds.series) == seconds.x_limit


@FEATURE
def test_results_say_when_the_lab_has_moved_on(table, small_experiment):
    assert "others by now" not in views.trained_with(table, small_experiment, STEPS)
    assert "others by now" in views.trained_with(table, small_experiment, STEPS + 1)
    assert views.trained_with(Table(standard(small_experiment)), small_experiment, STEPS) == ""


@pytest.mark.feature("E2")
def test_the_code_of_a_change_is_the_engines_and_its_size_is_counted(dinosaurs):
    bare = recipe(dinosaurs, "without residual connections")
    lines = [re.sub("<[^>]*>", "", row) for row in re.findall(r"<li class=.*?</li>", views.code(bare, dinosaurs))]
    assert "gone:     return x + block" in lines and any("return block" in line for line in lines)
    assert "stays the same" in views.change(bare, dinosaurs)
    biases = views.change(recipe(dinosaurs, "with biases"), dinosaurs)
    assert "bias = True in place of False" in biases and "TensorGPT.linear in tensor_gpt.py" in biases
    added = 2 * (4 * 32 + 4 * 32 + 32)  # in each layer q, k, v and wo, the hidden numbers, and what fc2 gives
    assert f"{added} parameters more" in biases
    assert views.code(AS_IT_IS, dinosaurs) == "" and "Nothing is changed" in views.change(AGAIN, dinosaurs)


@pytest.mark.feature("E2")
def test_all_that_is_offered_has_its_code(dinosaurs):
    for one in recipes(dinosaurs):
        assert bool(views.code(one, dinosaurs)) == bool(one.name)
        assert views.config_of(one, dinosaurs).n_params > 0


@FEATURE
def test_the_rows_can_be_moved_only_while_a_bet_is_made(table):
    plain, betting, fixed = (views.rows(table.rows, *how) for how in ((False, False), (True, True), (True, False)))
    assert "expect it better" not in plain + fixed and betting.count("expect it better") == 3
    assert "bet:" not in plain and fixed.count('data-part="bet:') == 3
    assert 'value="remove again"' in plain and 'value="remove "' not in plain
