"""The stations of one letter's way through the model: what goes in, what comes out, and the Python of it.

The stations are the engine's operations in larger steps (`Graph.stations`). The Python is the scalar
GPT's, and beside it the lines of the model on arrays.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from microgpt import scalar_gpt
from microgpt.config import GPTConfig
from microgpt.graph import Operation, build
from microgpt.inspect.where import Place, Test, calls, place, reads, result_of
from microgpt.scalar_gpt import ScalarGPT

WAY = ScalarGPT.forward  # the whole way in six lines


class Kind(NamedTuple):
    """What the stations of one kind have in common, in whatever layer."""

    name: str
    takes: Sequence[str]  # the vectors that come in, in words
    gives: dict[str, str]  # those that are shown of what it makes, and in words; the last one goes on
    line: Test  # finds its line in WAY
    piece: str  # the piece of that line that does it
    inside: Callable[..., Any]  # the function that does it
    aside: bool = False  # it stands beside the residual path, which goes past it
    one_scale: bool = True  # its vectors can be compared by their bars
    which: str = ""  # of the two of that name in a layer


KINDS = {
    "embed": Kind(
        "embed", ("row of the letter", "row of the position"), {"embedded": "x, their sum"},
        reads("wte"), 'add(w["wte"][token], w["wpe"][position])', scalar_gpt.add,
    ),
    "norm0": Kind("norm", ("x",), {"x0": "x, evened out"}, result_of("rmsnorm"), "rmsnorm(x)", scalar_gpt.rmsnorm),
    "norm1": Kind(
        "norm", ("x",), {"norm1": "x, evened out"},
        calls("attention"), "rmsnorm(x)", scalar_gpt.rmsnorm, True, which=" before attention",
    ),
    "attend": Kind(
        "attend", ("x, evened out",), {"mixed": "what the heads bring", "attn_out": "through wo: what is added"},
        calls("attention"), "self.attention(layer, …)", ScalarGPT.attention, True, False,
    ),
    "add1": Kind(
        "add", ("x, as it was", "what attention adds"), {"x_mid": "x, their sum"},
        calls("attention"), "x = add(x, …)", scalar_gpt.add, which=" after attention",
    ),
    "norm2": Kind(
        "norm", ("x",), {"norm2": "x, evened out"},
        calls("mlp"), "rmsnorm(x)", scalar_gpt.rmsnorm, True, which=" before the MLP",
    ),
    "mlp": Kind(
        "MLP", ("x, evened out",), {"hidden": "hidden, after ReLU", "mlp_out": "through fc2: what is added"},
        calls("mlp"), "self.mlp(layer, …)", ScalarGPT.mlp, True, False,
    ),
    "add2": Kind(
        "add", ("x, as it was", "what the MLP adds"), {"x_out": "x, their sum"},
        calls("mlp"), "x = add(x, …)", scalar_gpt.add, which=" after the MLP",
    ),
    "logits": Kind(
        "logits", ("x, at the end",), {"logits": "one score for each answer"},
        reads("lm_head"), 'linear(x, w["lm_head"])', scalar_gpt.linear, False, False,
    ),
}  # fmt: skip
_NOTES = {"embedding": "embed", "attention": "attend", "mlp": "mlp", "output": "logits"}  # of a block's own work


class Station(NamedTuple):
    operations: tuple[Operation, ...]

    @property
    def note(self) -> str:
        """The key of its kind."""
        first = self.operations[0]
        own = first.name.rpartition(".")[2]  # a norm or an addition stands alone
        return own if own in KINDS else _NOTES[first.block]

    @property
    def layer(self) -> int | None:
        return self.operations[0].layer

    @property
    def kind(self) -> Kind:
        return KINDS[self.note]

    @property
    def title(self) -> str:
        name = self.kind.name + self.kind.which
        return name if self.layer is None else f"Layer {self.layer + 1}: {name}"

    @property
    def takes(self) -> dict[str, str]:
        """The vectors that come in, and what they are; into the first station, the rows looked up."""
        rows = tuple(operation.output for operation in self.operations if operation.weight)
        inputs = rows if self.note == "embed" else self.operations[0].inputs
        return dict(zip(inputs, self.kind.takes, strict=False))  # a model without positions has one row

    @property
    def gives(self) -> dict[str, str]:
        """The vectors it makes, as far as they are shown, and what they are; the last one goes on."""
        made = {operation.output: operation.output.rpartition(".")[2] for operation in self.operations}
        shown = {value: self.kind.gives[name] for value, name in made.items() if name in self.kind.gives}
        return shown or {self.operations[-1].output: "x"}


def stations(config: GPTConfig) -> list[Station]:
    """All of them, in the order in which the numbers run through them."""
    return [Station(operations) for operations in build(config).stations]


def line(kind: Kind) -> int:
    """The number of the line of WAY that does it. Raises LookupError if there is no such line, or
    several, or its piece is not in it: the pointer must not stand at the wrong line."""
    ((number, text),) = place(WAY, kind.line).code
    if kind.piece.partition("…")[0] not in text:
        raise LookupError(f"{kind.piece!r} is not in line {number} of {place(WAY).file}")
    return number


def way() -> Place:
    return place(WAY)


def inside(kind: Kind) -> Place:
    """The function that does it."""
    return place(kind.inside)


def on_arrays(station: Station) -> list[tuple[int, str]]:
    """The lines of model.py that do it for all positions at once, with their numbers."""
    return sorted({line for operation in station.operations for line in operation.source.code})


def check() -> None:
    """Raises LookupError if the Python of any station is no longer where it is looked for."""
    for station in stations(GPTConfig()):
        line(station.kind)
        inside(station.kind)
        on_arrays(station)
