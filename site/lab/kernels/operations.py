"""The operations of `microgpt.ops` as calls of the kernels in site/kernels.

A kernel takes the addresses of its arrays, which is what `id` gives, and checks them by itself. It says whether it
has done the work. If not, the arrays are in some way unusual, and NumPy does it.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy import ndarray

from microgpt import ops

Kernel = Callable[..., bool]  # addresses of arrays, and plain numbers → whether it has done it


def operations(
    kernels: Mapping[str, Kernel], otherwise: Mapping[str, ops.Operation] = ops.NUMPY
) -> dict[str, ops.Operation]:
    """A version of every operation in `ops.NUMPY`; `kernels` has one of the same name for each, and `otherwise` what to
    call where a kernel refuses."""
    made = {name: _MAKE[name](kernels[name], otherwise[name]) for name in ops.NUMPY}
    for name, operation in made.items():
        operation.__name__, operation.__doc__ = name, ops.NUMPY[name].__doc__
    return made


# Each of these makes one version, from its kernel and from NumPy's version. What is called a thousand times a second
# stands in variables of its own.

_empty, _like, _single = np.empty, np.empty_like, np.float32


def _linear(kernel: Kernel, in_numpy: ops.Operation) -> ops.Operation:
    def linear(x: ndarray, w: ndarray) -> Any:
        out = _empty((len(x), len(w)), _single)
        return out if kernel(id(x), id(w), id(out)) else in_numpy(x, w)

    return linear


def _linear_backward(kernel: Kernel, in_numpy: ops.Operation) -> ops.Operation:
    def linear_backward(dout: ndarray, x: ndarray, w: ndarray, dw: ndarray) -> Any:
        dx = _like(x)
        return dx if kernel(id(dout), id(x), id(w), id(dw), id(dx)) else in_numpy(dout, x, w, dw)

    return linear_backward


def _rmsnorm(kernel: Kernel, in_numpy: ops.Operation) -> ops.Operation:
    eps = ops.EPS

    def rmsnorm(x: ndarray) -> Any:
        normed, scale = _like(x), _empty((len(x), 1), _single)
        return (normed, scale) if kernel(id(x), eps, id(normed), id(scale)) else in_numpy(x)

    return rmsnorm


def _attention_mix(kernel: Kernel, in_numpy: ops.Operation) -> ops.Operation:
    def attention_mix(attention: ndarray, v: ndarray) -> Any:
        *batch, h, t, d = v.shape
        mixed = _empty((*batch, t, h * d), _single)
        return mixed if kernel(id(attention), id(v), id(mixed)) else in_numpy(attention, v)

    return attention_mix


def _attention_scores(kernel: Kernel, in_numpy: ops.Operation) -> ops.Operation:
    def attention_scores(q: ndarray, k: ndarray, mask: ndarray) -> Any:
        *batch, t, _d = q.shape
        scores = _empty((*batch, t, t), _single)
        return scores if kernel(id(q), id(k), id(mask), id(scores)) else in_numpy(q, k, mask)

    return attention_scores


def _attention_backward(kernel: Kernel, in_numpy: ops.Operation) -> ops.Operation:
    def attention_backward(dmixed: ndarray, attention: ndarray, q: ndarray, k: ndarray, v: ndarray) -> Any:
        h, t, d = q.shape
        room, dqkv = _like(attention), _empty((t, 3 * h * d), _single)
        done = kernel(id(dmixed), id(attention), id(q), id(k), id(v), id(room), id(dqkv))
        return dqkv if done else in_numpy(dmixed, attention, q, k, v)

    return attention_backward


def _embedding_backward(kernel: Kernel, in_numpy: ops.Operation) -> ops.Operation:
    def embedding_backward(dout: ndarray, tokens: ndarray, onehot: ndarray, dw: ndarray) -> None:
        if not kernel(id(dout), id(tokens), id(dw)):
            in_numpy(dout, tokens, onehot, dw)

    return embedding_backward


def _softmax_and_cross_entropy(kernel: Kernel, in_numpy: ops.Operation) -> ops.Operation:
    def softmax_and_cross_entropy(logits: ndarray, targets: ndarray) -> Any:
        probabilities, losses = _like(logits), _empty(len(logits), _single)
        done = kernel(id(logits), id(targets), id(probabilities), id(losses))
        return (probabilities, losses) if done else in_numpy(logits, targets)

    return softmax_and_cross_entropy


def _cross_entropy_backward(kernel: Kernel, in_numpy: ops.Operation) -> ops.Operation:
    def cross_entropy_backward(probabilities: ndarray, targets: ndarray, onehot: ndarray) -> Any:
        dlogits = _like(probabilities)
        done = kernel(id(probabilities), id(targets), id(dlogits))
        return dlogits if done else in_numpy(probabilities, targets, onehot)

    return cross_entropy_backward


def _adam_update(kernel: Kernel, in_numpy: ops.Operation) -> ops.Operation:
    def adam_update(
        weights: ndarray, gradient: ndarray, m: ndarray, v: ndarray, room: ndarray,
        *, beta1: float, beta2: float, eps: float, rate: float,
    ) -> None:  # fmt: skip
        arrays = id(weights), id(gradient), id(m), id(v)
        if not kernel(*arrays, beta1, 1 - beta1, beta2, 1 - beta2, eps, rate):
            in_numpy(weights, gradient, m, v, room, beta1=beta1, beta2=beta2, eps=eps, rate=rate)

    return adam_update


def _of_one(kernel: Kernel, in_numpy: ops.Operation) -> ops.Operation:
    """relu, softmax: of an array one of the same shape."""

    def of_one(x: ndarray) -> Any:
        out = _like(x)
        return out if kernel(id(x), id(out)) else in_numpy(x)

    return of_one


def _of_two(kernel: Kernel, in_numpy: ops.Operation) -> ops.Operation:
    """relu_backward, softmax_backward: of a gradient and a result."""

    def of_two(dout: ndarray, result: ndarray) -> Any:
        dx = _like(dout)
        return dx if kernel(id(dout), id(result), id(dx)) else in_numpy(dout, result)

    return of_two


def _rmsnorm_backward(kernel: Kernel, in_numpy: ops.Operation) -> ops.Operation:
    def rmsnorm_backward(dout: ndarray, normed: ndarray, scale: ndarray) -> Any:
        dx = _like(dout)
        return dx if kernel(id(dout), id(normed), id(scale), id(dx)) else in_numpy(dout, normed, scale)

    return rmsnorm_backward


_MAKE: dict[str, Callable[[Kernel, ops.Operation], ops.Operation]] = {
    "linear": _linear,
    "linear_backward": _linear_backward,
    "rmsnorm": _rmsnorm,
    "rmsnorm_backward": _rmsnorm_backward,
    "relu": _of_one,
    "relu_backward": _of_two,
    "softmax": _of_one,
    "softmax_backward": _of_two,
    "attention_scores": _attention_scores,
    "attention_mix": _attention_mix,
    "attention_backward": _attention_backward,
    "embedding_backward": _embedding_backward,
    "softmax_and_cross_entropy": _softmax_and_cross_entropy,
    "cross_entropy_backward": _cross_entropy_backward,
    "adam_update": _adam_update,
}
