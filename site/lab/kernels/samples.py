"""Arguments for every operation, on random shapes, as the engine hands them over."""

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
from numpy import ndarray

from microgpt import ops

Random = np.random.RandomState


def arguments(name: str, rng: Random) -> SimpleNamespace:
    """`positional` ones, and `named` ones."""
    return SimpleNamespace(positional=_ARGUMENTS[name](rng), named=_NAMED.get(name, {}))


def numbers(rng: Random, *shape: int) -> ndarray:
    return rng.standard_normal(shape).astype(np.float32)


def _sizes(rng: Random, *most: int) -> list[int]:
    return [int(rng.randint(1, n + 1)) for n in most]


def _linear(rng: Random) -> list[ndarray]:
    t, inputs, outputs = _sizes(rng, 11, 40, 40)
    return [numbers(rng, t, inputs), numbers(rng, outputs, inputs)]


def _linear_backward(rng: Random) -> list[ndarray]:
    x, w = _linear(rng)
    return [numbers(rng, len(x), len(w)), x, w, numbers(rng, *w.shape)]


def _matrix(rng: Random) -> list[ndarray]:
    return [numbers(rng, *_sizes(rng, 11, 40))]


def _normed(rng: Random) -> list[ndarray]:
    [x] = _matrix(rng)
    return [numbers(rng, *x.shape), *ops.NUMPY["rmsnorm"](x)]  # type: ignore[misc]


def _relu_backward(rng: Random) -> list[ndarray]:
    [x] = _matrix(rng)
    return [numbers(rng, *x.shape), np.maximum(x, 0)]


def _scores(rng: Random) -> list[ndarray]:
    h, t = _sizes(rng, 4, 11)
    return [numbers(rng, h, t, t) + future(t)]


def future(t: int) -> ndarray:
    return np.triu(np.full((t, t), -np.inf, np.float32), k=1)


def _shares(rng: Random) -> list[ndarray]:
    return [ops.NUMPY["softmax"](_scores(rng)[0])]  # type: ignore[list-item]


def _softmax_backward(rng: Random) -> list[ndarray]:
    [shares] = _shares(rng)
    return [numbers(rng, *shares.shape), shares]


def heads(rng: Random) -> tuple[ndarray, ndarray, ndarray]:
    """q, k and v (H, T, D), or (B, H, T, D), as parts of one array."""
    b, t, h, d = _sizes(rng, 3, 11, 4, 11)
    together = numbers(rng, b, t, 3 * h * d).reshape(b, t, 3, h, d).transpose(2, 0, 3, 1, 4)
    return tuple(together if rng.randint(2) else together[:, 0])  # type: ignore[return-value]


def _attention_scores(rng: Random) -> list[ndarray]:
    q, k, _ = heads(rng)
    t = q.shape[-2]
    return [q, k, future(t + 3)[:t, :t]]


def _attention_mix(rng: Random) -> list[ndarray]:
    q, k, v = heads(rng)
    return [ops.NUMPY["softmax"](q @ k.swapaxes(-1, -2)), v]  # type: ignore[list-item]


def _attention_backward(rng: Random) -> list[ndarray]:
    q, k, v = heads(rng)
    if q.ndim == 4:
        q, k, v = q[0], k[0], v[0]
    h, t, d = q.shape
    return [numbers(rng, t, h * d), ops.NUMPY["softmax"](q @ k.swapaxes(-1, -2)), q, k, v]  # type: ignore[list-item]


def _embedding_backward(rng: Random) -> list[ndarray]:
    t, c, vocabulary = _sizes(rng, 11, 20, 20)
    onehot = np.eye(vocabulary, dtype=np.float32)
    return [numbers(rng, t, c), rng.randint(0, vocabulary, t), onehot, numbers(rng, vocabulary, c)]


def _cross_entropy(rng: Random) -> list[ndarray]:
    t, vocabulary = _sizes(rng, 11, 30)
    return [numbers(rng, t, vocabulary), rng.randint(0, vocabulary, t)]


def _cross_entropy_backward(rng: Random) -> list[ndarray]:
    logits, targets = _cross_entropy(rng)
    shares = ops.NUMPY["softmax"](logits)
    return [shares, targets, np.eye(logits.shape[1], dtype=np.float32)]  # type: ignore[list-item]


def _adam(rng: Random) -> list[ndarray]:
    [n] = _sizes(rng, 100)
    weights, gradient, m, v, room = numbers(rng, 5, n)
    return [weights, gradient, m, v * v, room]


_NAMED: dict[str, dict[str, float]] = {"adam_update": {"beta1": 0.85, "beta2": 0.99, "eps": 1e-8, "rate": 0.01}}
_ARGUMENTS: dict[str, Callable[[Random], list[ndarray]]] = {
    "linear": _linear,
    "linear_backward": _linear_backward,
    "rmsnorm": _matrix,
    "rmsnorm_backward": _normed,
    "relu": _matrix,
    "relu_backward": _relu_backward,
    "softmax": _scores,
    "softmax_backward": _softmax_backward,
    "attention_scores": _attention_scores,
    "attention_mix": _attention_mix,
    "attention_backward": _attention_backward,
    "embedding_backward": _embedding_backward,
    "softmax_and_cross_entropy": _cross_entropy,
    "cross_entropy_backward": _cross_entropy_backward,
    "adam_update": _adam,
}
