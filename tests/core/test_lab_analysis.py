"""Analysing the heads: a job beside training, on the weights of one moment, that may be called off."""

import numpy as np
import pytest

from lab.core import heads
from microgpt.evaluate.heads import head_sums, vowel_rate, vowels
from microgpt.experiment import Settings


def vowels_of(experiment) -> frozenset[int]:
    return frozenset(experiment.tokenizer.encode(vowels(experiment.tokenizer.alphabet)))


@pytest.mark.feature("S1-23")
def test_the_result_is_the_engines_own_on_that_many_different_names(desk):
    desk.train_to(30)
    desk.lab.analyse(20)
    desk.finish()
    analysis = desk.lab.analysis.get()
    assert (analysis.done, analysis.count, analysis.step, analysis.running) == (20, 20, 30, False)
    experiment = desk.lab.experiment.get()
    model, vowels = desk.lab.run.trainer.model, vowels_of(experiment)
    rows = analysis.statistics.sums[0, 1, 0, 0]
    every = [head_sums(model, document, vowels) for document in experiment.train_documents]
    assert 0 < rows < sum(one[0, 1, 0, 0] for one in every)
    desk.lab.analyse(10**6)
    desk.finish()
    assert desk.lab.analysis.get().count == len(experiment.train_documents)
    assert desk.lab.analysis.get().statistics.sums == pytest.approx(sum(every))


@pytest.mark.feature("S1-23")
def test_the_choice_of_names_is_the_seeds(new_desk, names):
    found = []
    for seed in (7, 7, 8):
        desk = new_desk(Settings(n_layer=1, n_embd=8, n_head=2, steps=400, seed=seed))
        desk.lab.analyse(10)
        desk.finish()
        found.append(desk.lab.analysis.get())
    first, again, other = found
    assert np.array_equal(first.statistics.sums, again.statistics.sums)
    assert first.statistics.uniform.tolist() != other.statistics.uniform.tolist()  # it depends on the names alone


@pytest.mark.feature("S1-23")
def test_it_grows_and_is_told_name_by_name(desk):
    told = []
    desk.lab.analysis.watch(lambda analysis: told.append(analysis.done))
    desk.lab.analyse(5)
    assert desk.lab.analysis.get().running
    desk.finish()
    assert told == [0, 1, 2, 3, 4, 5]


@pytest.mark.feature("S1-23")
def test_training_is_not_changed_by_it_and_goes_on_meanwhile(new_desk):
    plain, analysing = new_desk(), new_desk()
    plain.train_to(120)
    analysing.lab.analyse(30)
    analysing.lab.train(until=60)
    analysing.until(lambda: analysing.lab.run.step_count >= 10)
    analysing.lab.analyse(30)
    analysing.finish()
    assert analysing.lab.analysis.get().done == 30
    analysing.train_to(120)
    assert analysing.weights == plain.weights
    assert analysing.losses == plain.losses
    assert analysing.lab.run.samples == plain.lab.run.samples


@pytest.mark.feature("S1-23")
def test_it_measures_the_moment_it_was_asked_for(new_desk):
    still, moving = new_desk(), new_desk()
    still.train_to(20)
    still.lab.analyse(30)
    still.finish()
    moving.train_to(20)
    moving.lab.analyse(30)
    moving.lab.train(until=200)
    moving.finish()
    assert moving.lab.analysis.get().step == 20
    assert np.array_equal(moving.lab.analysis.get().statistics.sums, still.lab.analysis.get().statistics.sums)


@pytest.mark.feature("S1-23")
def test_it_can_be_called_off_and_keeps_what_it_has(desk):
    desk.finish()
    desk.lab.analyse(50)
    desk.lab.analysis.watch(lambda analysis: desk.lab.stop_analysing() if analysis.done == 3 else None)
    desk.finish()
    analysis = desk.lab.analysis.get()
    assert (analysis.done, analysis.cancelled, analysis.running) == (3, True, False)
    assert analysis.statistics.each.bos.shape == (1, 2)
    desk.lab.stop_analysing()  # once more does nothing
    assert desk.lab.analysis.get() is analysis


@pytest.mark.feature("S1-23")
def test_it_can_be_called_off_before_it_has_begun(desk):
    desk.lab.analyse(50)
    desk.lab.stop_analysing()
    desk.finish()
    assert (desk.lab.analysis.get().done, desk.lab.analysis.get().cancelled) == (0, True)


def test_a_second_one_takes_the_place_of_the_first(desk):
    desk.lab.analyse(50)
    desk.lab.analyse(4)
    desk.finish()
    assert (desk.lab.analysis.get().done, desk.lab.analysis.get().count) == (4, 4)


@pytest.mark.parametrize("replace", ["reset", "configure"])
def test_another_run_has_not_been_analysed(desk, replace):
    desk.train_to(10)
    desk.lab.analyse(50)
    if replace == "reset":
        desk.lab.reset()
    else:
        desk.lab.configure(desk.lab.experiment.get().names, Settings(n_layer=2, n_embd=8, n_head=4, steps=400))
    desk.finish()
    assert desk.lab.analysis.get() is None
    desk.lab.undo()  # nor does the old one take it up again
    desk.finish()
    assert desk.lab.analysis.get() is None


def test_a_model_that_has_run_away_is_refused(desk):
    desk.train_to(5)
    desk.lab.run.trainer.model.flat[:] = np.nan
    with pytest.raises(ValueError, match="run away"):
        desk.lab.analyse()
    assert desk.lab.analysis.get() is None


@pytest.mark.feature("S1-24")
def test_chance_is_uniform_attention_and_for_vowels_the_rate_of_the_data(desk):
    desk.lab.analyse(10**6)
    desk.finish()
    analysis, experiment = desk.lab.analysis.get(), desk.lab.experiment.get()
    rate = vowel_rate(experiment.train_documents, vowels_of(experiment), experiment.tokenizer.bos)
    assert analysis.chance.vowels == rate
    by_name = [np.mean([1 / (row + 1) for row in range(1, len(d) - 1)]) for d in experiment.train_documents]
    lengths = [len(d) - 2 for d in experiment.train_documents]
    assert analysis.chance.bos == pytest.approx(np.average(by_name, weights=lengths))


def test_the_usual_number_of_names_is_that_of_the_page(desk):
    desk.lab.analyse()
    assert desk.lab.analysis.get().count == min(heads.COUNT, len(desk.lab.experiment.get().train_documents))
