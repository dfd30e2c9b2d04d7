"""One weight under Adam: every number of the update, read from the optimiser's own arrays.

Nothing here works the update out a second time. `WeightWatch` reads the arrays just before and just
after the optimiser has moved; `rehearse` lets the optimiser's own code move a copy of one weight.
"""

from collections import deque
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from ..optim import Adam
from ..trainer import Stage, Trainer

KEPT = 300  # steps a watch remembers


class AdamStep(NamedTuple):
    """What one step does to one weight."""

    count: int  # the number of the step, from 1: the t of the formulas
    learning_rate: float
    gradient: float
    m_before: float  # running mean of the gradient
    m: float
    v_before: float  # running mean of its square
    v: float
    before: float  # the weight
    after: float
    beta1: float
    beta2: float
    eps: float

    @property
    def m_share(self) -> float:
        """How much of its full size m has by now: it began at zero."""
        return 1 - self.beta1**self.count

    @property
    def v_share(self) -> float:
        return 1 - self.beta2**self.count

    @property
    def m_hat(self) -> float:
        """m, made up for its beginning at zero."""
        return self.m / self.m_share

    @property
    def v_hat(self) -> float:
        return self.v / self.v_share

    @property
    def change(self) -> float:
        """What was added to the weight: −learning rate · m̂ / (√v̂ + ε), as it was rounded."""
        return self.after - self.before


def rehearse(adam: Adam, index: int, gradient: float, learning_rate: float, count: int) -> AdamStep:
    """What `adam.step` would do to weight `index`: its own code, on a copy. Nothing is changed."""
    here = slice(index, index + 1)
    copy = Adam(adam.flat[here].copy(), adam.beta1, adam.beta2, adam.eps)
    copy.m[:], copy.v[:] = adam.m[here], adam.v[here]
    before = _read(copy, 0)
    copy.step(np.array([gradient], adam.flat.dtype), learning_rate, count)
    return _compare(copy, before, _read(copy, 0), float(gradient), learning_rate, count)


class WeightWatch:
    """Keeps an eye on weight `index` of a trainer's model while it takes its steps.

    Hand it every stage of every step. A step costs a dozen reads; training is not touched.
    """

    def __init__(self, trainer: Trainer, index: int) -> None:
        """Raises IndexError for a weight that is not there."""
        if not 0 <= index < len(trainer.model.flat):
            raise IndexError(f"there is no weight {index}: they go from 0 to {len(trainer.model.flat) - 1}")
        self.trainer, self.index = trainer, index
        self.steps: deque[AdamStep] = deque(maxlen=KEPT)  # oldest first
        self._before: tuple[float, float, float] | None = None
        self._gradient = 0.0

    def see(self, stage: Stage) -> None:
        """A stage has just been done. One whose beginning was not seen is not told of."""
        adam = self.trainer.optimizer
        if stage.name == "trace":
            self._gradient = float(stage.gradient[self.index])
            self._before = _read(adam, self.index)
        elif stage.result and self._before is not None:
            rate, count = stage.result.learning_rate, stage.result.step
            now = _read(adam, self.index)
            self.steps.append(_compare(adam, self._before, now, self._gradient, rate, count))
            self._before = None


def steepest(gradient: ndarray) -> int:
    """Where the largest gradient stands in the flat vector."""
    return int(np.abs(gradient).argmax())


def _read(adam: Adam, index: int) -> tuple[float, float, float]:
    """The weight, m and v."""
    return float(adam.flat[index]), float(adam.m[index]), float(adam.v[index])


def _compare(adam: Adam, old: tuple, new: tuple, gradient: float, learning_rate: float, count: int) -> AdamStep:
    (before, m_before, v_before), (after, m, v) = old, new
    return AdamStep(
        count, learning_rate, gradient, m_before, m, v_before, v, before, after, adam.beta1, adam.beta2, adam.eps
    )
