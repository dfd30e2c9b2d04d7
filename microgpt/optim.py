"""Optimisers: how far, and which way, each weight moves, given its gradient."""

import numpy as np
from numpy import ndarray


def linear_decay(learning_rate: float, step: int, steps: int) -> float:
    """The learning rate of step `step` (from 0): falls in a straight line, to zero after `steps`."""
    return learning_rate * max(0.0, 1 - step / steps)


class Adam:
    """Adam (Kingma & Ba, 2015) on one flat vector of weights, all arrays (n_params,).

    Keeps for each weight a running mean of its gradient (m: which way) and of its square (v: how
    unsteady), and steps by one over the root of the other.
    """

    def __init__(self, flat: ndarray, beta1: float = 0.85, beta2: float = 0.99, eps: float = 1e-8) -> None:
        self.flat = flat
        self.beta1, self.beta2, self.eps = beta1, beta2, eps
        self.m = np.zeros_like(flat)
        self.v = np.zeros_like(flat)
        self._move = np.empty_like(flat)  # room to work in: no allocation in a step

    def step(self, gradient: ndarray, learning_rate: float, count: int) -> None:
        """Move the weights, in place. `count` is the number of this step, from 1."""
        m, v, move = self.m, self.v, self._move
        m *= self.beta1
        np.multiply(gradient, 1 - self.beta1, out=move)
        m += move
        v *= self.beta2
        np.square(gradient, out=move)
        move *= 1 - self.beta2
        v += move
        # m and v start at zero; dividing by 1 − βᵗ makes up for that. Both divisions are folded
        # into single numbers: m̂ / (√v̂ + ε) = (m / c₁) / (√v / √c₂ + ε)
        c1, root_c2 = 1 - self.beta1**count, (1 - self.beta2**count) ** 0.5
        np.sqrt(v, out=move)
        move += self.eps * root_c2
        np.divide(m, move, out=move)
        move *= learning_rate * root_c2 / c1
        self.flat -= move
        if count % 100 == 0:
            self._flush()

    def _flush(self) -> None:
        """Set to zero what is too small to move any weight.

        Where the gradient stays away (a dead unit of the MLP, a rare letter) m and v halve and halve
        again into the last, subnormal floats, and never out of them: thousands of weights after 2,000
        steps. Roots and divisions of those took three times as long where this was measured. From 1e-30
        m takes 113 steps to get there.
        """
        for average in (self.m, self.v):
            average[np.abs(average) < 1e-30] = 0
