"""What the autograd section shows: the graph at a moment, the moment in words, slopes found by trying."""

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple

from microgpt.inspect.expression import Expression, Slope
from microgpt.inspect.tape import Tape, Turn
from microgpt.value import Value

from ...charts.format import short
from ...charts.graph import Graph, Node

LIMIT = 10.0  # of the sliders, in both directions


class Preset(NamedTuple):
    text: str
    values: dict[str, float]


PRESETS = (
    Preset("L = a*b + a", {"a": 2, "b": 3}),
    Preset("relu(w*x + b)", {"w": 1.5, "x": 2, "b": -1}),
    Preset("loss = -log(p)", {"p": 0.25}),
    Preset("p = exp(a) / (exp(a) + exp(b))", {"a": 1, "b": 2}),
    Preset("loss = (w*x + b - y)^2", {"w": 1.5, "x": 2, "b": 0.5, "y": 3}),
)

RULES = {
    "+": "A sum passes its gradient on unchanged: when one part grows by a bit, so does the sum.",
    "×": "A product hands each factor the gradient, multiplied by the other factor.",
    "^": "The slope of xⁿ is n × xⁿ⁻¹.",
    "exp": "exp is its own slope: the gradient is multiplied by the value itself.",
    "log": "The slope of log(x) is 1 ÷ x.",
}
OPEN = "relu is open here: it lets positive numbers through as they are, and their gradient too."
CLOSED = "relu is closed here: a nudge to what goes in changes nothing, so no gradient comes through."
NO_MINUS = "Value has no minus of its own: −b is worked out as b × −1, and a − b as a + b × −1."
NO_DIVISION = "Value has no division of its own: a ÷ b is worked out as a × b^−1."


class Worked(NamedTuple):
    """An expression worked out and differentiated, with all its moments."""

    line: Expression
    values: Mapping[str, float]
    tape: Tape
    moments: list[Turn]
    labels: list[str]  # what each value on the tape is called …
    texts: list[str]  # … and the piece of text it stands for
    spans: list[tuple[int, int]]  # from where to where in the line

    @property
    def result(self) -> str:
        """What the result is called in a sentence."""
        return self.line.name or "the result"


def work_out(line: Expression, values: Mapping[str, float]) -> Worked:
    """Raises ExpressionError or OverflowError where there is no result, or no gradient."""
    graph = line.evaluate(values)
    tape = Tape(graph.result)
    pieces = [graph.pieces[node] for node in tape.nodes]
    texts = [piece.text for piece in pieces]
    labels = [*texts[:-1], line.name or texts[-1]]
    return Worked(
        line, dict(values), tape, list(tape.turns()), labels, texts, [(piece.start, piece.end) for piece in pieces]
    )


def graph_at(worked: Worked, at: int) -> Graph:
    """The graph at one of its moments."""
    moment = worked.moments[at]
    return Graph(
        nodes=tuple(
            Node(label, node.data, node.op, parts, node.local_grads, fixed=is_fixed(worked, i))
            for i, (label, node, parts) in enumerate(
                zip(worked.labels, worked.tape.nodes, worked.tape.parts, strict=True)
            )
        ),
        computed=None if moment.backward else moment.at + 1,
        grads=moment.grads,
        complete=frozenset(before.at for before in worked.moments[: at + 1] if before.backward),
        current=moment.at,
        backward=moment.backward,
    )


def is_fixed(worked: Worked, i: int) -> bool:
    """Whether a value is a plain number of the text, or of an operator."""
    return not worked.tape.parts[i] and worked.texts[i] not in worked.line.variables


# A moment in words


def told(worked: Worked, at: int) -> list[str]:
    """What happens at this moment, in a sentence or two, and the rule behind it if there is one."""
    moment = worked.moments[at]
    return backward_told(worked, at) if moment.backward else forward_told(worked, moment.at)


def forward_told(worked: Worked, i: int) -> list[str]:
    node, text, label = worked.tape.nodes[i], worked.texts[i], worked.labels[i]
    named = f"{label} = {text}" if label != text else text
    hidden = worked.spans.count(worked.spans[i]) > 1  # part of what one sign of the text stands for
    if node.children:
        note = [NO_DIVISION] if hidden and node.op == "^-1" else []
        return [f"{named} = {with_numbers(node)} = {short(node.data)}.", *note]
    if not is_fixed(worked, i):
        return [f"{named} = {short(node.data)}. You put this in."]
    return [f"{text} is a plain number.", *([NO_MINUS] if hidden else [])]


def with_numbers(node: Value) -> str:
    """How a value was worked out, with the numbers of its parts: "2 × 3"."""
    first, *rest = (short(child.data) for child in node.children)
    if rest:
        return f" {node.op} ".join([first, *map(bracketed, rest)])
    if node.op.startswith("^"):
        return f"{bracketed(first)}{node.op.replace('-', '−')}"
    return f"{node.op}({first})"


def bracketed(number: str) -> str:
    """A negative number after a sign stands in brackets."""
    return f"({number})" if number.startswith("−") else number


def backward_told(worked: Worked, at: int) -> list[str]:
    moment = worked.moments[at]
    node, label = worked.tape.nodes[moment.at], worked.labels[moment.at]
    grad = short(moment.grads[moment.at])
    last = moment.at == len(worked.tape.nodes) - 1
    said = []
    if last:
        said.append(f"The way back begins: {worked.result} moves exactly as fast as itself, so its gradient is 1.")
    if moment.shares:
        shares = "; and ".join(
            f"{grad} × {bracketed(short(share.local))} to {worked.labels[share.to]}: {gradient(worked, share.to)}"
            f" = {short(share.before)} + {bracketed(short(share.passed))} = {short(share.after)}"
            for share in moment.shares
        )
        said += [f"{label} {'passes' if last else f'has its gradient, {grad}, and passes'} {shares}.", rule(node)]
    elif not last:
        said += end_of_the_way(worked, at)
    return said


def end_of_the_way(worked: Worked, at: int) -> list[str]:
    """The turn of something put in: what has come to it, and by how many paths."""
    i = worked.moments[at].at
    label, grad = worked.labels[i], short(worked.moments[at].grads[i])
    if is_fixed(worked, i):
        return [f"{label} is a plain number. It has a gradient too, {grad}, but nobody will ever nudge it."]
    came = [
        (short(share.passed), worked.labels[moment.at])
        for moment in worked.moments[:at]
        for share in moment.shares
        if share.to == i
    ]
    if len(came) == 1:
        return [f"{label} is where this path ends: {gradient(worked, i)} = {grad}."]
    terms = " + ".join([came[0][0], *(bracketed(passed) for passed, _ in came[1:])])
    ways = ", ".join(f"{passed} by way of {whole}" for passed, whole in came)
    return [
        f"{label} was used {len(came)} times, so {len(came)} shares came back: {ways}. "
        f"Together {gradient(worked, i)} = {terms} = {grad}.",
        f"Why add? A nudge to {label} travels along all these paths at once, and {worked.result} feels every one.",
    ]


def gradient(worked: Worked, i: int) -> str:
    """ "a.grad", and for more than a name "(a × b).grad"."""
    label = worked.labels[i]
    return f"{label}.grad" if label.replace("_", "").isalnum() else f"({label}).grad"


def rule(node: Value) -> str:
    if node.op == "relu":
        return OPEN if node.local_grads[0] else CLOSED
    return RULES["^" if node.op.startswith("^") else node.op]


def now(worked: Worked, at: int) -> str:
    """The moment as markup: which way, the line with its piece marked, and what happens."""
    moment = worked.moments[at]
    half = len(worked.tape.nodes)
    way = f"Backward, {at - half + 1} of {half}" if moment.backward else f"Forward, {at + 1} of {half}"
    start, end = worked.spans[moment.at]
    name = worked.texts[moment.at] if worked.texts[moment.at] in worked.line.variables else ""
    line = marked(worked.line.text, start, end, name)
    first, *more = told(worked, at)
    notes = "".join(f"<p>{escape(text)}</p>" for text in more)
    return f'<p class="where"><b>{way}</b> · <code>{line}</code></p><p>{escape(first)}</p>{notes}'


def marked(text: str, start: int, end: int, name: str = "") -> str:
    """The line with one piece marked; of a variable, every place where it stands."""
    found = [m.span() for m in re.finditer(rf"\b{re.escape(name)}\b", text) if m.start() >= start] if name else []
    html, at = "", 0
    for left, right in found or [(start, end)]:
        html += f"{escape(text[at:left])}<mark>{escape(text[left:right])}</mark>"
        at = right
    return html + escape(text[at:])


# Trying


def checks(worked: Worked) -> str:
    """A list item for each variable: its gradient, and the slope that is found by trying."""
    grads = worked.moments[-1].grads
    items = []
    for name in worked.line.variables:
        grad = grads[worked.texts.index(name)]
        items.append(f"<li>{check(worked.result, name, grad, worked.line.slope(worked.values, name))}</li>")
    return "".join(items) or '<li class="note">There is no variable in it: nothing to nudge.</li>'


def check(result: str, name: str, grad: float, tried: Slope | None) -> str:
    said = f"<b>{escape(name)}</b>: the walk back says <b>{short(grad, 6)}</b>. "
    if tried is None:
        return f"{said}That can’t be tried here: on one side of {escape(name)} there is no result."
    said += (
        f"With {escape(name)} nudged by {plainly(tried.nudge)} down and up, {escape(result)} goes from "
        f"{precise(tried.down)} to {precise(tried.up)}. That is a slope of <b>{short(tried.slope, 6)}</b>. "
    )
    if tried.corner:
        return (
            f'{said}<span class="verdict">≠ A corner.</span> Just here a relu opens or closes: there is one slope '
            "on the left and another on the right, and trying finds their mean. At the corner, relu’s own is 0."
        )
    if tried.agrees(grad):
        return f'{said}<span class="verdict">✓ The same.</span>'
    return f'{said}<span class="verdict">≠ Not the same</span>: too steep here, or too flat, for a nudge of this size.'


def plainly(nudge: float) -> str:
    """A small number with all its zeros: 2e-5 → "0.00002"."""
    return f"{nudge:.7f}".rstrip("0") if nudge >= 1e-6 else short(nudge)


def precise(value: float) -> str:
    """Enough digits to see what a small nudge did."""
    return short(value, 9)


def settled(line: Expression, known: Mapping[str, float]) -> dict[str, float]:
    """A value for each variable: the one it had, or 1."""
    return {name: float(known.get(name, 1.0)) for name in line.variables}


def dial_labels(variables: Sequence[str], slots: int) -> list[str]:
    """What each slot is called; "" for one that is not needed."""
    return [*variables, *[""] * (slots - len(variables))]
