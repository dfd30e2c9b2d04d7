"""The GPT on Tensors: the forward pass is written down, and gradients come for free.

It knows every variation of `GPTConfig`; with none, it is the model of `model.py` to rounding, and takes
less than twice its time. T is the number of positions, C = n_embd, H = n_head, D = C / H, V = vocab_size.
"""

import numpy as np
from numpy import ndarray

from .config import GPTConfig
from .model import Trace
from .ops import Tokens
from .parameters import initial, matrices
from .tensor import Parameter, Tensor
from .tensor_trace import TensorTrace, trace_of


class TensorGPT:
    """Weights in one flat vector, seen as named matrices; gradients likewise. It is used just as `GPT` is."""

    def __init__(self, config: GPTConfig, flat: ndarray) -> None:
        """`flat` (n_params,) is used as it is, not copied; its dtype is the model's.

        Raises ValueError for a vector of another length.
        """
        self.config = config
        self.flat = flat
        self.params = matrices(config, flat)
        self.flat_grad = np.zeros_like(flat)
        self.grads = matrices(config, self.flat_grad)
        self.weights = {name: Parameter(self.params[name], self.grads[name]) for name in self.params}
        # −∞ above the diagonal: after softmax, no attention to what has not been read yet
        self._mask = np.triu(np.full((config.block_size,) * 2, -np.inf, flat.dtype), k=1)
        self._kept: dict[str, Tensor] = {}  # what the last forward pass made, by the names in `Trace`

    @classmethod
    def initial(cls, config: GPTConfig, seed: int, dtype: type = np.float32) -> "TensorGPT":
        """An untrained model; see `parameters.initial`."""
        return cls(config, initial(config, seed, dtype))

    def copy(self) -> "TensorGPT":
        """The same model, which later training leaves as it is."""
        return type(self)(self.config, self.flat.copy())

    # The model

    def logits(self, tokens: ndarray) -> Tensor:
        """Token ids (T,) → scores (T, V): how likely each token is to come next."""
        config, w = self.config, self.weights
        x = w["wte"].rows(tokens)  # (T, C)
        if config.positions:
            x = x + w["wpe"][: len(tokens)]
        self.keep("", embedded=x)
        x = self.norm(x, "gain")
        self.keep("", x0=x)
        for i in range(config.n_layer):
            layer = f"layer{i}."
            self.keep(layer, x_in=x)
            if config.attention:
                x = self.join(x, self.attend(layer, x))
            self.keep(layer, x_mid=x)
            if config.mlp:
                x = self.join(x, self.mlp(layer, x))
            self.keep(layer, x_out=x)
        return x.linear(w["wte"] if config.tied else w["lm_head"])

    def attend(self, layer: str, x: Tensor) -> Tensor:
        """(T, C) → (T, C): each position gathers from those up to it."""
        heads, size, t = self.config.n_head, self.config.head_size, len(x.data)
        norm1 = self.norm(x, layer + "attn_gain")
        qkv = self.linear(norm1, layer + "attn_wqkv", layer + "attn_bqkv").split(3 * heads)
        q, k, v = qkv[:heads], qkv[heads : 2 * heads], qkv[2 * heads :]  # each (H, T, D)
        scores = q @ k.T * size**-0.5 + self._mask[:t, :t]  # (H, T, T)
        attention = scores.softmax()
        mixed = (attention @ v).join()  # (T, C)
        attn_out = self.linear(mixed, layer + "attn_wo", layer + "attn_bo")
        self.keep(layer, norm1=norm1, q=q, k=k, v=v, scores=scores, attention=attention, mixed=mixed, attn_out=attn_out)
        return attn_out

    def mlp(self, layer: str, x: Tensor) -> Tensor:
        """(T, C) → (T, 4 C) → (T, C): each position by itself."""
        norm2 = self.norm(x, layer + "mlp_gain")
        preactivation = self.linear(norm2, layer + "mlp_fc1", layer + "mlp_b1")
        activation = getattr(Tensor, self.config.activation)
        hidden = activation(preactivation)
        mlp_out = self.linear(hidden, layer + "mlp_fc2", layer + "mlp_b2")
        self.keep(layer, norm2=norm2, preactivation=preactivation, hidden=hidden, mlp_out=mlp_out)
        return mlp_out

    def norm(self, x: Tensor, gain: str) -> Tensor:
        """(T, C) → (T, C): each row brought to one size."""
        if self.config.rmsnorm:
            x = x.rmsnorm()
        return x * self.weights[gain] if self.config.gain else x

    def join(self, x: Tensor, block: Tensor) -> Tensor:
        """What a block gives is added to what came in; without residual connections it replaces it."""
        return x + block if self.config.residual else block

    def linear(self, x: Tensor, matrix: str, bias: str) -> Tensor:
        """Each row times a matrix, plus a bias where the model has biases."""
        x = x.linear(self.weights[matrix])
        return x + self.weights[bias] if self.config.bias else x

    def keep(self, layer: str, **made: Tensor) -> None:
        """For the trace, in which these have the same names."""
        for name, tensor in made.items():
            self._kept[layer + name] = tensor

    # What a trainer, a sampler and a page ask for

    def expression(self, document: Tokens) -> Tensor:
        """The mean cross-entropy, in nats, of predicting each token of a document from those before."""
        return self.logits(self._checked(document[:-1])).cross_entropy(self.config.targets(document)).mean()

    def loss(self, document: Tokens) -> float:
        """The value of `expression`."""
        return float(self.expression(document).data)

    def loss_and_gradient(self, document: Tokens) -> float:
        """`loss`, and its gradient with respect to every weight into `grads`."""
        loss = self.expression(document)
        self.flat_grad[:] = 0
        loss.backward()
        return float(loss.data)

    def forward(self, tokens: Tokens) -> Trace:
        """Token ids (T,) → the trace of the forward pass, logits last. Of a part that this model is without, the
        trace keeps arrays of no heads or no hidden numbers, and says that it adds zeros.

        Raises ValueError if there are none or more than block_size, or for an id outside the vocabulary.
        """
        given = self._checked(tokens)
        self._kept = {}
        return trace_of(self.config, given, self.logits(given), self._kept)

    def backward(self, trace: Trace, probabilities: ndarray, targets: ndarray) -> None:
        """The gradient of the mean cross-entropy of `targets` (T,) with respect to every weight, into `grads`;
        `probabilities` (T, V) are the trace's own. Raises TypeError for a trace that `forward` has not made."""
        if not isinstance(trace, TensorTrace):
            raise TypeError("this trace has no Tensors to go back through")
        dlogits = probabilities.copy()
        dlogits[np.arange(len(targets)), targets] -= 1  # guess − truth
        self.flat_grad[:] = 0
        trace.output.backward(dlogits / len(targets))

    def _checked(self, tokens: Tokens) -> ndarray:
        given = np.asarray(tokens)
        self.config.check_tokens(given.tolist())
        return given
