"""Arithmetic as people write it, computed with `Value`s, so that it has gradients.

    parse("L = a*b + a").evaluate({"a": 2, "b": 3}).result      Value(data=8)

`grammar.py` parses the text; this module evaluates it, and checks gradients by finite differences.
"""

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..value import Value
from .grammar import MAX_NODES, MAX_TEXT, MAX_VARIABLES, ExpressionError, Instruction, read

__all__ = [
    "MAX_NODES",
    "MAX_TEXT",
    "MAX_VARIABLES",
    "Expression",
    "ExpressionError",
    "Graph",
    "Piece",
    "Slope",
    "parse",
]

NUDGE = 1e-5  # the step of a finite difference: small, yet large enough to stand out from rounding


class Piece(NamedTuple):
    """The part of the text that a value stands for: `text[start:end]`, as written out in `text`."""

    text: str
    start: int
    end: int


class Graph(NamedTuple):
    """An evaluated expression. `pieces` has every value, in the order of computation."""

    result: Value
    inputs: dict[str, Value]
    pieces: dict[Value, Piece]


class Slope(NamedTuple):
    """The slope of a result in one variable, by central finite differences."""

    slope: float
    nudge: float
    up: float  # the result at the variable + nudge
    down: float  # the result at the variable − nudge
    corner: bool  # a relu switches between the two, so that there is no single slope

    def agrees(self, gradient: float) -> bool:
        """Whether a gradient equals the slope to four digits, rounding aside."""
        return abs(gradient - self.slope) <= 1e-4 * abs(gradient) + 1e-8 * max(1.0, abs(self.up))


def parse(text: str) -> "Expression":
    """Parse a line of arithmetic. Raises ExpressionError, which says what to change and where."""
    return Expression(text)


class Expression:
    """A parsed line. `variables` are in the order of their first appearance; `name` is the name left of
    an equals sign, or ""."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.name, self.variables, self._program = read(text)

    def forward_steps(self, values: Mapping[str, float]) -> Iterator[tuple[Value, Piece]]:
        """Evaluate the line for these values of its variables, one new `Value` at a time.

        Raises KeyError for a variable without a value, and ExpressionError, which says what to do, if
        there is no result: division by 0, the log of a negative number, overflow.
        """
        inputs: dict[str, Value] = {}
        known: set[Value] = set()
        stack: list[Value] = []
        for step in self._program:
            name = step.texts[-1]
            if step.op == "variable" and name in inputs:
                stack.append(inputs[name])  # used before: the same value, not a copy of it
                continue
            result = _result(step, stack, values)
            if step.op == "variable":
                inputs[name] = result
            for value, text in zip(_new(result, known), step.texts, strict=True):
                known.add(value)
                yield value, Piece(text, step.start, step.end)
            stack.append(result)

    def evaluate(self, values: Mapping[str, float]) -> Graph:
        """All of `forward_steps`. Raises what it raises."""
        pieces = dict(self.forward_steps(values))
        named = {piece.text: value for value, piece in pieces.items() if piece.text in self.variables}
        return Graph(list(pieces)[-1], {name: named[name] for name in self.variables}, pieces)

    def slope(self, values: Mapping[str, float], name: str) -> Slope | None:
        """The slope of the result in variable `name`, or None if one side has no result, as a log below 0."""
        x = float(values[name])
        for nudge in (NUDGE * max(1.0, abs(x)), NUDGE * abs(x)):
            if not x - nudge < x < x + nudge:
                continue
            try:
                up, down = (self.evaluate({**values, name: nudged}) for nudged in (x + nudge, x - nudge))
            except ExpressionError:
                continue
            rise = up.result.data - down.result.data
            return Slope(rise / (2 * nudge), nudge, up.result.data, down.result.data, _open(up) != _open(down))
        return None


def _new(node: Value, known: set[Value]) -> Iterator[Value]:
    """The values that an operator has just made, inputs before results."""
    if node not in known:
        for child in node.children:
            yield from _new(child, known)
        yield node


def _open(graph: Graph) -> list[bool]:
    """Whether each relu passes its input on."""
    return [node.children[0].data > 0 for node in graph.pieces if node.op == "relu"]


def _result(step: Instruction, stack: list[Value], values: Mapping[str, float]) -> Value:
    """Run one instruction: pop its inputs, return its result."""
    if step.op in ("number", "variable"):
        data = step.argument if step.op == "number" else float(values[step.texts[-1]])
        if not math.isfinite(data):
            raise ExpressionError(f"{step.texts[-1]} must be an ordinary number", step.start)
        return Value(data)
    right = stack.pop()
    try:
        result = _of_two(step.op, stack.pop(), right) if step.op in "+−×÷" else _of_one(step, right)
    except (ValueError, ArithmeticError):
        raise _no_result(step, right.data) from None
    for value in (result, *result.children):  # infinity would spread through everything after it
        if not all(map(math.isfinite, (value.data, *value.local_grads))):
            raise _no_result(step, right.data)
    return result


def _of_two(op: str, left: Value, right: Value) -> Value:
    match op:
        case "+":
            return left + right
        case "−":
            return left - right
        case "×":
            return left * right
    return left / right


def _of_one(step: Instruction, x: Value) -> Value:
    match step.op:
        case "neg":
            return -x
        case "^":
            return x**step.argument
        case "relu":
            return x.relu()
        case "exp":
            return x.exp()
        case "log":
            return x.log()
    raise AssertionError(step.op)  # the grammar has no other


def _no_result(step: Instruction, x: float) -> ExpressionError:
    """The error for an operator that has no result at x: why, and what to do."""
    power = step.argument if step.op == "^" else -1.0 if step.op == "÷" else None
    if step.op == "log" and x <= 0:
        why = f"log needs a number above 0, and gets {_plain(x)}; make that positive"
    elif power is not None and x == 0 and power < 0:
        why = "this divides by 0; change what stands under the division"
    elif power is not None and x == 0:
        why = f"at 0 the power {_plain(power)} has no slope; move away from 0"
    elif power is not None and x < 0 and power != int(power):
        why = f"{_plain(x)} is negative, and has no power of {_plain(power)}; make it positive"
    else:
        why = "this gets too large to calculate with; make the numbers smaller"
    return ExpressionError(f"in {step.texts[-1]}, {why}", step.start)


def _plain(number: float) -> str:
    return f"{number:.6g}".replace("-", "−")
