"""Add-one: a little worse on what was counted, and never lost on what was not."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microgpt.experiment import Experiment
from microgpt.ladder import climb
from microgpt.ladder.rung0_count import Rung0
from microgpt.ladder.smoothing import counted_loss, unseen_pairs


def counted(documents: list[list[int]], vocab_size: int) -> Rung0:
    rung = Rung0(documents, vocab_size, seed=0)
    for _ in range(rung.steps):
        rung.step()
    return rung


def test_by_hand() -> None:
    rung = counted([[2, 0, 2], [2, 1, 1, 2]], 3)  # after 2: 0, 1; after 0: 2; after 1: 1, 2
    assert counted_loss(rung, added=0) == pytest.approx(4 * math.log(2) / 5)
    # with one added: 2/5 twice after [BOS], 2/4 after 0, 2/5 twice after 1
    assert counted_loss(rung) == pytest.approx((4 * math.log(5 / 2) + math.log(2)) / 5)
    assert unseen_pairs(rung, [[2, 0, 0, 2], [2, 1, 2]]) == {(0, 0)}


@pytest.mark.feature("S4-6")
@given(
    st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=6), min_size=1, max_size=6),
    st.floats(0.01, 5),
    st.integers(0, 999),
)
def test_no_table_beats_plain_counts(names: list[list[int]], added: float, seed: int) -> None:
    documents = [[3, *letters, 3] for letters in names]
    rung = counted(documents, 4)
    best = counted_loss(rung, added=0)
    assert best <= counted_loss(rung, added) + 1e-12
    any_table = np.random.RandomState(seed).dirichlet([1] * 4, size=4)
    losses = [-math.log(any_table[pair]) for document in documents for pair in pairwise(document)]
    assert best <= np.mean(losses) + 1e-12


@pytest.mark.feature("S4-6")
def test_on_real_names_it_pays(lab: Experiment) -> None:
    rung = climb(0, lab)
    for _ in range(rung.steps):
        rung.step()
    assert counted_loss(rung, added=0) < counted_loss(rung)
    assert unseen_pairs(rung, lab.held_out_documents)
    assert not unseen_pairs(rung, lab.train_documents)
