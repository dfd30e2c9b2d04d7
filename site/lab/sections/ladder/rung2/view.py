"""What rung 2 shows: the graph of `Value`s behind one pair's loss, folded to what can be taken in; and
its losses beside those of rung 1."""

import copy
from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

from microgpt.value import Value

from ....charts.format import count, number, percent, signed
from ....charts.graph import Graph, Node

Labels = tuple[list[str], list[str]]
OTHERS = 2  # letters drawn beside the right one


class Both(NamedTuple):
    """The loss of one step on rungs 1 and 2."""

    step: int
    name: str
    by_hand: float
    autograd: float

    @property
    def apart(self) -> float:
        return abs(self.by_hand - self.autograd)


def graph_of_pair(rung, context: int, target: int, names: Labels) -> Graph:
    """The graph of the loss of one pair, with all gradients, from the rung's own `expression` and
    `backward` on a copy of one row. The chain of sums is folded into one node, and all letters but
    the right one and the likeliest others into one part of it: its value is what they add, and its
    gradient is what each of them gets.
    """
    twin = copy.copy(rung)
    twin.logits = list(rung.logits)
    logits = [Value(logit.data) for logit in rung.logits[context]]
    twin.logits[context] = logits
    loss = twin.expression([context, target])
    loss.backward()
    exps = {id(node.children[0]): node for node in loss.topological() if node.op == "exp"}
    order = sorted((i for i in range(len(logits)) if i != target), key=lambda i: -logits[i].data)
    shown, hidden = [target, *order[:OTHERS]], order[OTHERS:]
    log = next(node for node in loss.topological() if node.op == "log")
    (total,) = log.children
    pair_loss = next(node for node in loss.topological() if log in node.children)
    minus = pair_loss.children[1 - pair_loss.children.index(log)]  # the score of the right letter, times −1

    nodes: list[Node] = []
    grads: list[float] = []

    def add(label: str, value: Value, made_from: Sequence[int] = (), local: Sequence[float] = (), **more) -> int:
        nodes.append(Node(label, value.data, more.pop("op", value.op), tuple(made_from), tuple(local), **more))
        grads.append(value.grad)
        return len(nodes) - 1

    scores = [add(f"score {names[1][i]}", logits[i]) for i in shown]
    powers = []
    for i, score in zip(shown, scores, strict=True):
        exp = exps[id(logits[i])]
        powers.append(add(f"exp {names[1][i]}", exp, [score], exp.local_grads))
    if hidden:
        rest = Value(sum(exps[id(logits[i])].data for i in hidden))
        rest.grad = total.grad
        rest_at = add(f"{len(hidden)} others", rest, op="")
        sum_at = add("sum", total, [*powers, rest_at], [1.0] * (len(powers) + 1), op="+")
    else:
        sum_at = add("sum", total, powers, [1.0] * len(powers), op="+")
    log_at = add("log", log, [sum_at], log.local_grads)
    minus_at = add(f"−score {names[1][target]}", minus, [scores[0]], [minus.local_grads[0]])
    add("loss", pair_loss, [log_at, minus_at], pair_loss.local_grads)
    return Graph(tuple(nodes), grads=tuple(grads), complete=frozenset(range(len(nodes))))


def pair_told(name: str, graph: Graph, context: int, target: int, names: Labels) -> str:
    """The slope that comes out for the right letter, beside the answer worked out on paper."""
    values = {node.label: node.value for node in graph.nodes}
    chance = values[f"exp {names[1][target]}"] / values["sum"]
    return (
        f"In {name}, after {names[0][context]} comes {names[1][target]}. Its chance is {percent(chance)}, the loss "
        f"{number(graph.nodes[-1].value)}. Autograd finds the slope {signed(graph.grads[0], 4)} for its score; "
        f"guess minus truth, from rung 1, says {number(chance, 4)} − 1."
    )


def rows(both: Iterable[Both]) -> str:
    return "".join(
        f'<tr><th scope="row">{count(one.step)}</th><td>{escape(one.name)}</td><td>{one.by_hand:.12f}</td>'
        f"<td>{one.autograd:.12f}</td><td>{number(one.apart, 1)}</td></tr>"
        for one in reversed(list(both))
    )


def same_told(steps: int, apart: float, seconds: Sequence[float]) -> str:
    by_hand, autograd = (1000 * one / steps for one in seconds)
    slower = f", {autograd / by_hand:.0f} times as long" if by_hand > 0 else ""
    return (
        f"In {count(steps)} steps the two losses were never more than {number(apart, 1)} apart. A step took "
        f"{number(by_hand, 2)} ms by hand, with NumPy, and {number(autograd, 2)} ms by autograd, one number at a "
        f"time{slower}."
    )
