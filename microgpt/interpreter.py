"""Runs a graph operation by operation, and lets any value be changed on the way.

What is not changed is what the model itself computes: to the last bit where it is that of `model.py`,
to rounding where it is that of `tensor_gpt.py`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy import ndarray

from . import ops
from .activations import FUNCTIONS
from .config import GPTConfig
from .graph import TOKENS, Graph, Operation
from .model import Trace

Values = dict[str, ndarray]  # by name
Edit = Callable[[ndarray], ndarray]  # what an operation gives → what goes on in its place
NO_EDITS: Mapping[str, Edit] = {}


def evaluate(
    graph: Graph, params: Mapping[str, ndarray], tokens: Sequence[int], edits: Mapping[str, Edit] = NO_EDITS
) -> Values:
    """Every value of the graph for token ids (T,), the tokens themselves included.

    `params` are the weights by name, as in `GPT.params`; `edits` change values, by name, as they are
    made. Raises ValueError for no tokens, more than block_size, one that is not in the vocabulary, or
    an edit of a value that the graph does not have.
    """
    values = {TOKENS: np.asarray(tokens)}
    values |= {operation.output: value for operation, value in steps(graph, params, tokens, edits)}
    return values


def steps(
    graph: Graph, params: Mapping[str, ndarray], tokens: Sequence[int], edits: Mapping[str, Edit] = NO_EDITS
) -> Iterator[tuple[Operation, ndarray]]:
    """`evaluate`, one operation at each `next`: the operation, and what it gave."""
    ids = np.asarray(tokens)
    _check(graph, ids, edits)
    run, values = _Run(graph.config, params), {TOKENS: ids}
    for operation in graph.operations:
        value = run.do(operation, *(values[name] for name in operation.inputs))
        if operation.output in edits:
            value = edits[operation.output](value)
        values[operation.output] = value
        yield operation, value


def replay(graph: Graph, params: Mapping[str, ndarray], operations: Sequence[Operation], x: ndarray) -> ndarray:
    """What these operations, one after another, make of `x`: each takes what the one before gives."""
    run = _Run(graph.config, params)
    for operation in operations:
        x = run.do(operation, x)
    return x


def traced(trace: Trace) -> Values:
    """What a trace has kept, by the names of the graph."""
    values = {name: getattr(trace, name) for name in (TOKENS, "embedded", "x0", "logits", "probabilities")}
    for i, layer in enumerate(trace.layers):
        values |= {f"layer{i}.{name}": value for name, value in layer._asdict().items()}
    return values


def _check(graph: Graph, tokens: ndarray, edits: Mapping[str, Edit]) -> None:
    graph.config.check_tokens(tokens.tolist())
    for name in edits:
        if name not in graph.maker:
            raise ValueError(f"this model has no value {name!r} to change; it has {', '.join(graph.maker)}")


class _Run:
    """The rules of one pass. T positions, C = n_embd, H = n_head, D = C / H."""

    def __init__(self, config: GPTConfig, params: Mapping[str, ndarray]) -> None:
        self.config, self.params = config, params
        self._qkv: Values = {}  # by layer

    def do(self, operation: Operation, *inputs: ndarray) -> ndarray:
        value: ndarray = RULES[operation.kind](self, operation, *inputs)
        return value

    def weight(self, operation: Operation) -> ndarray:
        return self.params[operation.weight or ""]

    def token_rows(self, operation: Operation, tokens: ndarray) -> ndarray:
        return self.weight(operation).take(tokens, axis=0)  # (T, C)

    def position_rows(self, operation: Operation, tokens: ndarray) -> ndarray:
        return self.weight(operation)[: len(tokens)]  # (T, C)

    def add(self, _operation: Operation, a: ndarray, b: ndarray) -> ndarray:
        total: ndarray = a + b
        return total

    def rmsnorm(self, operation: Operation, x: ndarray) -> ndarray:
        normed, _ = ops.rmsnorm(x)
        if operation.weight:
            normed *= self.weight(operation)
        return normed

    def linear(self, operation: Operation, x: ndarray) -> ndarray:
        out = ops.linear(x, self.weight(operation))
        if operation.bias:
            out += self.params[operation.bias]
        return out

    def projection(self, operation: Operation, x: ndarray) -> ndarray:
        """(T, C) → (H, T, D). wq, wk and wv stand side by side, and the model multiplies with all three
        in one go; so this does too, as otherwise the last bits would differ."""
        layer, part = operation.output.split(".")
        t, h, d = len(x), self.config.n_head, self.config.head_size
        if layer not in self._qkv:
            self._qkv[layer] = ops.linear(x, self.params[f"{layer}.attn_wqkv"])  # (T, 3 C)
            if operation.bias:
                self._qkv[layer] += self.params[f"{layer}.attn_bqkv"]
        q, k, v = self._qkv[layer].reshape(t, 3, h, d).transpose(1, 2, 0, 3)  # each (H, T, D)
        return {"q": q, "k": k, "v": v}[part]

    def scores(self, _operation: Operation, q: ndarray, k: ndarray) -> ndarray:
        t = q.shape[1]
        future = np.triu(np.full((t, t), -np.inf, q.dtype), k=1)
        return ops.attention_scores(q, k, future)  # (H, T, T)

    def softmax(self, _operation: Operation, scores: ndarray) -> ndarray:
        return ops.softmax(scores)

    def mix(self, _operation: Operation, attention: ndarray, v: ndarray) -> ndarray:
        return ops.attention_mix(attention, v)  # (T, C)

    def activation(self, operation: Operation, x: ndarray) -> ndarray:
        return FUNCTIONS[operation.kind].function(x)


RULES: dict[str, Callable[..., Any]] = {
    "token rows": _Run.token_rows,
    "position rows": _Run.position_rows,
    "add": _Run.add,
    "rmsnorm": _Run.rmsnorm,
    "linear": _Run.linear,
    "projection": _Run.projection,
    "scores": _Run.scores,
    "softmax": _Run.softmax,
    "mix": _Run.mix,
}
RULES |= dict.fromkeys(FUNCTIONS, _Run.activation)
