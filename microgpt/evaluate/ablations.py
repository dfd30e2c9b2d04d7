"""Knock-outs: what a model predicts without one of its heads, an MLP, or one earlier position.

A part is silenced by changing one value in the graph. Nothing else changes; with nothing silenced, the
results equal the model's to the last bit.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from ..graph import LOGITS, PROBABILITIES, Graph
from ..interpreter import Edit, evaluate
from ..ops import cross_entropy


@dataclass(frozen=True)
class Head:
    """Silences one attention head: its mixed values become zeros."""

    layer: int
    head: int


@dataclass(frozen=True)
class MLP:
    """Silences the MLP of one layer: it adds zeros to x."""

    layer: int


@dataclass(frozen=True)
class Past:
    """Hides one position from all later positions, in one layer or, with None, in all."""

    position: int
    layer: int | None = None


Knockout = Head | MLP | Past


class Effect(NamedTuple):
    """The probabilities (T, V) of one document, without and with the knock-outs."""

    before: ndarray
    after: ndarray


class HeldOut(NamedTuple):
    """The mean loss, in nats, of the first `documents` documents, without and with the knock-outs."""

    documents: int
    before: float
    after: float

    @property
    def change(self) -> float:
        return self.after - self.before


def edits(graph: Graph, silenced: Iterable[Knockout]) -> dict[str, Edit]:
    """The functions that silence these parts, by the name of the value that each one changes. Raises
    ValueError for a part that the model does not have."""
    found: dict[str, list[Edit]] = {}
    for knockout in silenced:
        for name, edit in _edits(graph, knockout):
            if name not in graph.maker:
                raise ValueError(f"{knockout} can't be silenced: this model has no {name}")
            found.setdefault(name, []).append(edit)
    return {name: _one_after_another(each) for name, each in found.items()}


def effect(graph: Graph, params: Mapping[str, ndarray], tokens: Sequence[int], silenced: Iterable[Knockout]) -> Effect:
    """The effect on the predictions after each of these tokens (T,). Raises what `edits` raises."""
    changes = edits(graph, silenced)
    before, after = (evaluate(graph, params, tokens, each)[PROBABILITIES] for each in ({}, changes))
    return Effect(before, after)


def held_out(
    graph: Graph,
    params: Mapping[str, ndarray],
    documents: Sequence[Sequence[int]],
    silenced: Iterable[Knockout],
) -> Iterator[HeldOut]:
    """The mean loss without and with the knock-outs, after 1, 2, 3 … of the documents.

    A generator, so that a caller can show progress and stop it. The last result is for all documents.
    """
    changes = edits(graph, silenced)
    sums = [0.0, 0.0]
    for number, document in enumerate(documents, start=1):
        for i, each in enumerate(({}, changes)):
            sums[i] += _loss(graph, params, document, each)
        yield HeldOut(number, sums[0] / number, sums[1] / number)


def _loss(graph: Graph, params: Mapping[str, ndarray], document: Sequence[int], changes: Mapping[str, Edit]) -> float:
    """Mean cross-entropy, in nats, of one document."""
    logits = evaluate(graph, params, document[:-1], changes)[LOGITS]
    return float(cross_entropy(logits, np.asarray(document[1:])).mean())


def _edits(graph: Graph, knockout: Knockout) -> Iterator[tuple[str, Edit]]:
    """The values that change, and how."""
    config = graph.config
    if knockout.layer is not None and not 0 <= knockout.layer < config.n_layer:
        raise ValueError(f"there is no layer {knockout.layer}: they go from 0 to {config.n_layer - 1}")
    match knockout:
        case Head(layer, head):
            if not 0 <= head < config.n_head:
                raise ValueError(f"there is no head {head}: they go from 0 to {config.n_head - 1}")
            own = slice(head * config.head_size, (head + 1) * config.head_size)
            yield f"layer{layer}.mixed", lambda mixed: _with(mixed, np.s_[:, own], 0)
        case MLP(layer):
            yield f"layer{layer}.mlp_out", np.zeros_like
        case Past(position, layer):
            if not 0 <= position < config.block_size:
                raise ValueError(f"there is no position {position}: they go from 0 to {config.block_size - 1}")
            later = np.s_[:, position + 1 :, position : position + 1]  # empty in a document that ends before it
            for i in range(config.n_layer) if layer is None else [layer]:
                yield f"layer{i}.scores", lambda scores: _with(scores, later, -np.inf)


def _with(array: ndarray, place: tuple[slice | int, ...], number: float) -> ndarray:
    """A copy with this number in one place."""
    changed = array.copy()
    changed[place] = number
    return changed


def _one_after_another(each: Sequence[Edit]) -> Edit:
    return lambda value: reduce(lambda changed, edit: edit(changed), each, value)
