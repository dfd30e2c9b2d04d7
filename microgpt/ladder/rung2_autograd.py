"""Rung 2: the same table and the same steps, but nobody works out a slope on paper.

Every logit is a `Value`, a number that remembers what was made of it. Write the loss down, and
`backward()` finds all slopes by the chain rule. Whatever we write instead, it will find those too:
that is what makes the next rungs possible.

One number at a time; NumPy only hands out the answers. The losses are those of rung 1: only the
clock tells them apart.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy import ndarray

from ..ops import softmax
from ..value import Value


class Rung2:
    """A bigram model: looks one letter back. Its parameters are its logits."""

    title = "Autograd"
    idea = "Write down the loss only: a number that remembers how it was made finds its slopes itself."

    def __init__(
        self,
        documents: Sequence[Sequence[int]],
        vocab_size: int,
        seed: int,
        steps: int = 5000,
        learning_rate: float = 0.75,
    ) -> None:
        """`seed` is not needed: all logits start at 0, which is an even guess."""
        self.documents = [list(map(int, document)) for document in documents]
        self.logits = [[Value(0.0) for _ in range(vocab_size)] for _ in range(vocab_size)]
        self.n_params = vocab_size * vocab_size
        self.steps, self.learning_rate = steps, learning_rate
        self.step_count = 0

    def step(self) -> float:
        """Learn from one name. Returns its loss before the table has changed."""
        document = self.documents[self.step_count % len(self.documents)]
        loss = self.expression(document)
        loss.backward()
        for context in set(document[:-1]):  # all other rows have no part in this loss
            for logit in self.logits[context]:
                logit.data -= self.learning_rate * logit.grad  # downhill
                logit.grad = 0.0
        self.step_count += 1
        return loss.data

    def expression(self, document: Sequence[int]) -> Value:
        """The loss, and behind it the graph of all that it was made from."""
        losses = []
        for context, target in pairwise(document):
            logits = self.logits[context]
            total = sum((logit.exp() for logit in logits), Value(0.0))
            losses.append(total.log() - logits[target])  # −log of softmax: −log(exp(logit) / total)
        return sum(losses, Value(0.0)) / len(losses)

    def probabilities(self, tokens: Sequence[int]) -> ndarray:
        """(V,): the probability of each token to come next; all but the last token are ignored."""
        return softmax(np.array([logit.data for logit in self.logits[tokens[-1]]]))

    def loss(self, document: Sequence[int]) -> float:
        """Mean of −log p(the token that really came next), in nats."""
        return self.expression(document).data
