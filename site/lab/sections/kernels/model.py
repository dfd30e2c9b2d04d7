"""How long a training step takes on the kernels and on NumPy alone, measured in turns."""

from collections.abc import Callable, Generator
from statistics import median
from typing import NamedTuple

from microgpt.experiment import Experiment
from microgpt.trainer import Trainer

from ...kernels.connection import Connection

ROUNDS = 12  # in each, both have their turn: a busy moment of the computer meets both
TURN = 0.008  # seconds

Clock = Callable[[], float]


class Speeds(NamedTuple):
    """Seconds a step, the medians of the turns."""

    kernels: float
    numpy: float

    @property
    def times(self) -> float:
        """How many times as long NumPy takes."""
        return self.numpy / self.kernels


def measure(experiment: Experiment, kernels: Connection, clock: Clock) -> Generator[float, None, Speeds]:
    """Train a fresh model of this experiment's size on both in turns: yields the share that is done, returns the
    speeds. Between two yields the engine is on what it was on before."""
    trainer = experiment.trainer()
    seen: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(2 * ROUNDS):
        if trainer.finished:
            trainer = experiment.trainer()
        on_kernels = turn % 2 == 0
        seen[on_kernels].append(_turn(trainer, kernels, on_kernels, clock))
        yield (turn + 1) / (2 * ROUNDS)
    return Speeds(*(median(seen[way][1:]) for way in (True, False)))  # the first turn of each warms up


def _turn(trainer: Trainer, kernels: Connection, on_kernels: bool, clock: Clock) -> float:
    before = kernels.running
    kernels.use(on_kernels)
    try:
        began, steps, taken = clock(), 0, 0.0
        while taken < TURN and not trainer.finished:
            trainer.step()
            steps += 1
            taken = clock() - began
        return taken / steps
    finally:
        kernels.use(before)
