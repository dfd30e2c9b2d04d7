"""The parts of the forward pass: what each is called, what goes in and comes out, and its Python.

Keys are those of the drawing (`charts.flow_layout`); a part of a layer is "layer0." and its name.
"""

import re
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from microgpt.config import GPTConfig
from microgpt.model import GPT, Trace


class Kind(NamedTuple):
    """What the parts of one kind have in common, in whatever layer."""

    name: str
    code: tuple[str, ...]  # how its lines in microgpt/model.py begin
    taken: str | None  # the vector it takes in; None: none that is kept
    given: str  # the vector it gives
    made: str = ""  # what that is, in words


KINDS = {
    "wte": Kind("wte, the letter table", ("token_rows =",), None, "token", "the row of this letter"),
    "wpe": Kind("wpe, the position table", ("position_rows =",), None, "position", "the row of this place"),
    "embed": Kind("add letter and place", ("embedded =",), "token", "embedded", "their sum"),
    "norm0": Kind("RMSNorm, at the entrance", ("x, scale0 =",), "embedded", "x0", "x, as it enters the layers"),
    "norm1": Kind("RMSNorm, before attention", ("norm1, scale1 =",), "x_in", "norm1", "x, evened out"),
    "attn_wq": Kind("wq, queries", ("qkv =", "q, k, v ="), "norm1", "q", "the query: what it looks for"),
    "attn_wk": Kind("wk, keys", ("qkv =", "q, k, v ="), "norm1", "k", "the key: what it can be found by"),
    "attn_wv": Kind("wv, values", ("qkv =", "q, k, v ="), "norm1", "v", "the value: what it hands over"),
    "heads": Kind("attention heads", ("scores =", "attention =", "mixed ="), "q", "mixed", "what they fetched"),
    "attn_wo": Kind("wo, output of attention", ("attn_out =",), "mixed", "attended", "what attention adds"),
    "add1": Kind("add what attention found", ("x_mid =",), "attended", "x_mid", "x, after attention"),
    "norm2": Kind("RMSNorm, before the MLP", ("norm2, scale2 =",), "x_mid", "norm2", "x, evened out"),
    "mlp_fc1": Kind(
        "fc1, first half of the MLP", ("preactivation =", "hidden ="), "norm2", "hidden", "hidden, already after ReLU"
    ),
    "relu": Kind("ReLU", ("hidden =",), None, "hidden", "hidden: nothing below 0 is left"),
    "mlp_fc2": Kind("fc2, second half of the MLP", ("mlp_out =",), "hidden", "thought", "what the MLP adds"),
    "add2": Kind("add what the MLP thought", ("x_out =",), "thought", "x_out", "x, after the MLP"),
    "lm_head": Kind("lm_head", ("logits =",), "last", "logits", "logits: one score for each answer"),
    "softmax": Kind("softmax", ("return softmax(self.logits)",), "logits", "chances", "chances: together 100 %"),
}
_GLOBAL = {"token", "position", "embedded", "x0", "last", "logits", "chances"}


class Part(NamedTuple):
    """One box of the drawing."""

    key: str
    kind: Kind
    layer: int | None
    shape: tuple[int, int] | None  # (outputs, inputs) of its weights; None if it has none

    @property
    def note(self) -> str:
        """The key of what is said about it: the same for all layers."""
        return self.key.rpartition(".")[2]

    @property
    def title(self) -> str:
        return self.kind.name if self.layer is None else f"Layer {self.layer + 1}: {self.kind.name}"

    @property
    def count(self) -> int:
        """How many weights it has."""
        return self.shape[0] * self.shape[1] if self.shape else 0

    @property
    def facts(self) -> str:
        """Shape and number of weights, in words."""
        if not self.shape:
            return "no weights: nothing in here is learnt"
        return f"{self.shape[0]} × {self.shape[1]} = {self.count:,} weights"

    def vector(self, name: str) -> str:
        """The key of one of its vectors among all of `vectors`."""
        return name if name in _GLOBAL or self.layer is None else f"layer{self.layer}.{name}"


def parts(config: GPTConfig) -> dict[str, Part]:
    """Every part, in the order in which the numbers run through them."""
    shapes = config.shapes()
    found = {}
    inner = [name for name in KINDS if name not in ("wte", "wpe", "embed", "norm0", "lm_head", "softmax")]
    keys = [(name, None) for name in ("wte", "wpe", "embed", "norm0")]
    keys += [(name, i) for i in range(config.n_layer) for name in inner]
    keys += [("lm_head", None), ("softmax", None)]
    for name, layer in keys:
        key = name if layer is None else f"layer{layer}.{name}"
        found[key] = Part(key, KINDS[name], layer, shapes.get(key))
    return found


def vectors(trace: Trace, model: GPT, at: int) -> dict[str, ndarray]:
    """Every vector of one position on its way through the model, all from the trace."""
    found = {
        "token": model.params["wte"][trace.tokens[at]],
        "position": model.params["wpe"][at],
        "embedded": trace.embedded[at],
        "x0": trace.x0[at],
        "last": trace.layers[-1].x_out[at],
        "logits": trace.logits[at],
        "chances": trace.probabilities[at],
    }
    for i, layer in enumerate(trace.layers):
        inside = {
            name: getattr(layer, name)[at] for name in ("x_in", "norm1", "mixed", "x_mid", "norm2", "hidden", "x_out")
        }
        inside |= {name: getattr(layer, name)[:, at].ravel() for name in "qkv"}
        inside |= {f"head{h}": row[: at + 1] for h, row in enumerate(layer.attention[:, at])}
        inside["attended"] = layer.attn_out[at]
        inside["thought"] = layer.mlp_out[at]
        found |= {f"layer{i}.{name}": value for name, value in inside.items()}
    return found


def levels(model: GPT, sides: int) -> dict[str, ndarray]:
    """Each weight of each matrix as a step from 0 (strongly negative) to 2 `sides`, with one scale
    for all of them: four standard deviations get the strongest."""
    scale = sides / (4 * float(model.flat.std()) or 1.0)
    # adding 0.5 and cutting off rounds; clipped first, so that nothing leaves the palette
    steps = np.clip(np.nan_to_num(model.flat * scale), -sides, sides) + (sides + 0.5)
    steps = steps.astype(np.uint8)
    found, start = {}, 0
    for name, (rows, columns) in model.config.shapes().items():
        found[name] = steps[start : start + rows * columns].reshape(rows, columns)
        start += rows * columns
    return found


@lru_cache(maxsize=1)
def source() -> str:
    """microgpt/model.py, the very file that runs."""
    return files("microgpt").joinpath("model.py").read_text("utf-8")


def code(kind: Kind, text: str) -> list[tuple[int, str]]:
    """The lines of the source that do it, with their numbers. Raises LookupError if one is not
    there, or there twice: the drawing must not point at the wrong line."""
    lines = text.splitlines()
    found = []
    for start in kind.code:
        places = [i for i, line in enumerate(lines) if line.lstrip().startswith(start)]
        if len(places) != 1:
            raise LookupError(f"model.py has {len(places)} lines that begin with {start!r}, not one")
        end = places[0]
        while _open("\n".join(lines[places[0] : end + 1])):
            end += 1
        found += [(i + 1, lines[i]) for i in range(places[0], end + 1)]
    return found


def _open(text: str) -> bool:
    """Whether a bracket is left open. Comments don't count."""
    bare = re.sub(r"#.*", "", text)
    return sum(map(bare.count, "([{")) > sum(map(bare.count, ")]}"))
