"""All rungs of the ladder, trained side by side on the lab's names, and examined on their way."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np

from microgpt.experiment import Experiment
from microgpt.ops import nll

from ...core import compare
from ...core.compare import Capture, Recipe
from ...core.jobs import Pieces
from ...core.run import is_evaluated
from ...core.side_by_side import Clock, Document, Entry
from ..ladder.rungs import PAIRS, too_many

NAMES = 5  # made up by each rung
TEMPERATURE = 1.0  # its own chances, as they are
MAX_STEPS = 20_000
SLICE = 0.002  # seconds: about as long as a step of the lab, so that the two share the time evenly


def is_named(step: int) -> bool:
    """Whether names are made up at this step: judging them takes time, and few can be read on the way."""
    return step == 100 or (step > 0 and step % 500 == 0)


@dataclass(eq=False)
class Racer(Entry):
    """A rung in the race: it shows what it can do before the first step, now and then, and at the end."""

    number: int = 0
    marks: dict[int, float] = field(default_factory=dict)  # step → mean loss on the held-out names

    def work(self, held_out: Sequence[Document], clock: Clock) -> Iterator[float | None]:
        yield from self.show(held_out)
        for _ in self.train(clock):
            if is_evaluated(self.step_count) and self.step_count < self.learner.steps:
                yield from self.show(held_out)
            if self.failed:
                break
            yield
        if not self.failed:
            yield from self.show(held_out)
        self.finished = True

    def show(self, held_out: Sequence[Document]) -> Iterator[float | None]:
        """What it can do by now. Its names of the time before stay until there are as many new ones."""
        step, names = self.step_count, []
        yield from self.evaluate(held_out)
        if not math.isfinite(self.held_out):
            self.failed = True
            return
        self.marks[step] = self.held_out
        if step != self.learner.steps and not is_named(step):
            return
        for sample in self.naming():
            if sample is not None:
                names.append(sample)
            yield
        self.names = names


class Guesser:
    """A rung as the lab's own sampling wants a model: with logits, which any chances have."""

    def __init__(self, rung, experiment: Experiment) -> None:
        self.rung, self.config = rung, experiment.config

    def forward(self, tokens: Sequence[int]) -> SimpleNamespace:
        return SimpleNamespace(logits=-nll(self.rung.probabilities(tokens))[np.newaxis])


def racer(number: int, experiment: Experiment, steps: int) -> Racer:
    """Rung `number` at the start. All rungs make their names from the same draws."""
    from microgpt import ladder  # here: seven trainers that nobody may ever look at

    rung = ladder.climb(number, experiment, steps)
    recipe = Recipe(TEMPERATURE, experiment.settings.seed)

    def naming():
        guesser = Guesser(rung, experiment)
        capture = Capture(f"rung-{number}", rung.title, rung.step_count, "live", guesser, experiment)
        return compare.naming(capture, recipe, NAMES)

    return Racer(f"{number} {rung.title}", rung, naming, number=number)


class Race:
    """`work` is the job; what it has led to so far can be read at any time between two pieces."""

    def __init__(self, experiment: Experiment, steps: int, clock: Clock) -> None:
        self.experiment, self.steps, self._clock = experiment, steps, clock
        self.racers: list[Racer] = []
        self.left_out = [number for number in PAIRS if too_many(number, experiment)]
        self._started = 0.0

    def work(self) -> Pieces:
        """All in step, whatever a step of each may take."""
        from microgpt.ladder import RUNGS

        self._started = self._clock()
        for number in range(len(RUNGS)):
            if number in self.left_out:
                continue
            self.racers.append(racer(number, self.experiment, self.steps))
            yield
        yield from slices(in_step(self.racers, self.experiment.held_out_documents, self._clock), self._clock)

    @property
    def step(self) -> int:
        """How far all have come that are still running."""
        running = [racer.step_count for racer in self.racers if not racer.finished]
        return min(running, default=self.steps if self.finished else 0)

    @property
    def finished(self) -> bool:
        return bool(self.racers) and all(racer.finished for racer in self.racers)

    def seconds_left(self) -> float | None:
        """As things went so far; None as long as that says little."""
        share = self.step / self.steps
        if share < 0.03:
            return None
        return (self._clock() - self._started) * (1 - share) / share


def in_step(racers: Sequence[Racer], held_out: Sequence[Document], clock: Clock) -> Iterator[None]:
    """A piece of work at each `next`, of whoever has come least far."""
    working = {racer: racer.work(held_out, clock) for racer in racers}
    while working:
        last = min(working, key=lambda racer: racer.step_count)
        try:
            next(working[last])
        except StopIteration:
            del working[last]
        yield


def slices(job: Iterator[None], clock: Clock) -> Iterator[None]:
    """The same in slices of about SLICE seconds, and without NumPy's warnings: of a rung that runs away,
    it is said in words."""
    done = object()
    while True:
        ends = clock() + SLICE
        with np.errstate(all="ignore"):
            while True:
                if next(job, done) is done:
                    return
                if clock() >= ends:
                    break
        yield


def read_steps(text: str) -> int:
    """A number of steps as typed. Raises ValueError with what to do."""
    try:
        steps = int(text)
    except ValueError:
        steps = 0
    if not 1 <= steps <= MAX_STEPS:
        raise ValueError(f"The steps are a whole number from 1 to {MAX_STEPS:,}.")
    return steps
