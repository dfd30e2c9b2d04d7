"""How far learning has come: which simple ways to guess a loss is better than, and since when."""

from collections.abc import Mapping, Sequence

import numpy as np

from ...core.history import WINDOW, History


def lines(baselines: Mapping[str, float]) -> list[tuple[str, float]]:
    """Name and loss of each way to guess, the worst first: the order in which they are overtaken. On
    short lists of names that need not be the order of their cleverness."""
    return sorted(baselines.items(), key=lambda line: -line[1])


def phase(loss: float, baselines: Mapping[str, float]) -> int:
    """How many of `lines` the loss is below; a loss that is no number is below none."""
    return sum(loss < value for value in baselines.values())


def held_out_since(exams: Sequence[tuple[int, float]], value: float) -> int | None:
    """The step of the first exam, of those in order, with a loss below `value`."""
    return next((step for step, loss in exams if loss < value), None)


class Milestones:
    """The step at which the mean of the last hundred losses first came below each line.

    A mean of fewer than a hundred does not count: one lucky name could bring it down. Each step of a
    history is looked at once, however often one asks.
    """

    def __init__(self, baselines: Mapping[str, float]) -> None:
        self._lines = lines(baselines)
        self._forget(None)

    def reached(self, history: History, step: int) -> dict[str, int]:
        """Line → step, for those that had been reached at `step`."""
        if history is not self._history or step < self._seen:
            self._forget(history)
        open_lines = [line for line in self._lines if line[0] not in self._since]
        first = max(self._seen + 1, WINDOW)
        if open_lines and step >= first:
            means = history.means(step, first)
            for name, value in open_lines:
                below = means < value
                if below.any():
                    self._since[name] = first + int(np.argmax(below))
        self._seen = step
        return dict(self._since)

    def _forget(self, history: History | None) -> None:
        self._history, self._seen = history, 0
        self._since: dict[str, int] = {}
