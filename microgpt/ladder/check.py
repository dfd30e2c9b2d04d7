"""Is the gradient right? Nudge one number at a time, and see how much the loss moves."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from ..ops import Tokens
from .rung1_gradient import Rung1


def slopes(rung: Rung1, document: Tokens, eps: float = 1e-5) -> Iterator[float]:
    """The measured slope of the loss of `document` for each logit, row by row, one at each `next`:
    (loss a little above − loss a little below) / the distance, 2 eps.

    The rung is the same after each as before, so one may stop at any time. Raises ValueError for an
    eps that is not above 0.
    """
    for i in range(rung.logits.size):
        yield nudge(rung, document, i, eps).slope


class Nudge(NamedTuple):
    """The loss with one logit a little lower and a little higher, and the slope between the two."""

    below: float
    above: float
    slope: float


def nudge(rung: Rung1, document: Tokens, i: int, eps: float) -> Nudge:
    """What moving logit `i`, counted row by row, does to the loss; it is put back. Raises ValueError
    for an eps that is not above 0."""
    if not eps > 0:
        raise ValueError(f"a nudge has to be above 0, not {eps}")
    weights = rung.logits.reshape(-1)  # a view
    weight = weights[i]
    weights[i] = weight + eps
    above = rung.loss(document)
    weights[i] = weight - eps
    below = rung.loss(document)
    weights[i] = weight
    return Nudge(below, above, (above - below) / (2 * eps))


def numeric_gradient(rung: Rung1, document: Tokens, eps: float = 1e-5) -> ndarray:
    """All slopes, (V, V): what `rung.gradient(document)` says without measuring."""
    return np.fromiter(slopes(rung, document, eps), float).reshape(rung.logits.shape)
