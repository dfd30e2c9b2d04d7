"""The averages of a gradient that rung 6 shows: they are Adam's own; and the nudge of a single logit."""

import numpy as np
import pytest

from microgpt.ladder.averages import adam_averages, running_mean
from microgpt.ladder.check import nudge, slopes
from microgpt.ladder.rung1_gradient import Rung1
from microgpt.optim import Adam

GRADIENTS = np.random.RandomState(1).standard_normal(60) * 0.1 + 0.02


@pytest.mark.feature("S4-4")
@pytest.mark.parametrize(("beta1", "beta2"), [(0.85, 0.99), (0.0, 0.5), (0.999, 0.0)])
def test_they_are_what_adam_keeps(beta1: float, beta2: float) -> None:
    adam = Adam(np.zeros(1), beta1, beta2)
    m, root_v = adam_averages(GRADIENTS, beta1, beta2)
    for t, gradient in enumerate(GRADIENTS, 1):
        adam.step(np.array([gradient]), 0.0, t)
        assert m[t - 1] == pytest.approx(adam.m[0] / (1 - beta1**t), rel=1e-12)
        assert root_v[t - 1] == pytest.approx((adam.v[0] / (1 - beta2**t)) ** 0.5, rel=1e-12)


def test_without_memory_it_is_the_last_value_and_at_first_the_only_one() -> None:
    np.testing.assert_array_equal(running_mean([3.0, -1.0, 5.0], 0.0), [3.0, -1.0, 5.0])
    assert running_mean([3.0], 0.999)[0] == pytest.approx(3.0)


@pytest.mark.parametrize("beta", [-0.1, 1.0, float("nan")])
def test_a_beta_that_is_none_is_refused(beta: float) -> None:
    with pytest.raises(ValueError, match="beta"):
        running_mean([1.0], beta)


@pytest.mark.feature("S4-4")
def test_a_nudge_gives_the_losses_beside_and_the_slope_between() -> None:
    document = np.array([2, 0, 1, 1, 2])
    rung, eps = Rung1([document], 3, seed=0), 0.5
    rung.step()
    before = rung.logits.copy()
    for i, slope in enumerate(slopes(rung, document, eps)):
        found = nudge(rung, document, i, eps)
        np.testing.assert_array_equal(rung.logits, before)
        twin = Rung1([document], 3, seed=0)
        for sign, loss in ((-1, found.below), (1, found.above)):
            twin.logits = before.copy()
            twin.logits.flat[i] += sign * eps
            assert twin.loss(document) == loss
        assert found.slope == slope == (found.above - found.below) / (2 * eps)
