"""Rung 1: the same table, but nobody counts: it is found by gradient descent.

The table now holds logits, any numbers at all, and softmax makes each row a guess. For every name we
ask which way each number would have to move to make the loss smaller, and move it a little that way.
The slope of the loss is worked out on paper once: guess − truth. `check.py` measures it as well.

Written with NumPy, one row a pair; the next rung does the same sums one number at a time.
"""

from collections.abc import Sequence

import numpy as np
from numpy import ndarray

from ..ops import Tokens, cross_entropy, softmax


class Rung1:
    """A bigram model: looks one letter back. Its parameters are its logits."""

    title = "Gradient by hand"
    idea = "Do not count: guess, measure the loss, and move each number a little downhill."

    def __init__(
        self,
        documents: Sequence[Sequence[int]],
        vocab_size: int,
        seed: int,
        steps: int = 5000,
        learning_rate: float = 0.75,
    ) -> None:
        """`seed` is not needed: all logits start at 0, which is an even guess."""
        self.documents = [np.asarray(document) for document in documents]
        self.logits = np.zeros((vocab_size, vocab_size))
        self.n_params = self.logits.size
        self.steps, self.learning_rate = steps, learning_rate
        self.step_count = 0

    def step(self) -> float:
        """Learn from one name. Returns its loss before the table has changed."""
        document = self.documents[self.step_count % len(self.documents)]
        loss = self.loss(document)
        self.logits -= self.learning_rate * self.gradient(document)  # downhill
        self.step_count += 1
        return loss

    def gradient(self, document: Tokens) -> ndarray:
        """(V, V): the slope of the loss for each logit.

        For one pair, loss = −log softmax(row)[target]. By the chain rule its slope is the guess, minus
        1 at the target: what was guessed too high has to fall, the truth has to rise.
        """
        contexts, targets = document[:-1], document[1:]
        slopes = softmax(self.logits[contexts])  # (T, V), the guesses
        slopes[np.arange(len(targets)), targets] -= 1
        gradient = np.zeros_like(self.logits)
        np.add.at(gradient, contexts, slopes / len(targets))  # a row that is used twice learns twice
        return gradient

    def probabilities(self, tokens: Tokens) -> ndarray:
        """(V,): the probability of each token to come next; all but the last token are ignored."""
        return softmax(self.logits[tokens[-1]])

    def loss(self, document: Tokens) -> float:
        """Mean of −log p(the token that really came next), in nats."""
        contexts, targets = document[:-1], document[1:]
        return float(cross_entropy(self.logits[contexts], np.asarray(targets)).mean())
