"""A trained GPT in plain Python, without NumPy: one letter at a time, every number a float of Python.

`standalone.py` writes this file's code, with the weights of a run, into a program of its own.
"""

import argparse
import base64
import math
import random
import signal
import sys
from array import array
from collections.abc import Iterator
from operator import mul
from typing import Any

EPS = 1e-5  # keeps RMSNorm from dividing by zero
ACTIVATIONS = {
    "relu": lambda x: max(x, 0.0),
    "gelu": lambda x: 0.5 * x * (1 + math.tanh((2 / math.pi) ** 0.5 * (x + 0.044715 * x**3))),
    "silu": lambda x: 0.5 * x * (1 + math.tanh(0.5 * x)),
    "tanh": math.tanh,
}


class PlainGPT:
    """Reads token after token, and keeps the keys and values of those it has read."""

    def __init__(self, about: dict[str, Any], weights: str) -> None:
        """`about` describes the model; `weights` are its numbers, little-endian, in base64."""
        self.config: dict[str, Any] = about["config"]
        self.alphabet: str = about["alphabet"]
        self.bos = len(self.alphabet)  # the token that opens a name, and closes it
        self.weights = self._matrices(about, weights)
        self.forget()

    @staticmethod
    def _matrices(about: dict[str, Any], weights: str) -> dict[str, list[list[float]]]:
        """Name → rows of a matrix."""
        numbers = array("f" if about["dtype"] == "float32" else "d")
        numbers.frombytes(base64.b64decode(weights))
        if sys.byteorder == "big":
            numbers.byteswap()
        matrices, start = {}, 0
        for name, (rows, columns) in about["shapes"].items():
            ends = range(start, start + rows * columns, columns)
            matrices[name] = [list(numbers[end : end + columns]) for end in ends]
            start += rows * columns
        return matrices

    def forget(self) -> None:
        """Start a new name."""
        self.keys: list[list[list[float]]] = [[] for _ in range(self.config["n_layer"])]
        self.values: list[list[list[float]]] = [[] for _ in range(self.config["n_layer"])]
        self.position = 0

    def read(self, token: int) -> list[float]:
        """One more token → the logits of the token that comes next."""
        w = self.weights
        x = w["wte"][token]
        if self.config["positions"]:
            x = add(x, w["wpe"][self.position])
        x = self._norm(x, "gain")
        for i in range(self.config["n_layer"]):
            if self.config["attention"]:
                x = self._join(x, self._attend(i, self._norm(x, f"layer{i}.attn_gain")))
            if self.config["mlp"]:
                x = self._join(x, self._mlp(i, self._norm(x, f"layer{i}.mlp_gain")))
        self.position += 1
        return linear(x, w["wte"] if self.config["tied"] else w["lm_head"])

    def _attend(self, i: int, x: list[float]) -> list[float]:
        """Each head compares its query with all keys so far, and mixes the values by how well they fit."""
        q, k, v = (self._linear(x, f"layer{i}.attn_w{part}", f"layer{i}.attn_b{part}") for part in "qkv")
        self.keys[i].append(k)
        self.values[i].append(v)
        size = self.config["n_embd"] // self.config["n_head"]
        mixed: list[float] = []
        for start in range(0, len(q), size):
            head = slice(start, start + size)
            scores = [sum(map(mul, q[head], key[head])) / size**0.5 for key in self.keys[i]]
            attention = softmax(scores)
            columns = zip(*(value[head] for value in self.values[i]), strict=True)
            mixed += [sum(map(mul, attention, column)) for column in columns]
        return self._linear(mixed, f"layer{i}.attn_wo", f"layer{i}.attn_bo")

    def _mlp(self, i: int, x: list[float]) -> list[float]:
        activation = ACTIVATIONS[self.config["activation"]]
        hidden = [activation(number) for number in self._linear(x, f"layer{i}.mlp_fc1", f"layer{i}.mlp_b1")]
        return self._linear(hidden, f"layer{i}.mlp_fc2", f"layer{i}.mlp_b2")

    def _norm(self, x: list[float], gain: str) -> list[float]:
        """RMSNorm: every vector is brought to one size."""
        if self.config["rmsnorm"]:
            scale = (sum(map(mul, x, x)) / len(x) + EPS) ** -0.5
            x = [number * scale for number in x]
        return list(map(mul, x, self.weights[gain][0])) if self.config["gain"] else x

    def _linear(self, x: list[float], matrix: str, bias: str) -> list[float]:
        out = linear(x, self.weights[matrix])
        return add(out, self.weights[bias][0]) if self.config["bias"] else out

    def _join(self, x: list[float], block: list[float]) -> list[float]:
        return add(x, block) if self.config["residual"] else block

    def name(self, rng: random.Random, prefix: str, temperature: float, top_k: int | None, top_p: float | None) -> str:
        """Make one name up. Raises ValueError for a prefix that the model can't read."""
        unknown = [letter for letter in prefix if letter not in self.alphabet]
        if unknown or len(prefix) >= self.config["block_size"]:
            most = self.config["block_size"] - 1
            raise ValueError(f"{prefix!r} has to be at most {most} letters out of {self.alphabet}")
        self.forget()
        logits = self.read(self.bos)
        for letter in prefix:
            logits = self.read(self.alphabet.index(letter))
        text = prefix
        while True:
            probabilities = cut(at_temperature(logits, temperature), top_k, top_p)
            token = pick(probabilities, rng.random()) if temperature > 0 else probabilities.index(max(probabilities))
            if token == self.bos or self.position == self.config["block_size"]:
                return text
            text += self.alphabet[token]
            logits = self.read(token)


def linear(x: list[float], rows: list[list[float]]) -> list[float]:
    return [sum(map(mul, row, x)) for row in rows]


def add(x: list[float], y: list[float]) -> list[float]:
    return [a + b for a, b in zip(x, y, strict=True)]


def softmax(scores: list[float]) -> list[float]:
    top = max(scores)
    exps = [math.exp(score - top) for score in scores]
    total = sum(exps)
    return [number / total for number in exps]


def at_temperature(logits: list[float], temperature: float) -> list[float]:
    """Above 1 bolder, below 1 safer; at 0 all on the top guess."""
    top = max(logits)
    if temperature == 0:
        first = logits.index(top)
        return [float(i == first) for i in range(len(logits))]
    return softmax([(logit - top) / temperature for logit in logits])


def cut(probabilities: list[float], top_k: int | None, top_p: float | None) -> list[float]:
    """Only the `top_k` likeliest, and of these the fewest that have the probability `top_p` together, stay."""
    order = sorted(range(len(probabilities)), key=lambda i: -probabilities[i])[:top_k]
    if top_p is not None:
        limit, so_far, count = top_p * sum(probabilities[i] for i in order), 0.0, 0
        while so_far < limit and count < len(order):
            so_far += probabilities[order[count]]
            count += 1
        order = order[:count]
    if len(order) == len(probabilities):
        return probabilities
    total = sum(probabilities[i] for i in order)
    kept = set(order)
    return [p / total if i in kept else 0.0 for i, p in enumerate(probabilities)]


def pick(probabilities: list[float], draw: float) -> int:
    """The token on whose stretch of the running sum the draw falls."""
    ends, so_far = [], 0.0
    for p in probabilities:
        so_far += p
        ends.append(so_far)
    return next(token for token, end in enumerate(ends) if end > draw * ends[-1])


def generator(seed: int) -> random.Random:
    """The draws of `microgpt sample` for this seed: the Mersenne Twister, started from three numbers by
    init_by_array (Matsumoto & Nishimura, 2002), as NumPy's RandomState does it."""
    key = [seed, 3, 0]  # 3: the stream for sampling
    state = [19650218]
    for i in range(1, 624):
        state.append((1812433253 * (state[-1] ^ (state[-1] >> 30)) + i) % 2**32)
    i = 1
    for round_ in range(624 + 623):
        before = state[i - 1] ^ (state[i - 1] >> 30)
        if round_ < 624:
            state[i] = ((state[i] ^ (before * 1664525)) + key[round_ % 3] + round_ % 3) % 2**32
        else:
            state[i] = ((state[i] ^ (before * 1566083941)) - i) % 2**32
        i += 1
        if i == 624:
            state[0] = state[623]
            i = 1
    state[0] = 2**31
    rng = random.Random()
    rng.setstate((3, (*state, 624), None))
    return rng


def names(about: dict[str, Any], weights: str, options: argparse.Namespace) -> Iterator[str]:
    model, rng = PlainGPT(about, weights), generator(options.seed)
    for _ in range(options.n):
        yield model.name(rng, options.prefix, options.temperature, options.top_k, options.top_p)


def main(about: dict[str, Any], weights: str) -> None:
    parser = argparse.ArgumentParser(description=f"Makes names up, as a GPT trained for {about['step']} steps does.")
    parser.add_argument("-n", type=int, default=10, help="how many (default: %(default)s)")
    parser.add_argument("--temperature", type=float, default=0.8, help="0: always the top guess")
    parser.add_argument("--top-k", type=int, metavar="K", help="draw only from the K likeliest letters")
    parser.add_argument(
        "--top-p", type=float, metavar="P", help="… from the fewest that have the probability P together"
    )
    parser.add_argument("--prefix", default="", help="how each name begins")
    parser.add_argument("--seed", type=int, default=42)
    options = parser.parse_args()
    top_k, top_p = options.top_k, options.top_p
    if not (options.temperature >= 0 and options.seed >= 0):
        parser.error("temperature and seed are 0 or more")
    if (top_k is not None and top_k < 1) or (top_p is not None and not 0 < top_p <= 1):
        parser.error("top-k is at least 1, top-p above 0 and at most 1")
    if hasattr(signal, "SIGPIPE"):  # not on Windows
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # end in silence when nobody reads on, as in `… | head -1`
    if not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    try:
        for name in names(about, weights, options):
            print(name, flush=True)
    except ValueError as error:
        parser.error(str(error))
