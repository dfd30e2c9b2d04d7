"""A name in the making: every guess, every draw and every letter of it, kept to be looked at."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from microgpt.engine import Model
from microgpt.evaluate.novelty import Verdict
from microgpt.experiment import Experiment
from microgpt.rng import stream
from microgpt.sampling import MadeName, SampleStep, names, sample_steps

from ...core.snapshot import Snapshot

RAN_AWAY = "This model has run away, and no name can be drawn from it: reset it first."


class Recipe(NamedTuple):
    """What makes a name, besides the model. `python -m microgpt sample` makes the same of it."""

    temperature: float = 1.0
    seed: int = 42
    prefix: str = ""
    top_k: int | None = None  # None: all answers stay in the draw
    top_p: float | None = None


@dataclass(frozen=True, eq=False)
class Generation:
    """A whole name, made by the weights of one training step. Whatever training does next, it stays."""

    step: int
    source: str  # where the weights come from: "live" or "precomputed"
    experiment: Experiment
    recipe: Recipe
    made: MadeName

    @property
    def name(self) -> str:
        return self.made.text

    @property
    def steps(self) -> tuple[SampleStep, ...]:
        return self.made.steps

    @property
    def finished(self) -> bool:
        """It has said END. If not, it ran out of positions."""
        return self.made.finished

    @cached_property
    def verdict(self) -> Verdict:
        return self.experiment.novelty.judge(self.name)


def record(snapshot: Snapshot, experiment: Experiment, recipe: Recipe) -> Iterator[Generation | None]:
    """Make a name with the weights of a snapshot: one letter at each `next`, and the whole at the end.

    Raises ValueError for weights that are no numbers any more.
    """
    check(snapshot.model)
    rng = stream(recipe.seed, "sampling")
    how = (recipe.prefix, recipe.temperature, recipe.top_k, recipe.top_p)
    for made in names(snapshot.model, experiment.tokenizer, rng, 1, *how):
        yield made and Generation(snapshot.step, snapshot.source, experiment, recipe, made)


class Drawing:
    """A name drawn one letter at a time, each by the model as it is just then.

    While model and temperature stay as they are, the letters are those of `record`.
    """

    def __init__(self, experiment: Experiment, start: str, seed: int) -> None:
        """`start` holds letters of the alphabet only, no more than fit."""
        self.experiment, self.start, self.seed = experiment, start, seed
        self._rng = stream(seed, "sampling")
        self._tokens = [experiment.tokenizer.bos, *experiment.tokenizer.encode(start)]
        self.steps: list[SampleStep] = []  # drawn so far
        self.ended = False  # by END
        self.full = False  # a letter was drawn that had no position left

    @property
    def text(self) -> str:
        return self.experiment.tokenizer.decode(self._tokens)

    @property
    def over(self) -> bool:
        return self.ended or self.full

    def draw(self, model: Model, temperature: float) -> SampleStep | None:
        """The next letter; None if there is none any more. Raises ValueError for weights that are no
        numbers any more."""
        if self.over:
            return None
        check(model)
        step = next(sample_steps(model, self._rng, self._tokens, temperature), None)
        if step is None:
            self.full = True
            return None
        self.steps.append(step)
        self.ended = step.token == self.experiment.tokenizer.bos
        if not self.ended:
            self._tokens.append(step.token)
        return step


def check(model: Model) -> None:
    """Raises ValueError for weights that are no numbers any more."""
    if not np.isfinite(model.flat).all():
        raise ValueError(RAN_AWAY)
