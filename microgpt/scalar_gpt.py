"""The whole GPT, one number at a time: the lesson, and the judge of the fast version.

Everything is a `Value` or a list of them. One token goes in, with its position, and out come the
logits: a score for each token that might come next. What earlier tokens left behind, their keys
and values, is kept in two lists. Nothing is hidden in a library; it is slow, and it is all there.

After microgpt.py by Andrej Karpathy.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from .config import GPTConfig
from .value import Value

Vector = list[Value]
Matrix = list[Vector]


def dot(a: Vector, b: Vector) -> Value:
    """Multiply in pairs and add up: large where the two point the same way."""
    return sum((ai * bi for ai, bi in zip(a, b, strict=True)), Value(0.0))


def linear(x: Vector, w: Matrix) -> Vector:
    """w · x: each output is a weighted sum of all inputs, one row of weights for each."""
    return [dot(row, x) for row in w]


def softmax(logits: Vector) -> Vector:
    """Scores to probabilities: exp makes them positive, the division makes them sum to 1.

    Subtracting the largest score first changes nothing in the result and keeps exp from overflowing.
    """
    largest = max(value.data for value in logits)
    exps = [(value - largest).exp() for value in logits]
    total = sum(exps, Value(0.0))
    return [e / total for e in exps]


def cross_entropy(logits: Vector, target: int) -> Value:
    """−log of the probability that softmax gives to the target: log(sum of all exps) − logit of the target.

    Worked out from the scores, since a probability may be too small for a number and its log infinite.
    """
    largest = max(value.data for value in logits)
    total = sum(((value - largest).exp() for value in logits), Value(0.0))
    return total.log() - (logits[target] - largest)


def rmsnorm(x: Vector) -> Vector:
    """Divide by the root of the mean square, so that no vector gets too loud or too quiet."""
    mean_square = dot(x, x) / len(x)
    scale = (mean_square + 1e-5) ** -0.5
    return [xi * scale for xi in x]


def add(a: Vector, b: Vector) -> Vector:
    return [ai + bi for ai, bi in zip(a, b, strict=True)]


class ScalarGPT:
    """A GPT whose weights are matrices (lists of lists) of `Value`, named as in `GPTConfig.shapes`.

    Raises ConfigError for a variation, which only the GPT on Tensors knows.
    """

    def __init__(self, config: GPTConfig, weights: Mapping[str, Sequence[Sequence[float]]]) -> None:
        config.require_plain()
        self.config = config
        self.weights: dict[str, Matrix] = {
            name: [[Value(float(number)) for number in row] for row in weights[name]] for name in config.shapes()
        }
        self.forget()

    def forget(self) -> None:
        """Clear the keys and values of earlier tokens: a new name begins."""
        self.keys: list[Matrix] = [[] for _ in range(self.config.n_layer)]
        self.values: list[Matrix] = [[] for _ in range(self.config.n_layer)]

    def parameters(self) -> Iterator[Value]:
        return (value for matrix in self.weights.values() for row in matrix for value in row)

    def forward(self, token: int, position: int) -> Vector:
        """One token at one position → vocab_size logits for the token after it."""
        w = self.weights
        x = add(w["wte"][token], w["wpe"][position])  # what it is + where it stands
        x = rmsnorm(x)
        for layer in range(self.config.n_layer):
            x = add(x, self.attention(layer, rmsnorm(x)))  # gather from the tokens before
            x = add(x, self.mlp(layer, rmsnorm(x)))  # think about what was gathered
        return linear(x, w["lm_head"])

    def attention(self, layer: int, x: Vector) -> Vector:
        """Every head asks a question (q), compares it with each token's key, and mixes the values."""
        w = self.weights
        q = linear(x, w[f"layer{layer}.attn_wq"])
        self.keys[layer].append(linear(x, w[f"layer{layer}.attn_wk"]))
        self.values[layer].append(linear(x, w[f"layer{layer}.attn_wv"]))
        size = self.config.head_size
        mixed: Vector = []
        for head in range(self.config.n_head):
            part = slice(head * size, (head + 1) * size)
            keys = [k[part] for k in self.keys[layer]]
            values = [v[part] for v in self.values[layer]]
            scores = [dot(q[part], key) / size**0.5 for key in keys]
            attention = softmax(scores)  # how much to take from each token so far
            mixed += [dot(attention, [v[j] for v in values]) for j in range(size)]
        return linear(mixed, w[f"layer{layer}.attn_wo"])

    def mlp(self, layer: int, x: Vector) -> Vector:
        """Widen to 4 × n_embd, keep what is positive, narrow again."""
        hidden = [h.relu() for h in linear(x, self.weights[f"layer{layer}.mlp_fc1"])]
        return linear(hidden, self.weights[f"layer{layer}.mlp_fc2"])

    def loss(self, tokens: Sequence[int]) -> Value:
        """Mean of −log p(the token that really came next) over the positions of one document."""
        self.forget()
        losses = []
        for position, (token, target) in enumerate(pairwise(tokens)):
            losses.append(cross_entropy(self.forward(token, position), target))
        return sum(losses, Value(0.0)) / len(losses)


class ScalarAdam:
    """Adam (Kingma & Ba, 2015) with a learning rate that falls in a straight line to zero."""

    def __init__(
        self,
        parameters: Sequence[Value],
        steps: int,
        learning_rate: float = 0.01,
        beta1: float = 0.85,
        beta2: float = 0.99,
        eps: float = 1e-8,
    ) -> None:
        self.parameters = list(parameters)
        self.steps, self.learning_rate = steps, learning_rate
        self.beta1, self.beta2, self.eps = beta1, beta2, eps
        self.m = [0.0] * len(self.parameters)  # running mean of the gradient: its direction
        self.v = [0.0] * len(self.parameters)  # running mean of its square: its size
        self.step_count = 0

    def step(self) -> None:
        """Move every parameter a little against its gradient, then clear the gradients."""
        learning_rate = self.learning_rate * max(0.0, 1 - self.step_count / self.steps)
        self.step_count += 1
        for i, p in enumerate(self.parameters):
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * p.grad
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * p.grad**2
            m_hat = self.m[i] / (1 - self.beta1**self.step_count)  # both means start at 0:
            v_hat = self.v[i] / (1 - self.beta2**self.step_count)  # make up for that
            p.data -= learning_rate * m_hat / (v_hat**0.5 + self.eps)
            p.grad = 0.0


def train_step(model: ScalarGPT, optimizer: ScalarAdam, tokens: Sequence[int]) -> float:
    """Forward, loss, backward, update: one training step on one document; returns its loss."""
    loss = model.loss(tokens)
    loss.backward()
    optimizer.step()
    return loss.data
