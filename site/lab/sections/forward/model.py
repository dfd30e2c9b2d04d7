"""The parts of the forward pass: the operations of the engine's graph as boxes, with their words and their Python."""

from collections.abc import Iterable
from itertools import groupby
from math import prod
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from microgpt.config import GPTConfig
from microgpt.graph import Graph, Operation, build
from microgpt.model import GPT


class Words(NamedTuple):
    """What is said of a part, in whatever layer."""

    name: str
    made: str  # what comes out of it
    strip: str = ""  # the same over the vector in the drawing; "" if it is not drawn


WORDS = {
    "wte": Words("wte, the letter table", "the row of this letter", "its row"),
    "wpe": Words("wpe, the position table", "the row of this place", "its row"),
    "embed": Words("add letter and place", "their sum", "sum"),
    "norm0": Words("RMSNorm, at the entrance", "x, as it enters the layers", "x"),
    "norm1": Words("RMSNorm, before attention", "x, evened out", "normed"),
    "attn_wq": Words("wq, queries", "the query: what it looks for", "q"),
    "attn_wk": Words("wk, keys", "the key: what it can be found by", "k"),
    "attn_wv": Words("wv, values", "the value: what it hands over", "v"),
    "heads": Words("attention heads", "what they fetched", "mixed"),
    "attn_wo": Words("wo, output of attention", "what attention adds", "to add"),
    "add1": Words("add what attention found", "x, after attention", "x, after attention"),
    "norm2": Words("RMSNorm, before the MLP", "x, evened out", "normed"),
    "mlp_fc1": Words("fc1, first half of the MLP", "hidden, before the bend"),
    "relu": Words("ReLU", "hidden: nothing below 0 is left", "hidden"),
    "gelu": Words("GELU", "hidden: little below 0 is left", "hidden"),
    "silu": Words("SiLU", "hidden: little below 0 is left", "hidden"),
    "tanh": Words("tanh", "hidden: all between −1 and 1", "hidden"),
    "mlp_fc2": Words("fc2, second half of the MLP", "what the MLP adds", "to add"),
    "add2": Words("add what the MLP thought", "x, after the MLP", "x, after the MLP"),
    "lm_head": Words("lm_head", "logits: one score for each answer", "logits"),
    "softmax": Words("softmax", "chances: together 100 %", "chances"),
}
LOOKUPS = ("token rows", "position rows")  # kinds of operations: those that pick rows of a table
MATRICES = (*LOOKUPS, "projection", "linear")  # those with a matrix
HEADS = ("scores", "softmax", "mix")  # those that together are the heads


class Part(NamedTuple):
    """One box of the drawing: an operation, or all those of the heads."""

    key: str
    operations: tuple[Operation, ...]
    shape: tuple[int, int] | None  # (outputs, inputs) of its matrix; None if it has none
    count: int  # of its parameters

    @property
    def first(self) -> Operation:
        return self.operations[0]

    @property
    def kind(self) -> str:
        """That of its operation; "heads" for those of the heads."""
        return "heads" if len(self.operations) > 1 else self.first.kind

    @property
    def layer(self) -> int | None:
        return self.first.layer

    @property
    def note(self) -> str:
        """The key of what is said about it: the same for all layers."""
        return self.key.rpartition(".")[2]

    @property
    def words(self) -> Words:
        return WORDS[self.note]

    @property
    def title(self) -> str:
        return self.words.name if self.layer is None else f"Layer {self.layer + 1}: {self.words.name}"

    @property
    def facts(self) -> str:
        """Shape and number of weights, in words."""
        if not self.count:
            return "no weights: nothing in here is learnt"
        if not self.shape:
            return f"{self.count:,} weights"
        product = prod(self.shape)
        biases = f", and {self.count - product:,} biases" if self.count > product else ""
        return f"{self.shape[0]} × {self.shape[1]} = {product:,} weights{biases}"

    @property
    def taken(self) -> str | None:
        """The vector it takes in; None for a table, which is given a number."""
        if self.kind in LOOKUPS:
            return None
        adds_to_x = self.kind == "add" and self.layer is not None
        return self.first.inputs[1 if adds_to_x else 0]

    @property
    def given(self) -> str:
        """The vector it gives."""
        return self.operations[-1].output

    @property
    def weight(self) -> str:
        """The name of its matrix."""
        return self.first.weight or ""

    @property
    def code(self) -> list[tuple[int, str]]:
        """The lines of the engine that do it, with their numbers."""
        return sorted({line for operation in self.operations for line in operation.source.code})


def parts(config: GPTConfig) -> dict[str, Part]:
    """Every part, in the order in which the numbers run through them."""
    graph = build(config)
    return {part.key: part for _, run in groupby(graph.operations, _box) for part in [_part(graph, tuple(run))]}


def _box(operation: Operation) -> str:
    """The key of the part it belongs to."""
    inside_heads = operation.kind in HEADS and operation.block == "attention"
    return f"layer{operation.layer}.heads" if inside_heads else operation.name


def _part(graph: Graph, operations: tuple[Operation, ...]) -> Part:
    first = operations[0]
    shape = graph.config.shapes()[first.weight] if first.kind in MATRICES and first.weight else None
    return Part(_box(first), operations, shape, graph.parameters(operations))


def levels(model: GPT, sides: int, shown: Iterable[Part]) -> dict[str, ndarray]:
    """Each weight of each part's matrix as a step from 0 (strongly negative) to 2 `sides`, with one
    scale for all of them: four standard deviations get the strongest."""
    scale = sides / (4 * float(model.flat.std()) or 1.0)
    # adding 0.5 and cutting off rounds; clipped first, so that nothing leaves the palette
    steps = np.clip(np.nan_to_num(model.flat * scale), -sides, sides) + (sides + 0.5)
    steps = steps.astype(np.uint8)
    found, start = {}, 0
    for name, (rows, columns) in model.config.shapes().items():
        found[name] = steps[start : start + rows * columns].reshape(rows, columns)
        start += rows * columns
    return {part.key: found[part.weight] for part in shown if part.shape}
