"""`Value`: each operator's gradient, and the rule by which gradients travel back."""

import math
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microgpt.value import Value

NUDGE = 1e-5

# every operator, in both orders and with plain numbers, and where its inputs may lie
ONE: dict[str, tuple[Callable[[Value], Value], st.SearchStrategy[float]]] = {
    "-a": (lambda a: -a, st.floats(-5, 5)),
    "a + 3": (lambda a: a + 3, st.floats(-5, 5)),
    "3 + a": (lambda a: 3 + a, st.floats(-5, 5)),
    "a - 3": (lambda a: a - 3, st.floats(-5, 5)),
    "3 - a": (lambda a: 3 - a, st.floats(-5, 5)),
    "a * 3": (lambda a: a * 3, st.floats(-5, 5)),
    "3 * a": (lambda a: 3 * a, st.floats(-5, 5)),
    "a / 3": (lambda a: a / 3, st.floats(-5, 5)),
    "3 / a": (lambda a: 3 / a, st.floats(0.5, 5) | st.floats(-5, -0.5)),
    "a ** 2": (lambda a: a**2, st.floats(-5, 5)),
    "a ** 3": (lambda a: a**3, st.floats(-5, 5)),
    "a ** -1": (lambda a: a**-1, st.floats(0.5, 5) | st.floats(-5, -0.5)),
    "a ** 0.5": (lambda a: a**0.5, st.floats(0.5, 5)),
    "exp": (Value.exp, st.floats(-3, 3)),
    "log": (Value.log, st.floats(0.5, 5)),
    "relu": (Value.relu, st.floats(0.01, 5) | st.floats(-5, -0.01)),
}
TWO: dict[str, Callable[[Value, Value], Value]] = {
    "a + b": lambda a, b: a + b,
    "a - b": lambda a, b: a - b,
    "a * b": lambda a, b: a * b,
    "a / b": lambda a, b: a / b,
}


PLAIN = {Value.exp: math.exp, Value.log: math.log, Value.relu: lambda x: max(x, 0.0)}


@pytest.mark.parametrize("name", ONE)
@settings(max_examples=25)
@given(st.data())
def test_the_result_of_one_input_is_that_of_plain_numbers(name: str, data: st.DataObject) -> None:
    operator, where = ONE[name]
    x = data.draw(where)
    assert operator(Value(x)).data == pytest.approx(PLAIN.get(operator, operator)(x), rel=1e-12)


@pytest.mark.parametrize("name", TWO)
@settings(max_examples=25)
@given(st.floats(-5, 5), st.floats(0.5, 5))
def test_the_result_of_two_inputs_is_that_of_plain_numbers(name: str, x: float, y: float) -> None:
    assert TWO[name](Value(x), Value(y)).data == pytest.approx(TWO[name](x, y), rel=1e-12)


def slope(function: Callable[[float], Value], x: float) -> float:
    return (function(x + NUDGE).data - function(x - NUDGE).data) / (2 * NUDGE)


@pytest.mark.feature("S2-6")
@pytest.mark.parametrize("name", ONE)
@settings(max_examples=25)
@given(st.data())
def test_gradient_of_one_input_equals_finite_differences(name: str, data: st.DataObject) -> None:
    operator, where = ONE[name]
    a = Value(data.draw(where))
    operator(a).backward()
    assert a.grad == pytest.approx(slope(lambda x: operator(Value(x)), a.data), rel=1e-6, abs=1e-8)


@pytest.mark.feature("S2-6")
@pytest.mark.parametrize("name", TWO)
@settings(max_examples=25)
@given(st.floats(-5, 5), st.floats(0.5, 5))
def test_gradients_of_two_inputs_equal_finite_differences(name: str, x: float, y: float) -> None:
    operator = TWO[name]
    a, b = Value(x), Value(y)
    operator(a, b).backward()
    assert a.grad == pytest.approx(slope(lambda x: operator(Value(x), b), x), rel=1e-6, abs=1e-8)
    assert b.grad == pytest.approx(slope(lambda y: operator(a, Value(y)), y), rel=1e-6, abs=1e-8)


@pytest.mark.feature("S3-3")
def test_a_times_b_plus_a() -> None:
    a, b = Value(2.0), Value(3.0)
    result = a * b + a
    result.backward()
    assert (result.data, a.grad, b.grad) == (8, 4, 2)  # a counts twice: b through ×, 1 through +


def test_a_value_used_twice_gets_the_sum_of_both_shares() -> None:
    a = Value(3.0)
    (a + a).backward()
    assert a.grad == 2
    b = Value(3.0)
    (b * b).backward()
    assert b.grad == 6


def test_a_value_shared_by_two_branches_passes_on_both_shares() -> None:
    a = Value(2.0)
    shared = a * 5
    (shared * 3 + shared * shared).backward()
    assert shared.grad == 3 + 2 * 10
    assert a.grad == 5 * (3 + 2 * 10)


@pytest.mark.feature("S3-3")
def test_stepping_backward_to_the_end_equals_running_backward() -> None:
    def build() -> list[Value]:
        a, b = Value(0.7), Value(-1.2)
        c = a * b + a
        d = c.exp() / (b * b + 1) - c.relu()
        return [a, b, c, d]

    stepped, run = build(), build()
    for _ in stepped[-1].backward_steps():
        pass
    run[-1].backward()
    assert [v.grad for v in stepped] == [v.grad for v in run]
    assert all(v.grad != 0 for v in run)


@pytest.mark.feature("S3-3")
def test_each_step_backward_yields_a_node_whose_own_gradient_is_complete() -> None:
    a, b = Value(2.0), Value(3.0)
    product = a * b
    result = product + a
    seen = [(node, node.grad) for node in result.backward_steps()]
    assert seen[0][0] is result
    assert {id(node) for node, _ in seen} == {id(v) for v in (a, b, product, result)}
    assert all(grad == node.grad for node, grad in seen)  # none changes after its turn


def test_parts_come_before_what_is_made_of_them() -> None:
    a = Value(1.0)
    b = a + a
    result = (b * a).exp() + b
    order = result.topological()
    places = {id(node): i for i, node in enumerate(order)}
    assert len(places) == len(order)  # each once
    assert all(places[id(child)] < places[id(node)] for node in order for child in node.children)


def test_a_chain_of_ten_thousand_does_not_reach_the_recursion_limit() -> None:
    x = Value(1.0)
    end = x
    for _ in range(10_000):
        end = end + 1
    end.backward()
    assert (end.data, x.grad) == (10_001, 1)


def test_relu_has_no_slope_at_zero() -> None:
    zero = Value(0.0)
    zero.relu().backward()
    assert zero.grad == 0


@pytest.mark.parametrize(
    ("impossible", "why"),
    [
        (lambda: Value(1.0) / Value(0.0), "division by zero"),
        (lambda: Value(1.0) / 0.0, "division by zero"),
        (lambda: 1 / Value(0.0), "division by zero"),
        (lambda: Value(0.0) ** -1, "zero to a negative power"),
        (lambda: Value(0.0) ** 0.5, "an endless slope"),
        (lambda: Value(-2.0) ** 0.5, "the root of a negative number"),
        (lambda: Value(0.0).log(), "log of zero"),
        (lambda: Value(-1.0).log(), "log of a negative number"),
        (lambda: Value(1000.0).exp(), "too large for a float"),
        (lambda: Value(1e200) ** 2, "too large for a float"),
    ],
)
def test_what_has_no_result_raises_as_plain_numbers_do(impossible: Callable[[], Value], why: str) -> None:
    with pytest.raises((ValueError, ArithmeticError)):  # of which ZeroDivisionError is one
        pytest.fail(f"{why} gave {impossible()!r}")


@pytest.mark.parametrize("x", [0.0, -2.0, 3.0])
def test_the_power_of_zero_is_one_everywhere_and_flat(x: float) -> None:
    base = Value(x)
    result = base**0
    result.backward()
    assert (result.data, base.grad) == (1, 0)


def test_relu_hides_no_nan() -> None:
    assert math.isnan(Value(math.nan).relu().data)


@pytest.mark.parametrize("power", [2, -1, 0.5])
def test_a_result_is_a_real_number(power: float) -> None:
    assert type((Value(4.0) ** power).data) is float
    assert (Value(4.0) ** power).data == math.pow(4.0, power)


def test_it_shows_its_value_and_its_gradient() -> None:
    a = Value(2.0)
    (a * 3).backward()
    assert repr(a) == "Value(data=2, grad=3)"
