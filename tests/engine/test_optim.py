"""How far the optimiser moves a weight, by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microgpt.optim import Adam, linear_decay


def test_the_learning_rate_falls_in_a_straight_line_from_its_start_to_zero() -> None:
    rates = [linear_decay(0.01, step, steps=4) for step in range(6)]
    assert rates == pytest.approx([0.01, 0.0075, 0.005, 0.0025, 0, 0])


@settings(max_examples=50)
@given(st.floats(1e-3, 1e3), st.sampled_from([-1, 1]))
def test_the_first_step_is_the_learning_rate_whatever_the_size_of_the_gradient(size: float, sign: int) -> None:
    weights = np.array([0.5, 0.5])
    Adam(weights).step(np.array([sign * size, 0.0]), learning_rate=0.01, count=1)
    assert weights[0] == pytest.approx(0.5 - sign * 0.01, rel=1e-4)
    assert weights[1] == 0.5


@settings(max_examples=50)
@given(st.lists(st.floats(-2, 2), min_size=1, max_size=8))
def test_adam_equals_the_formulas_of_its_paper(gradients: list[float]) -> None:
    weights, beta1, beta2, eps, rate = np.array([1.0]), 0.85, 0.99, 1e-8, 0.05
    adam = Adam(weights, beta1, beta2, eps)
    theta, m, v = 1.0, 0.0, 0.0
    for t, g in enumerate(gradients, start=1):
        adam.step(np.array([g]), rate, t)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        theta -= rate * (m / (1 - beta1**t)) / ((v / (1 - beta2**t)) ** 0.5 + eps)
    assert weights[0] == pytest.approx(theta, abs=1e-12)
    assert (adam.m[0], adam.v[0]) == pytest.approx((m, v), abs=1e-15)
