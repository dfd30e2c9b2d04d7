"""One weight under Adam: every number of its update, read from the optimiser's own arrays.

The update is not computed a second time here. `WeightWatch` reads the arrays just before and just
after the optimiser's step; `rehearse` runs the optimiser's own code on a copy of one weight.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from ..optim import Adam
from ..trainer import Stage, Trainer

KEPT = 300  # steps that a watch remembers

_State = tuple[float, float, float]  # a weight, its m and its v


@dataclass(frozen=True, slots=True)
class AdamStep:
    """What one step of Adam (Kingma and Ba, 2015, algorithm 1) does to one weight."""

    count: int  # the number of the step, from 1: t in the formulas
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
        """1 − β₁ᵗ: the share of its full size that m has after t steps, for it began at zero."""
        return 1 - self.beta1**self.count

    @property
    def v_share(self) -> float:
        """1 − β₂ᵗ, likewise for v."""
        return 1 - self.beta2**self.count

    @property
    def m_hat(self) -> float:
        """m̂: m corrected for its start at zero."""
        return self.m / self.m_share

    @property
    def v_hat(self) -> float:
        """v̂: v corrected for its start at zero."""
        return self.v / self.v_share

    @property
    def change(self) -> float:
        """What was added to the weight: −learning rate · m̂ / (√v̂ + ε), as rounded in its precision."""
        return self.after - self.before


def rehearse(adam: Adam, index: int, gradient: float, learning_rate: float, count: int) -> AdamStep:
    """What `adam.step` would do to weight `index` for this gradient. Runs its code on a copy: `adam` does
    not change."""
    copy = adam.of_one(index)
    before = _read(copy, 0)
    copy.step(np.array([gradient], adam.flat.dtype), learning_rate, count)
    return _compare(copy, before, _read(copy, 0), float(gradient), learning_rate, count)


class WeightWatch:
    """Records every Adam step of weight `index` (in the flat vector) of a trainer's model.

    Pass every stage of every training step to `see`. It reads a dozen numbers a step and changes nothing.
    """

    def __init__(self, trainer: Trainer, index: int) -> None:
        """Raises IndexError if there is no weight `index`, and ValueError if the optimiser is not an Adam."""
        if not 0 <= index < len(trainer.model.flat):
            raise IndexError(f"there is no weight {index}: they go from 0 to {len(trainer.model.flat) - 1}")
        if not isinstance(trainer.optimizer, Adam):
            raise ValueError(f"{trainer.settings.optimizer} keeps no m and no v to watch: this is for adam and adamw")
        self._adam, self.index = trainer.optimizer, index
        self.steps: deque[AdamStep] = deque(maxlen=KEPT)  # oldest first
        self._before: _State | None = None
        self._gradient = 0.0

    def see(self, stage: Stage) -> None:
        """Take in a stage that has just been done. A step is recorded only if its first stages were seen."""
        adam = self._adam
        if stage.name == "backward" and stage.gradient is not None:
            self._gradient = float(stage.gradient[self.index])
            self._before = _read(adam, self.index)
        elif stage.result and self._before is not None:
            rate, count = stage.result.learning_rate, stage.result.step
            now = _read(adam, self.index)
            self.steps.append(_compare(adam, self._before, now, self._gradient, rate, count))
            self._before = None


def steepest(gradient: ndarray) -> int:
    """The index of the largest gradient, by size, in the flat vector (n_params,)."""
    return int(np.abs(gradient).argmax())


def _read(adam: Adam, index: int) -> _State:
    """Weight `index`, its m and its v."""
    return float(adam.flat[index]), float(adam.m[index]), float(adam.v[index])


def _compare(adam: Adam, old: _State, new: _State, gradient: float, learning_rate: float, count: int) -> AdamStep:
    (before, m_before, v_before), (after, m, v) = old, new
    return AdamStep(
        count, learning_rate, gradient, m_before, m, v_before, v, before, after, adam.beta1, adam.beta2, adam.eps
    )
