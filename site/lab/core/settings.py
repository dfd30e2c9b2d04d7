"""The settings form: rows of the engine's table, and how what is typed becomes settings."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, NamedTuple

from microgpt.config import ConfigError, GPTConfig
from microgpt.settings import FIELDS, Field, Settings

AUTOMATIC = ""  # what stands in the field of a setting that follows from the data


class Setting(NamedTuple):
    name: str  # as in Settings
    label: str
    kind: type
    low: float
    high: float
    step: float  # of the field's arrows


SHOWN = ("n_layer", "n_embd", "n_head", "block_size", "learning_rate", "steps", "seed")


def _row(field: Field) -> Setting:
    label = f"{field.row.label} ({field.name})" if field.row.group == "size" else field.row.label
    return Setting(field.name, label, field.kind, *field.row.form)


TABLE = tuple(_row(field) for name in SHOWN for field in FIELDS if field.name == name)


class BadSetting(ValueError):
    """A text that can't be used for a setting; `name` says which, the message what to do."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


def texts(settings: Settings) -> dict[str, str]:
    """What stands in each field for these settings."""
    values = {setting.name: getattr(settings, setting.name) for setting in TABLE}
    return {name: AUTOMATIC if value is None else f"{value:g}" if isinstance(value, float) else str(value)
            for name, value in values.items()}  # fmt: skip


def read(entered: Mapping[str, str], base: Settings, table: Sequence[Setting] = TABLE) -> Settings:
    """The fields as typed → `base` with these settings. Raises BadSetting for the first that won't do."""
    changes = {setting.name: _value(setting, entered[setting.name].strip(), base) for setting in table}
    return replace(base, **changes)


def _value(setting: Setting, text: str, base: Settings) -> Any:
    optional = next(field for field in fields(Settings) if field.name == setting.name).default is None
    if optional and text == AUTOMATIC:
        return None
    try:
        value = setting.kind(text)
    except ValueError:
        what = "a whole number" if setting.kind is int else "a number"
        raise BadSetting(setting.name, f"{setting.label} wants {what}, not “{text}”.") from None
    if not setting.low <= value <= setting.high:
        raise BadSetting(setting.name, f"{setting.label} goes from {setting.low:g} to {setting.high:,.10g}.")
    return value


def config(settings: Settings, vocab_size: int, longest: int) -> GPTConfig:
    """The model these settings make of data with so many tokens. Raises BadSetting if none can be made."""
    try:
        return settings.config(vocab_size, longest)
    except ConfigError as error:
        raise BadSetting(error.field, f"This can't work: {error}.") from None
