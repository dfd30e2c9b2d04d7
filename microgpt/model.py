"""The GPT on NumPy arrays: the mathematics of `scalar_gpt.py`, all positions of a name at once.

Forward keeps every intermediate in a `Trace`; backward, written out by hand, reads it; and the
page draws it. T is the number of positions, C = n_embd, H = n_head, D = C / H, V = vocab_size.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from .config import GPTConfig
from .ops import (
    Tokens,
    cross_entropy,
    linear,
    linear_backward,
    rmsnorm,
    rmsnorm_backward,
    softmax,
    softmax_and_cross_entropy,
    softmax_backward,
)
from .parameters import initial, matrices


class LayerTrace(NamedTuple):
    """Everything one layer computed on the way forward."""

    x_in: ndarray  # (T, C)
    norm1: ndarray  # (T, C)
    scale1: ndarray  # (T, 1)
    q: ndarray  # (H, T, D)
    k: ndarray  # (H, T, D)
    v: ndarray  # (H, T, D)
    scores: ndarray  # (H, T, T), how well each query fits each key; −∞ for what is still to come
    attention: ndarray  # (H, T, T), row = the position that looks; each row sums to 1
    mixed: ndarray  # (T, C), the heads side by side again
    attn_out: ndarray  # (T, C), what attention adds to x
    x_mid: ndarray  # (T, C), after attention was added
    norm2: ndarray  # (T, C)
    scale2: ndarray  # (T, 1)
    preactivation: ndarray  # (T, 4 C), before ReLU
    hidden: ndarray  # (T, 4 C), after ReLU
    mlp_out: ndarray  # (T, C), what the MLP adds to x
    x_out: ndarray  # (T, C), after the MLP was added


class Trace(NamedTuple):
    """Everything one forward pass computed."""

    tokens: ndarray  # (T,)
    embedded: ndarray  # (T, C), token row + position row
    x0: ndarray  # (T, C), embedded, normalised
    scale0: ndarray  # (T, 1)
    layers: tuple[LayerTrace, ...]
    logits: ndarray  # (T, V)

    @property
    def probabilities(self) -> ndarray:
        """(T, V): row t is the guess for the token after position t."""
        return softmax(self.logits)


@lru_cache(maxsize=1)
def _identity(n: int, dtype: np.dtype[np.floating]) -> ndarray:
    """(n, n), shared by a model and its copies: with 5,500 letters it is larger than all weights."""
    identity = np.eye(n, dtype=dtype)
    identity.flags.writeable = False
    return identity


class GPT:
    """Weights in one flat vector, seen as named matrices; gradients likewise."""

    def __init__(self, config: GPTConfig, flat: ndarray) -> None:
        """`flat` (n_params,) is used as it is, not copied; its dtype is the model's.

        Raises ConfigError for a variation, which only a GPT on Tensors knows, and ValueError for a
        vector of another length.
        """
        config.require_plain()
        self.config = config
        self.flat = flat
        self.params = matrices(config, flat)
        self.flat_grad = np.zeros_like(flat)
        self.grads = matrices(config, self.flat_grad)
        # row i: 1 for token i, 0 for all others
        self._onehot = _identity(config.vocab_size, flat.dtype)
        # −∞ above the diagonal: after softmax, no attention to what has not been read yet
        self._mask = np.triu(np.full((config.block_size,) * 2, -np.inf, flat.dtype), k=1)

    @classmethod
    def initial(cls, config: GPTConfig, seed: int, dtype: type = np.float32) -> "GPT":
        """An untrained model; see `parameters.initial`."""
        return cls(config, initial(config, seed, dtype))

    def copy(self) -> "GPT":
        """The same model, which later training leaves as it is."""
        return GPT(self.config, self.flat.copy())

    def forward(self, tokens: Tokens) -> Trace:
        """Token ids (T,) → the trace of the forward pass, logits last.

        Raises ValueError if there are none or more than block_size, or for an id outside the vocabulary.
        """
        tokens = np.asarray(tokens)
        t = len(tokens)
        self.config.check_tokens(tokens.tolist())  # of so few numbers Python's own min and max are the fastest
        p = self.params
        token_rows = p["wte"].take(tokens, axis=0)  # (T, C)
        position_rows = p["wpe"][:t]  # (T, C)
        embedded = token_rows + position_rows  # (T, C)
        x, scale0 = x0, _ = rmsnorm(embedded)
        layers = []
        for i in range(self.config.n_layer):
            layers.append(self._layer_forward(f"layer{i}.", x))
            x = layers[-1].x_out
        logits = linear(x, p["lm_head"])  # (T, V)
        return Trace(tokens, embedded, x0, scale0, tuple(layers), logits)

    def _layer_forward(self, name: str, x: ndarray) -> LayerTrace:
        p, t = self.params, len(x)
        h, d = self.config.n_head, self.config.head_size
        norm1, scale1 = rmsnorm(x)
        qkv = linear(norm1, p[name + "attn_wqkv"])  # (T, 3 C)
        q, k, v = qkv.reshape(t, 3, h, d).transpose(1, 2, 0, 3)  # each (H, T, D)
        scores = q @ k.transpose(0, 2, 1) / d**0.5 + self._mask[:t, :t]  # (H, T, T)
        attention = softmax(scores)
        mixed = (attention @ v).transpose(1, 0, 2).reshape(t, h * d)  # (T, C)
        attn_out = linear(mixed, p[name + "attn_wo"])  # (T, C)
        x_mid = x + attn_out
        norm2, scale2 = rmsnorm(x_mid)
        preactivation = linear(norm2, p[name + "mlp_fc1"])  # (T, 4 C)
        hidden = np.maximum(preactivation, 0)  # ReLU
        mlp_out = linear(hidden, p[name + "mlp_fc2"])  # (T, C)
        x_out = x_mid + mlp_out
        return LayerTrace(
            x, norm1, scale1, q, k, v, scores, attention, mixed, attn_out, x_mid,
            norm2, scale2, preactivation, hidden, mlp_out, x_out,
        )  # fmt: skip

    def loss(self, document: Tokens) -> float:
        """Mean cross-entropy, in nats, of predicting each token of a document from those before.

        Raises ValueError as `forward` does, also for the last token, which is only predicted.
        """
        trace = self.forward(document[:-1])
        return float(cross_entropy(trace.logits, self.config.targets(document)).mean())

    def loss_and_gradient(self, document: Tokens) -> float:
        """`loss`, and its gradient with respect to every weight into `grads`."""
        trace = self.forward(document[:-1])
        targets = self.config.targets(document)
        probabilities, losses = softmax_and_cross_entropy(trace.logits, targets)
        self.backward(trace, probabilities, targets)
        return float(losses.sum()) / len(targets)

    def backward(self, trace: Trace, probabilities: ndarray, targets: ndarray) -> None:
        """The gradient of the mean cross-entropy of `targets` (T,) with respect to every weight,
        into `grads`; `probabilities` (T, V) are the trace's own."""
        p, g, t = self.params, self.grads, len(targets)
        # softmax and cross-entropy together have the simplest of gradients: guess − truth
        dlogits = (probabilities - self._onehot.take(targets, axis=0)) / t  # (T, V)
        x_last = trace.layers[-1].x_out
        dx = linear_backward(dlogits, x_last, p["lm_head"], g["lm_head"])  # (T, C)
        for i in reversed(range(self.config.n_layer)):
            dx = self._layer_backward(f"layer{i}.", trace.layers[i], dx)
        dembedded = rmsnorm_backward(dx, trace.x0, trace.scale0)
        g["wpe"][:t] = dembedded
        g["wpe"][t:] = 0
        # adds each position's row to the row of its letter: one that stands twice learns twice
        np.matmul(self._onehot.take(trace.tokens, axis=0).T, dembedded, out=g["wte"])

    def _layer_backward(self, name: str, layer: LayerTrace, dx: ndarray) -> ndarray:
        p, g, t = self.params, self.grads, len(dx)
        h, d = self.config.n_head, self.config.head_size
        # MLP; what was added passes its gradient on unchanged, hence dx + …
        dhidden = linear_backward(dx, layer.hidden, p[name + "mlp_fc2"], g[name + "mlp_fc2"])
        dhidden *= np.sign(layer.hidden)  # the slope of ReLU: 0 where it cut off, else 1
        dnorm2 = linear_backward(dhidden, layer.norm2, p[name + "mlp_fc1"], g[name + "mlp_fc1"])
        dx = dx + rmsnorm_backward(dnorm2, layer.norm2, layer.scale2)
        # attention
        dmixed = linear_backward(dx, layer.mixed, p[name + "attn_wo"], g[name + "attn_wo"])
        dmixed = dmixed.reshape(t, h, d).transpose(1, 0, 2)  # (H, T, D)
        dscores = softmax_backward(dmixed @ layer.v.transpose(0, 2, 1), layer.attention)
        dscores /= d**0.5
        dqkv = np.empty((t, 3 * h * d), dx.dtype)  # (T, 3 C)
        dq, dk, dv = dqkv.reshape(t, 3, h, d).transpose(1, 2, 0, 3)  # each (H, T, D), a view of dqkv
        np.matmul(dscores, layer.k, out=dq)
        np.matmul(dscores.transpose(0, 2, 1), layer.q, out=dk)
        np.matmul(layer.attention.transpose(0, 2, 1), dmixed, out=dv)
        dnorm1 = linear_backward(dqkv, layer.norm1, p[name + "attn_wqkv"], g[name + "attn_wqkv"])
        dx = dx + rmsnorm_backward(dnorm1, layer.norm1, layer.scale1)
        return dx
