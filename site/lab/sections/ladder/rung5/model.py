"""How far the steps of a rung go, kept as its own training takes them."""

from math import sqrt
from typing import Any

from ....core.history import History


class StepLengths:
    """The Euclidean length of each step: of the change of all weights together."""

    def __init__(self, rung: Any) -> None:
        """A rung calls its `update` after `backward`, so these lengths are measured around it."""
        self.taken = History()
        self.without_decay = History()  # what the same gradient would have led to at the full learning rate
        plain = rung.update

        def update() -> None:
            before = {name: w.data.copy() for name, w in rung.weights.items()}
            gradient = sqrt(sum(float((w.grad**2).sum()) for w in rung.weights.values()))
            plain()
            moved = sum(float(((w.data - before[name]) ** 2).sum()) for name, w in rung.weights.items())
            self.taken.append(sqrt(moved))
            self.without_decay.append(rung.learning_rate * gradient)

        rung.update = update
