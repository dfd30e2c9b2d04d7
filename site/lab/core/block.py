"""The stations of one letter's way through the model: what goes in, what comes out, and the Python of it.

The numbers are those of `forward.vectors`; the Python is the scalar GPT's, and beside it the lines of
the model on arrays, as in `forward.KINDS`.
"""

import ast
import textwrap
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from microgpt.config import GPTConfig

from . import forward

FILE = "scalar_gpt.py"
WAY = "ScalarGPT.forward"  # the whole way in six lines


class Kind(NamedTuple):
    """What the stations of one kind have in common, in whatever layer."""

    name: str
    takes: Mapping[str, str]  # vectors that come in, as `forward.vectors` calls them, and what they are
    gives: Mapping[str, str]  # those that come out, the last one being what goes on
    line: str  # how its line in WAY begins
    piece: str  # the piece of that line that does it
    inside: str  # the function of FILE that does it
    parts: tuple[str, ...]  # of `forward.KINDS`: their lines in model.py
    aside: bool = False  # it stands beside the residual path, which goes past it
    one_scale: bool = True  # its vectors can be compared by their bars
    which: str = ""  # of the two of that name in a layer


_ATTENTION, _MLP = "x = add(x, self.attention(", "x = add(x, self.mlp("
KINDS = {
    "embed": Kind(
        "embed", {"token": "row of the letter", "position": "row of the position"}, {"embedded": "x, their sum"},
        'x = add(w["wte"]', 'add(w["wte"][token], w["wpe"][position])', "add", ("embed",),
    ),
    "norm0": Kind(
        "norm", {"embedded": "x"}, {"x0": "x, evened out"},
        "x = rmsnorm(x)", "rmsnorm(x)", "rmsnorm", ("norm0",),
    ),
    "norm1": Kind(
        "norm", {"x_in": "x"}, {"norm1": "x, evened out"},
        _ATTENTION, "rmsnorm(x)", "rmsnorm", ("norm1",), True, which=" before attention",
    ),
    "attend": Kind(
        "attend",
        {"norm1": "x, evened out"}, {"mixed": "what the heads bring", "attended": "through wo: what is added"},
        _ATTENTION, "self.attention(layer, …)", "ScalarGPT.attention", ("attn_wq", "heads", "attn_wo"), True, False,
    ),
    "add1": Kind(
        "add", {"x_in": "x, as it was", "attended": "what attention adds"}, {"x_mid": "x, their sum"},
        _ATTENTION, "x = add(x, …)", "add", ("add1",), which=" after attention",
    ),
    "norm2": Kind(
        "norm", {"x_mid": "x"}, {"norm2": "x, evened out"},
        _MLP, "rmsnorm(x)", "rmsnorm", ("norm2",), True, which=" before the MLP",
    ),
    "mlp": Kind(
        "MLP", {"norm2": "x, evened out"}, {"hidden": "hidden, after ReLU", "thought": "through fc2: what is added"},
        _MLP, "self.mlp(layer, …)", "ScalarGPT.mlp", ("mlp_fc1", "mlp_fc2"), True, False,
    ),
    "add2": Kind(
        "add", {"x_mid": "x, as it was", "thought": "what the MLP adds"}, {"x_out": "x, their sum"},
        _MLP, "x = add(x, …)", "add", ("add2",), which=" after the MLP",
    ),
    "logits": Kind(
        "logits", {"last": "x, at the end"}, {"logits": "one score for each answer"},
        'return linear(x, w["lm_head"])', 'linear(x, w["lm_head"])', "linear", ("lm_head",), False, False,
    ),
}  # fmt: skip
_OF_A_LAYER = ("norm1", "attend", "add1", "norm2", "mlp", "add2")


class Station(NamedTuple):
    note: str  # the key of its kind
    layer: int | None

    @property
    def kind(self) -> Kind:
        return KINDS[self.note]

    @property
    def title(self) -> str:
        name = self.kind.name + self.kind.which
        return name if self.layer is None else f"Layer {self.layer + 1}: {name}"

    def vector(self, name: str) -> str:
        """The key of one of its vectors among those of `forward.vectors`."""
        inside = name not in ("token", "position", "embedded", "x0", "last", "logits")
        return f"layer{self.layer}.{name}" if inside else name


class Code(NamedTuple):
    """A function of FILE."""

    name: str
    first: int  # number of its first line
    source: str

    @property
    def last(self) -> int:
        return self.first + self.source.count("\n")


def stations(config: GPTConfig) -> list[Station]:
    """All of them, in the order in which the numbers run through them."""
    inner = [Station(note, layer) for layer in range(config.n_layer) for note in _OF_A_LAYER]
    return [Station("embed", None), Station("norm0", None), *inner, Station("logits", None)]


@lru_cache(maxsize=1)
def source() -> str:
    """microgpt/scalar_gpt.py, the very file of the package."""
    return files("microgpt").joinpath(FILE).read_text("utf-8")


@lru_cache(maxsize=16)
def function(name: str, text: str) -> Code:
    """The function or method of this name in `text`. Raises LookupError if it is not there."""
    node = ast.parse(text)
    for part in name.split("."):
        inner = [one for one in node.body if getattr(one, "name", None) == part]
        if not inner:
            raise LookupError(f"{FILE} has no {name}")
        node = inner[0]
    lines = text.splitlines()[node.lineno - 1 : node.end_lineno]
    return Code(name, node.lineno, textwrap.dedent("\n".join(lines)))


def line(kind: Kind, text: str) -> int:
    """The number of the line of WAY that does it. Raises LookupError if none begins like that, or
    two, or its piece is not in it: the pointer must not stand at the wrong line."""
    way = function(WAY, text)
    found = {
        i: code for i, code in enumerate(way.source.splitlines(), way.first) if code.lstrip().startswith(kind.line)
    }
    if len(found) != 1:
        raise LookupError(f"{WAY} has {len(found)} lines that begin with {kind.line!r}, not one")
    ((number, code),) = found.items()
    if kind.piece.partition("…")[0] not in code:
        raise LookupError(f"{kind.piece!r} is not in line {number} of {FILE}")
    return number


def on_arrays(kind: Kind) -> list[tuple[int, str]]:
    """The lines of model.py that do it for all positions at once, with their numbers."""
    return sorted({line for part in kind.parts for line in forward.code(forward.KINDS[part], forward.source())})


def check() -> None:
    """Raises LookupError if the Python of any station is no longer where it is looked for."""
    for kind in KINDS.values():
        line(kind, source())
        function(kind.inside, source())
        on_arrays(kind)
