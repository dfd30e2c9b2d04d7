"""Single predictions: the most probable tokens, and the loss of each token that really came.

A prediction can be right and still have a high loss: its top token is the one that came, but had only
a small probability. The loss depends on the probability, not on the hit.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from .. import ops
from ..engine import Model


class Top(NamedTuple):
    """The k most probable tokens of one prediction. Their probabilities and `rest` sum to 1."""

    tokens: ndarray  # (k,), the most probable first; equal ones in order of their ids
    probabilities: ndarray  # (k,)
    rest: float  # the probability of all other tokens together


class Scored(NamedTuple):
    """One prediction and its loss."""

    read: int  # the last token read
    truth: int  # the token that comes next
    guess: int  # the most probable token
    probability: float  # of the truth
    loss: float  # −log of that, in nats

    @property
    def hit(self) -> bool:
        return self.guess == self.truth


class Hit(NamedTuple):
    """A right prediction, in one of many documents."""

    document: int
    position: int
    loss: float


def top(probabilities: ndarray, k: int) -> Top:
    """The `k` most probable tokens of a prediction (V,), or all if V < k. Raises ValueError for k below 1."""
    if k < 1:
        raise ValueError(f"there is no top {k}: ask for 1 answer or more")
    order = np.argsort(-probabilities, kind="stable")
    return Top(order[:k], probabilities[order[:k]], float(probabilities[order[k:]].sum()))


def score(model: Model, document: Sequence[int]) -> list[Scored]:
    """All predictions of a model for one document. Their `average` is the model's loss."""
    truths = model.config.targets(document)
    probabilities, losses = ops.softmax_and_cross_entropy(model.forward(document[:-1]).logits, truths)  # (T, V), (T,)
    right = probabilities[np.arange(len(truths)), truths]
    rows = (document[:-1], document[1:], probabilities.argmax(-1).tolist(), right.tolist(), losses.tolist())
    return [Scored(*row) for row in zip(*rows, strict=True)]


def average(scores: Sequence[Scored]) -> float:
    """The mean loss of these predictions. For a whole document it is what training lowers."""
    return float(np.mean([one.loss for one in scores]))


def costliest_hit(model: Model, documents: Sequence[Sequence[int]], first: int = 0) -> Iterator[Hit | None]:
    """The right prediction with the highest loss in the first 1, 2, 3 … documents, or None if none is right.

    A generator, so that a caller can show progress and stop it. Positions before `first` do not count.
    """
    best = None
    for number, document in enumerate(documents):
        for position, scored in enumerate(score(model, document)):
            if position >= first and scored.hit and (best is None or scored.loss > best.loss):
                best = Hit(number, position, scored.loss)
        yield best
