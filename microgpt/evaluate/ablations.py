"""Knock-outs: what a model predicts without one of its heads, an MLP, or one earlier position.

A part is silenced by changing one value in the graph. Nothing else changes; with nothing silenced, the
results equal the model's to the last bit.
"""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from ..graph import LOGITS, PROBABILITIES, Graph
from ..interpreter import Edit, Values, evaluate
from ..ops import cross_entropy
from .held_out import held_out_loss_in_pieces


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
    """The held-out loss, in nats, without and with the knock-outs."""

    before: float
    after: float

    @property
    def change(self) -> float:
        return self.after - self.before


class Silenced:
    """A model without some of its parts: it predicts, and has a loss, as the whole model does."""

    def __init__(self, graph: Graph, params: Mapping[str, ndarray], silenced: Iterable[Knockout]) -> None:
        """Raises what `edits` raises."""
        self.graph, self.params = graph, params
        self.edits = edits(graph, silenced)

    def values(self, tokens: Sequence[int]) -> Values:
        """Every value of the graph for token ids (T,)."""
        return evaluate(self.graph, self.params, tokens, self.edits)

    def loss(self, document: Sequence[int]) -> float:
        """The mean cross-entropy, in nats, of predicting each token of a document from those before."""
        logits = self.values(document[:-1])[LOGITS]
        return float(cross_entropy(logits, self.graph.config.targets(document)).mean())


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
    return Effect(*(Silenced(graph, params, parts).values(tokens)[PROBABILITIES] for parts in ([], silenced)))


def held_out(
    graph: Graph,
    params: Mapping[str, ndarray],
    documents: Sequence[Sequence[int]],
    silenced: Iterable[Knockout],
) -> Generator[float, None, HeldOut]:
    """The effect on the held-out loss, one document at a time: yields the share of the work that is done,
    and returns the losses. Raises what `edits` raises, and ValueError for no documents."""
    losses: list[float] = []
    for model in Silenced(graph, params, []), Silenced(graph, params, silenced):
        pieces = held_out_loss_in_pieces(model, documents)
        losses.append((yield from _halves(pieces, len(losses))))
    return HeldOut(*losses)


def _halves(pieces: Generator[float, None, float], number: int) -> Generator[float, None, float]:
    """The first or the second half of the work: its progress as a share of the whole."""
    while True:
        try:
            share = next(pieces)
        except StopIteration as done:
            return float(done.value)
        yield (number + share) / 2


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
