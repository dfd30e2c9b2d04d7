"""Counting, judged by counting again in the plainest way."""

import math
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microgpt.evaluate.held_out import held_out_loss
from microgpt.evaluate.ngrams import NGram, uniform_loss
from microgpt.experiment import Experiment

VOCAB = 4
BOS = VOCAB - 1
documents = st.lists(
    st.lists(st.integers(0, BOS - 1), max_size=6).map(lambda letters: [BOS, *letters, BOS]),
    min_size=1,
    max_size=6,
)


def probability(context: tuple[int, ...], target: int, seen: list[list[int]]) -> float:
    """Add-one: (how often target followed context, plus 1) / (how often anything did, plus vocab)."""
    width = len(context)
    windows = []
    for document in seen:
        padded = [BOS] * (width - 1) + document if width else document[1:]
        windows += [tuple(padded[i : i + width + 1]) for i in range(len(padded) - width)]
    followed = [window for window in windows if window[:width] == context]
    return (followed.count((*context, target)) + 1) / (len(followed) + VOCAB)


@pytest.mark.feature("S1-15")
@pytest.mark.parametrize("order", [1, 2, 3])
@settings(max_examples=40)
@given(documents)
def test_probabilities_equal_a_plain_count_with_one_added(order: int, seen: list[list[int]]) -> None:
    found = NGram(order, VOCAB, seen).probabilities
    assert found.shape == (VOCAB,) * order
    for at in product(range(VOCAB), repeat=order):
        assert found[at] == pytest.approx(probability(at[:-1], at[-1], seen), rel=1e-12)


@pytest.mark.feature("S1-15", "X3")
@pytest.mark.parametrize("order", [1, 2, 3])
@settings(max_examples=40)
@given(documents, documents)
def test_the_held_out_loss_equals_a_plain_sum(order: int, seen: list[list[int]], exam: list[list[int]]) -> None:
    per_document = []
    for document in exam:
        padded = [BOS] * max(0, order - 2) + document
        terms = [
            -math.log(probability(tuple(padded[i - order + 1 : i]), padded[i], seen))
            for i in range(max(1, order - 1), len(padded))
        ]
        assert len(terms) == len(document) - 1
        per_document.append(sum(terms) / len(terms))
    expected = sum(per_document) / len(per_document)
    assert held_out_loss(NGram(order, VOCAB, seen), exam) == pytest.approx(expected, rel=1e-12)


def test_a_bigram_of_one_name_by_hand() -> None:
    counts = NGram(2, 3, [[2, 0, 0, 1, 2]]).counts  # [BOS] a a b [BOS]
    assert counts.tolist() == [[1, 1, 0], [0, 0, 1], [1, 0, 0]]


@pytest.mark.feature("S1-15")
def test_guessing_evenly_costs_the_log_of_the_vocabulary() -> None:
    assert uniform_loss(27) == pytest.approx(3.295837, abs=1e-6)
    assert held_out_loss(NGram(1, 27, []), [[26, 3, 4, 26]]) == pytest.approx(uniform_loss(27))


@pytest.mark.feature("X3", "S1-15")
def test_each_letter_more_that_is_looked_back_on_helps_on_real_names(lab: Experiment) -> None:
    losses = lab.baselines
    assert list(losses) == ["uniform", "unigram", "bigram", "trigram"]
    assert losses["uniform"] > losses["unigram"] > losses["bigram"] > losses["trigram"] > 0
    assert losses["uniform"] == math.log(lab.tokenizer.vocab_size)


@pytest.mark.feature("X3")
def test_baselines_are_counted_on_the_names_trained_on_and_tried_on_the_others(tiny: Experiment) -> None:
    counted = NGram(2, tiny.config.vocab_size, tiny.train_documents)
    assert tiny.baselines["bigram"] == held_out_loss(counted, tiny.held_out_documents)
    assert tiny.baselines["bigram"] != held_out_loss(counted, tiny.train_documents)
