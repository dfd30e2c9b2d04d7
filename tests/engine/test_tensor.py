"""`Tensor`: every operation's gradient, against finite differences and against `Value`."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy import ndarray

from microgpt.scalar_gpt import linear, rmsnorm, softmax
from microgpt.tensor import Tensor
from microgpt.value import Value

NUDGE = 1e-6
PICKED = np.array([0, 2, 2, 1])  # one row twice

# what is done to one matrix (4, 6), and whether its numbers have to be above 0
ONE: dict[str, tuple[Callable[[Tensor], Tensor], bool]] = {
    "+ constant": (lambda x: x + np.arange(24.0).reshape(4, 6), False),
    "+ itself": (lambda x: x + x, False),
    "* constant": (lambda x: x * -1.5, False),
    "+ row": (lambda x: x + x[1:2], False),
    "* row": (lambda x: x * x[2:3], False),
    "* itself": (lambda x: x * x, False),
    "relu": (Tensor.relu, False),
    "gelu": (Tensor.gelu, False),
    "silu": (Tensor.silu, False),
    "tanh": (Tensor.tanh, False),
    "cross_entropy": (lambda x: x.cross_entropy(np.array([5, 0, 0, 3])), False),
    "log": (Tensor.log, True),
    "rmsnorm": (Tensor.rmsnorm, False),
    "softmax": (Tensor.softmax, False),
    "some rows": (lambda x: x[1:3], False),
    "rows": (lambda x: x.rows(PICKED), False),
    "at": (lambda x: x.at(np.array([5, 0, 0, 3])), False),
    "T": (lambda x: x.T, False),
    "split": (lambda x: x.split(3), False),
    "split and join": (lambda x: x.split(2).join(), False),
    "mean": (Tensor.mean, False),
    "@ its own T": (lambda x: x @ x.T, False),
    "heads @ heads": (lambda x: x.split(2).T @ x.split(2), False),
    "linear by itself": (lambda x: x.linear(x), False),
}


def total(result: Tensor, weights: ndarray) -> Tensor:
    """A number that depends on each number of the result differently."""
    return (
        (Tensor(result.data.reshape(1, -1), (result,), lambda g: (g.reshape(result.data.shape),)))
        .linear(Tensor(weights.reshape(1, -1)))
        .mean()
    )


def measured(function: Callable[[ndarray], float], x: ndarray) -> ndarray:
    slopes = np.empty_like(x)
    for place in np.ndindex(x.shape):
        around = [x.copy(), x.copy()]
        around[0][place] += NUDGE
        around[1][place] -= NUDGE
        slopes[place] = (function(around[0]) - function(around[1])) / (2 * NUDGE)
    return slopes


@pytest.mark.parametrize("name", ONE)
@settings(max_examples=10)
@given(st.integers(0, 10_000))
def test_the_gradient_is_the_measured_slope(name: str, seed: int) -> None:
    operation, positive = ONE[name]
    random = np.random.RandomState(seed)
    data = random.standard_normal((4, 6))
    data = abs(data) + 0.1 if positive else np.where(abs(data) < 0.01, 0.5, data)  # away from the corner of relu
    weights = random.standard_normal(operation(Tensor(data)).data.size)
    x = Tensor(data)
    total(operation(x), weights).backward()
    slopes = measured(lambda near: float(total(operation(Tensor(near)), weights).data), data)
    np.testing.assert_allclose(x.grad, slopes, rtol=1e-5, atol=1e-6)


@given(st.integers(0, 10_000))
@settings(max_examples=10)
def test_a_small_net_gets_the_gradients_that_value_gets(seed: int) -> None:
    random = np.random.RandomState(seed)
    inputs, wide, narrow = (random.standard_normal(shape) for shape in [(3, 4), (8, 4), (5, 8)])
    targets = np.array([4, 0, 2])

    x, w1, w2 = Tensor(inputs), Tensor(wide), Tensor(narrow)
    loss = x.rmsnorm().linear(w1).relu().linear(w2).softmax().at(targets).log().mean() * -1
    loss.backward()

    rows, v1, v2 = ([[Value(n) for n in row] for row in matrix] for matrix in (inputs, wide, narrow))
    losses = []
    for row, target in zip(rows, targets, strict=True):
        hidden = [h.relu() for h in linear(rmsnorm(row), v1)]
        losses.append(-softmax(linear(hidden, v2))[target].log())
    expected = sum(losses, Value(0.0)) / len(losses)
    expected.backward()

    assert float(loss.data) == pytest.approx(expected.data, abs=1e-12)
    for tensor, values in ((x, rows), (w1, v1), (w2, v2)):
        np.testing.assert_allclose(tensor.grad, [[value.grad for value in row] for row in values], atol=1e-12)


def test_a_tensor_says_how_it_was_made() -> None:
    x = Tensor(np.ones((2, 3)))
    assert repr(x) == "Tensor(input, shape=(2, 3))"
    assert repr(x.relu()) == "Tensor(relu, shape=(2, 3))"
