"""The activation functions of the MLP, element by element, each with its derivative."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy import ndarray


class Activation(NamedTuple):
    function: Callable[[ndarray], ndarray]  # x → y, of the same shape
    slope: Callable[[ndarray], ndarray]  # x → dy/dx


_ROOT = (2 / np.pi) ** 0.5
_CUBIC = 0.044715


def _gelu(x: ndarray) -> ndarray:
    y: ndarray = 0.5 * x * (1 + np.tanh(_ROOT * (x + _CUBIC * x**3)))
    return y


def _gelu_slope(x: ndarray) -> ndarray:
    t = np.tanh(_ROOT * (x + _CUBIC * x**3))
    slope: ndarray = 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * _ROOT * (1 + 3 * _CUBIC * x * x)
    return slope


def _sigmoid(x: ndarray) -> ndarray:
    """1 / (1 + e⁻ˣ), written with tanh, which can't overflow."""
    y: ndarray = 0.5 * (1 + np.tanh(0.5 * x))
    return y


def _silu_slope(x: ndarray) -> ndarray:
    s = _sigmoid(x)
    slope: ndarray = s * (1 + x * (1 - s))
    return slope


FUNCTIONS = {
    "relu": Activation(lambda x: np.maximum(x, 0), lambda x: x > 0),
    # Hendrycks & Gimpel (2016), in the form with tanh that GPT-2 uses
    "gelu": Activation(_gelu, _gelu_slope),
    # Elfwing et al. (2017): x times its sigmoid
    "silu": Activation(lambda x: x * _sigmoid(x), _silu_slope),
    "tanh": Activation(np.tanh, lambda x: 1 - np.tanh(x) ** 2),
}
