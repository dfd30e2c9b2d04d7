"""Rung 0: count which letter follows which.

No gradient, no network: a table with a row for each letter and a column for each letter that may come
next. Reading a name adds one to the cell of each pair in it. A row, divided by its sum, is the guess.

Written with NumPy, so that a row is one line of code; nothing here would be slow without it.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy import ndarray


class Update(NamedTuple):
    """One pair of a name: the quiz before the table learns from it."""

    context: int  # the letter that was read
    target: int  # the letter that really came next
    probability: float  # what the table gave to it, before
    loss: float  # −log of that, in nats


class Rung0:
    """A bigram model: looks one letter back. Its parameters are its counts."""

    title = "Counting"
    idea = "Keep a table of which letter follows which."

    def __init__(
        self, documents: Sequence[Sequence[int]], vocab_size: int, seed: int, steps: int | None = None
    ) -> None:
        """`seed` is not needed: there is nothing random in counting. One pass over the names, the
        default for `steps`, is all there is to learn."""
        self.documents = [np.asarray(document) for document in documents]
        self.counts = np.zeros((vocab_size, vocab_size))
        self.n_params = self.counts.size
        self.steps = len(documents) if steps is None else steps
        self.step_count = 0

    def step(self) -> float:
        """Learn from one name: quiz, then count. Returns its loss before the table has changed."""
        document = self.documents[self.step_count % len(self.documents)]
        return float(np.mean([update.loss for update in self.updates(document)]))

    def updates(self, document: ndarray) -> Iterator[Update]:
        """The same step, pair by pair. The counts go up after the last pair: a step that is given up
        before its end has not happened."""
        contexts, targets = document[:-1], document[1:]
        for context, target in zip(contexts, targets, strict=True):
            probability = float(self.row(context)[target])
            yield Update(int(context), int(target), probability, float(-np.log(probability)))
        np.add.at(self.counts, (contexts, targets), 1)  # a pair that stands twice counts twice
        self.step_count += 1

    def row(self, context: int) -> ndarray:
        """(V,): the probability of each letter to come next. Each count plus one (Laplace), so that what
        was never seen is unlikely, and not impossible."""
        smoothed = self.counts[context] + 1
        probabilities: ndarray = smoothed / smoothed.sum()
        return probabilities

    def probabilities(self, tokens: Sequence[int]) -> ndarray:
        """(V,): the probability of each token to come next; all but the last token are ignored."""
        return self.row(tokens[-1])

    def loss(self, document: Sequence[int]) -> float:
        """Mean of −log p(the token that really came next), in nats."""
        contexts, targets = document[:-1], document[1:]
        return float(-np.mean([np.log(self.row(c)[t]) for c, t in zip(contexts, targets, strict=True)]))
