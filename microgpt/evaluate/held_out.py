"""The held-out loss: how well a model does on names it was not trained on. It is computed here and nowhere else.

A name is so small that most of its forward pass goes into calling NumPy. A `GPT` therefore reads names
of one length together: their rows are stacked wherever rows are independent, and separate only in
attention, where a row attends to others of its own name. Nothing is kept for a backward pass. B is the
number of names; the other letters are those of `model.py`.
"""

from collections.abc import Generator, Iterator, Sequence
from itertools import groupby
from typing import Protocol

import numpy as np
from numpy import ndarray

from .. import ops
from ..model import GPT
from .ngrams import NGram

WORK = 5_000_000  # multiplications in one batch: some 3 ms in a browser tab
Document = Sequence[int]


class Predictor(Protocol):
    """Whatever gives the mean cross-entropy of a document in nats: a rung, a GPT on tensors."""

    def loss(self, document: Document) -> float: ...


def held_out_loss(model: Predictor | NGram, documents: Sequence[Document]) -> float:
    """The mean over documents of the mean cross-entropy of each, in nats. Raises ValueError for no documents."""
    pieces = held_out_loss_in_pieces(model, documents)
    while True:
        try:
            next(pieces)
        except StopIteration as done:
            return float(done.value)


def held_out_loss_in_pieces(model: Predictor | NGram, documents: Sequence[Document]) -> Generator[float, None, float]:
    """`held_out_loss` a few milliseconds at a time: yields the share of documents done, returns the loss."""
    if not documents:
        raise ValueError("there are no documents to take a held-out loss of")
    found, done = [], 0
    for losses in _losses(model, documents):
        found.append(losses)
        done += len(losses)
        yield done / len(documents)
    return float(np.concatenate(found).mean(dtype=np.float64))


def _losses(model: Predictor | NGram, documents: Sequence[Document]) -> Iterator[ndarray]:
    """The loss of every document, in some order, piece by piece."""
    if isinstance(model, GPT):
        yield from _batches(model, documents)
    elif isinstance(model, NGram):
        yield model.document_losses(documents)
    else:
        for document in documents:
            yield np.array([model.loss(document)])


def _batches(model: GPT, documents: Sequence[Document]) -> Iterator[ndarray]:
    """Documents of one length together, the shortest first. Each loss is what `model.loss` gives, to rounding."""
    for length, equals in groupby(sorted(documents, key=len), len):
        rest = np.array(list(equals))
        most = max(1, WORK // (model.config.n_params * length))
        for start in range(0, len(rest), most):
            yield batch_losses(model, rest[start : start + most])


def batch_losses(model: GPT, documents: ndarray) -> ndarray:
    """The mean cross-entropy of each of the documents (B, T + 1): (B,)."""
    logits = batch_logits(model, documents[:, :-1])
    targets = documents[:, 1:]
    rows = ops.cross_entropy(logits.reshape(targets.size, -1), targets.reshape(-1))
    losses: ndarray = rows.reshape(targets.shape).mean(axis=1)
    return losses


def batch_logits(model: GPT, tokens: ndarray) -> ndarray:
    """Token ids (B, T) → (B, T, V): in row b what `model.forward` gives for `tokens[b]`."""
    p, (b, t) = model.params, tokens.shape
    embedded = p["wte"].take(tokens, axis=0) + p["wpe"][:t]  # (B, T, C)
    x, _ = ops.rmsnorm(embedded.reshape(b * t, -1))
    future = np.triu(np.full((t, t), -np.inf, x.dtype), k=1)
    for i in range(model.config.n_layer):
        x = x + ops.linear(_attention(model, f"layer{i}.", ops.rmsnorm(x)[0], future), p[f"layer{i}.attn_wo"])
        hidden = ops.relu(ops.linear(ops.rmsnorm(x)[0], p[f"layer{i}.mlp_fc1"]))
        x = x + ops.linear(hidden, p[f"layer{i}.mlp_fc2"])
    return ops.linear(x, p["lm_head"]).reshape(b, t, -1)


def _attention(model: GPT, name: str, x: ndarray, future: ndarray) -> ndarray:
    """x (B T, C), normalised → what the heads mix in (B T, C); `future` (T, T) is −∞ for later positions."""
    h, d, t = model.config.n_head, model.config.head_size, len(future)
    qkv = ops.linear(x, model.params[name + "attn_wqkv"])  # (B T, 3 C)
    q, k, v = qkv.reshape(-1, t, 3, h, d).transpose(2, 0, 3, 1, 4)  # each (B, H, T, D)
    attention = ops.softmax(ops.attention_scores(q, k, future))  # (B, H, T, T)
    return ops.attention_mix(attention, v).reshape(-1, h * d)
