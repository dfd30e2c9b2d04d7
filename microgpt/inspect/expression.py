"""Arithmetic as people write it, worked out with `Value`s, so that it can be differentiated.

    parse("L = a*b + a").evaluate({"a": 2, "b": 3}).result      Value(data=8)

`grammar.py` reads the text; here it is worked out, and its slopes are checked by trying.
"""

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..value import Value
from .grammar import MAX_NODES, MAX_TEXT, MAX_VARIABLES, ExpressionError, Instruction, read

__all__ = ["MAX_NODES", "MAX_TEXT", "MAX_VARIABLES", "Expression", "ExpressionError", "Graph", "Piece", "parse"]

NUDGE = 1e-5  # to find a slope by trying: small, and large enough not to drown in rounding


class Piece(NamedTuple):
    """What a value stands for: in words, and from where to where in the text."""

    text: str
    start: int
    end: int


class Graph(NamedTuple):
    """A worked-out expression. `pieces` has every value in the order in which they were computed."""

    result: Value
    inputs: dict[str, Value]
    pieces: dict[Value, Piece]


class Slope(NamedTuple):
    """How fast a result moves with one variable, found by trying: no calculus in it."""

    slope: float
    nudge: float
    up: float  # the result with the variable nudged up …
    down: float  # … and down
    corner: bool  # a relu opens or closes in between, so that there is no one slope

    def agrees(self, gradient: float) -> bool:
        """Whether a gradient is the same, as far as trying can tell: to four digits, rounding aside."""
        return abs(gradient - self.slope) <= 1e-4 * abs(gradient) + 1e-8 * max(1.0, abs(self.up))


def parse(text: str) -> "Expression":
    """Read a line of arithmetic. Raises ExpressionError, which says what to change and where."""
    return Expression(text)


class Expression:
    """A line that has been read. `variables` stand in the order of their first appearance; `name` is
    what stands left of an equals sign, or ""."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.name, self.variables, self._program = read(text)

    def forward_steps(self, values: Mapping[str, float]) -> Iterator[tuple[Value, Piece]]:
        """Work it out with these values of its variables, one new `Value` at a time.

        Raises KeyError for a variable without a value, and ExpressionError, which says what to do, where
        there is no result: a division by 0, the log of a negative number, a number too large.
        """
        inputs: dict[str, Value] = {}
        known: set[Value] = set()
        stack: list[Value] = []
        for step in self._program:
            if step.op == "variable" and step.argument in inputs:
                stack.append(inputs[step.argument])  # used before: the same value, not a copy of it
                continue
            result = _made(step, stack, values)
            if step.op == "variable":
                inputs[step.argument] = result
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
        """How fast the result moves with one variable, by nudging that a little up and down. None
        where one side has no result, as below 0 for a log."""
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
    """The values that an operator has just made, parts first."""
    if node not in known:
        for child in node.children:
            yield from _new(child, known)
        yield node


def _open(graph: Graph) -> list[bool]:
    """For each relu whether it lets its input through."""
    return [node.children[0].data > 0 for node in graph.pieces if node.op == "relu"]


def _made(step: Instruction, stack: list[Value], values: Mapping[str, float]) -> Value:
    """What one instruction makes of the top of the stack."""
    if step.op in ("number", "variable"):
        data = float(step.argument if step.op == "number" else values[step.argument])
        if not math.isfinite(data):
            raise ExpressionError(f"{step.texts[-1]} must be an ordinary number", step.start)
        return Value(data)
    right = stack.pop()
    left = stack.pop() if step.op in ("+", "−", "×", "÷") else None
    try:
        result = _applied(step, left, right)
    except (ValueError, ArithmeticError):
        raise _no_result(step, right.data) from None
    for value in (result, *result.children):  # infinity would spread through everything after it
        if not all(map(math.isfinite, (value.data, *value.local_grads))):
            raise _no_result(step, right.data)
    return result


def _applied(step: Instruction, left: Value | None, right: Value) -> Value:
    match step.op:
        case "+":
            return left + right
        case "−":
            return left - right
        case "×":
            return left * right
        case "÷":
            return left / right
        case "neg":
            return -right
        case "^":
            return right**step.argument
        case "relu":
            return right.relu()
        case "exp":
            return right.exp()
        case "log":
            return right.log()
    raise AssertionError(step.op)  # the grammar has no other


def _no_result(step: Instruction, x: float) -> ExpressionError:
    """Why an operator has none for x, and what to do about it."""
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
