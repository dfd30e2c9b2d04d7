"""What all rungs share, and what each can be held to."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microgpt.evaluate.held_out import held_out_loss
from microgpt.evaluate.ngrams import NGram
from microgpt.experiment import Experiment, Settings
from microgpt.ladder import RUNGS, Rung, check, climb, rates
from microgpt.ladder.rung0_count import Rung0
from microgpt.ladder.rung1_gradient import Rung1
from microgpt.ladder.rung2_autograd import Rung2

BOS = 4
documents = st.lists(
    st.lists(st.integers(0, BOS - 1), max_size=7).map(lambda letters: [BOS, *letters, BOS]), min_size=1, max_size=5
)


@pytest.fixture(params=range(len(RUNGS)), ids=lambda number: f"rung {number}")
def rung(request: pytest.FixtureRequest, tiny: Experiment) -> Rung:
    return climb(request.param, tiny)


# All


def test_the_loss_of_a_step_is_the_one_before_it(rung: Rung, tiny: Experiment) -> None:
    for _ in range(3):
        before = rung.loss(rung.documents[rung.step_count % len(rung.documents)])
        count = rung.step_count
        assert rung.step() == pytest.approx(before, abs=1e-12)
        assert rung.step_count == count + 1


def test_the_loss_is_made_of_the_chances(rung: Rung, tiny: Experiment) -> None:
    rung.step()
    document = tiny.held_out_documents[0]
    chances = [rung.probabilities(document[:i]) for i in range(1, len(document))]
    assert all(row.shape == (tiny.config.vocab_size,) for row in chances)
    assert [row.sum() for row in chances] == pytest.approx([1] * len(chances))
    losses = [-np.log(row[target]) for row, target in zip(chances, document[1:], strict=True)]
    assert rung.loss(document) == pytest.approx(np.mean(losses), abs=1e-12)


@pytest.mark.feature("S4-3")
def test_after_the_last_name_comes_the_first_again(rung: Rung, tiny: Experiment) -> None:
    rung.documents = rung.documents[:3]
    for _ in range(7):
        expected = rung.loss(rung.documents[rung.step_count % 3])
        assert rung.step() == pytest.approx(expected, abs=1e-12)


@pytest.mark.feature("S4-4")
def test_it_learns(rung: Rung, tiny: Experiment) -> None:
    before = held_out_loss(rung, tiny.train_documents)
    for _ in range(tiny.settings.steps):
        rung.step()
    assert held_out_loss(rung, tiny.train_documents) < before - 0.1


def test_every_parameter_is_counted(rung: Rung, tiny: Experiment) -> None:
    table = tiny.config.vocab_size**2
    one_head = (2 * tiny.config.vocab_size + tiny.config.block_size) * 8 + 4 * 8 * 8
    counted = [table, table, table, one_head, *[tiny.config.n_params] * 3]
    assert rung.n_params == counted[RUNGS.index(type(rung))]


def test_each_says_what_it_is() -> None:
    assert len({rung.title for rung in RUNGS}) == len({rung.idea for rung in RUNGS}) == 7


# 0: counting


@pytest.mark.feature("S4-1")
@given(documents, st.integers(1, 12))
def test_counts_equal_a_direct_count(names: list[list[int]], steps: int) -> None:
    rung = Rung0(names, BOS + 1, seed=0)
    for _ in range(steps):
        rung.step()
    direct = Counter(pair for i in range(steps) for pair in pairwise(names[i % len(names)]))
    assert {(int(a), int(b)): n for (a, b), n in np.ndenumerate(rung.counts) if n} == direct


@pytest.mark.feature("S4-1")
def test_the_quiz_comes_before_the_counting() -> None:
    rung = Rung0([[2, 0, 0, 0, 2]], 3, seed=0)
    quiz = []
    for update in rung.updates(rung.documents[0]):
        assert not rung.counts.any() and rung.step_count == 0
        quiz.append(update)
    assert [(u.context, u.target) for u in quiz] == [(2, 0), (0, 0), (0, 0), (0, 2)]
    assert [u.probability for u in quiz] == pytest.approx([1 / 3] * 4)
    assert [u.loss for u in quiz] == pytest.approx([np.log(3)] * 4)
    assert rung.counts.tolist() == [[2, 0, 1], [0, 0, 0], [1, 0, 0]] and rung.step_count == 1


def test_a_step_given_up_has_not_happened() -> None:
    rung = Rung0([[2, 0, 1, 2]], 3, seed=0)
    next(rung.updates(rung.documents[0]))
    assert not rung.counts.any() and rung.step_count == 0


@pytest.mark.feature("S4-1", "S4-6")
def test_one_pass_is_the_bigram_model_with_add_one(tiny: Experiment) -> None:
    rung = climb(0, tiny)
    assert rung.steps == len(tiny.train_documents)
    for _ in range(rung.steps):
        rung.step()
    counted = NGram(2, tiny.config.vocab_size, tiny.train_documents)
    np.testing.assert_array_equal(rung.counts, counted.counts)
    assert held_out_loss(rung, tiny.held_out_documents) == pytest.approx(tiny.baselines["bigram"], abs=1e-12)


# 1: the gradient by hand


@pytest.mark.feature("S4-4")
@settings(max_examples=20)
@given(documents, st.integers(0, 999))
def test_the_gradient_on_paper_is_the_measured_one(names: list[list[int]], seed: int) -> None:
    rung = Rung1(names, BOS + 1, seed=0)
    rung.logits = np.random.RandomState(seed).standard_normal(rung.logits.shape)
    for document in names:
        measured = check.numeric_gradient(rung, document)
        np.testing.assert_allclose(rung.gradient(np.asarray(document)), measured, rtol=0, atol=1e-8)


def test_measuring_leaves_the_rung_as_it_is() -> None:
    rung = Rung1([[2, 0, 1, 2]], 3, seed=0)
    rung.step()
    before = rung.logits.copy()
    measuring = check.slopes(rung, rung.documents[0], eps=0.1)
    next(measuring), next(measuring)
    measuring.close()
    np.testing.assert_array_equal(rung.logits, before)


def test_a_large_nudge_measures_worse() -> None:
    rung = Rung1([[2, 0, 1, 2]], 3, seed=0)
    rung.step()
    exact = rung.gradient(rung.documents[0])
    errors = [abs(check.numeric_gradient(rung, rung.documents[0], eps) - exact).max() for eps in (1, 0.1, 0.01)]
    assert errors[0] > 10 * errors[1] > 100 * errors[2]


@pytest.mark.parametrize("eps", [0, -1, float("nan")])
def test_a_nudge_of_nothing_is_refused(eps: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        next(check.slopes(Rung1([[2, 0, 2]], 3, seed=0), [2, 0, 2], eps))


@pytest.mark.feature("S4-6")
def test_descent_on_all_names_at_once_ends_at_the_counts_without_smoothing() -> None:
    """The optimum of the loss is the normalised counts; add-one, which moves away from it, is not it."""
    every_pair = [2, 0, 0, 1, 1, 0, 2, 2, 1, 0, 1, 2]
    rung = Rung1([every_pair], 3, seed=0)
    for _ in range(20_000):
        rung.step()
    counts = np.zeros((3, 3))
    np.add.at(counts, (every_pair[:-1], every_pair[1:]), 1)
    found = np.array([rung.probabilities([context]) for context in range(3)])
    np.testing.assert_allclose(found, counts / counts.sum(axis=1, keepdims=True), atol=1e-6)
    smoothed = Rung0([every_pair], 3, seed=0)
    smoothed.step()
    assert smoothed.loss(every_pair) > rung.loss(np.array(every_pair)) + 0.001


# 2: autograd


@pytest.mark.feature("S4-4")
def test_autograd_gets_the_losses_of_the_gradient_by_hand(lab: Experiment) -> None:
    by_hand, by_itself = climb(1, lab), climb(2, lab)
    for _ in range(300):
        assert by_itself.step() == pytest.approx(by_hand.step(), abs=1e-12)
    logits = [[value.data for value in row] for row in by_itself.logits]
    np.testing.assert_allclose(logits, by_hand.logits, rtol=0, atol=1e-12)


@settings(max_examples=10)
@given(documents, st.floats(0.1, 5))
def test_so_it_does_on_any_names(names: list[list[int]], learning_rate: float) -> None:
    rungs = [kind(names, BOS + 1, seed=0, learning_rate=learning_rate) for kind in (Rung1, Rung2)]
    for _ in range(15):
        by_hand, by_itself = (rung.step() for rung in rungs)
        assert by_itself == pytest.approx(by_hand, abs=1e-9)


# 3 to 6: the GPT


@pytest.mark.parametrize("number", [3, 4, 5, 6])
def test_it_looks_back_and_never_ahead(number: int, tiny: Experiment) -> None:
    rung = climb(number, tiny)
    rung.step()
    document = tiny.train_documents[0]
    logits = rung.forward(document[:-1]).data
    weights = np.array(rung.attention)
    heads = {3: (1, 1), 4: (1, 2), 5: (1, 2), 6: (1, 2)}[number]
    assert weights.shape == (*heads, len(document) - 1, len(document) - 1)
    np.testing.assert_allclose(weights.sum(axis=-1), 1)
    assert not np.triu(weights, k=1).any()
    np.testing.assert_allclose(rung.forward(document[:3]).data, logits[:3])


@pytest.mark.parametrize("number", [3, 4])
def test_position_counts(number: int, tiny: Experiment) -> None:
    rung = climb(number, tiny)
    bos = tiny.tokenizer.bos
    assert not np.allclose(rung.probabilities([bos, 0, 1, 1]), rung.probabilities([bos, 1, 0, 1]))


@pytest.mark.feature("S4-4")
@pytest.mark.parametrize("number", [3, 4, 5, 6])
def test_the_gradients_of_a_gpt_are_the_measured_ones(number: int, few: list[str]) -> None:
    experiment = Experiment(few, Settings(n_layer=2, n_embd=8, n_head=2, steps=40, seed=7))
    rung = climb(number, experiment)
    document = rung.documents[0]
    rung.expression(document).backward()
    random = np.random.RandomState(0)
    for w in rung.weights.values():
        flat, gradient = w.data.reshape(-1), w.grad.reshape(-1)
        for i in random.choice(flat.size, 3):
            was, losses = flat[i], []
            for nudged in (was + 1e-5, was - 1e-5):
                flat[i] = nudged
                losses.append(rung.loss(document))
            flat[i] = was
            assert gradient[i] == pytest.approx((losses[0] - losses[1]) / 2e-5, abs=1e-7)


# 5: decay


@pytest.mark.feature("S4-4")
def test_decay_is_the_only_difference_to_plain_steps(few: list[str]) -> None:
    experiment = Experiment(few, Settings(n_layer=1, n_embd=8, n_head=2, steps=20, seed=7))
    plain, decaying = climb(4, experiment), climb(5, experiment)
    for step in range(20):
        plain.learning_rate = decaying.learning_rate * (1 - step / 20)
        assert decaying.step() == pytest.approx(plain.step(), abs=1e-12)


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_each_rung_has_the_best_of_the_rates_that_were_tried(number: int, tiny: Experiment) -> None:
    assert climb(number, tiny).learning_rate == rates.best(rates.SEARCHED[number])


def test_the_rate_of_the_lab_is_near_the_best_for_adam() -> None:
    losses = rates.SEARCHED[6]
    assert losses[Settings().learning_rate] - losses[rates.best(losses)] < 0.01


@pytest.mark.parametrize("losses", rates.SEARCHED.values())
def test_every_rung_was_searched_as_far(losses: dict[float, float]) -> None:
    """Five rates, each twice the one before, and the best is not at an end."""
    tried = list(losses)
    assert len(tried) == 5 and all(b == pytest.approx(2 * a) for a, b in pairwise(tried))
    assert tried[0] < rates.best(losses) < tried[-1]


# 6: the lab's own


@pytest.mark.feature("S4-4")
@pytest.mark.parametrize("steps", [40, 25])
def test_the_top_is_the_model_of_the_lab(few: list[str], steps: int) -> None:
    experiment = Experiment(few, Settings(n_layer=2, n_embd=8, n_head=2, steps=steps, seed=7))
    top, trainer = climb(6, experiment), experiment.trainer(np.float64)
    assert top.n_params == experiment.config.n_params
    for _ in range(steps):
        assert top.step() == pytest.approx(trainer.step().loss, abs=1e-12)
    for name, w in top.weights.items():
        np.testing.assert_allclose(w.data, trainer.model.params[name], rtol=0, atol=1e-12)


def test_so_it_is_with_the_labs_settings(lab: Experiment) -> None:
    top, trainer = climb(6, lab), lab.trainer(np.float64)
    assert [top.step() for _ in range(30)] == pytest.approx([trainer.step().loss for _ in range(30)], abs=1e-12)


@pytest.mark.parametrize("number", [5, 6])
def test_after_the_schedule_nothing_moves(number: int, tiny: Experiment) -> None:
    top = climb(number, tiny, steps=3)
    for _ in range(3):
        top.step()
    before = {name: w.data.copy() for name, w in top.weights.items()}
    for _ in range(2):
        top.step()
    for name, w in top.weights.items():
        np.testing.assert_array_equal(w.data, before[name])
