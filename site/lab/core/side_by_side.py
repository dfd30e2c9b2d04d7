"""Several learners train side by side, for real: their records, and the work in small pieces.

Nothing here knows what is learnt. A `Learner` is whatever takes steps and can be evaluated: a rung of
`microgpt.ladder` is one as it stands, and `GPTLearner` makes one of an Experiment. A race of many is
made of the same pieces as a comparison of two: an `Entry` for each, `side_by_side(entries, …)` as the job for
`Section.add_job`, and `sections/capacity/entries.py` for curves and table.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from microgpt.evaluate.held_out import held_out_loss_in_pieces
from microgpt.experiment import Experiment

from . import compare
from .compare import Capture, Recipe
from .history import History
from .jobs import Pieces
from .snapshot import Sample

WARM_UP, MEASURED = 2, 12  # steps of a probe: the first ones are slower than the rest
Clock = Callable[[], float]  # seconds
Document = Sequence[int]


class Learner(Protocol):
    n_params: int
    steps: int  # how many there are to take

    def step(self) -> float:
        """Take one, on the next name; the loss of that name before it."""

    def loss(self, document: Document) -> float:
        """On a name that is not learnt from."""


class GPTLearner:
    """An experiment's own run, as `python -m microgpt train` would take it."""

    def __init__(self, experiment: Experiment) -> None:
        self.trainer = experiment.trainer()
        self.n_params = experiment.config.n_params
        self.steps = experiment.settings.steps

    def step(self) -> float:
        return self.trainer.step().loss

    def loss(self, document: Document) -> float:
        return self.trainer.model.loss(document)


@dataclass(eq=False)
class Entry:
    """A learner and what it has shown so far. `naming`, where there is one, makes names up once it has
    learnt: a letter at each `next`, and a Sample where one is done."""

    title: str
    learner: Learner
    naming: Callable[[], Iterator[Sample | None]] | None = None
    history: History = field(default_factory=History)
    seconds: float = 0.0  # spent on its steps
    held_out: float | None = None  # held-out loss, at the end
    names: list[Sample] = field(default_factory=list)
    failed: bool = False  # its loss is no number any more
    finished: bool = False

    @property
    def step_count(self) -> int:
        return len(self.history)

    @property
    def loss(self) -> float | None:
        """Mean of the last hundred losses; None before the first step."""
        return self.history.mean(self.step_count)

    def work(self, held_out: Sequence[Document], clock: Clock) -> Iterator[float | None]:
        """All its steps, then its held-out loss, then its names: one piece at each `next`."""
        yield from self.train(clock)
        if not self.failed:
            yield from self.show(held_out)
        self.finished = True

    def train(self, clock: Clock) -> Iterator[None]:
        """All its steps; it fails where its loss is no number any more."""
        for _ in range(self.learner.steps):
            started = clock()
            loss = self.learner.step()
            self.seconds += clock() - started
            self.history.append(loss)
            if not math.isfinite(loss):
                self.failed = True
                return
            yield

    def show(self, held_out: Sequence[Document]) -> Iterator[float | None]:
        """What it can do by now: its held-out loss, then its names."""
        yield from self.evaluate(held_out)
        for sample in self.naming() if self.naming else ():
            if sample is not None:
                self.names.append(sample)
            yield None

    def evaluate(self, held_out: Sequence[Document]) -> Iterator[float | None]:
        """Its held-out loss, a name at each `next`."""
        self.held_out = yield from held_out_loss_in_pieces(self.learner, held_out)


def side_by_side(entries: Sequence[Entry], held_out: Sequence[Document], clock: Clock) -> Pieces:
    """A piece of each entry's work in turn, until all are done."""
    steps = sum(entry.learner.steps for entry in entries)
    working = [entry.work(held_out, clock) for entry in entries]
    while working:
        for work in tuple(working):
            try:
                next(work)
            except StopIteration:
                working.remove(work)
            yield sum(entry.step_count for entry in entries) / steps


def gpt_entry(title: str, experiment: Experiment, recipe: Recipe, count: int) -> Entry:
    """A GPT trained from step 0, which then makes up `count` names."""
    learner = GPTLearner(experiment)
    capture = Capture(title, title, learner.steps, "live", learner.trainer.model, experiment)
    return Entry(title, learner, lambda: compare.naming(capture, recipe, count))


def probe(learner: Learner, clock: Clock) -> Iterator[float | None]:
    """How long a step of this learner takes here and now, in seconds: by taking a few. Gives None while
    it measures, a step at each `next`, and the mean at the end. The learner is used up by it."""
    taken = 0.0
    measured = max(1, min(MEASURED, learner.steps - WARM_UP))
    for step in range(min(WARM_UP + measured, learner.steps)):
        started = clock()
        learner.step()
        if step >= min(WARM_UP, learner.steps - measured):
            taken += clock() - started
        yield None
    yield taken / measured
