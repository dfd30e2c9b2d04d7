"""What a model would guess if it stopped after each layer: the logit lens (nostalgebraist, 2020).

The x that each layer passes on goes through the model's own last operations, as if no other layer
came after it. After the last layer none does: that guess is the model's own, to the last bit.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from ..graph import Graph
from ..interpreter import replay


class Lens(NamedTuple):
    """One guess for each stop and position. T is the number of positions, V = vocab_size."""

    stops: tuple[str, ...]  # the value that was read: x at the entrance, then after each layer
    probabilities: ndarray  # (n_layer + 1, T, V)

    def chance(self, token: int, position: int) -> ndarray:
        """(n_layer + 1,): the probability of this token after this position, stop by stop."""
        return self.probabilities[:, position, token]

    @property
    def top(self) -> ndarray:
        """(n_layer + 1, T): the likeliest token after each position, stop by stop."""
        tokens: ndarray = self.probabilities.argmax(axis=-1)
        return tokens


def lens(graph: Graph, params: Mapping[str, ndarray], values: Mapping[str, ndarray]) -> Lens:
    """`values` are those of one forward pass: from `interpreter.evaluate`, or `traced`."""
    guesses = [replay(graph, params, graph.head, values[name]) for name in graph.residual]
    return Lens(graph.residual, np.stack(guesses))


def first_settled(seen: Lens, position: int) -> int:
    """The first stop from which on the likeliest token after `position` stays what it is at the end."""
    tops = seen.top[:, position]
    differs = np.flatnonzero(tops != tops[-1])
    return int(differs[-1]) + 1 if differs.size else 0
