"""The four operations a GPT is made of, on arrays, each with its gradient.

T is the number of positions, C the width of a vector. `d…` is the gradient of the loss with
respect to `…`, and has its shape.
"""

import sys

import numpy as np
from numpy import ndarray

EPS = 1e-5
NO_BLAS = sys.platform == "emscripten"  # NumPy for a browser comes without a BLAS library
# einsum without the layer that looks for other array libraries: 4 µs less a call in a browser
_einsum = getattr(np.einsum, "__wrapped__", np.einsum)


def linear(x: ndarray, w: ndarray) -> ndarray:
    """x (T, inputs), w (outputs, inputs) → (T, outputs): every row of x times w."""
    if _by_rows(w):
        return _einsum("ti,oi->to", x, w)
    return x @ w.T


def linear_backward(dout: ndarray, x: ndarray, w: ndarray, dw: ndarray) -> ndarray:
    """Writes the weights' gradient into `dw`; returns dx."""
    if _by_rows(w):
        _einsum("to,ti->oi", dout, x, out=dw)
        return _einsum("to,oi->ti", dout, w)
    np.matmul(dout.T, x, out=dw)
    return dout @ w


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
    mean_square = np.vecdot(x, x, keepdims=True) / x.shape[1]
    scale = (mean_square + EPS) ** -0.5
    return x * scale, scale


def rmsnorm_backward(dout: ndarray, normed: ndarray, scale: ndarray) -> ndarray:
    """The scale depends on the whole row, so each input is also felt by all its neighbours."""
    along = np.vecdot(dout, normed, keepdims=True) / dout.shape[1]
    return (dout - normed * along) * scale


def softmax(scores: ndarray) -> ndarray:
    """Scores → probabilities along the last axis. The largest score is subtracted first: it
    changes nothing in the result and keeps exp from overflowing."""
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True))
    exps /= exps.sum(axis=-1, keepdims=True)
    return exps


def softmax_backward(dout: ndarray, probabilities: ndarray) -> ndarray:
    """Raising one probability lowers all others: hence the term that is the same for the row."""
    return probabilities * (dout - np.vecdot(dout, probabilities, keepdims=True))


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
