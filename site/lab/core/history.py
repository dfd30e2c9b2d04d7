"""Every loss of a run, and its running mean, at a cost per step that does not grow."""

import numpy as np
from numpy import ndarray

WINDOW = 100  # a single name's loss is mostly luck; the mean of a hundred shows the trend


class History:
    """Only ever grows: arrays handed out earlier stay valid and keep their values."""

    def __init__(self, losses: ndarray | tuple[float, ...] = ()) -> None:
        n = len(losses)
        self._n = n
        self._losses = np.zeros(max(1024, n), np.float64)
        self._losses[:n] = losses
        self._sums = np.zeros(len(self._losses) + 1, np.float64)  # _sums[i]: of the first i losses
        self._sums[1 : n + 1] = np.cumsum(self._losses[:n])

    def __len__(self) -> int:
        return self._n

    def append(self, loss: float) -> None:
        n = self._n
        if n == len(self._losses):
            self._losses = np.concatenate([self._losses, np.zeros(n)])
            self._sums = np.concatenate([self._sums, np.zeros(n)])
        self._losses[n] = loss
        self._sums[n + 1] = self._sums[n] + loss
        self._n = n + 1

    def losses(self, step: int) -> ndarray:
        """The losses of steps 1 … `step`, (step,)."""
        return self._losses[:step]

    def mean(self, step: int) -> float | None:
        """Mean of the last WINDOW losses up to and with `step`; None before the first step."""
        if step < 1:
            return None
        first = max(0, step - WINDOW)
        return float((self._sums[step] - self._sums[first]) / (step - first))

    def means(self, step: int, first: int = 1) -> ndarray:
        """`mean` for each of steps `first` … `step`, (step − first + 1,)."""
        ends = np.arange(first, step + 1)
        starts = np.maximum(0, ends - WINDOW)
        return (self._sums[ends] - self._sums[starts]) / (ends - starts)
