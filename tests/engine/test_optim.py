"""How far the optimiser moves a weight, by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microgpt.optim import SGD, Adam, AdamW, linear_decay, optimizer, scheduled
from microgpt.settings import Settings


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


@pytest.mark.feature("E2")
@settings(max_examples=50)
@given(st.lists(st.floats(-2, 2), min_size=1, max_size=8), st.floats(0, 1))
def test_adamw_decays_the_weights_apart_from_the_gradient(gradients: list[float], weight_decay: float) -> None:
    """Loshchilov & Hutter (2019), algorithm 2, with the learning rate as its schedule multiplier."""
    weights, beta1, beta2, eps, rate = np.array([1.0]), 0.85, 0.99, 1e-8, 0.05
    adamw = AdamW(weights, beta1, beta2, eps, weight_decay)
    theta, m, v = 1.0, 0.0, 0.0
    for t, g in enumerate(gradients, start=1):
        adamw.step(np.array([g]), rate, t)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        theta -= rate * ((m / (1 - beta1**t)) / ((v / (1 - beta2**t)) ** 0.5 + eps) + weight_decay * theta)
    assert weights[0] == pytest.approx(theta, abs=1e-12)


@pytest.mark.feature("E2")
def test_plain_steps_go_against_the_gradient_and_keep_nothing() -> None:
    weights = np.array([0.5, -0.5])
    sgd = SGD(weights)
    for count in (1, 2):
        sgd.step(np.array([2.0, -1.0]), learning_rate=0.1, count=count)
    assert weights.tolist() == pytest.approx([0.1, -0.3])
    assert sgd.state == {}


@pytest.mark.feature("E2")
def test_the_settings_choose_the_optimiser() -> None:
    flat = np.zeros(3)
    chosen = Settings(optimizer="adamw", beta1=0.7, beta2=0.8, weight_decay=0.3)
    adamw = optimizer(chosen, flat)
    assert isinstance(adamw, AdamW) and (adamw.beta1, adamw.beta2, adamw.weight_decay) == (0.7, 0.8, 0.3)
    assert type(optimizer(Settings(), flat)) is Adam
    assert type(optimizer(Settings(optimizer="sgd"), flat)) is SGD


@pytest.mark.feature("E2")
@pytest.mark.parametrize(
    ("decay", "rates"),
    [
        ("none", [0.4, 0.4, 0.4, 0.4, 0.4]),
        ("linear", [0.4, 0.3, 0.2, 0.1, 0]),
        ("cosine", [0.4, 0.2 + 0.2 * 0.5**0.5, 0.2, 0.2 - 0.2 * 0.5**0.5, 0]),
    ],
)
def test_the_learning_rate_falls_as_the_settings_say(decay: str, rates: list[float]) -> None:
    chosen = Settings(decay=decay, learning_rate=0.4, steps=4)
    assert [scheduled(chosen, step) for step in range(5)] == pytest.approx(rates, abs=1e-15)
