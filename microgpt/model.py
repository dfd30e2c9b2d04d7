"""The GPT on NumPy arrays: the mathematics of `scalar_gpt.py`, all positions of a name at once.

Forward keeps every intermediate in a `Trace`; backward, written out by hand, reads it; and the
page draws it. T is the number of positions, C = n_embd, H = n_head, D = C / H, V = vocab_size.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from . import ops
from .config import GPTConfig
from .ops import Tokens
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
        return ops.softmax(self.logits)


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
        x, scale0 = x0, _ = ops.rmsnorm(embedded)
        layers = []
        for i in range(self.config.n_layer):
            layers.append(self._layer_forward(f"layer{i}.", x))
            x = layers[-1].x_out
        logits = ops.linear(x, p["lm_head"])  # (T, V)
        return Trace(tokens, embedded, x0, scale0, tuple(layers), logits)

    def _layer_forward(self, name: str, x: ndarray) -> LayerTrace:
        p, t = self.params, len(x)
        h, d = self.config.n_head, self.config.head_size
        norm1, scale1 = ops.rmsnorm(x)
        qkv = ops.linear(norm1, p[name + "attn_wqkv"])  # (T, 3 C)
        q, k, v = qkv.reshape(t, 3, h, d).transpose(1, 2, 0, 3)  # each (H, T, D)
        scores = ops.attention_scores(q, k, self._mask[:t, :t])  # (H, T, T)
        attention = ops.softmax(scores)  # (H, T, T)
        mixed = ops.attention_mix(attention, v)  # (T, C)
        attn_out = ops.linear(mixed, p[name + "attn_wo"])  # (T, C)
        x_mid = x + attn_out
        norm2, scale2 = ops.rmsnorm(x_mid)
        preactivation = ops.linear(norm2, p[name + "mlp_fc1"])  # (T, 4 C)
        hidden = ops.relu(preactivation)  # (T, 4 C)
        mlp_out = ops.linear(hidden, p[name + "mlp_fc2"])  # (T, C)
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
        return float(ops.cross_entropy(trace.logits, self.config.targets(document)).mean())

    def loss_and_gradient(self, document: Tokens) -> float:
        """`loss`, and its gradient with respect to every weight into `grads`."""
        trace = self.forward(document[:-1])
        targets = self.config.targets(document)
        probabilities, losses = ops.softmax_and_cross_entropy(trace.logits, targets)
        self.backward(trace, probabilities, targets)
        return float(losses.sum()) / len(targets)

    def backward(self, trace: Trace, probabilities: ndarray, targets: ndarray) -> None:
        """The gradient of the mean cross-entropy of `targets` (T,) with respect to every weight,
        into `grads`; `probabilities` (T, V) are the trace's own."""
        p, g, t = self.params, self.grads, len(targets)
        dlogits = ops.cross_entropy_backward(probabilities, targets, self._onehot)  # (T, V)
        x_last = trace.layers[-1].x_out
        dx = ops.linear_backward(dlogits, x_last, p["lm_head"], g["lm_head"])  # (T, C)
        for i in reversed(range(self.config.n_layer)):
            dx = self._layer_backward(f"layer{i}.", trace.layers[i], dx)
        dembedded = ops.rmsnorm_backward(dx, trace.x0, trace.scale0)
        g["wpe"][:t] = dembedded
        g["wpe"][t:] = 0
        ops.embedding_backward(dembedded, trace.tokens, self._onehot, g["wte"])

    def _layer_backward(self, name: str, layer: LayerTrace, dx: ndarray) -> ndarray:
        p, g = self.params, self.grads
        # MLP; what was added passes its gradient on unchanged, hence dx + …
        dhidden = ops.linear_backward(dx, layer.hidden, p[name + "mlp_fc2"], g[name + "mlp_fc2"])
        dhidden = ops.relu_backward(dhidden, layer.hidden)
        dnorm2 = ops.linear_backward(dhidden, layer.norm2, p[name + "mlp_fc1"], g[name + "mlp_fc1"])
        dx = dx + ops.rmsnorm_backward(dnorm2, layer.norm2, layer.scale2)
        # attention
        dmixed = ops.linear_backward(dx, layer.mixed, p[name + "attn_wo"], g[name + "attn_wo"])
        dqkv = ops.attention_backward(dmixed, layer.attention, layer.q, layer.k, layer.v)  # (T, 3 C)
        dnorm1 = ops.linear_backward(dqkv, layer.norm1, p[name + "attn_wqkv"], g[name + "attn_wqkv"])
        dx = dx + ops.rmsnorm_backward(dnorm1, layer.norm1, layer.scale1)
        return dx
