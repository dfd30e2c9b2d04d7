"""The one list of what can be changed for a run: one setting of the engine's table at a time."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

from microgpt.config import ConfigError
from microgpt.experiment import Experiment
from microgpt.settings import FIELDS, GROUPS, Field, Settings

MOST = {"n_embd": 128, "n_layer": 8}  # a step of a larger one would hold the page up


class Recipe(NamedTuple):
    """One thing changed. `key` stands for it in the page; that of the run without a change is ""."""

    key: str
    title: str
    group: str  # a key of GROUPS; "" for the run without a change
    name: str = ""  # of the setting
    value: Any = None

    @property
    def changes(self) -> dict[str, Any]:
        return {self.name: self.value} if self.name else {}


AS_IT_IS = Recipe("", "as it is", "")
AGAIN = Recipe("again", "the same once more", "")

# Whole numbers and rates: what to make of the lab's own value. All other settings are switches or choices.
_NUMBERS: tuple[tuple[str, str, Callable[[Any], Any]], ...] = (
    ("n_embd", "twice as wide", lambda width: 2 * width),
    ("n_embd", "half as wide", lambda width: width // 2),
    ("n_layer", "twice as deep", lambda layers: 2 * layers),
    ("n_layer", "one layer", lambda _layers: 1),
    ("n_head", "one head", lambda _heads: 1),
    ("learning_rate", "ten times the learning rate", lambda rate: 10 * rate),
    ("learning_rate", "a tenth of the learning rate", lambda rate: rate / 10),
    ("batch_size", "four names a step", lambda _names: 4),
    ("seed", "another seed", lambda seed: seed + 1 if seed < 2**32 - 1 else 0),
)
_CALLED = {
    ("optimizer", "adam"): "Adam",
    ("optimizer", "sgd"): "plain steps (SGD)",
    ("optimizer", "adamw"): "AdamW",
    ("decay", "none"): "no decay of the rate",
    ("decay", "linear"): "linear decay of the rate",
    ("decay", "cosine"): "cosine decay of the rate",
    ("activation", "relu"): "ReLU",
    ("activation", "gelu"): "GELU",
    ("activation", "silu"): "SiLU",
    ("activation", "tanh"): "tanh",
}
_STANDARD = ("attention", "positions", "residual", "rmsnorm", "mlp", "n_head", "optimizer", "decay", "activation")


def recipes(experiment: Experiment) -> list[Recipe]:
    """All that can be changed in this experiment, by group, in the order of the engine's table."""
    found = [recipe for field in FIELDS for recipe in _of(field, experiment.settings)]
    possible = [recipe for recipe in found if _works(recipe, experiment)]
    return [AGAIN, *sorted(possible, key=lambda recipe: list(GROUPS).index(recipe.group))]


def standard(experiment: Experiment) -> list[Recipe]:
    """The table that stands there at first: the run as it is, and the first recipe of each of ten settings."""
    offered = recipes(experiment)
    firsts = [next((one for one in offered if one.name == name), None) for name in (*_STANDARD, "n_embd")]
    return [AS_IT_IS, *(one for one in firsts if one is not None)]


def settings_of(recipe: Recipe, base: Settings, steps: int) -> Settings:
    """The lab's settings with one thing changed, and a schedule of so many steps."""
    return replace(base, **{"steps": steps, **recipe.changes})


def _of(field: Field, base: Settings) -> list[Recipe]:
    now, group = getattr(base, field.name), field.row.group
    if not field.matters(base):
        return []
    if field.kind is bool:
        title = f"{'without' if now else 'with'} {field.row.label}"
        return [Recipe(f"{field.name}:{not now}", title, group, field.name, not now)]
    if field.row.choices:
        return [
            Recipe(f"{field.name}:{value}", _CALLED.get((field.name, value), value), group, field.name, value)
            for value in field.row.choices
            if value != now
        ]
    made = [(title, change(now)) for name, title, change in _NUMBERS if name == field.name]
    return [Recipe(f"{field.name}:{value}", title, group, field.name, value) for title, value in made if value != now]


def _works(recipe: Recipe, experiment: Experiment) -> bool:
    if recipe.name in MOST and recipe.value > MOST[recipe.name]:
        return False
    try:
        settings = settings_of(recipe, experiment.settings, experiment.settings.steps)
        settings.config(experiment.config.vocab_size, max(map(len, experiment.names)))
    except ConfigError:
        return False
    return True
