"""The parameters of a model: one flat vector, seen as named matrices, and their first values.

One vector makes the optimiser a dozen array operations however many matrices there are.
"""

from dataclasses import fields

import numpy as np
from numpy import ndarray

from .config import GPTConfig
from .rng import stream

INIT_STD = 0.08  # standard deviation of the first weights, as in Karpathy's microgpt.py


def matrices(config: GPTConfig, flat: ndarray) -> dict[str, ndarray]:
    """`flat` (n_params,) → a view of it for each name of `config.shapes()`, and one of each layer's wq, wk and wv
    together, "attn_wqkv" (3 C, C), and likewise "attn_bqkv" (1, 3 C).

    Raises ValueError for a vector of another length.
    """
    if flat.shape != (config.n_params,):
        raise ValueError(f"this configuration has {config.n_params} parameters, not {flat.shape}")
    views, start = {}, 0
    for name, (rows, columns) in config.shapes().items():
        views[name] = flat[start : start + rows * columns].reshape(rows, columns)
        if name.endswith("attn_wq"):
            views[name + "kv"] = flat[start : start + 3 * rows * columns].reshape(3 * rows, columns)
        elif name.endswith("attn_bq"):
            views[name + "kv"] = flat[start : start + 3 * columns].reshape(1, 3 * columns)
        start += rows * columns
    return views


def initial(config: GPTConfig, seed: int, dtype: type = np.float32) -> ndarray:
    """The parameters of an untrained model (n_params,): weights drawn from N(0, INIT_STD²), gains 1, biases 0.

    A model without some part starts, for the same seed, with the same numbers in all its other parts.
    """
    # the model of these sizes with all its parts: its numbers are drawn, whichever are used
    whole = GPTConfig(**{field.name: getattr(config, field.name) for field in fields(config) if field.type is int})
    drawn = matrices(whole, stream(seed, "weights").standard_normal(whole.n_params) * INIT_STD)
    flat = np.zeros(config.n_params)
    for name, view in matrices(config, flat).items():
        if name.endswith("gain"):
            view[:] = 1
        elif name in drawn:
            view[:] = drawn[name]
    return flat.astype(dtype)
