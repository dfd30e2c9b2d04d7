"""Whole random expressions: `Value`'s gradients against an arithmetic that knows nothing of it.

The judge is the complex step (Squire & Trapp, 1998): nudge an input by i·h, and the slope stands in
the imaginary part. Nothing is subtracted, so unlike a central difference it loses no digits.
"""

import cmath
from collections.abc import Callable
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microgpt.value import Value

H = 1e-30
INPUTS = 3
LARGE = 30.0


class Operator(NamedTuple):
    value: Callable[..., Value]
    judge: Callable[..., complex]
    possible: Callable[..., bool]  # for these real inputs; elsewhere the first input passes unchanged


def small(*numbers: float) -> bool:
    return all(abs(x) < LARGE for x in numbers)


OPERATORS = {
    "+": Operator(lambda a, b: a + b, lambda a, b: a + b, small),
    "-": Operator(lambda a, b: a - b, lambda a, b: a - b, small),
    "*": Operator(lambda a, b: a * b, lambda a, b: a * b, small),
    "/": Operator(lambda a, b: a / b, lambda a, b: a / b, lambda a, b: small(a) and abs(b) > 0.1),
    "neg": Operator(lambda a: -a, lambda a: -a, small),
    "square": Operator(lambda a: a**2, lambda a: a * a, small),
    "inverse": Operator(lambda a: a**-1, lambda a: 1 / a, lambda a: abs(a) > 0.1),
    "root": Operator(lambda a: a**0.5, cmath.sqrt, lambda a: a > 0.1),
    "exp": Operator(Value.exp, cmath.exp, lambda a: a < 3),
    "log": Operator(Value.log, cmath.log, lambda a: a > 0.1),
    "relu": Operator(Value.relu, lambda a: a if a.real > 0 else 0j, small),
}
UNARY = st.sampled_from(["neg", "square", "inverse", "root", "exp", "log", "relu"])
BINARY = st.sampled_from("+-*/")
trees = st.recursive(
    st.integers(0, INPUTS - 1),  # an input, and the same one may stand in many places
    lambda parts: st.tuples(UNARY, parts) | st.tuples(BINARY, parts, parts),
    max_leaves=12,
)


def judged(tree: int | tuple, inputs: list[complex]) -> complex:
    if isinstance(tree, int):
        return inputs[tree]
    operator, parts = OPERATORS[tree[0]], [judged(part, inputs) for part in tree[1:]]
    return operator.judge(*parts) if operator.possible(*(part.real for part in parts)) else parts[0]


def valued(tree: int | tuple, inputs: list[Value]) -> Value:
    if isinstance(tree, int):
        return inputs[tree]
    operator, parts = OPERATORS[tree[0]], [valued(part, inputs) for part in tree[1:]]
    return operator.value(*parts) if operator.possible(*(part.data for part in parts)) else parts[0]


@pytest.mark.feature("S2-6")
@settings(max_examples=300)
@given(trees, st.lists(st.floats(0.125, 3, width=16), min_size=INPUTS, max_size=INPUTS))
def test_value_and_gradients_of_any_expression(tree: int | tuple, at: list[float]) -> None:
    inputs = [Value(x) for x in at]
    result = valued(tree, inputs)
    result.backward()
    for i, value in enumerate(inputs):
        nudged = judged(tree, [complex(x, H * (i == j)) for j, x in enumerate(at)])
        assert result.data == pytest.approx(nudged.real, rel=1e-9, abs=1e-9)
        assert value.grad == pytest.approx(nudged.imag / H, rel=1e-6, abs=1e-6)
