"""Rung 5: the same model and the same steps, but they shrink to nothing by the end.

The gradient of one name is noisy: most of it is luck. A large learning rate learns fast and never comes
to rest, since each name undoes part of what the others have taught; a small one comes to rest before it
has got far. Decay of the learning rate needs no choice between the two: it starts large, and falls in a
straight line to zero.

Written with `Tensor`, which is `Value` on whole NumPy arrays. T is the number of positions,
C = n_embd, H = n_head, D = C / H, V = vocab_size.
"""

from collections.abc import Sequence

import numpy as np
from numpy import ndarray

from ..ops import Tokens, softmax
from ..rng import stream
from ..tensor import Tensor


class Rung5:
    """A GPT, whole: looks back on the whole name. Its parameters are matrices."""

    title = "Decay"
    idea = "Begin with large steps, and let them shrink to nothing by the end."

    def __init__(
        self,
        documents: Sequence[Sequence[int]],
        vocab_size: int,
        seed: int,
        steps: int = 5000,
        learning_rate: float = 0.4,
        n_embd: int = 32,
        n_head: int = 4,
        n_layer: int = 2,
        block_size: int | None = None,
    ) -> None:
        """`block_size` None: as many positions as the longest document needs."""
        self.documents = [np.asarray(document) for document in documents]
        self.block_size = block_size or max(map(len, documents)) - 1
        self.n_head, self.n_layer = n_head, n_layer
        self.weights = self.initial(vocab_size, n_embd, seed)
        self.n_params = sum(w.data.size for w in self.weights.values())
        self.steps, self.learning_rate = steps, learning_rate
        self.step_count = 0
        self.attention: list[ndarray] = []

    def initial(self, vocab_size: int, n_embd: int, seed: int) -> dict[str, Tensor]:
        """Small random numbers: from zeros, all would learn the same."""
        shapes = {"wte": (vocab_size, n_embd), "wpe": (self.block_size, n_embd)}
        for i in range(self.n_layer):
            for name in ("attn_wq", "attn_wk", "attn_wv", "attn_wo"):
                shapes[f"layer{i}.{name}"] = (n_embd, n_embd)
            shapes[f"layer{i}.mlp_fc1"] = (4 * n_embd, n_embd)
            shapes[f"layer{i}.mlp_fc2"] = (n_embd, 4 * n_embd)
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
        """Move every weight a little downhill, by less and less."""
        learning_rate = self.learning_rate * max(0, 1 - self.step_count / self.steps)  # to zero, in a line
        for w in self.weights.values():
            assert w.grad is not None  # backward has just made it
            w.data -= learning_rate * w.grad
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
        for i in range(self.n_layer):
            x = x + self.attend(f"layer{i}.", x.rmsnorm())
            x = x + self.think(f"layer{i}.", x.rmsnorm())
        return x.linear(w["lm_head"])

    def attend(self, layer: str, x: Tensor) -> Tensor:
        """Each position asks (q), compares with all keys (k) up to its own, and mixes the values (v)."""
        w = self.weights
        q, k, v = (x.linear(w[f"{layer}attn_w{name}"]).split(self.n_head) for name in "qkv")  # (H, T, D)
        future = np.triu(np.full((len(x.data), len(x.data)), -np.inf), k=1)  # not read yet
        weights: Tensor = ((q @ k.T) * q.data.shape[-1] ** -0.5 + future).softmax()  # (H, T, T)
        self.attention.append(weights.data)
        return (weights @ v).join().linear(w[f"{layer}attn_wo"])

    def think(self, layer: str, x: Tensor) -> Tensor:
        """The MLP, at each position by itself: widen, keep what is positive, narrow again."""
        w = self.weights
        return x.linear(w[f"{layer}mlp_fc1"]).relu().linear(w[f"{layer}mlp_fc2"])

    def probabilities(self, tokens: Tokens) -> ndarray:
        """(V,): the probability of each token to come next."""
        return softmax(self.forward(tokens).data[-1])

    def loss(self, document: Tokens) -> float:
        """Mean of −log p(the token that really came next), in nats."""
        return float(self.expression(document).data)
