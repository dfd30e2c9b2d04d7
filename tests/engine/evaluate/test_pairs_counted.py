"""Pairs counted with and without add-one: a little worse on what was counted, and never lost on what was not."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microgpt.evaluate.ngrams import NGram
from microgpt.experiment import Experiment


def test_by_hand() -> None:
    documents = [[2, 0, 2], [2, 1, 1, 2]]  # after 2: 0, 1; after 0: 2; after 1: 1, 2
    counted = NGram(2, 3, documents)
    assert counted.plain_loss == pytest.approx(4 * math.log(2) / 5)
    # with one added: 2/5 twice after [BOS], 2/4 after 0, 2/5 twice after 1
    assert counted.losses(documents).mean() == pytest.approx((4 * math.log(5 / 2) + math.log(2)) / 5)
    assert counted.unseen([[2, 0, 0, 2], [2, 1, 2], [2, 0, 0, 2]]) == 1


@pytest.mark.feature("S4-6")
@given(st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=6), min_size=1, max_size=6), st.integers(0, 999))
def test_no_table_beats_plain_counts(names: list[list[int]], seed: int) -> None:
    documents = [[3, *letters, 3] for letters in names]
    counted = NGram(2, 4, documents)
    assert counted.plain_loss <= counted.losses(documents).mean() + 1e-12
    any_table = np.random.RandomState(seed).dirichlet([1] * 4, size=4)
    losses = [-math.log(any_table[pair]) for document in documents for pair in pairwise(document)]
    assert counted.plain_loss <= np.mean(losses) + 1e-12


@pytest.mark.feature("S4-6")
def test_on_real_names_it_pays(lab: Experiment) -> None:
    assert lab.pairs_counted.plain_loss < lab.pairs_counted.losses(lab.train_documents).mean()
    assert lab.pairs_counted.unseen(lab.held_out_documents) > 0
    assert lab.pairs_counted.unseen(lab.train_documents) == 0
