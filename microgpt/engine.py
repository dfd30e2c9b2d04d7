"""Which model carries out which settings: the fast one those it knows, the one on Tensors all others."""

import numpy as np
from numpy import ndarray

from .config import GPTConfig
from .model import GPT
from .tensor_gpt import TensorGPT

Model = GPT | TensorGPT


def kind(config: GPTConfig) -> type[GPT] | type[TensorGPT]:
    """The class of the model of this shape."""
    return TensorGPT if config.variations else GPT


def model(config: GPTConfig, flat: ndarray) -> Model:
    """The model with these parameters (n_params,), which are used as they are, not copied."""
    return kind(config)(config, flat)


def initial(config: GPTConfig, seed: int, dtype: type = np.float32) -> Model:
    """An untrained model; see `parameters.initial`."""
    return kind(config).initial(config, seed, dtype)
