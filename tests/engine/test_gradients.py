"""The gradients written by hand, judged twice: by `Value`, and by nudging the weights."""

import numpy as np
import pytest
from hypothesis import given, settings

from tests.engine.models import Case, cases

NUDGE = 1e-5
DIRECTIONS = 6


def gradient_of(case: Case) -> np.ndarray:
    case.model.flat_grad[:] = np.nan  # whatever an earlier step left behind must be written over
    case.model.loss_and_gradient(case.document)
    return case.model.flat_grad.copy()


@pytest.mark.feature("X10")
@settings(max_examples=40)
@given(cases())
def test_numpy_gradients_equal_those_of_value(case: Case) -> None:
    scalar = case.scalar
    loss = scalar.loss(case.document)
    loss.backward()
    expected = np.array([value.grad for value in scalar.parameters()])
    assert case.model.loss_and_gradient(case.document) == pytest.approx(loss.data, rel=1e-9)
    np.testing.assert_allclose(gradient_of(case), expected, rtol=1e-6, atol=1e-9 * abs(expected).max())


def kinks(case: Case) -> list[np.ndarray]:
    """Which ReLUs are open: between two sets of weights with the same ones open, the loss is smooth."""
    return [layer.hidden > 0 for layer in case.model.forward(case.document[:-1]).layers]


def slope_along(case: Case, direction: np.ndarray) -> float | None:
    """The loss's slope along `direction`, by central differences; None where a ReLU is in between."""
    open_here, weights = kinks(case), case.model.flat.copy()
    ends = []
    try:
        for sign in (1, -1):
            case.model.flat[:] = weights + sign * NUDGE * direction
            if not all(map(np.array_equal, kinks(case), open_here)):
                return None
            ends.append(case.model.loss(case.document))
    finally:
        case.model.flat[:] = weights
    return (ends[0] - ends[1]) / (2 * NUDGE)


def directions(case: Case) -> list[np.ndarray]:
    """Some single weights, the one with the largest gradient among them, and all weights at once."""
    rng, n = np.random.RandomState(1), case.model.config.n_params
    at = [abs(case.model.flat_grad).argmax(), *rng.randint(n, size=DIRECTIONS - 2)]
    return [*np.eye(n)[at], rng.standard_normal(n) / n**0.5]


@pytest.mark.feature("X10")
@settings(max_examples=60)
@given(cases())
def test_numpy_gradients_equal_finite_differences(case: Case) -> None:
    gradient = gradient_of(case)
    slopes = [(slope_along(case, direction), gradient @ direction) for direction in directions(case)]
    compared = [(slope, exact) for slope, exact in slopes if slope is not None]
    assert len(compared) >= DIRECTIONS // 2
    for slope, exact in compared:
        assert slope == pytest.approx(exact, rel=1e-6, abs=1e-6 * max(abs(gradient).max(), 1e-3))
