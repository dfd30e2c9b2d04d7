"""Softmax and one attention head, taken apart: the mathematics of `ops.py` and `model.py`, stage by stage.

Generators: each `next` does one stage and hands out what it made, so a page can stop between any two.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from ..model import GPT, Trace


class Stage(NamedTuple):
    name: str
    values: ndarray
    key: int | None = None  # of a "score": the position whose key the query was compared with


def softmax_steps(scores: ndarray, subtract: bool = True) -> Iterator[Stage]:
    """scores (..., n) → "largest" (..., 1), "shifted", "exps" (..., n), "total" (..., 1), "shares" (..., n).

    `ops.softmax`, to the last bit. Without `subtract` nothing is taken off: what the formula on paper
    says. Then a large score has an infinite exp, and its share is not a number.
    """
    largest = scores.max(axis=-1, keepdims=True)
    yield Stage("largest", largest)
    shifted = scores - largest if subtract else scores
    yield Stage("shifted", shifted)
    with np.errstate(over="ignore"):
        exps = np.exp(shifted)
    yield Stage("exps", exps)
    total = exps.sum(axis=-1, keepdims=True)
    yield Stage("total", total)
    with np.errstate(invalid="ignore"):
        shares = exps / total
    yield Stage("shares", shares)


def head_steps(model: GPT, trace: Trace, layer: int, head: int, at: int) -> Iterator[Stage]:
    """What one head does for the token at position `at`. C = n_embd, D = head_size, T tokens in the
    trace, n = at + 1 of them read so far:

    "x" (C,) → "query" (D,) → "keys" (n, D) → n times "score" (D,), the products that add up to it →
    "scores" (n,) → "scaled" (n,), divided by √D → "masked" (T,), −∞ for what has not been read yet →
    "shares" (T,) → "values" (n, D) → "weighted" (n, D), each value times its share → "mixed" (D,),
    their sum → "added" (C,), what wo makes of it: the head's part of what attention adds to x.

    x, query, keys and values are the trace's own. Raises IndexError for a layer, head or position
    that is not there.
    """
    t, n, size = len(trace.tokens), at + 1, model.config.head_size
    if not (0 <= layer < model.config.n_layer and 0 <= head < model.config.n_head and 0 <= at < t):
        raise IndexError(f"there is no layer {layer}, head {head}, position {at} here")
    seen = trace.layers[layer]
    yield Stage("x", seen.norm1[at])
    query = seen.q[head, at]
    yield Stage("query", query)
    keys = seen.k[head, :n]
    yield Stage("keys", keys)
    scores = np.empty(n, query.dtype)
    for j in range(n):
        products = query * keys[j]
        scores[j] = products.sum()
        yield Stage("score", products, j)
    yield Stage("scores", scores)
    scaled = scores / size**0.5
    yield Stage("scaled", scaled)
    masked = np.full(t, -np.inf, query.dtype)
    masked[:n] = scaled
    yield Stage("masked", masked)
    *_, (_, shares, _) = softmax_steps(masked)
    yield Stage("shares", shares)
    values = seen.v[head, :n]
    yield Stage("values", values)
    weighted = shares[:n, None] * values
    yield Stage("weighted", weighted)
    mixed = weighted.sum(axis=0)
    yield Stage("mixed", mixed)
    own = slice(head * size, (head + 1) * size)  # the columns of wo that belong to this head
    yield Stage("added", model.params[f"layer{layer}.attn_wo"][:, own] @ mixed)


def rms(x: ndarray) -> float:
    """The root of the mean square of a vector (C,): its typical number, signs aside. What RMSNorm divides by."""
    return float(np.vecdot(x, x) / len(x)) ** 0.5
