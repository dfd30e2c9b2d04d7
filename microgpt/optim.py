"""Optimisers: how far, and which way, each weight moves, given its gradient. And how the learning rate falls.

Each works on one flat vector of weights in place; all arrays are (n_params,).
"""

import math

import numpy as np
from numpy import ndarray

from . import ops
from .settings import Settings


def linear_decay(learning_rate: float, step: int, steps: int) -> float:
    """The learning rate of step `step` (from 0): falls in a straight line, to zero after `steps`."""
    return learning_rate * max(0.0, 1 - step / steps)


def cosine_decay(learning_rate: float, step: int, steps: int) -> float:
    """Falls along half a cosine, slowly at both ends, to zero after `steps` (Loshchilov & Hutter, 2017)."""
    return learning_rate * 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps)))


def scheduled(settings: Settings, step: int) -> float:
    """The learning rate of step `step` (from 0) under these settings."""
    if settings.decay == "none":
        return settings.learning_rate
    decay = linear_decay if settings.decay == "linear" else cosine_decay
    return decay(settings.learning_rate, step, settings.steps)


class Optimizer:
    """What a trainer needs of any of them."""

    def __init__(self, flat: ndarray) -> None:
        self.flat = flat

    @property
    def state(self) -> dict[str, ndarray]:
        """What it keeps from step to step beside the weights: its own arrays, by their names in a checkpoint."""
        return {}

    def step(self, gradient: ndarray, learning_rate: float, count: int) -> None:
        """Move the weights, in place. `count` is the number of this step, from 1."""
        raise NotImplementedError


class SGD(Optimizer):
    """Plain steps against the gradient."""

    def step(self, gradient: ndarray, learning_rate: float, count: int) -> None:
        self.flat -= learning_rate * gradient


class Adam(Optimizer):
    """Adam (Kingma & Ba, 2015).

    Keeps for each weight a running mean of its gradient (m: which way) and of its square (v: how
    unsteady), and steps by one over the root of the other.
    """

    def __init__(self, flat: ndarray, beta1: float = 0.85, beta2: float = 0.99, eps: float = 1e-8) -> None:
        super().__init__(flat)
        self.beta1, self.beta2, self.eps = beta1, beta2, eps
        self.m = np.zeros_like(flat)
        self.v = np.zeros_like(flat)
        self._room = np.empty_like(flat)  # room to work in: no allocation in a step

    @property
    def state(self) -> dict[str, ndarray]:
        return {"adam.m": self.m, "adam.v": self.v}

    def of_one(self, index: int) -> "Adam":
        """A copy that moves a copy of weight `index` alone."""
        here = slice(index, index + 1)
        copy = self._like(self.flat[here].copy())
        copy.m[:], copy.v[:] = self.m[here], self.v[here]
        return copy

    def _like(self, flat: ndarray) -> "Adam":
        return Adam(flat, self.beta1, self.beta2, self.eps)

    def step(self, gradient: ndarray, learning_rate: float, count: int) -> None:
        # m and v start at zero; dividing by 1 − βᵗ makes up for that. Both divisions are folded
        # into single numbers: m̂ / (√v̂ + ε) = (m / c₁) / (√v / √c₂ + ε)
        c1, root_c2 = 1 - self.beta1**count, (1 - self.beta2**count) ** 0.5
        ops.adam_update(
            self.flat, gradient, self.m, self.v, self._room, beta1=self.beta1, beta2=self.beta2,
            eps=self.eps * root_c2, rate=learning_rate * root_c2 / c1,
        )  # fmt: skip
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


class AdamW(Adam):
    """Adam with decoupled weight decay (Loshchilov & Hutter, 2019): each step also takes the share
    learning rate · weight_decay off every weight, biases and gains included."""

    def __init__(
        self, flat: ndarray, beta1: float = 0.85, beta2: float = 0.99, eps: float = 1e-8, weight_decay: float = 0.01
    ) -> None:
        super().__init__(flat, beta1, beta2, eps)
        self.weight_decay = weight_decay

    def _like(self, flat: ndarray) -> "AdamW":
        return AdamW(flat, self.beta1, self.beta2, self.eps, self.weight_decay)

    def step(self, gradient: ndarray, learning_rate: float, count: int) -> None:
        self.flat *= 1 - learning_rate * self.weight_decay
        super().step(gradient, learning_rate, count)


def optimizer(settings: Settings, flat: ndarray) -> Optimizer:
    """The optimiser that these settings ask for, on this vector of weights."""
    if settings.optimizer == "sgd":
        return SGD(flat)
    if settings.optimizer == "adamw":
        return AdamW(flat, settings.beta1, settings.beta2, weight_decay=settings.weight_decay)
    return Adam(flat, settings.beta1, settings.beta2)
