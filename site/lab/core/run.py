"""One training run from step 0 on: the trainer, and all that it has left behind."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from microgpt.checkpoint import Checkpoint
from microgpt.engine import Model
from microgpt.evaluate.held_out import held_out_loss_in_pieces
from microgpt.experiment import Experiment
from microgpt.inspect.one_weight import WeightWatch
from microgpt.rng import stream
from microgpt.sampling import names
from microgpt.trainer import Stage, StepResult

from .history import History
from .jobs import Pieces
from .snapshot import Sample, Snapshot, Watched

KEPT_SAMPLES = 200


class Diverged(ArithmeticError):
    """The loss or a weight is no longer a finite number."""


class Work(NamedTuple):
    """Something to be done on a copy of the weights of one step. `name` says what, for readers."""

    name: str
    pieces: Pieces


def is_evaluated(step: int) -> bool:
    """Whether the held-out names are tried at this step: every hundred at first, then ever more
    rarely, as the curve flattens and one evaluation costs as much as some fifty steps."""
    if step <= 600:
        return step % 100 == 0
    return step % (500 if step <= 5000 else 1000) == 0


def is_sampled(step: int) -> bool:
    """Whether a name is made up at this step for the stream: often at first, then every hundred."""
    return step % 100 == 0 or step in (1, 2, 5, 10, 20, 50)


class Run:
    """Training by stages, and work on the weights of one step, which somebody else has to drain."""

    def __init__(
        self, experiment: Experiment, checkpoint: Checkpoint | None = None, source: str = "precomputed"
    ) -> None:
        """Fresh, or from a checkpoint, which came from `source`: "live" if it was made in this tab. Raises
        CheckpointError if that is of another run."""
        self.experiment = experiment
        self.held_out: dict[int, float] = {}
        self.samples: list[Sample] = []
        if checkpoint is None:
            self.trainer = experiment.trainer()
            self.history = History()
            self.source = "live"
        else:
            self.trainer = checkpoint.resume(experiment)
            self.history = History(checkpoint.losses)
            self.held_out |= checkpoint.held_out
            self.source = source
        self._stages: Iterator[Stage] | None = None  # of the step under way
        self.under_way: Stage | None = None  # the last one done of these
        self.watched: WeightWatch | None = None
        self._asked = (0, 0)  # a step, and how often names were asked for at it
        self._loaded = checkpoint is not None

    @property
    def step_count(self) -> int:
        return self.trainer.step_count

    @property
    def finite(self) -> bool:
        """Whether all weights are still finite numbers."""
        return bool(np.isfinite(self.trainer.model.flat).all())

    def stage(self) -> Stage:
        """The next stage of a training step. Raises Diverged if its loss is not a finite number."""
        if self._stages is None:
            self._stages = self.trainer.stages()
        stage = self.under_way = next(self._stages)
        if self.watched is not None:
            self.watched.see(stage)
        if stage.result:
            self._stages = self.under_way = None
            self.history.append(stage.result.loss)
            self.source = "live"
            if not math.isfinite(stage.result.loss):
                raise Diverged(f"the loss of step {stage.result.step} is {stage.result.loss}")
        return stage

    def step(self) -> StepResult:
        """One training step, or what is left of the one under way. Raises Diverged."""
        while not (stage := self.stage()).result:
            pass
        return stage.result

    def watch(self, index: int) -> None:
        """Record what each step does to this weight. Raises IndexError for one that is not there."""
        self.watched = WeightWatch(self.trainer, index)

    def watch_as(self, other: "Run") -> None:
        """Watch the weight that the other run watches, if the models are alike and none is watched yet."""
        if other.watched and self.watched is None and other.experiment.config == self.experiment.config:
            self.watch(other.watched.index)

    def snapshot(self) -> Snapshot:
        return Snapshot(
            self.step_count,
            self.trainer.model.copy(),
            self.history,
            tuple(sorted(self.held_out.items())),
            tuple(self.samples),
            self.source,
            None if self.watched is None else Watched(self.watched.index, tuple(self.watched.steps)),
            self.trainer.first_settings,
            self.trainer.changes,
        )

    def checkpoint(self) -> Checkpoint:
        return Checkpoint.capture(self.experiment, self.trainer, self.history.losses(self.step_count), self.held_out)

    def first_work(self) -> list[Work]:
        """What there is to do before the first step. A loaded model shows at once what it can do."""
        return [self.sampling(1.0, 10)] if self._loaded else self.due()

    def due(self) -> list[Work]:
        """The work that belongs to the step just reached."""
        sampling = [self.sampling(1.0)] if is_sampled(self.step_count) else []
        evaluation = [self.evaluation()] if is_evaluated(self.step_count) else []
        return sampling + evaluation

    def evaluation(self) -> Work:
        """Work out the held-out loss of this step, a few names at a time."""
        step, model = self.step_count, self.trainer.model.copy()
        return Work(f"Held-out loss of step {step:,}", self._evaluation(step, model))

    def _evaluation(self, step: int, model: Model) -> Pieces:
        if step not in self.held_out:
            self.held_out[step] = yield from held_out_loss_in_pieces(model, self.experiment.held_out_documents)

    def sampling(self, temperature: float, count: int = 1, prefix: str = "") -> Work:
        """Make up `count` names with the weights of this step, one letter at a time."""
        step = self.step_count
        before = self._asked[1] if self._asked[0] == step else 0
        self._asked = (step, before + 1)
        # a stream for each step: a run made again makes the same names up, and who asks again gets others
        rng = stream(self.experiment.settings.seed, "sampling", step, before)
        return Work("Making names up", self._sampling(step, self.trainer.model.copy(), rng, temperature, count, prefix))

    def _sampling(
        self, step: int, model: Model, rng: np.random.RandomState, temperature: float, count: int, prefix: str
    ) -> Pieces:
        done = 0
        for made in names(model, self.experiment.tokenizer, rng, count, prefix, temperature):
            if made is None:
                yield done / count
                continue
            done += 1
            verdict = self.experiment.novelty.judge(made.text)
            self.samples.append(Sample(step, temperature, made.text, verdict, made.finished))
        del self.samples[:-KEPT_SAMPLES]
