"""The losses of a run and their running mean, against a brute force."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab.core.history import WINDOW, History

LOSSES = st.lists(st.floats(0, 20, allow_nan=False, width=32), min_size=1, max_size=3 * WINDOW)


def mean_by_hand(losses: list[float], step: int) -> float:
    return float(np.mean(losses[max(0, step - WINDOW) : step]))


def filled(losses: list[float]) -> History:
    history = History()
    for loss in losses:
        history.append(loss)
    return history


@pytest.mark.feature("S1-14")
@settings(deadline=None, derandomize=True, max_examples=50)
@given(LOSSES)
def test_the_mean_is_that_of_the_hundred_losses_before(losses):
    history = filled(losses)
    expected = [mean_by_hand(losses, step) for step in range(1, len(losses) + 1)]
    assert history.means(len(losses)) == pytest.approx(expected, abs=1e-9)
    assert [history.mean(step) for step in range(1, len(losses) + 1)] == pytest.approx(expected, abs=1e-9)


@settings(deadline=None, derandomize=True, max_examples=50)
@given(LOSSES, st.integers(0, 2 * WINDOW))
def test_beginning_with_losses_is_the_same_as_appending_them(losses, n):
    begun = History(np.array(losses[:n]))
    for loss in losses[n:]:
        begun.append(loss)
    assert len(begun) == len(losses)
    assert begun.losses(len(losses)).tolist() == losses
    assert begun.means(len(losses)).tolist() == filled(losses).means(len(losses)).tolist()


def test_before_the_first_step_there_is_no_mean():
    history = History()
    assert history.mean(0) is None
    assert len(history.means(0)) == len(history.losses(0)) == 0


@pytest.mark.feature("S1-14")
def test_fifty_thousand_steps_keep_every_loss_and_an_exact_mean():
    losses = np.random.RandomState(1).uniform(1, 4, 50_000)
    history = filled(losses.tolist())
    assert history.losses(50_000).tolist() == losses.tolist()
    assert history.mean(50_000) == pytest.approx(losses[-WINDOW:].mean(), abs=1e-8)


def test_arrays_handed_out_keep_their_values_while_it_grows():
    history = filled([1.0, 2.0, 3.0])
    losses, means = history.losses(3), history.means(3)
    for _ in range(5000):  # well beyond the room it begins with
        history.append(9.0)
    assert losses.tolist() == [1, 2, 3]
    assert means.tolist() == [1, 1.5, 2]
    assert history.mean(3) == 2
