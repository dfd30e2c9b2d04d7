"""What a model has to beat: guessing evenly, counting letters, counting pairs."""

import math
from collections.abc import Sequence

import numpy as np
from numpy import ndarray


def uniform_loss(vocab_size: int) -> float:
    """Cross-entropy, in nats, of giving every token the same chance: ln(vocab_size)."""
    return math.log(vocab_size)


class NGram:
    """Predicts a token from the `order` − 1 before it, by counting, each count plus one.

    order 1: how common each letter is. 2: which letter follows which. 3: looks two letters back.
    Adding one (Laplace) leaves a chance to what was never seen.
    """

    def __init__(self, order: int, vocab_size: int, documents: Sequence[Sequence[int]]) -> None:
        self.order = order
        self.counts = np.zeros((vocab_size,) * order, np.int64)
        for document in documents:
            for context, target in self._examples(document):
                self.counts[(*context, target)] += 1

    def _examples(self, document: Sequence[int]):
        width = self.order - 1
        padded = [document[0]] * width + list(document)[1:]  # before START there is only START
        return ((tuple(padded[i : i + width]), padded[i + width]) for i in range(len(document) - 1))

    @property
    def probabilities(self) -> ndarray:
        """(vocab,) * order; sums to 1 along the last axis."""
        smoothed = self.counts + 1.0
        return smoothed / smoothed.sum(axis=-1, keepdims=True)

    def mean_loss(self, documents: Sequence[Sequence[int]]) -> float:
        """Mean over documents of the mean cross-entropy of each, in nats, as `trainer.mean_loss`."""
        logs = -np.log(self.probabilities)
        return float(
            np.mean(
                [
                    np.mean([logs[(*context, target)] for context, target in self._examples(document)])
                    for document in documents
                ]
            )
        )
