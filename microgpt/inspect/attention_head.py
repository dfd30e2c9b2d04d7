"""Softmax and one attention head, step by step: the mathematics of `ops.py` and `model.py`.

Both are generators. Each `next` computes one stage and yields its result, so that a page can pause
between any two.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from ..model import GPT, Trace


class HeadStage(NamedTuple):
    name: str
    values: ndarray
    key: int | None = None  # of a "score": the position whose key the query was compared with


def softmax_steps(scores: ndarray, subtract: bool = True) -> Iterator[HeadStage]:
    """scores (..., n) → "largest" (..., 1), "shifted", "exps" (..., n), "total" (..., 1), "shares" (..., n).

    The shares equal `ops.softmax(scores)` to the last bit. With `subtract=False` the scores are not
    shifted by the largest, as in the formula on paper; then a large score has an infinite exp and its
    share is NaN.
    """
    largest = scores.max(axis=-1, keepdims=True)
    yield HeadStage("largest", largest)
    shifted = scores - largest if subtract else scores
    yield HeadStage("shifted", shifted)
    with np.errstate(over="ignore"):
        exps = np.exp(shifted)
    yield HeadStage("exps", exps)
    total = exps.sum(axis=-1, keepdims=True)
    yield HeadStage("total", total)
    with np.errstate(invalid="ignore"):
        shares = exps / total
    yield HeadStage("shares", shares)


def head_steps(model: GPT, trace: Trace, layer: int, head: int, at: int) -> Iterator[HeadStage]:
    """What one head computes for the token at position `at` (Vaswani et al., 2017, equation 1).

    With C = n_embd, D = head_size, T tokens in the trace and n = at + 1 of them visible, the stages are
    "x" (C,) → "query" (D,) → "keys" (n, D) → n times "score" (D,): query × key before summing →
    "scores" (n,): the sums → "scaled" (n,): divided by √D → "masked" (T,): −∞ for later positions →
    "shares" (T,): the attention weights → "values" (n, D) → "weighted" (n, D): each value times its
    weight → "mixed" (D,): their sum → "added" (C,): after the output projection wo, the head's part of
    attn_out.

    x, query, keys and values are views of the trace. Raises IndexError for a layer, head or position
    that does not exist.
    """
    t, n, size = len(trace.tokens), at + 1, model.config.head_size
    if not (0 <= layer < model.config.n_layer and 0 <= head < model.config.n_head and 0 <= at < t):
        raise IndexError(f"there is no layer {layer}, head {head}, position {at} here")
    seen = trace.layers[layer]
    yield HeadStage("x", seen.norm1[at])
    query = seen.q[head, at]
    yield HeadStage("query", query)
    keys = seen.k[head, :n]
    yield HeadStage("keys", keys)
    scores = np.empty(n, query.dtype)
    for j in range(n):
        products = query * keys[j]
        scores[j] = products.sum()
        yield HeadStage("score", products, j)
    yield HeadStage("scores", scores)
    scaled = scores / size**0.5
    yield HeadStage("scaled", scaled)
    masked = np.full(t, -np.inf, query.dtype)
    masked[:n] = scaled
    yield HeadStage("masked", masked)
    *_, (_, shares, _) = softmax_steps(masked)
    yield HeadStage("shares", shares)
    values = seen.v[head, :n]
    yield HeadStage("values", values)
    weighted = shares[:n, None] * values
    yield HeadStage("weighted", weighted)
    mixed = weighted.sum(axis=0)
    yield HeadStage("mixed", mixed)
    own = slice(head * size, (head + 1) * size)  # the columns of wo that belong to this head
    yield HeadStage("added", model.params[f"layer{layer}.attn_wo"][:, own] @ mixed)


def rms(x: ndarray) -> float:
    """Root mean square of a vector (C,): its typical size, and what RMSNorm divides by."""
    return math.sqrt(float(np.vecdot(x, x) / len(x)))
