"""The table of experiments: what is offered, what the runs are, and that the lab notices nothing."""

from dataclasses import replace

import numpy as np
import pytest

from lab.sections.experiments import model
from lab.sections.experiments.model import ROWS, Basis, Table, first_difference, identical, multiplications
from lab.sections.experiments.recipes import AGAIN, AS_IT_IS, recipes, settings_of, standard
from microgpt.evaluate.held_out import held_out_loss
from microgpt.experiment import Experiment
from microgpt.settings import Settings
from microgpt.tensor import Tensor
from microgpt.tensor_gpt import TensorGPT
from microgpt.trainer import Trainer
from tests.core.desk import FakeTime

FEATURE = pytest.mark.feature("E1")
STEPS = 12


def table_of(experiment: Experiment, *titles: str) -> Table:
    """A table of the run as it is and of these."""
    table = Table([AS_IT_IS, *(recipe for recipe in recipes(experiment) if recipe.title in titles)])
    assert len(table.rows) == 1 + len(titles)
    table.prepare(Basis(experiment, STEPS), betting=False)
    return table


def drain(table: Table) -> Table:
    for _ in table.work(FakeTime().clock):
        pass
    return table


@FEATURE
def test_the_standard_table_changes_ten_things_each_by_itself(dinosaurs):
    rows = standard(dinosaurs)
    assert [row.title for row in rows] == [
        "as it is", "without attention", "without positions", "without residual connections", "without RMSNorm",
        "without MLP", "one head", "plain steps (SGD)", "no decay of the rate", "GELU", "twice as wide",
    ]  # fmt: skip
    for row in rows[1:]:
        settings = settings_of(row, dinosaurs.settings, dinosaurs.settings.steps)
        changed = [name for name, value in vars(settings).items() if value != getattr(dinosaurs.settings, name)]
        assert changed == [row.name]


@FEATURE
def test_what_changes_nothing_or_can_not_work_is_not_offered(names):
    titles = [one.title for one in recipes(Experiment(names, Settings(n_layer=1, n_embd=6, n_head=2, attention=False)))]
    assert "with attention" in titles and "without attention" not in titles
    assert "one layer" not in titles and "half as wide" not in titles  # 3 numbers for 2 heads
    wide = [one.title for one in recipes(Experiment(names, Settings(n_embd=128)))]
    assert "twice as wide" not in wide and "half as wide" in wide
    assert "GELU" not in [one.title for one in recipes(Experiment(names, Settings(mlp=False)))]


@FEATURE
def test_each_row_is_the_run_that_its_settings_make_alone(small_experiment):
    table = drain(table_of(small_experiment, "without residual connections", "four names a step"))
    for row in table.rows:
        settings = settings_of(row.recipe, small_experiment.settings, STEPS)
        experiment = Experiment(small_experiment.names, settings)
        alone = Trainer(TensorGPT.initial(experiment.config, settings.seed), experiment.train_documents, settings)
        assert row.trial.history.losses(STEPS).tolist() == [alone.step().loss for _ in range(STEPS)]
        assert row.trial.held_out == pytest.approx(held_out_loss(alone.model, experiment.held_out_documents), abs=1e-6)
        assert (len(row.trial.names), len(row.trial.times)) == (model.NAMES, STEPS)
    assert table.finished and table.progress == 1


@FEATURE
def test_as_it_is_the_table_trains_what_the_lab_trains(small_experiment, losses):
    table = table_of(small_experiment)
    table.prepare(Basis(small_experiment, small_experiment.settings.steps), betting=False)
    drain(table)
    np.testing.assert_allclose(table.rows[0].trial.history.losses(100), losses[:100], rtol=1e-4)


@FEATURE
def test_the_labs_own_losses_stay_as_they_are_to_the_last_bit(desk, losses):
    table = table_of(desk.lab.experiment.get(), "without attention", "GELU")
    desk.lab.add_job("Experiments", table.work(desk.time.clock), pytest.fail)
    desk.train_to(60)
    assert table.finished
    assert desk.losses == losses[:60]


@FEATURE
def test_the_same_settings_and_seed_make_no_difference(small_experiment):
    table = drain(table_of(small_experiment, AGAIN.title, "no decay of the rate", "plain steps (SGD)"))
    base, again, sgd, steady = (table.row(key).trial for key in ("", "again", "optimizer:sgd", "decay:none"))
    assert first_difference(again, base) is None and identical(again, base)
    assert first_difference(sgd, base) == 2  # the first loss comes before the first update
    assert first_difference(steady, base) == 3  # and the first update has the same rate
    again.learner.trainer.model.flat[0] += 1
    assert not identical(again, base)


@FEATURE
def test_it_stops_and_goes_on_where_it_was(small_experiment):
    whole = drain(table_of(small_experiment, "without MLP"))
    table = table_of(small_experiment, "without MLP")
    work = table.work(FakeTime().clock)
    while table.rows[1].steps != 5:
        next(work)
    work.close()
    assert 0 < table.progress < 1 and not table.finished
    table.prepare(Basis(small_experiment, STEPS), betting=False)  # the same basis: what is there stays
    drain(table)
    for a, b in zip(table.rows, whole.rows, strict=True):
        assert identical(a.trial, b.trial)


@FEATURE
def test_rows_come_and_go_also_while_it_trains(small_experiment):
    table = table_of(small_experiment, "without MLP")
    work = table.work(FakeTime().clock)
    while table.rows[0].steps != 3:
        next(work)
    table.remove("mlp:False")
    new = table.add(AGAIN)
    for _ in work:
        pass
    assert [row.recipe.title for row in table.rows] == ["as it is", "the same once more"]
    assert new.done and identical(new.trial, table.rows[0].trial)
    assert table.add(AGAIN) is None
    for recipe in recipes(small_experiment):
        table.add(recipe)
    assert len(table.rows) == ROWS and len({row.stroke for row in table.rows}) == ROWS


@FEATURE
def test_other_steps_or_settings_begin_a_new_table(small_experiment):
    table = drain(table_of(small_experiment, "twice as wide"))
    wider = Experiment(small_experiment.names, replace(small_experiment.settings, n_embd=16))
    table.refit(wider)
    table.prepare(Basis(wider, STEPS), betting=True)
    assert not table.begun and table.row("n_embd:32") is not None and table.bet == ("", "n_embd:32")
    assert not Basis(wider, STEPS).same_as(Basis(wider, STEPS + 1))


@FEATURE
def test_one_that_runs_away_is_the_last_and_the_others_go_on(small_experiment, monkeypatch):
    table = table_of(small_experiment, "without MLP")
    step = model.Learner.step

    def wild(learner):
        loss = step(learner)
        return float("nan") if learner.n_params != small_experiment.config.n_params else loss

    monkeypatch.setattr(model.Learner, "step", wild)
    drain(table)
    base, gone = table.rows
    assert gone.trial.failed and len(gone.trial.times) == 1 and base.steps == STEPS
    assert table.finished and table.progress == 1 and table.ranked() == [base, gone]


@FEATURE
@pytest.mark.parametrize("changes", [{}, {"attention": False}, {"mlp": False, "tied": True}, {"bias": True}])
def test_multiplications_are_those_of_the_matrix_products(names, monkeypatch, changes):
    experiment = Experiment(names, Settings(n_layer=2, n_embd=8, n_head=2, **changes))
    document = experiment.train_documents[0]
    forward = 0

    def counting(method):
        def counted(self, other):
            nonlocal forward
            inner = self.data.shape[-1]
            result = method(self, other)
            forward += result.data.size * inner
            return result

        return counted

    monkeypatch.setattr(Tensor, "linear", counting(Tensor.linear))
    monkeypatch.setattr(Tensor, "__matmul__", counting(Tensor.__matmul__))
    TensorGPT.initial(experiment.config, 1).loss(document)
    assert multiplications(experiment.config, len(document) - 1) == 3 * forward


@FEATURE
def test_a_curve_over_what_was_spent():
    means = np.array([5.0, 4.0, 3.0])
    assert model.resampled([0.5, 2.0, 3.2], means, 1.0).tolist() == [5, 4, 4, 3]
    assert model.resampled([], np.array([]), 1.0).tolist() == []


@FEATURE
def test_a_bet_is_judged_by_pairs():
    assert model.pairs_in_order("abc", "abc") == (3, 3)
    assert model.pairs_in_order("cba", "abc") == (0, 3)
    assert model.pairs_in_order("axc", "cab") == (0, 1)
