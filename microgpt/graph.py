"""The model's operations as data: what each takes, what it gives, in what shape, with which weights.

`build` lists them for any configuration, in the order in which the numbers run through them. Whatever
draws the model, counts its parts or takes it apart reads this list. `interpreter.evaluate` runs it,
operation by operation, and gives the numbers of the model's own forward pass.

T is the number of positions, C = n_embd, H = n_head, D = C / H, V = vocab_size.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import groupby
from math import prod

from .config import GPTConfig
from .graph_source import Anchor, anchor
from .inspect.where import Place

TOKENS, LOGITS, PROBABILITIES = "tokens", "logits", "probabilities"
TC, HTD, HTT = ("T", "C"), ("H", "T", "D"), ("H", "T", "T")


@dataclass(frozen=True)
class Operation:
    """One operation. Names of values are those of `Trace`; inside a layer they begin with "layer0."."""

    name: str  # what it is called itself; a product with a weight matrix is called as the matrix is
    kind: str  # what is done: a key of `interpreter.RULES`
    layer: int | None  # None: before the first layer, or after the last
    block: str  # the part of the model that it belongs to: "embedding", "attention", "mlp" or "output"
    inputs: tuple[str, ...]  # names of the values it takes
    output: str  # name of the value it gives
    shape: tuple[str, ...]  # of its output, in letters: ("H", "T", "D")
    label: str  # what it does, in a few words
    anchor: Anchor = field(compare=False, repr=False)  # finds its code
    weight: str | None = None  # a matrix, or the gain of an RMSNorm
    bias: str | None = None

    @property
    def source(self) -> Place:
        """The lines of `model.py`, or for a variation of `tensor_gpt.py`, that do it."""
        return self.anchor.place()

    @property
    def weights(self) -> tuple[str, ...]:
        """Names of all its parameters, as in `GPTConfig.shapes`."""
        return tuple(name for name in (self.weight, self.bias) if name)


@dataclass(frozen=True)
class Graph:
    """All operations of one model: each value is made before it is taken."""

    config: GPTConfig
    operations: tuple[Operation, ...]
    residual: tuple[str, ...]  # x at the entrance and after each layer: n_layer + 1 names of values

    @cached_property
    def by_name(self) -> dict[str, Operation]:
        return {operation.name: operation for operation in self.operations}

    @cached_property
    def maker(self) -> dict[str, Operation]:
        """The operation that makes each value."""
        return {operation.output: operation for operation in self.operations}

    @cached_property
    def stations(self) -> tuple[tuple[Operation, ...], ...]:
        """The operations in larger steps: the input, each RMSNorm, the rest of each attention block or
        MLP, each addition to x, and the guess."""

        def step(operation: Operation) -> tuple[int | None, str, str]:
            alone = operation.kind == "rmsnorm" or (operation.kind == "add" and operation.layer is not None)
            return operation.layer, operation.block, operation.name if alone else ""

        return tuple(tuple(run) for _, run in groupby(self.operations, step))

    @cached_property
    def head(self) -> tuple[Operation, ...]:
        """What is done to the last layer's x: it becomes the guess."""
        return tuple(operation for operation in self.operations if operation.block == "output")

    def shape(self, operation: Operation, t: int) -> tuple[int, ...]:
        """Of its output, for `t` positions."""
        c = self.config
        sizes = {"T": t, "C": c.n_embd, "H": c.n_head, "D": c.head_size, "V": c.vocab_size, "4 C": 4 * c.n_embd}
        return tuple(sizes[letter] for letter in operation.shape)

    def parameters(self, operations: Iterable[Operation]) -> int:
        """How many parameters these have together; those that several share count once."""
        shapes = self.config.shapes()
        names = {name for operation in operations for name in operation.weights}
        return sum(prod(shapes[name]) for name in names)

    def multiplications(self, operation: Operation, t: int) -> int:
        """In its products of matrices, for `t` positions; what is done number by number is not counted."""
        numbers = prod(self.shape(operation, t))
        if operation.kind in ("linear", "projection") and operation.weight:
            return numbers * self.config.shapes()[operation.weight][1]
        if operation.kind == "scores":
            return numbers * self.config.head_size
        return numbers * t if operation.kind == "mix" else 0


@lru_cache(maxsize=8)
def build(config: GPTConfig) -> Graph:
    """The operations of a model of this configuration."""
    return _Builder(config).built()


class _Builder:
    def __init__(self, config: GPTConfig) -> None:
        self.config = config
        self.shapes = config.shapes()
        self.operations: list[Operation] = []
        self.layer: int | None = None
        self.block = "embedding"

    def built(self) -> Graph:
        x = self.embedding()
        residual = [x]
        for layer in range(self.config.n_layer):
            self.layer = layer
            x = self.mlp(self.attention(x))
            residual.append(x)
        self.layer, self.block = None, "output"
        table = "wte" if self.config.tied else "lm_head"
        logits = self.add("lm_head", "linear", [x], LOGITS, ("T", "V"), "score each answer", weight=table)
        self.add("softmax", "softmax", [logits], PROBABILITIES, ("T", "V"), "scores to probabilities")
        return Graph(self.config, tuple(self.operations), tuple(residual))

    def embedding(self) -> str:
        x = self.add("wte", "token rows", [TOKENS], "token_rows", TC, "look up each token", weight="wte")
        if self.config.positions:
            places = self.add(
                "wpe", "position rows", [TOKENS], "position_rows", TC, "look up each position", weight="wpe"
            )
            x = self.add("embed", "add", [x, places], "embedded", TC, "add token and position")
        return self.norm("norm0", x, "x0", "gain")

    def attention(self, x: str) -> str:
        if not self.config.attention:
            return x
        self.block = "attention"
        normed = self.norm("norm1", x, "norm1", "attn_gain")
        q, k, v = (
            self.add(f"attn_w{n}", "projection", [normed], n, HTD, what, weight=f"attn_w{n}", bias=f"attn_b{n}")
            for n, what in (("q", "ask for something"), ("k", "say what is offered"), ("v", "say what is given"))
        )
        scores = self.add("scores", "scores", [q, k], "scores", HTT, "compare queries with keys")
        weights = self.add("attention", "softmax", [scores], "attention", HTT, "scores to attention weights")
        mixed = self.add("mix", "mix", [weights, v], "mixed", TC, "mix the values")
        out = self.linear("attn_wo", mixed, "attn_out", TC, "put the heads together", bias="attn_bo")
        return self.residual("add1", x, out, "x_mid")

    def mlp(self, x: str) -> str:
        if not self.config.mlp:
            return x
        self.block, wide = "mlp", ("T", "4 C")
        normed = self.norm("norm2", x, "norm2", "mlp_gain")
        wider = self.linear("mlp_fc1", normed, "preactivation", wide, "widen", bias="mlp_b1")
        kind = self.config.activation
        hidden = self.add(kind, kind, [wider], "hidden", wide, "bend each number")
        out = self.linear("mlp_fc2", hidden, "mlp_out", TC, "narrow again", bias="mlp_b2")
        return self.residual("add2", x, out, "x_out")

    def norm(self, name: str, x: str, output: str, gain: str) -> str:
        if not self.config.rmsnorm:
            return x
        return self.add(name, "rmsnorm", [x], output, TC, "even out each row", weight=gain)

    def linear(self, name: str, x: str, output: str, shape: tuple[str, ...], label: str, bias: str) -> str:
        return self.add(name, "linear", [x], output, shape, label, weight=name, bias=bias)

    def residual(self, name: str, x: str, out: str, output: str) -> str:
        """What a block gives is added to what came in, or takes its place."""
        if not self.config.residual:
            return out
        return self.add(name, "add", [x, out], output, TC, "add it to what came in")

    def add(
        self,
        name: str,
        kind: str,
        inputs: Iterable[str],
        output: str,
        shape: tuple[str, ...],
        label: str,
        weight: str | None = None,
        bias: str | None = None,
    ) -> str:
        """Appends an operation; parameters that this configuration does not have are left out."""
        at = "" if self.layer is None else f"layer{self.layer}."
        has = {part: at + part for part in (weight, bias) if part and at + part in self.shapes}
        self.operations.append(
            Operation(
                at + name, kind, self.layer, self.block, tuple(inputs), at + output, shape, label,
                anchor(kind, self.block, output, bool(self.config.variations)),
                has.get(weight or ""), has.get(bias or ""),
            )
        )  # fmt: skip
        return at + output
