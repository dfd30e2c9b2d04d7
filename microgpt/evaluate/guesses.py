"""What single guesses are worth: the top answers and the rest, and what each truth cost the model.

A guess can be right and costly at once: its top answer is what comes next, and yet it had given it
only a small probability. The loss counts the probability, not the hit.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from ..engine import Model
from ..ops import softmax_and_cross_entropy


class Top(NamedTuple):
    """The likeliest answers to one guess; together with the rest they make 1."""

    tokens: ndarray  # (k,), likeliest first, of equals the first
    probabilities: ndarray  # (k,)
    rest: float  # the probability of all others together


class Scored(NamedTuple):
    """One guess, and what it cost."""

    read: int  # the token read last
    truth: int  # the token that really comes next
    guess: int  # the top answer
    probability: float  # what the truth was given
    loss: float  # −log of that, in nats

    @property
    def hit(self) -> bool:
        return self.guess == self.truth


class Hit(NamedTuple):
    """A guess whose top answer was right, in one of many documents."""

    document: int
    position: int
    loss: float


def top(probabilities: ndarray, k: int) -> Top:
    """The `k` likeliest of the answers (V,), or all if there are fewer. Raises ValueError for k below 1."""
    if k < 1:
        raise ValueError(f"there is no top {k}: ask for 1 answer or more")
    order = np.argsort(-probabilities, kind="stable")
    return Top(order[:k], probabilities[order[:k]], float(probabilities[order[k:]].sum()))


def score(model: Model, document: Sequence[int]) -> list[Scored]:
    """Each guess the model makes on its way through a document. Their `average` is `GPT.loss`."""
    truths = np.asarray(document[1:])
    probabilities, losses = softmax_and_cross_entropy(model.forward(document[:-1]).logits, truths)  # (T, V), (T,)
    right = probabilities[np.arange(len(truths)), truths]
    rows = (document[:-1], document[1:], probabilities.argmax(-1).tolist(), right.tolist(), losses.tolist())
    return [Scored(*row) for row in zip(*rows, strict=True)]


def average(scores: Sequence[Scored]) -> float:
    """The mean loss of these guesses: of a whole document, what training lowers."""
    return float(np.mean([one.loss for one in scores]))


def costliest_hit(model: Model, documents: Sequence[Sequence[int]], first: int = 0) -> Iterator[Hit | None]:
    """The right top guess with the highest loss in the first 1, 2, 3 … documents; None while there is
    none. A generator, so that it can be watched and stopped. `first`: the first position that counts."""
    best = None
    for number, document in enumerate(documents):
        for position, scored in enumerate(score(model, document)):
            if position >= first and scored.hit and (best is None or scored.loss > best.loss):
                best = Hit(number, position, scored.loss)
        yield best
