"""What a forward pass on Tensors has computed, as the `Trace` that `model.py` keeps too."""

from collections.abc import Mapping

import numpy as np
from numpy import ndarray

from . import ops
from .config import GPTConfig
from .model import LayerTrace, Trace
from .tensor import Tensor


class TensorTrace(Trace):
    """A trace that can be gone back through: `output` is the Tensor of the logits."""

    output: Tensor


def trace_of(config: GPTConfig, tokens: ndarray, logits: Tensor, kept: Mapping[str, Tensor]) -> TensorTrace:
    """`kept` holds what the pass has made, by the names in `Trace`; those of a layer begin with "layer0."."""
    embedded, x0 = kept["embedded"].data, kept["x0"].data
    layers = tuple(_layer(config, f"layer{i}.", kept) for i in range(config.n_layer))
    trace = TensorTrace(tokens, embedded, x0, _scale(config, embedded), layers, logits.data)
    trace.output = logits
    return trace


def _layer(config: GPTConfig, layer: str, kept: Mapping[str, Tensor]) -> LayerTrace:
    x_in, x_mid = kept[layer + "x_in"].data, kept[layer + "x_mid"].data
    there = {name: made.data for name in LayerTrace._fields if (made := kept.get(layer + name)) is not None}
    if not (config.attention and config.mlp):
        there = _absent(config, x_in, x_mid) | there
    return LayerTrace(**there, scale1=_scale(config, x_in), scale2=_scale(config, x_mid))


def _scale(config: GPTConfig, x: ndarray) -> ndarray:
    """The factor (T, 1) by which RMSNorm has multiplied the rows of x (T, C)."""
    return ops.rmsnorm(x)[1] if config.rmsnorm else np.ones_like(x[:, :1])


def _absent(config: GPTConfig, x_in: ndarray, x_mid: ndarray) -> dict[str, ndarray]:
    """The fields of a layer that lacks a part: no heads, no hidden numbers, and nothing added to x."""
    t = len(x_in)

    def empty(*shape: int) -> ndarray:
        return np.zeros(shape, x_in.dtype)

    heads = {"scores": empty(0, t, t), "attention": empty(0, t, t), "mixed": empty(t, 0), "norm1": x_in}
    heads |= {name: empty(0, t, config.head_size) for name in "qkv"} | {"attn_out": np.zeros_like(x_in)}
    hidden = {"preactivation": empty(t, 0), "hidden": empty(t, 0), "norm2": x_mid, "mlp_out": np.zeros_like(x_mid)}
    return heads | hidden
