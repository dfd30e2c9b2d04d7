"""The shape of a GPT: the settings from which every matrix and every count follows."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from .ops import Tokens

ACTIVATIONS = ("relu", "gelu", "silu", "tanh")


class ConfigError(ValueError):
    """A setting that can't work, or a combination of them.

    `field` is the name of the setting at fault, as in `Settings` or `GPTConfig`; the message says what to change.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field

    def __reduce__(self) -> tuple[type["ConfigError"], tuple[str, str]]:
        return type(self), (self.field, str(self))


class Range(NamedTuple):
    """The numbers from `low` to `high`, both included unless `open_low` or `open_high` says otherwise."""

    low: float
    high: float = math.inf
    open_low: bool = False
    open_high: bool = False

    def holds(self, value: float) -> bool:
        above = self.low < value if self.open_low else self.low <= value
        below = value < self.high if self.open_high else value <= self.high
        return above and below

    def __str__(self) -> str:
        """In words, to follow "a number": "from 0 to 1", "of at least 1", "above 0 and at most 1"."""
        low = f"{'above' if self.open_low else 'of at least'} {self.low:.10g}"
        if self.high == math.inf:
            return low
        if not (self.open_low or self.open_high):
            return f"from {self.low:.10g} to {self.high:.10g}"
        return f"{low} and {'below' if self.open_high else 'at most'} {self.high:.10g}"


COUNT = Range(1)


def check_number(name: str, value: object, kind: type, allowed: Range) -> None:
    """Raises ConfigError unless `value` is a number of this kind (int or float) in this range."""
    fits = isinstance(value, int if kind is int else (int, float)) and not isinstance(value, bool)
    if not fits or not allowed.holds(value):  # type: ignore[arg-type]  # it is a number if it fits
        what = "a whole number" if kind is int else "a number"
        raise ConfigError(name, f"{name} must be {what} {allowed}, not {value!r}")


def check_choice(name: str, value: object, choices: tuple[str, ...]) -> None:
    """Raises ConfigError unless `value` is one of the choices."""
    if value not in choices:
        raise ConfigError(name, f"{name} must be one of {', '.join(choices)}, not {value!r}")


def check_switch(name: str, value: object) -> None:
    """Raises ConfigError unless `value` is True or False."""
    if not isinstance(value, bool):
        raise ConfigError(name, f"{name} must be True or False, not {value!r}")


@dataclass(frozen=True)
class GPTConfig:
    """Raises ConfigError for a shape that can't be."""

    vocab_size: int = 27  # tokens it can tell apart
    block_size: int = 24  # positions: [BOS] and the letters it can look back on
    n_layer: int = 2
    n_embd: int = 32  # numbers that stand for one token
    n_head: int = 4  # heads side by side; each works on n_embd / n_head of the numbers
    # The variations: `model.py` knows only the defaults, `tensor_gpt.py` knows all.
    activation: str = "relu"  # of the MLP's hidden numbers, one of ACTIVATIONS
    bias: bool = False  # a number added to each output of every linear map but the last
    tied: bool = False  # lm_head is wte: one matrix reads letters and scores them
    gain: bool = False  # each RMSNorm multiplies its outputs by learned numbers
    attention: bool = True
    positions: bool = True  # wpe
    residual: bool = True  # a block adds to what comes in; without, it replaces it
    rmsnorm: bool = True
    mlp: bool = True

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if field.type is int:
                check_number(field.name, value, int, COUNT)
            elif field.type is bool:
                check_switch(field.name, value)
        check_choice("activation", self.activation, ACTIVATIONS)
        if self.n_embd % self.n_head:
            raise ConfigError(
                "n_head",
                f"n_embd = {self.n_embd} can't be shared out evenly among n_head = {self.n_head} heads: "
                f"make n_embd a multiple of {self.n_head}, or n_head a divisor of {self.n_embd}",
            )
        if self.gain and not self.rmsnorm:
            raise ConfigError("gain", "gain belongs to RMSNorm: switch rmsnorm on, or gain off")

    @property
    def head_size(self) -> int:
        return self.n_embd // self.n_head

    @property
    def max_letters(self) -> int:
        """The longest name that fits: one position is taken by [BOS]."""
        return self.block_size - 1

    def check_tokens(self, ids: Sequence[int]) -> None:
        """Raises ValueError unless a model of this shape can read these: 1 to block_size token ids."""
        if not 0 < len(ids) <= self.block_size:
            raise ValueError(f"{len(ids)} tokens given; this model reads 1 to {self.block_size}")
        if min(ids) < 0 or max(ids) >= self.vocab_size:
            raise ValueError(f"tokens are 0 to {self.vocab_size - 1} for this model, not {list(ids)}")

    def targets(self, document: Tokens) -> ndarray:
        """What a model has to predict in a document: all its tokens but the first, (T,).

        Raises ValueError for an id outside the vocabulary as the last one, which the model never reads.
        """
        targets = np.asarray(document[1:])
        if len(targets):
            self.check_tokens(targets[-1:].tolist())
        return targets

    def require_plain(self) -> None:
        """Raises ConfigError, which names the setting, for any of the `variations`."""
        for name, value in self.variations.items():
            raise ConfigError(name, f"{name} = {value} is a variation that only the GPT on Tensors knows")

    @property
    def variations(self) -> dict[str, object]:
        """The settings in which this model differs from the GPT of `model.py`, and their values."""
        plain = {field.name: field.default for field in fields(self) if field.type is not int}
        return {name: value for name in plain if (value := getattr(self, name)) != plain[name]}

    def shapes(self) -> dict[str, tuple[int, int]]:
        """Name and shape (outputs, inputs) of every weight matrix, in the order they are stored.

        Names follow Karpathy's microgpt.py. wq, wk and wv of a layer stand side by side, so the
        three can be multiplied in one go. Biases (attn_bq …, mlp_b1, mlp_b2) and gains are single rows.
        """
        c = self.n_embd
        shapes = {"wte": (self.vocab_size, c)}
        if self.positions:
            shapes["wpe"] = (self.block_size, c)
        if self.gain:
            shapes["gain"] = (1, c)
        for i in range(self.n_layer):
            shapes |= {f"layer{i}.{name}": shape for name, shape in self._layer_shapes().items()}
        if not self.tied:
            shapes["lm_head"] = (self.vocab_size, c)
        return shapes

    def _layer_shapes(self) -> dict[str, tuple[int, int]]:
        c = self.n_embd
        shapes: dict[str, tuple[int, int]] = {}
        if self.attention:
            if self.gain:
                shapes["attn_gain"] = (1, c)
            shapes |= {f"attn_w{part}": (c, c) for part in "qkvo"}
            if self.bias:
                shapes |= {f"attn_b{part}": (1, c) for part in "qkvo"}
        if self.mlp:
            if self.gain:
                shapes["mlp_gain"] = (1, c)
            shapes |= {"mlp_fc1": (4 * c, c), "mlp_fc2": (c, 4 * c)}
            if self.bias:
                shapes |= {"mlp_b1": (1, 4 * c), "mlp_b2": (1, c)}
        return shapes

    @property
    def n_params(self) -> int:
        return sum(rows * columns for rows, columns in self.shapes().values())
