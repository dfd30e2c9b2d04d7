"""The gradient of a few weights of a rung, kept step by step as its own training comes upon it."""

import numpy as np
from numpy import ndarray


class Recorder:
    """Watches one weight of each matrix: the one in its middle. It wraps the rung's `update`, which is
    called when all gradients are there and before they are cleared."""

    def __init__(self, rung) -> None:
        self.places = {name: tuple(n // 2 for n in w.data.shape) for name, w in rung.weights.items()}
        self._kept: dict[str, list[float]] = {name: [] for name in self.places}
        plain = rung.update

        def update() -> None:
            for name, place in self.places.items():
                self._kept[name].append(float(rung.weights[name].grad[place]))
            plain()

        rung.update = update

    def gradients(self, name: str) -> ndarray:
        """(steps,)"""
        return np.array(self._kept[name])
