"""The four operations a GPT is made of, on arrays, each with its gradient.

T is the number of positions, C the width of a vector. `d…` is the gradient of the loss with
respect to `…`, and has its shape.
"""

import sys
from collections.abc import Callable, Sequence

import numpy as np
from numpy import ndarray

Tokens = Sequence[int] | ndarray  # token ids, (T,)

EPS = 1e-5
NO_BLAS = sys.platform == "emscripten"  # NumPy for a browser comes without a BLAS library
# einsum without the layer that looks for other array libraries: 4 µs less a call in a browser
_einsum: Callable[..., ndarray] = getattr(np.einsum, "__wrapped__", np.einsum)
_vecdot: Callable[..., ndarray] = np.vecdot  # the types that NumPy declares for it leave keepdims out


def linear(x: ndarray, w: ndarray) -> ndarray:
    """x (T, inputs), w (outputs, inputs) → (T, outputs): every row of x times w."""
    if _by_rows(w):
        return _einsum("ti,oi->to", x, w)
    product: ndarray = x @ w.T
    return product


def linear_backward(dout: ndarray, x: ndarray, w: ndarray, dw: ndarray) -> ndarray:
    """Write the gradient of the weights (outputs, inputs) into `dw`; return dx (T, inputs)."""
    if _by_rows(w):
        _einsum("to,ti->oi", dout, x, out=dw)
        return _einsum("to,oi->ti", dout, w)
    np.matmul(dout.T, x, out=dw)
    dx: ndarray = dout @ w
    return dx


def _by_rows(w: ndarray) -> bool:
    """Whether einsum, which works along whole rows, multiplies faster than matmul.

    With BLAS it never does. Without, matmul is three plain loops, and einsum wins on all but small
    matrices. µs in Chromium for the three products of 13 positions, by matmul and by einsum:
    w of 32 × 32: 23, 26; 64 × 32: 40, 50; 96 × 32: 65, 59; 32 × 128: 90, 62; 128 × 512: 2993, 794.
    """
    return NO_BLAS and w.size > 2048


def rmsnorm(x: ndarray) -> tuple[ndarray, ndarray]:
    """x (T, C) → x divided by the root mean square of its row (T, C), and that factor (T, 1).

    Root mean square layer normalisation (Zhang & Sennrich, 2019), without a gain.
    """
    mean_square = _vecdot(x, x, keepdims=True) / x.shape[1]
    scale = (mean_square + EPS) ** -0.5
    return x * scale, scale


def rmsnorm_backward(dout: ndarray, normed: ndarray, scale: ndarray) -> ndarray:
    """dx of `rmsnorm`, (T, C). The scale depends on the whole row, so each input affects every output of its
    row: hence the second term."""
    along = _vecdot(dout, normed, keepdims=True) / dout.shape[1]
    dx: ndarray = (dout - normed * along) * scale
    return dx


def softmax(scores: ndarray) -> ndarray:
    """Scores → probabilities along the last axis. Subtracting the largest score first does not change
    the result and keeps exp from overflowing."""
    exps: ndarray = np.exp(scores - scores.max(axis=-1, keepdims=True))
    exps /= exps.sum(axis=-1, keepdims=True)
    return exps


def softmax_backward(dout: ndarray, probabilities: ndarray) -> ndarray:
    """dscores of `softmax`. Raising one probability lowers all others: hence the term that is the same for
    the whole row."""
    dscores: ndarray = probabilities * (dout - _vecdot(dout, probabilities, keepdims=True))
    return dscores


def nll(p: ndarray | float) -> ndarray | float:
    """−ln p, in nats: the negative log-likelihood of something that had the probability p, above 0.

    It is 0 for certainty and grows without limit as p falls towards 0.
    """
    return -np.log(p)


def cross_entropy(logits: ndarray, targets: ndarray) -> ndarray:
    """−ln p(target), in nats, for each of T positions; logits (T, vocab), targets (T,) → (T,)."""
    return softmax_and_cross_entropy(logits, targets)[1]


def softmax_and_cross_entropy(logits: ndarray, targets: ndarray) -> tuple[ndarray, ndarray]:
    """softmax(logits) (T, vocab), and the cross-entropy of the targets (T,), which shares its sums.

    −ln p(target) is taken as ln Σ exp(logits) − logit of the target (log-sum-exp). It stays finite
    where p itself is too small for a float: in single precision, below about exp(−104).
    """
    shifted = logits - logits.max(axis=-1, keepdims=True)
    exps = np.exp(shifted)
    total = exps.sum(axis=-1, keepdims=True)
    losses = np.log(total[:, 0]) - shifted[np.arange(len(targets)), targets]
    exps /= total
    return exps, losses
