"""Text → instructions for a stack machine: the parser of `expression.py`.

    line      [name =] sum
    sum       product { + product | − product }
    product   signed { × signed | ÷ signed }
    signed    − signed | + signed | power
    power     part [^ exponent]
    exponent  [−] number | ([−] number)
    part      number | name | function(sum) | (sum)

Only this grammar reads what a person types: none of it is ever run as Python.
"""

import math
import re
from collections.abc import Callable
from typing import NamedTuple

MAX_TEXT = 120  # characters
MAX_NAME = 8
MAX_DEPTH = 16  # nested brackets, signs and functions
MAX_NODES = 40  # values in the graph: a reader cannot take in more, nor a page draw them
MAX_VARIABLES = 6

FUNCTIONS = ("relu", "exp", "log")
INSTEAD = {
    "sqrt": "write x^0.5 for the root of x",
    "ln": "write log(x), which is the natural logarithm",
    "tanh": "write 1 - 2/(exp(2*x) + 1)",
    "sigmoid": "write 1/(1 + exp(-x))",
}

_SAME = {"*": "×", "·": "×", "⋅": "×", "∙": "×", "/": "÷", "∕": "÷", "-": "−", "–": "−", "**": "^"}
_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z][A-Za-z0-9_]*)"
    r"|(?P<sign>\*\*|[-+*/^()=×·⋅∙÷∕−–])"
)


class ExpressionError(ValueError):
    """An expression, or a number in it, that cannot be used. The message says why and what to do.

    `at` is the position in the text, counted from 0; the message counts from 1, as people do.
    """

    def __init__(self, message: str, at: int) -> None:
        super().__init__(f"At character {at + 1}: {message}.")
        self.at = at


class Instruction(NamedTuple):
    """One step of the stack machine: `op` pops its inputs and pushes its result.

    `texts` has a text for every `Value` that the step makes, the result's last: a − b is computed as
    a + b × −1, so it makes three.
    """

    op: str  # "number", "variable", "+", "−", "×", "÷", "neg", "^", or one of FUNCTIONS
    texts: tuple[str, ...]
    start: int  # text[start:end] is the part that it computes
    end: int
    argument: float = 0.0  # of a "number" its value, of "^" the exponent


class Line(NamedTuple):
    """A parsed line. `name` is the name left of an equals sign, or ""."""

    name: str
    variables: tuple[str, ...]
    program: tuple[Instruction, ...]


def read(text: str) -> Line:
    """Parse one line. Raises ExpressionError if it does not follow the grammar or exceeds a limit."""
    return _Parser(_tokens(text)).line()


class _Token(NamedTuple):
    kind: str  # "number", "name", "sign" or "end"
    text: str  # every sign has one spelling: + − × ÷ ^ ( ) =
    start: int
    end: int
    number: float = 0.0


def _tokens(text: str) -> list[_Token]:
    if len(text) > MAX_TEXT:
        raise ExpressionError(f"the text may have {MAX_TEXT} characters and has {len(text)}; shorten it", MAX_TEXT)
    tokens: list[_Token] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            raise ExpressionError(f"{_visible(text[at])} is not known here; take it away", at)
        if found.lastgroup != "space":
            tokens.append(_token(found))
        at = found.end()
    if not tokens:
        raise ExpressionError("there is nothing here; type an expression, such as a*b + a", 0)
    return [*tokens, _Token("end", "", at, at)]


def _token(found: re.Match[str]) -> _Token:
    kind, text, start, end = found.lastgroup or "", found[0], found.start(), found.end()
    if kind == "name" and len(text) > MAX_NAME:
        raise ExpressionError(f"the name {text[:MAX_NAME]}… is too long; use {MAX_NAME} characters or fewer", start)
    if kind != "number":
        return _Token(kind, _SAME.get(text, text), start, end)
    number = float(text)
    if not math.isfinite(number):
        raise ExpressionError("this number is too large to calculate with; make it smaller", start)
    return _Token(kind, text.replace("-", "−"), start, end, number)


def _visible(character: str) -> str:
    return f"“{character}”" if character.isprintable() else f"an invisible character (U+{ord(character):04X})"


_OPERAND = "a number, a variable, a function or a bracket"


class _Operand(NamedTuple):
    """A parsed part: its text as a larger part quotes it, brackets included."""

    text: str
    start: int
    end: int


class _Parser:
    """A recursive-descent parser: one method for each rule of the grammar. They append to `program`."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens, self.at, self.depth = tokens, 0, 0
        self.program: list[Instruction] = []
        self.variables: dict[str, None] = {}  # a dict keeps their order
        self.nodes = 0

    @property
    def token(self) -> _Token:
        return self.tokens[self.at]

    def take(self) -> _Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def taken(self, *texts: str) -> _Token | None:
        """Take the next token if it is one of these signs."""
        return self.take() if self.token.kind == "sign" and self.token.text in texts else None

    def line(self) -> Line:
        first, name = self.token, ""
        if first.kind == "name" and self.tokens[self.at + 1].text == "=":
            name = self.take().text
            if name in FUNCTIONS:
                raise ExpressionError(f"{name} is a function here; give the result another name", first.start)
            self.take()
        self.sum()
        if self.token.kind != "end":
            raise self.unexpected()
        if name in self.variables:
            raise ExpressionError(f"{name} can't stand on both sides of the equals sign", first.start)
        return Line(name, tuple(self.variables), tuple(self.program))

    def sum(self) -> _Operand:
        return self.chain(self.product, "+", "−")

    def product(self) -> _Operand:
        return self.chain(self.signed, "×", "÷")

    def chain(self, part: Callable[[], _Operand], *signs: str) -> _Operand:
        left = part()
        while sign := self.taken(*signs):
            right = part()
            text = f"{left.text} {sign.text} {right.text}"
            hidden = {"−": ("−1", f"−{right.text}"), "÷": (f"1 ÷ {right.text}",)}.get(sign.text, ())
            left = self.emit(sign.text, (*hidden, text), left.start, right.end)
        return left

    def signed(self) -> _Operand:
        sign = self.taken("−", "+")
        if not sign:
            return self.power()
        with_sign = self.inside(sign, self.signed)
        if sign.text == "+":
            return with_sign._replace(start=sign.start)
        text, last = f"−{with_sign.text}", self.program[-1]
        if last.op == "number" and last.end == with_sign.end and with_sign.text[0] not in "−(":
            self.program[-1] = last._replace(texts=(text,), start=sign.start, argument=-last.argument)
            return _Operand(text, sign.start, last.end)  # −3 is one number, not the negation of 3
        return self.emit("neg", ("−1", text), sign.start, with_sign.end)

    def power(self) -> _Operand:
        base = self.part()
        if not self.taken("^"):
            return base
        bracket = self.taken("(")
        sign = "−" if self.taken("−") else ""
        number = self.token
        if number.kind == "number":
            self.take()
        if number.kind != "number" or (bracket and self.token.kind != "end" and self.token.text != ")"):
            advice = "; for a number to the power of a variable there is exp" if number.kind == "name" else ""
            raise ExpressionError(f"a power must be a plain number, as in x^2, x^-1 or x^0.5{advice}", number.start)
        if bracket:
            self.close(bracket)
        if self.token.text == "^":
            raise ExpressionError("two powers in a row; put brackets around the first one", self.token.start)
        exponent = -number.number if sign else number.number
        end = self.tokens[self.at - 1].end
        return self.emit("^", (f"{base.text}^{sign}{number.text}",), base.start, end, exponent)

    def part(self) -> _Operand:
        token = self.token
        if token.kind == "number":
            self.take()
            return self.emit("number", (token.text,), token.start, token.end, token.number)
        if token.kind == "name":
            self.take()
            return self.function(token) if self.token.text == "(" else self.variable(token)
        if opening := self.taken("("):
            inner = self.inside(opening, self.sum)
            return _Operand(f"({inner.text})", opening.start, self.close(opening).end)
        raise self.unexpected()

    def variable(self, token: _Token) -> _Operand:
        if token.text in FUNCTIONS:
            raise ExpressionError(f"{token.text} needs brackets after it, as in {token.text}(x)", token.start)
        self.nodes -= token.text in self.variables  # a variable used again makes no new value
        self.variables[token.text] = None
        if len(self.variables) > MAX_VARIABLES:
            raise ExpressionError(f"there is room for {MAX_VARIABLES} variables; use fewer", token.start)
        return self.emit("variable", (token.text,), token.start, token.end)

    def function(self, token: _Token) -> _Operand:
        if token.text not in FUNCTIONS:
            there_are = INSTEAD.get(token.text, "the functions are relu, exp and log; to multiply, write ×")
            raise ExpressionError(f"{token.text}( … ) is not known here; {there_are}", token.start)
        opening = self.take()
        inner = self.inside(opening, self.sum)
        end = self.close(opening).end
        return self.emit(token.text, (f"{token.text}({inner.text})",), token.start, end)

    def inside(self, token: _Token, part: Callable[[], _Operand]) -> _Operand:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExpressionError(f"more than {MAX_DEPTH} things inside each other; make it flatter", token.start)
        found = part()
        self.depth -= 1
        return found

    def close(self, opening: _Token) -> _Token:
        closing = self.taken(")")
        if closing:
            return closing
        if self.token.kind == "end":
            raise ExpressionError("this bracket is never closed; put a ) where it ends", opening.start)
        raise self.unexpected()

    def emit(self, op: str, texts: tuple[str, ...], start: int, end: int, argument: float = 0.0) -> _Operand:
        self.nodes += len(texts)
        if self.nodes > MAX_NODES:
            at = self.tokens[self.at - 1].start
            raise ExpressionError(f"here it gets to more than {MAX_NODES} values; write something shorter", at)
        self.program.append(Instruction(op, texts, start, end, argument))
        return _Operand(texts[-1], start, end)

    def unexpected(self) -> ExpressionError:
        token, before = self.token, self.tokens[self.at - 1] if self.at else None
        after = f"after “{before.text}” " if before else ""
        if token.kind == "end":
            return ExpressionError(f"{after}something is missing; add {_OPERAND}", token.start)
        if token.text == "=":
            return ExpressionError("an equals sign can only stand after a name, at the beginning", token.start)
        if before is None or (before.kind == "sign" and before.text != ")"):  # where an operand is expected
            return ExpressionError(f"{after}there can't be a “{token.text}”; put in {_OPERAND}", token.start)
        if token.text == ")":
            return ExpressionError("this bracket closes nothing; take it away, or put a ( before it", token.start)
        return ExpressionError(
            f"between “{before.text}” and “{token.text}” a sign is missing; put in +, −, ×, ÷ or ^", token.start
        )
