"""The table of experiments: runs that differ from the lab's settings in one thing, trained in turns."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from microgpt.config import GPTConfig
from microgpt.experiment import Experiment
from microgpt.tensor_gpt import TensorGPT
from microgpt.trainer import Trainer

from ...core import compare
from ...core.compare import Capture
from ...core.jobs import Pieces
from ...core.side_by_side import Clock, Document, Entry
from .recipes import AS_IT_IS, Recipe, recipes, settings_of

ROWS = 14  # as many curves can be told apart
NAMES = 10
TEMPERATURE = 0.8


def multiplications(config: GPTConfig, length: int) -> int:
    """In the matrix products of one training step on a document of `length` tokens that are read: those of the
    forward pass, and twice as many backward, once towards the weights and once towards what came in."""
    c = config.n_embd
    linear = sum(rows * columns for name, (rows, columns) in config.shapes().items() if rows > 1 and name[:2] != "wp")
    if not config.tied:
        linear -= config.vocab_size * c  # wte is looked up, and no factor
    mixing = 2 * length * c * config.n_layer if config.attention else 0  # scores, and what they mix, a token
    return 3 * length * (linear + mixing)


class Learner:
    """A run on the model that knows every variation: all rows train on the same one, so that their times compare."""

    def __init__(self, experiment: Experiment) -> None:
        model = TensorGPT.initial(experiment.config, experiment.settings.seed)
        self.trainer = Trainer(model, experiment.train_documents, experiment.settings)
        self.n_params = experiment.config.n_params
        self.steps = experiment.settings.steps
        self.multiplications = 0  # so far
        lengths = {len(document) - 1 for document in experiment.train_documents}
        self._cost = {length: multiplications(experiment.config, length) for length in lengths}

    def step(self) -> float:
        result = self.trainer.step()
        for index in result.indices:
            self.multiplications += self._cost[len(self.trainer.documents[index]) - 1]
        return result.loss

    def loss(self, document: Document) -> float:
        return self.trainer.model.loss(document)


@dataclass(eq=False)
class Trial(Entry):
    """One run of the table. After each step it notes the time and the arithmetic spent so far."""

    times: array = field(default_factory=lambda: array("d"))  # seconds
    work_done: array = field(default_factory=lambda: array("d"))  # multiplications

    def train(self, clock: Clock) -> Iterator[None]:
        for _ in super().train(clock):
            self.note()
            yield
        if len(self.times) < self.step_count:  # the loss of its last step was no number
            self.note()

    def note(self) -> None:
        self.times.append(self.seconds)
        self.work_done.append(self.learner.multiplications)


@dataclass(eq=False)
class Row:
    """A recipe and its run, once it has begun."""

    recipe: Recipe
    stroke: int  # 0 … ROWS − 1: which of the curves is its own
    shown: bool = True
    trial: Trial | None = None
    work: Iterator[float | None] | None = None

    @property
    def done(self) -> bool:
        return self.trial is not None and self.trial.finished

    @property
    def steps(self) -> int:
        return self.trial.step_count if self.trial else 0

    def forget(self) -> None:
        self.trial = self.work = None


class Basis(NamedTuple):
    """What all rows have in common: whoever changes it begins a new table of results."""

    experiment: Experiment  # whose names and settings the rows are made of
    steps: int

    def same_as(self, other: "Basis | None") -> bool:
        if other is None or self.steps != other.steps:
            return False
        mine, its = self.experiment, other.experiment
        return mine is its or (mine.settings, mine.digest) == (its.settings, its.digest)


class Table:
    """`work` is the job; what it has led to so far can be read at any time between two pieces."""

    def __init__(self, recipes: Sequence[Recipe], names: int = NAMES) -> None:
        """A row for each of the recipes; every run makes up so many `names` at its end."""
        self.basis: Basis | None = None  # of the results that stand there
        self.names = names
        self.rows: list[Row] = []
        self.bet: tuple[str, ...] = ()  # keys in the order that the reader expects, the best first
        for recipe in recipes:
            self.add(recipe)

    def add(self, recipe: Recipe) -> Row | None:
        """A new row at the end; None if the table is full or has this one."""
        if len(self.rows) == ROWS or self.row(recipe.key):
            return None
        free = next(stroke for stroke in range(ROWS) if stroke not in {row.stroke for row in self.rows})
        self.rows.append(Row(recipe, free))
        return self.rows[-1]

    def row(self, key: str) -> Row | None:
        return next((row for row in self.rows if row.recipe.key == key), None)

    def remove(self, key: str) -> None:
        self.rows = [row for row in self.rows if row.recipe.key != key]
        self.bet = tuple(one for one in self.bet if one != key)

    def move(self, key: str, by: int) -> None:
        """Further down by so many places; up for a negative number."""
        at = next(i for i, row in enumerate(self.rows) if row.recipe.key == key)
        to = min(max(at + by, 0), len(self.rows) - 1)
        self.rows.insert(to, self.rows.pop(at))

    def clear(self) -> None:
        """Forget all results, and the bet."""
        self.basis, self.bet = None, ()
        for row in self.rows:
            row.forget()

    def refit(self, experiment: Experiment) -> None:
        """The same changes, made to other settings; one that can't be made there goes."""
        offered = {recipe.title: recipe for recipe in (AS_IT_IS, *recipes(experiment))}
        self.clear()
        self.rows = [row for row in self.rows if row.recipe.title in offered]
        for row in self.rows:
            row.recipe = offered[row.recipe.title]

    def prepare(self, basis: Basis, betting: bool) -> None:
        """Before `work`: results of other names, settings or steps go, since they don't compare."""
        if not basis.same_as(self.basis):
            self.clear()
            self.basis = basis
        if betting and not self.bet and not any(row.steps for row in self.rows):
            self.bet = tuple(row.recipe.key for row in self.rows)

    def work(self, clock: Clock) -> Pieces:
        """A step of each run in turn, until all are done; a row that is added meanwhile joins in. Yields the part
        that is done. Can be ended after any piece and called again, to go on from there."""
        assert self.basis is not None
        while waiting := [row for row in self.rows if not row.done]:
            for row in waiting:
                if row.work is None:
                    yield from self._begin(row, clock)
                elif row in self.rows:
                    with np.errstate(all="ignore"):  # of a run that runs away, it is said in words
                        next(row.work, None)
                    yield self.progress

    def _begin(self, row: Row, clock: Clock) -> Pieces:
        basis = self.basis
        settings = settings_of(row.recipe, basis.experiment.settings, basis.steps)
        preparing = Experiment.preparing(basis.experiment.names, settings)
        while True:
            try:
                next(preparing)
            except StopIteration as made:
                experiment = made.value
                break
            yield None
        learner = Learner(experiment)
        capture = Capture(row.recipe.key, row.recipe.title, basis.steps, "live", learner.trainer.model, experiment)
        recipe = compare.Recipe(TEMPERATURE, basis.experiment.settings.seed)
        naming = (lambda: compare.naming(capture, recipe, self.names)) if self.names else None
        row.trial = Trial(row.recipe.title, learner, naming)
        row.work = row.trial.work(experiment.held_out_documents, clock)

    @property
    def progress(self) -> float:
        """The part of all steps that is done, 0 … 1; a run that ran away has done all of its."""
        if not self.rows or self.basis is None:
            return 0.0
        done = sum(self.basis.steps if row.done else row.steps for row in self.rows)
        return done / (self.basis.steps * len(self.rows))

    @property
    def finished(self) -> bool:
        return bool(self.rows) and all(row.done for row in self.rows)

    @property
    def begun(self) -> bool:
        return any(row.steps for row in self.rows)

    def ranked(self) -> list[Row]:
        """The lowest held-out loss first; then those that have none yet, then those that ran away."""

        def rank(row: Row) -> tuple[int, float]:
            if row.trial is None or row.trial.held_out is None:
                return (2 if row.trial and row.trial.failed else 1), 0.0
            return 0, row.trial.held_out

        return sorted(self.rows, key=rank)


def pairs_in_order(bet: Sequence[str], truth: Sequence[str]) -> tuple[int, int]:
    """Of all pairs that both orders have: how many stand the same way round in both, and how many there are."""
    place = {key: at for at, key in enumerate(truth)}
    known = [place[key] for key in bet if key in place]
    pairs = [(a, b) for i, a in enumerate(known) for b in known[i + 1 :]]
    return sum(a < b for a, b in pairs), len(pairs)


def first_difference(a: Trial, b: Trial) -> int | None:
    """The first step, from 1, whose losses differ, of those that both have taken; None if there is none."""
    steps = min(a.step_count, b.step_count)
    differ = np.flatnonzero(a.history.losses(steps) != b.history.losses(steps))
    return int(differ[0]) + 1 if len(differ) else None


def identical(a: Trial, b: Trial) -> bool:
    """Whether every loss and every weight is the same, to the last bit."""
    weights = [each.learner.trainer.model.flat for each in (a, b)]
    return a.step_count == b.step_count and first_difference(a, b) is None and bool(np.array_equal(*weights))


def resampled(spent: Sequence[float], means: ndarray, unit: float) -> ndarray:
    """A curve over steps → one over what was spent: for 1, 2, 3 … units the value of the last step that was done by
    then, (units,). Before the first step is done it has that step's value."""
    units = np.arange(1, int(np.ceil(spent[-1] / unit)) + 1) if len(spent) else np.arange(0)
    steps = np.searchsorted(np.asarray(spent), units * unit, side="right")
    return means[np.maximum(steps - 1, 0)]
