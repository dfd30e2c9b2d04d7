"""What the page draws: one moment of training, frozen, so that a view can't disturb the run."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from microgpt.changes import Change, in_force
from microgpt.engine import Model
from microgpt.evaluate.novelty import Verdict
from microgpt.experiment import Experiment
from microgpt.inspect.one_weight import AdamStep
from microgpt.model import Trace
from microgpt.settings import Settings

from .history import History


class Sample(NamedTuple):
    """A name the model made up, and when. `finished` is False where it ran out of positions."""

    step: int
    temperature: float
    name: str
    verdict: Verdict  # new, a near copy or a copy, and of which real name
    finished: bool

    @property
    def is_real(self) -> bool:
        """It stands, letter for letter, in the data."""
        return self.verdict.kind == "copy"


@dataclass(frozen=True)
class Watched:
    """One weight, and what the last steps did to it."""

    index: int  # in the flat vector of all weights
    steps: tuple[AdamStep, ...]  # newest last


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The run at `step`. Two snapshots are equal only if they are the same one."""

    step: int
    model: Model  # a copy: later training leaves it as it is
    history: History  # holds at least `step` losses
    held_out: tuple[tuple[int, float], ...]  # (step, mean loss on held-out names), in order
    samples: tuple[Sample, ...]  # newest last
    source: str  # where the weights come from: "live" or "precomputed"
    watched: Watched | None = None  # the weight that is being watched, if one is
    first_settings: Settings = field(default_factory=Settings)  # with which the run began
    changes: tuple[Change, ...] = ()  # made to them on the way

    @property
    def settings(self) -> Settings:
        """Those of the next step."""
        return self.settings_at(self.step)

    def settings_at(self, step: int) -> Settings:
        """Those of step `step`, counted from 0."""
        return in_force(self.first_settings, self.changes, step)

    @property
    def finite(self) -> bool:
        """Whether all weights are finite numbers."""
        return bool(np.isfinite(self.model.flat).all())

    @property
    def loss(self) -> float | None:
        """Mean of the last hundred losses; None before the first step."""
        return self.history.mean(self.step)


class Traces:
    """The forward pass of a name at a snapshot. The last one is kept, since many sections ask for the same."""

    def __init__(self) -> None:
        self._last: tuple[Snapshot, str, Trace] | None = None

    def of(self, snapshot: Snapshot, name: str, experiment: Experiment) -> Trace:
        if self._last is None or self._last[:2] != (snapshot, name):
            tokens = [experiment.tokenizer.bos, *experiment.tokenizer.encode(name)]
            self._last = (snapshot, name, snapshot.model.forward(tokens))
        return self._last[2]
