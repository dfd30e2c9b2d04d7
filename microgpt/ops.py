"""The operations a GPT and its training are made of, on arrays: each with its gradient, each in NumPy.

T is the number of positions, C the width of a vector, H the number of heads, D = C / H. `d…` is the
gradient of the loss with respect to `…`, and has its shape.

As NumPy leaves its matrix products to a BLAS where there is one, whoever runs the engine may put a
faster version in the place of an operation: see `use`. The engine calls each as `ops.linear` and so on,
so that it gets the one in place.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

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


def relu(x: ndarray) -> ndarray:
    """The larger of x and 0, number by number."""
    y: ndarray = np.maximum(x, 0)
    return y


def relu_backward(dout: ndarray, out: ndarray) -> ndarray:
    """dx of `relu`; `out` is what it gave. The slope is 0 where it cut off, else 1."""
    dx: ndarray = dout * np.sign(out)
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


def attention_scores(q: ndarray, k: ndarray, mask: ndarray) -> ndarray:
    """How well each query fits each key: q and k (…, H, T, D), mask (T, T) → (…, H, T, T), row = the query.

    Scaled dot products (Vaswani et al., 2017); `mask` is added, −∞ where a query may not look.
    """
    scores: ndarray = q @ k.swapaxes(-1, -2) / q.shape[-1] ** 0.5 + mask
    return scores


def attention_mix(attention: ndarray, v: ndarray) -> ndarray:
    """attention (…, H, T, T), v (…, H, T, D) → (…, T, C): the values, mixed by each head's attention, the heads
    side by side."""
    *batch, h, t, d = v.shape
    mixed: ndarray = (attention @ v).swapaxes(-3, -2).reshape(*batch, t, h * d)
    return mixed


def attention_backward(dmixed: ndarray, attention: ndarray, q: ndarray, k: ndarray, v: ndarray) -> ndarray:
    """Back through `attention_mix`, `softmax` and `attention_scores`: dmixed (T, C), attention (H, T, T), and q, k
    and v (H, T, D) → their gradients side by side (T, 3 C), in the order q, k, v and head by head."""
    h, t, d = q.shape
    dheads = dmixed.reshape(t, h, d).transpose(1, 0, 2)  # (H, T, D)
    dscores = softmax_backward(dheads @ v.transpose(0, 2, 1), attention)  # (H, T, T)
    dscores /= d**0.5
    dqkv = np.empty((t, 3 * h * d), dmixed.dtype)  # (T, 3 C)
    dq, dk, dv = dqkv.reshape(t, 3, h, d).transpose(1, 2, 0, 3)  # each (H, T, D), a view of dqkv
    np.matmul(dscores, k, out=dq)
    np.matmul(dscores.transpose(0, 2, 1), q, out=dk)
    np.matmul(attention.transpose(0, 2, 1), dheads, out=dv)
    return dqkv


def embedding_backward(dout: ndarray, tokens: ndarray, onehot: ndarray, dw: ndarray) -> None:
    """Add each position's row of dout (T, C) to the row of its token in `dw` (V, C), which is overwritten: one that
    stands twice learns twice. Row i of `onehot` (V, V) is 1 for token i and 0 for all others."""
    np.matmul(onehot.take(tokens, axis=0).T, dout, out=dw)


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


def cross_entropy_backward(probabilities: ndarray, targets: ndarray, onehot: ndarray) -> ndarray:
    """dlogits (T, V) of the mean of `softmax_and_cross_entropy` over the T positions, from its probabilities.

    Softmax and cross-entropy together have the simplest of gradients: guess − truth. `onehot` is as in
    `embedding_backward`.
    """
    dlogits: ndarray = probabilities - onehot.take(targets, axis=0)
    dlogits /= len(targets)
    return dlogits


def adam_update(
    weights: ndarray,
    gradient: ndarray,
    m: ndarray,
    v: ndarray,
    room: ndarray,
    *,
    beta1: float,
    beta2: float,
    eps: float,
    rate: float,
) -> None:
    """Adam's step (Kingma & Ba, 2015), all arrays (n_params,): the means `m` and `v` of the gradient and of its
    square move on, and the weights by rate · m / (√v + eps), all in place. `room` is an array to work in, so that
    nothing is allocated."""
    m *= beta1
    np.multiply(gradient, 1 - beta1, out=room)
    m += room
    v *= beta2
    np.square(gradient, out=room)
    room *= 1 - beta2
    v += room
    np.sqrt(v, out=room)
    room += eps
    np.divide(m, room, out=room)
    room *= rate
    weights -= room


# The seam: the versions in NumPy, by name, and how another is put in the place of one.

Operation = Callable[..., object]
NUMPY: dict[str, Operation] = {
    operation.__name__: operation
    for operation in (
        linear,
        linear_backward,
        rmsnorm,
        rmsnorm_backward,
        relu,
        relu_backward,
        softmax,
        softmax_backward,
        attention_scores,
        attention_mix,
        attention_backward,
        embedding_backward,
        softmax_and_cross_entropy,
        cross_entropy_backward,
        adam_update,
    )
}


def use(**faster: Operation) -> None:
    """Have the engine call these in place of the operations of the same names; of all others, and with no argument
    of all, the versions in NumPy.

    Each takes what the one in `NUMPY` takes, of any shape and precision, and gives the same to rounding: what it
    can't do it passes on to that. Raises ValueError for a name that is not in `NUMPY`, and changes nothing then.
    """
    unknown = sorted(set(faster) - set(NUMPY))
    if unknown:
        raise ValueError(f"no operation is called {', '.join(unknown)}: there are {', '.join(NUMPY)}")
    globals().update(NUMPY | faster)


def in_use() -> dict[str, Operation]:
    """The versions in place, by name."""
    return {name: globals()[name] for name in NUMPY}


@contextmanager
def in_numpy() -> Iterator[None]:
    """Within a `with` block every operation is the one in NumPy, whatever is in use before and after."""
    before = in_use()
    use()
    try:
        yield
    finally:
        use(**before)
