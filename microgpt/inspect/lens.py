"""What a model would predict if it stopped after each layer: the logit lens (nostalgebraist, 2020).

The x after each layer goes through the model's own last operations, as if no layer followed. After
the last layer none does: that prediction equals the model's own to the last bit.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from ..graph import Graph
from ..interpreter import replay


class Lens(NamedTuple):
    """One prediction for each stop and position. T is the number of positions, V = vocab_size."""

    stops: tuple[str, ...]  # names of the values: x before the first layer, then after each layer
    probabilities: ndarray  # (n_layer + 1, T, V)

    def probability(self, token: int, position: int) -> ndarray:
        """(n_layer + 1,): the probability of this token after this position, stop by stop."""
        return self.probabilities[:, position, token]

    @property
    def top(self) -> ndarray:
        """(n_layer + 1, T): the most probable token after each position, stop by stop."""
        tokens: ndarray = self.probabilities.argmax(axis=-1)
        return tokens


def lens(graph: Graph, params: Mapping[str, ndarray], values: Mapping[str, ndarray]) -> Lens:
    """The predictions for the values of one forward pass, from `interpreter.evaluate` or `traced`."""
    guesses = [replay(graph, params, graph.head, values[name]) for name in graph.residual]
    return Lens(graph.residual, np.stack(guesses))


def first_settled(seen: Lens, position: int) -> int:
    """The first stop from which the most probable token after `position` stays the final one."""
    tops = seen.top[:, position]
    differs = np.flatnonzero(tops != tops[-1])
    return int(differs[-1]) + 1 if differs.size else 0
