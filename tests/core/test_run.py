"""One run: its losses, its exams and the names it makes up."""

import math

import numpy as np
import pytest

from lab.core.run import KEPT_SAMPLES, Diverged, Run, Work, is_evaluated, is_sampled
from microgpt.checkpoint import Checkpoint
from microgpt.evaluate.held_out import held_out_loss
from microgpt.experiment import Experiment
from microgpt.rng import stream
from microgpt.sampling import complete


@pytest.fixture
def run(small_experiment: Experiment) -> Run:
    return Run(small_experiment)


def take(run: Run, steps: int) -> Run:
    for _ in range(steps):
        run.step()
    return run


def drain(work: Work) -> int:
    """Do it to its end; gives its number of pieces."""
    return sum(1 for _ in work.pieces)


def test_a_step_adds_its_loss_to_the_history(run, losses):
    result = run.step()
    assert result.loss == losses[0] == run.history.losses(1)[0]


@pytest.mark.feature("X3")
def test_an_evaluation_finds_the_loss_on_names_never_trained_on(run):
    take(run, 20)
    drain(run.evaluation())
    assert run.held_out == {
        20: pytest.approx(held_out_loss(run.trainer.model, run.experiment.held_out_documents), abs=1e-6)
    }
    assert not set(run.experiment.split.held_out) & set(run.experiment.split.train)


def test_an_evaluation_goes_a_few_names_at_a_time(run, monkeypatch):
    monkeypatch.setattr("microgpt.evaluate.held_out.WORK", 3 * run.experiment.config.n_params * 10)
    pieces = drain(run.evaluation())
    assert 1 < pieces < len(run.experiment.held_out_documents)


def test_an_evaluation_is_of_the_step_at_which_it_was_asked_for(run):
    evaluation = run.evaluation()
    untrained = held_out_loss(run.trainer.model, run.experiment.held_out_documents)
    take(run, 20)
    drain(evaluation)
    assert run.held_out == {0: pytest.approx(untrained, abs=1e-6)}


def test_an_evaluation_taken_is_not_taken_again(run):
    drain(run.evaluation())
    assert drain(run.evaluation()) == 0


def test_evaluations_become_rarer_and_never_stop():
    exams = [step for step in range(50_001) if is_evaluated(step)]
    assert exams[:8] == [0, 100, 200, 300, 400, 500, 600, 1000]
    assert len([step for step in exams if step > 5000]) <= 50  # each costs as much as a hundred steps
    assert np.diff(exams).max() <= 5000


@pytest.mark.feature("U8")
def test_a_sample_is_stamped_with_its_step_and_temperature(run):
    take(run, 30)
    drain(run.sampling(0.7, count=3))
    assert [(sample.step, sample.temperature) for sample in run.samples] == [(30, 0.7)] * 3


def test_sampled_names_are_those_the_engine_makes_up(run):
    take(run, 30)
    drain(run.sampling(0.9, count=4))
    rng = stream(run.experiment.settings.seed, "sampling", 30)
    expected = [complete(run.trainer.model, run.experiment.tokenizer, rng, "", 0.9) for _ in range(4)]
    assert [sample.name for sample in run.samples] == expected


@pytest.mark.feature("U8")
def test_a_run_made_again_makes_up_the_same_names_and_who_asks_again_gets_others(run):
    take(run, 30)
    first, second = run.sampling(1.0, count=4), run.sampling(1.0, count=4)
    take(run, 30)
    drain(second)  # whichever is done first, and however much later
    drain(first)
    again = Run(run.experiment)
    take(again, 30)
    drain(again.sampling(1.0, count=4))
    drain(again.sampling(1.0, count=4))
    made = [sample.name for sample in again.samples]
    assert made[:4] != made[4:]
    assert [sample.name for sample in run.samples] == made[4:] + made[:4]


@pytest.mark.feature("U7")
def test_names_begin_with_the_letters_given(run):
    drain(run.sampling(1.0, count=5, prefix="rap"))
    assert len(run.samples) == 5
    assert all(sample.name.startswith("rap") for sample in run.samples)


def test_a_name_that_stands_on_the_list_is_marked(run):
    name = run.experiment.split.train[0]
    drain(run.sampling(1.0, count=150, prefix=name))  # now and then, END comes at once
    assert {sample.name for sample in run.samples if sample.is_real} == {name}
    assert all(sample.is_real == (sample.name == name) for sample in run.samples)


@pytest.mark.feature("R3")
def test_a_name_cut_off_by_the_last_position_is_not_finished(run):
    limit = run.experiment.config.max_letters
    drain(run.sampling(1.0, count=40, prefix="a" * limit))
    drain(run.sampling(1.0, count=40))
    cut = [sample for sample in run.samples if not sample.finished]
    assert len(cut) >= 30
    assert all(len(sample.name) == limit for sample in cut)
    assert all(sample.finished for sample in run.samples if len(sample.name) < limit)


def test_only_the_latest_samples_are_kept(run):
    drain(run.sampling(1.0, count=KEPT_SAMPLES))
    take(run, 1)
    drain(run.sampling(1.0, count=5))
    assert len(run.samples) == KEPT_SAMPLES
    assert [sample.step for sample in run.samples[-6:]] == [0, 1, 1, 1, 1, 1]


def test_early_steps_are_sampled_often_and_later_ones_every_hundred():
    assert [step for step in range(301) if is_sampled(step)] == [0, 1, 2, 5, 10, 20, 50, 100, 200, 300]


def test_what_is_due_belongs_to_the_step(run):
    take(run, 100)
    for work in run.due():
        drain(work)
    assert [sample.step for sample in run.samples] == [100]
    assert list(run.held_out) == [100]
    run.step()
    assert run.due() == []


@pytest.mark.parametrize("poison", [math.nan, math.inf])
def test_a_loss_that_is_no_number_is_reported(run, poison):
    take(run, 5)
    run.trainer.model.params["lm_head"][:] = poison
    with np.errstate(all="ignore"), pytest.raises(Diverged, match="loss of step 6 is nan"):
        run.step()


def test_a_model_that_is_sure_and_wrong_has_not_diverged(run):
    run.trainer.model.params["lm_head"][:] *= 1e6  # so sure of itself that the truth gets probability 0
    loss = run.step().loss
    assert 1e4 < loss < np.inf
    assert run.finite
    run.step()


def test_scores_too_large_for_a_number_are_reported(run):
    run.trainer.model.params["lm_head"][:] = 3e38
    with np.errstate(all="ignore"), pytest.raises(Diverged, match="the loss of step 1 is nan"):
        run.step()


def test_a_run_from_a_checkpoint_has_its_past(run):
    take(run, 40)
    drain(run.evaluation())
    back = Run(run.experiment, run.checkpoint())
    assert back.step_count == 40
    assert back.history.losses(40) == pytest.approx(run.history.losses(40), rel=1e-6)  # the file holds 7 digits
    assert back.held_out == run.held_out
    assert back.source == "precomputed"
    back.step()
    assert back.source == "live"


def test_a_checkpoint_holds_all_the_losses(run):
    take(run, 10)
    checkpoint = run.checkpoint()
    assert isinstance(checkpoint, Checkpoint)
    assert (checkpoint.step, len(checkpoint.losses)) == (10, 10)
