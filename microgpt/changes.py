"""Settings that change while a run trains: part of the run's record, so that it can be done again."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from .config import ConfigError
from .settings import FIELDS, Settings


class Change(NamedTuple):
    """From step `step` on, counted from 0, the setting `name` has this value.

    The learning rate is then that of a run which had these settings from its beginning. A longer schedule, for
    example, is stretched over all its steps, those already taken included: at step 1,000 of 2,000 a linear decay
    has come half of its way, whether or not the run was first meant to end there.
    """

    step: int
    name: str
    value: Any


@lru_cache(maxsize=64)  # a trainer asks at every step
def in_force(settings: Settings, changes: tuple[Change, ...], step: int) -> Settings:
    """The settings of step `step`, counted from 0."""
    for change in changes:
        if change.step <= step:
            settings = replace(settings, **{change.name: change.value})
    return settings


def checked(settings: Settings, changes: Sequence[Change]) -> tuple[Change, ...]:
    """The changes, in the order of their steps. Raises ConfigError, which names the setting, for one that a run
    which began with these settings can't make."""
    live = [field.name for field in FIELDS if field.row.live]
    for change in changes:
        if change.name not in live:
            raise ConfigError(change.name, f"{change.name} can't change while a run trains; {', '.join(live)} can")
        if isinstance(change.step, bool) or not isinstance(change.step, int) or change.step < 0:
            raise ConfigError(change.name, f"{change.name} can't change at step {change.step!r}")
        replace(settings, **{change.name: change.value})  # raises for a value that no run can have
    return tuple(sorted(changes, key=lambda change: change.step))
