"""Moments of a model to put side by side: copies of its weights, the names they make up, their held-out losses."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from microgpt import engine
from microgpt.checkpoint import Checkpoint, CheckpointError
from microgpt.experiment import Experiment, Settings
from microgpt.rng import stream
from microgpt.sampling import names

from .snapshot import Sample, Snapshot

COUNT = 10  # names a side makes up
KEPT = 8  # captures; each holds all the weights of a model
MAX_SEED = 2**32 - 1


@dataclass(frozen=True, eq=False)
class Capture:
    """A model at one moment, with all that is needed to use and to judge it, whatever the page does
    next. Two are equal only if they are the same one."""

    key: str  # stands for it in a list of choices
    title: str
    step: int
    source: str  # where the weights come from: "live" or "precomputed"
    model: engine.Model  # a copy: later training leaves it as it is
    experiment: Experiment
    held_out: float | None = None  # its loss on held-out names, where that is known already
    steps: int | None = None  # length of the schedule, where it was not the experiment's any more


class Recipe(NamedTuple):
    """What makes the names, besides the model."""

    temperature: float
    seed: int


@dataclass(frozen=True)
class Side:
    """What one side shows: a model, and the names it has made up so far, first one first."""

    capture: Capture
    recipe: Recipe | None = None
    made: tuple[Sample, ...] = ()

    @property
    def finished(self) -> bool:
        return len(self.made) == COUNT


class Shelf:
    """The captures a reader has made, oldest first: never more than KEPT."""

    def __init__(self) -> None:
        self.captures: tuple[Capture, ...] = ()
        self._count = 0  # of all there ever were: a number is never given twice

    def capture(
        self, snapshot: Snapshot, experiment: Experiment, in_use: Collection[Capture] = ()
    ) -> tuple[Capture, Capture | None]:
        """Keep this moment; gives the capture, and the one that had to go for it, if any: the oldest
        that is not `in_use`. A moment kept already is not kept twice.

        Raises ValueError for weights that are no numbers any more.
        """
        if not np.isfinite(snapshot.model.flat).all():
            raise ValueError("This model has run away, and there is nothing left to capture: reset it first.")
        for capture in self.captures:
            if capture.experiment is experiment and np.array_equal(capture.model.flat, snapshot.model.flat):
                return capture, None
        self._count += 1
        new = Capture(
            key=f"capture-{self._count}",
            title=f"capture {self._count}: step {snapshot.step:,}",
            step=snapshot.step,
            source=snapshot.source,
            model=snapshot.model.copy(),
            experiment=experiment,
            held_out=dict(snapshot.held_out).get(snapshot.step),
            steps=snapshot.settings.steps,
        )
        dropped = None
        if len(self.captures) == KEPT:
            dropped = next(capture for capture in self.captures if capture not in in_use)
        self.captures = (*(capture for capture in self.captures if capture is not dropped), new)
        return new, dropped


def untrained(experiment: Experiment, held_out: float | None = None) -> Capture:
    """Step 0: the weights as the seed draws them."""
    model = engine.initial(experiment.config, experiment.settings.seed)
    return Capture("step-0", "untrained", 0, "live", model, experiment, held_out)


def saved(checkpoint: Checkpoint, experiment: Experiment) -> Capture:
    """A moment of this experiment that was saved before. Raises CheckpointError if it is of another."""
    reason = unlike(checkpoint.settings, checkpoint.digest, experiment)
    if reason:
        raise CheckpointError(f"it is of another run: {reason}")
    step = checkpoint.step
    title = f"step {step:,}, saved at build"
    held_out = checkpoint.held_out.get(step)
    return Capture(f"step-{step}", title, step, "precomputed", checkpoint.model, experiment, held_out)


def unlike(settings: Settings, digest: str, experiment: Experiment) -> str:
    """What a run with these settings, on the names of this digest, has that the experiment has not; "" if
    it is the same."""
    if digest != experiment.digest:
        return "another list of names"
    if settings != experiment.settings:
        return "other settings"
    return ""


def naming(capture: Capture, recipe: Recipe, count: int = COUNT) -> Iterator[Sample | None]:
    """Make names up: at each `next` one letter or one verdict, and a Sample where a name is done.

    One stream of draws, the same for every model and the one that `python -m microgpt sample` uses.
    """
    rng = stream(recipe.seed, "sampling")
    experiment = capture.experiment
    for made in names(capture.model, experiment.tokenizer, rng, count, temperature=recipe.temperature):
        if made is None:
            yield None
            continue
        verdict = experiment.novelty.judge(made.text)
        yield Sample(capture.step, recipe.temperature, made.text, verdict, made.finished)


def verdicts(samples: Sequence[Sample]) -> dict[str, int]:
    """How many are "new", "near" and "copy", and how many are "nothing": END came first."""
    counts = Counter(sample.verdict.kind if sample.name else "nothing" for sample in samples)
    return {kind: counts[kind] for kind in ("new", "near", "copy", "nothing")}


def read_seed(text: str) -> int:
    """A seed as typed. Raises ValueError with what to do."""
    try:
        seed = int(text)
    except ValueError:
        seed = -1
    if not 0 <= seed <= MAX_SEED:
        raise ValueError(f"The seed is a whole number from 0 to {MAX_SEED:,}.")
    return seed
