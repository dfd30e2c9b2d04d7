"""How large things are: the parts of this model, and this model beside well-known ones."""

from math import log10, sqrt
from typing import NamedTuple

from microgpt.config import GPTConfig
from microgpt.graph import Operation, build

INCH = 96  # CSS pixels, by definition
METRE = INCH / 0.0254
SQUARE = 256  # CSS pixels, the side of the square for GPT-2 small: it fits the narrowest screen


class Known(NamedTuple):
    """A model others have built. `confirmed` is False for a figure its makers never published."""

    name: str
    year: int
    parameters: float
    text: str
    confirmed: bool = True


# Radford et al. 2019 (the published models count 124M and 1.5B), Brown et al. 2020, Meta 2024.
# For GPT-4, OpenAI has published no size; the figure went round in 2023.
KNOWN = (
    Known("GPT-2 small", 2019, 124e6, "124 million"),
    Known("GPT-2 XL", 2019, 1.5e9, "1.5 billion"),
    Known("GPT-3", 2020, 175e9, "175 billion"),
    Known("Llama 3.1, largest", 2024, 405e9, "405 billion"),
    Known("GPT-4", 2023, 1.8e12, "1.8 trillion", confirmed=False),
)
GPT2_SMALL = KNOWN[0]
GPT2_SHAPE = GPTConfig(vocab_size=50257, block_size=1024, n_layer=12, n_embd=768, n_head=12)

NAMES = {  # of what parameters are for: single operations, then blocks
    "wte": "letter rows (wte)",
    "wpe": "position rows (wpe)",
    "lm_head": "answer (lm_head)",
    "norm0": "gain at the entrance",
    "attention": "attention",
    "mlp": "MLP",
}


def parts(config: GPTConfig) -> dict[str, int]:
    """What a model's parameters are for → how many; they sum to n_params."""
    graph = build(config)
    groups: dict[str, list[Operation]] = {}
    for operation in graph.operations:
        name = NAMES.get(operation.name) or NAMES.get(operation.block)
        if name and operation.weights:
            groups.setdefault(name, []).append(operation)
    counts = {name: graph.parameters(operations) for name, operations in groups.items()}
    if config.tied:  # one table for both: counted where it is looked up
        del counts[NAMES["lm_head"]]
    return counts


def tying_saves(config: GPTConfig) -> float:
    """The share of all parameters that one table for both wte and lm_head would save."""
    return config.vocab_size * config.n_embd / config.n_params


def about(value: float) -> str:
    """Two digits that count, as one would say it: 4580 → "4,600", 6464243 → "6.5 million"."""
    rounded = float(f"{value:.1e}")
    for size, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if rounded >= size:
            return f"{rounded / size:.2g} {word}" if rounded < 100 * size else f"{rounded / size:.0f} {word}"
    return f"{rounded:.1f}" if rounded < 10 else f"{rounded:,.0f}"


def rung(parameters: float, top: float) -> float:
    """Where a size stands on a ladder from 1 to `top` on which each rung is ten times the last, 0 … 1."""
    return log10(parameters) / log10(top)


def side(parameters: float, of: float, of_side: float) -> float:
    """The side of a square for so many parameters, where a square for `of` has the side `of_side`:
    areas, not sides, stand for the counts."""
    return of_side * sqrt(parameters / of)
