"""Sweeps: one setting at several values, a run for each; and the straight part of what comes of it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from microgpt.config import ConfigError
from microgpt.experiment import Experiment

from ..experiments.model import Table
from ..experiments.recipes import MOST, Recipe, settings_of

RATES = (1 / 30, 1 / 10, 1 / 3, 1, 3, 10, 30)  # times the lab's own learning rate
WIDTHS = (1 / 8, 1 / 4, 1 / 2, 1, 2)  # times the lab's own number of numbers a token
STRAIGHT = 0.01  # the most that a dot of the straight part lies off its line, as a share of the loss
LEAST = 3  # dots of a straight part: through two there is always a line


def rates(experiment: Experiment) -> list[Recipe]:
    """The lab's learning rate, and multiples of it."""
    base = experiment.settings.learning_rate
    values = [float(f"{base * factor:.3g}") for factor in RATES]
    return _working("learning_rate", values, experiment)


def sizes(experiment: Experiment) -> list[Recipe]:
    """The lab's width, and multiples of it that all heads can share."""
    config = experiment.config
    heads = config.n_head
    values = [max(heads, round(config.n_embd * factor / heads) * heads) for factor in WIDTHS]
    return _working("n_embd", [value for value in values if value <= MOST["n_embd"]], experiment)


def _working(name: str, values: Sequence[float], experiment: Experiment) -> list[Recipe]:
    found = []
    for value in sorted(set(values)):
        recipe = Recipe(f"{name}:{value}", f"{name} {value:g}", "", name, value)
        try:
            settings_of(recipe, experiment.settings, 1)
        except ConfigError:
            continue
        found.append(recipe)
    return found


def held_out(table: Table) -> ndarray:
    """The held-out loss of each run, NaN where there is none (n,)."""
    losses = (row.trial.held_out if row.trial else None for row in table.rows)
    return np.array([np.nan if loss is None else loss for loss in losses])


class Straight(NamedTuple):
    """A line through dots on two logarithmic axes: y = factor · x ** power, fitted to the dots `of`."""

    power: float
    factor: float
    of: range

    def __call__(self, x: ndarray) -> ndarray:
        return self.factor * x**self.power


def straight_part(x: ndarray, y: ndarray) -> Straight | None:
    """The longest row of neighbouring dots that lie on a line, each to within STRAIGHT of its own height; of two as
    long the one that fits better. None if there are no three of them. A least-squares fit to the logarithms."""
    best: tuple[int, float, Straight] | None = None
    for start in range(len(x)):
        for stop in range(start + LEAST, len(x) + 1):
            here = slice(start, stop)
            if not np.isfinite(y[here]).all():
                continue
            power, constant = np.polyfit(np.log(x[here]), np.log(y[here]), 1)
            line = Straight(float(power), float(np.exp(constant)), range(start, stop))
            off = float(np.abs(line(x[here]) / y[here] - 1).max())
            if off <= STRAIGHT and (best is None or (stop - start, -off) > best[:2]):
                best = (stop - start, -off, line)
    return None if best is None else best[2]
