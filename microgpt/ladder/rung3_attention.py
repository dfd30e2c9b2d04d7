"""Rung 3: look back at all letters so far, not just at one.

Each letter becomes a vector, and so does each position: their sum says which letter stands where. One
attention head then lets every position ask the ones before it a question and mix what they answer.
The result is added to the vector (the residual), and a last matrix turns it into logits. RMSNorm
keeps the vectors at an even loudness. Learning goes on as before: backward, then a little downhill.

Written with `Tensor`, which is `Value` on whole NumPy arrays: with single numbers a step would take
a second. T is the number of positions, C = n_embd, V = vocab_size.
"""

from collections.abc import Sequence

import numpy as np
from numpy import ndarray

from ..ops import Tokens, softmax
from ..rng import stream
from ..tensor import Tensor


class Rung3:
    """A GPT of one head: looks back on the whole name. Its parameters are matrices."""

    title = "Attention"
    idea = "Give letters and positions vectors, and let one attention head look back at all of them."

    def __init__(
        self,
        documents: Sequence[Sequence[int]],
        vocab_size: int,
        seed: int,
        steps: int = 5000,
        learning_rate: float = 0.05,
        n_embd: int = 32,
        block_size: int | None = None,
    ) -> None:
        """`block_size` None: as many positions as the longest document needs."""
        self.documents = [np.asarray(document) for document in documents]
        self.block_size = block_size or max(map(len, documents)) - 1
        self.weights = self.initial(vocab_size, n_embd, seed)
        self.n_params = sum(w.data.size for w in self.weights.values())
        self.steps, self.learning_rate = steps, learning_rate
        self.step_count = 0
        self.attention: list[ndarray] = []

    def initial(self, vocab_size: int, n_embd: int, seed: int) -> dict[str, Tensor]:
        """Small random numbers: from zeros, all would learn the same."""
        shapes = {"wte": (vocab_size, n_embd), "wpe": (self.block_size, n_embd)}
        for name in ("attn_wq", "attn_wk", "attn_wv", "attn_wo"):
            shapes[name] = (n_embd, n_embd)
        shapes["lm_head"] = (vocab_size, n_embd)
        random = stream(seed, "weights")
        return {name: Tensor(random.standard_normal(shape) * 0.08) for name, shape in shapes.items()}

    def step(self) -> float:
        """Learn from one name. Returns its loss before the weights have changed."""
        document = self.documents[self.step_count % len(self.documents)]
        loss = self.expression(document)
        loss.backward()
        self.update()
        self.step_count += 1
        return float(loss.data)

    def update(self) -> None:
        """Move every weight a little downhill."""
        for w in self.weights.values():
            assert w.grad is not None  # backward has just made it
            w.data -= self.learning_rate * w.grad
            w.grad = None

    def expression(self, document: Tokens) -> Tensor:
        """The loss, and behind it the graph of all that it was made from."""
        logits = self.forward(document[:-1])  # (T, V)
        return logits.cross_entropy(np.asarray(document[1:])).mean()

    def forward(self, tokens: Tokens) -> Tensor:
        """Tokens (T,) → logits (T, V): row t is the guess for the token after position t."""
        w = self.weights
        x = w["wte"].rows(np.asarray(tokens)) + w["wpe"].rows(np.arange(len(tokens)))  # (T, C)
        x = x.rmsnorm()
        self.attention = []  # the weights of each layer, kept to be seen
        x = x + self.attend(x.rmsnorm())
        return x.linear(w["lm_head"])

    def attend(self, x: Tensor) -> Tensor:
        """Each position asks (q), compares with all keys (k) up to its own, and mixes the values (v)."""
        w = self.weights
        q, k, v = (x.linear(w[f"attn_w{name}"]) for name in "qkv")  # (T, C)
        future = np.triu(np.full((len(x.data), len(x.data)), -np.inf), k=1)  # not read yet
        weights: Tensor = ((q @ k.T) * q.data.shape[-1] ** -0.5 + future).softmax()  # (T, T)
        self.attention.append(weights.data[np.newaxis])  # as from one head
        return (weights @ v).linear(w["attn_wo"])

    def probabilities(self, tokens: Tokens) -> ndarray:
        """(V,): the probability of each token to come next."""
        return softmax(self.forward(tokens).data[-1])

    def loss(self, document: Tokens) -> float:
        """Mean of −log p(the token that really came next), in nats."""
        return float(self.expression(document).data)
