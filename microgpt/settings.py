"""What a person may choose, each setting in one row: its default, its range, its words.

The rows stand on `Settings` itself. Everything else reads them through `FIELDS`: the command line's options
(`add_arguments`), the checks, the checkpoint, and the page's form. A new setting is one row and the model's code.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from .config import (
    ACTIVATIONS,
    COUNT,
    ConfigError,
    GPTConfig,
    Range,
    check_choice,
    check_number,
    check_switch,
)

if TYPE_CHECKING:  # the page has no command line, and does not wait for argparse
    from argparse import ArgumentParser, Namespace

OPTIMIZERS = ("adam", "sgd", "adamw")
DECAYS = ("none", "linear", "cosine")
GROUPS = {"size": "Size of the model", "training": "Training", "parts": "Parts of the model"}

T = TypeVar("T")


class Row(NamedTuple):
    """What is known of a setting beside its name, type and default."""

    label: str
    help: str
    group: str  # a key of GROUPS
    allowed: Range = COUNT  # of a number
    choices: tuple[str, ...] = ()  # of a text
    form: tuple[float, float, float] = (-math.inf, math.inf, 1)  # the form's low, high, and step of its arrows
    live: bool = False  # may change while the run trains
    needs: tuple[str, tuple[object, ...]] | None = None  # has an effect only while this setting has such a value


def _row(default: T, *about: Any, **more: Any) -> T:
    """A dataclass field with its row of the table. Typed as its default, as `dataclasses.field` is."""
    chosen: T = field(default=default, metadata={"row": Row(*about, **more)})
    return chosen


_SHARE = Range(0, 1, open_high=True)
_WITH_ADAM = ("optimizer", ("adam", "adamw"))


@dataclass(frozen=True)
class Settings:
    """What a person may choose. `block_size` None: just long enough for the longest name.

    Raises ConfigError for a value out of its range. Combinations are checked by `config`.
    """

    n_layer: int = _row(2, "layers", "layers, one after another", "size", form=(1, 6, 1))
    n_embd: int = _row(32, "numbers a token", "numbers that stand for one token", "size", form=(4, 128, 4))
    n_head: int = _row(4, "heads", "attention heads, side by side", "size", form=(1, 16, 1))
    block_size: int | None = _row(
        None,
        "positions",
        "positions: one more than the longest name that fits (default: the data's)",
        "size",
        form=(2, 64, 1),
    )
    steps: int = _row(5000, "steps in all", "length of the schedule", "training", form=(1, 100_000, 500), live=True)
    # at 0.01 most of the MLP of this model dies, and heads look only at [BOS]
    learning_rate: float = _row(
        0.003,
        "learning rate",
        "how far a weight moves in the first step",
        "training",
        Range(0, 1, open_low=True),
        form=(0.0001, 1, 0.001),
        live=True,
    )
    seed: int = _row(
        42, "seed", "the same seed gives the same run", "training", Range(0, 2**32 - 1), form=(0, 2**32 - 1, 1)
    )
    optimizer: str = _row("adam", "optimiser", "how a gradient becomes a step", "training", choices=OPTIMIZERS)
    beta1: float = _row(
        0.85,
        "β₁",
        "share of the old mean of the gradients that Adam keeps a step",
        "training",
        _SHARE,
        form=(0, 0.999, 0.01),
        needs=_WITH_ADAM,
    )
    beta2: float = _row(
        0.99,
        "β₂",
        "share of the old mean of the squared gradients that Adam keeps a step",
        "training",
        _SHARE,
        form=(0, 0.9999, 0.01),
        needs=_WITH_ADAM,
    )
    weight_decay: float = _row(
        0.01,
        "weight decay",
        "share of a weight that AdamW takes off a step, times the learning rate",
        "training",
        Range(0, 1),
        form=(0, 1, 0.01),
        needs=("optimizer", ("adamw",)),
    )
    decay: str = _row("linear", "decay", "how the learning rate falls over the schedule", "training", choices=DECAYS)
    batch_size: int = _row(1, "names a step", "names a step learns from", "training", form=(1, 64, 1))
    activation: str = _row(
        "relu",
        "activation",
        "what bends the MLP's hidden numbers",
        "parts",
        choices=ACTIVATIONS,
        needs=("mlp", (True,)),
    )
    bias: bool = _row(False, "biases", "a learned number added to each output of a linear map", "parts")
    tied: bool = _row(False, "tied embeddings", "one matrix reads letters and scores them: lm_head is wte", "parts")
    gain: bool = _row(False, "learned gain", "learned numbers that multiply what RMSNorm gives", "parts")
    attention: bool = _row(True, "attention", "each position gathers from those before it", "parts")
    positions: bool = _row(True, "positions", "the model knows where a letter stands (wpe)", "parts")
    residual: bool = _row(True, "residual connections", "a block adds to what comes in", "parts")
    rmsnorm: bool = _row(True, "RMSNorm", "every block's input is brought to one size", "parts")
    mlp: bool = _row(True, "MLP", "a small network works on each position", "parts")

    def __post_init__(self) -> None:
        for setting in FIELDS:
            setting.check(getattr(self, setting.name))

    def config(self, vocab_size: int, longest: int) -> GPTConfig:
        """The model for data with so many tokens, whose longest name has `longest` letters.

        Raises ConfigError for a combination that can't work.
        """
        chosen = {name: getattr(self, name) for name in _STRUCTURE}
        if self.block_size is None:
            chosen["block_size"] = longest + 1  # [BOS] takes a position
        return GPTConfig(vocab_size, **chosen)


class Field(NamedTuple):
    """One setting, as the command line, the form and the checks need it."""

    name: str  # as in Settings
    kind: type  # int, float, str or bool
    default: object
    row: Row

    @property
    def option(self) -> str:
        """Its name on the command line."""
        return "--" + self.name.replace("_", "-")

    @property
    def optional(self) -> bool:
        """Whether it may be None: then it follows from the data."""
        return self.default is None

    def check(self, value: object) -> None:
        """Raises ConfigError for a value that no run can have."""
        if value is None and self.optional:
            return
        if self.kind is bool:
            check_switch(self.name, value)
        elif self.kind is str:
            check_choice(self.name, value, self.row.choices)
        else:
            check_number(self.name, value, self.kind, self.row.allowed)

    def matters(self, settings: Settings) -> bool:
        """Whether it has an effect beside the other settings: β₁, for example, has none without Adam."""
        return self.row.needs is None or getattr(settings, self.row.needs[0]) in self.row.needs[1]


# The only setting that may be None is a whole number.
FIELDS = tuple(
    Field(each.name, int if each.default is None else type(each.default), each.default, each.metadata["row"])
    for each in fields(Settings)
)
_STRUCTURE = [each.name for each in fields(GPTConfig) if each.name != "vocab_size"]

PRESETS = {
    "lab": Settings(),
    # the sizes of Karpathy's microgpt.py
    "microgpt": Settings(n_layer=1, n_embd=16, n_head=4, block_size=16, steps=1000, learning_rate=0.01),
}


def add_arguments(parser: "ArgumentParser") -> None:
    """One option for each setting, by groups; None where it is not given. `given` reads them back."""
    from argparse import BooleanOptionalAction

    groups = {name: parser.add_argument_group(title) for name, title in GROUPS.items()}
    for setting in FIELDS:
        group = groups[setting.row.group]
        if setting.kind is bool:
            group.add_argument(setting.option, action=BooleanOptionalAction, help=setting.row.help)
        else:
            group.add_argument(
                setting.option, type=setting.kind, choices=setting.row.choices or None, help=setting.row.help
            )


def given(options: "Namespace") -> dict[str, Any]:
    """The settings that were given on the command line."""
    return {each.name: value for each in FIELDS if (value := getattr(options, each.name)) is not None}


def choose(base: Settings, changes: Mapping[str, Any]) -> Settings:
    """`base` with these changes. Raises ConfigError for one that can't work, or that would have no effect."""
    settings = replace(base, **changes)
    for setting in FIELDS:
        if setting.name in changes and setting.row.needs and not setting.matters(settings):
            other, values = setting.row.needs
            raise ConfigError(
                setting.name,
                f"{setting.name} has no effect while {other} is {getattr(settings, other)}: "
                f"leave it out, or set {other} to {' or '.join(map(str, values))}",
            )
    return settings
