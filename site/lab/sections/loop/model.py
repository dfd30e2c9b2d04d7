"""One whole training step as a walkthrough: a record that grows as the step is taken, stage by stage.

The step is the run's own. What a place of the walkthrough needs of it is done when somebody first goes
there (`Walkthrough.reach`), by the lab's command; from then on it is a record, and going back only looks.
"""

from typing import NamedTuple

from numpy import ndarray

from microgpt.inspect.one_weight import AdamStep, rehearse, steepest
from microgpt.trainer import STAGES, Stage, StepResult

from ...core.lab import Lab

# What is shown, in order, and how many of the trainer's four stages must be done for it
NEEDS = {
    "name": 0,
    "tokens": 0,
    "embed": 1,
    "layers": 1,
    "chances": 1,
    "losses": 2,
    "mean": 2,
    "gradient": 3,
    "averages": 3,
    "nudge": 4,
    "again": 4,
}
PLACES = tuple(NEEDS)


class After(NamedTuple):
    """The same name tried again, with the weights as they are after the step."""

    probabilities: ndarray  # (T, V)
    loss: float


class Walkthrough:
    """The step that the lab's run will take next. Everything but the first two places is None until
    it has been reached."""

    def __init__(self, lab: Lab) -> None:
        """Raises RuntimeError if the schedule is over."""
        self._lab, self._run = lab, lab.run
        if self._run.trainer.finished:
            raise RuntimeError("the schedule is over: there is no next step")
        self.experiment = self._run.experiment
        self.settings = self._run.trainer.settings  # of this step
        self.number = self._run.step_count + 1  # of the step
        self.index = self._run.trainer.next_index  # of the training document
        self.document = self.experiment.train_documents[self.index]  # [BOS] … [BOS]
        self.done = 0  # of the trainer's stages
        self.stage: Stage | None = None
        self.gradient: ndarray | None = None  # (n_params,)
        self.weight: int | None = None  # the one with the largest gradient, as an example
        self.adam: AdamStep | None = None  # what the step does to it
        self.moved: ndarray | None = None  # (n_params,): by how much each weight has moved
        self.after: After | None = None
        self.failed = False  # the loss is no number any more
        self._catch_up()

    @property
    def name(self) -> str:
        return self.experiment.split.train[self.index]

    @property
    def result(self) -> StepResult | None:
        """Of the step, once the model has taken it."""
        return self.stage.result if self.stage else None

    @property
    def current(self) -> bool:
        """Whether this is still the step to look at: its run is the lab's, and either it is done or
        nobody else has gone on with it."""
        if self._lab.run is not self._run:
            return False
        return self.result is not None or (not self.failed and self._run.step_count < self.number)

    @property
    def steps_since(self) -> int:
        """How many steps the run has taken after this one."""
        return self._run.step_count - self.number if self.result else 0

    def reach(self, place: str) -> None:
        """Take the step as far as this place needs. Training that is going on is paused by that."""
        self._catch_up()
        while self.done < NEEDS[place] and self.current:
            before = self._run.trainer.model.flat.copy() if self.done == 3 else None
            self._lab.step(by_stage=True)
            stage = self._lab.stage.get()
            if stage is None or stage.name != STAGES[self.done]:
                self.failed = True  # and the lab has said why
                return
            self._take(stage)
            if before is not None:
                self.moved = self._run.trainer.model.flat - before
                self._try_again()

    def _catch_up(self) -> None:
        """Slow motion may have been stopped in the middle of this very step."""
        stage = self._run.under_way
        if self.current and stage is not None and STAGES.index(stage.name) >= self.done:
            self._take(stage)

    def _take(self, stage: Stage) -> None:
        self.stage, self.done = stage, STAGES.index(stage.name) + 1
        if stage.name == "backward":
            trainer = self._run.trainer
            self.gradient = stage.gradient.copy()
            self.weight = steepest(self.gradient)
            slope = float(self.gradient[self.weight])
            self.adam = rehearse(trainer.optimizer, self.weight, slope, trainer.learning_rate, self.number)

    def _try_again(self) -> None:
        model = self._run.trainer.model
        trace = model.forward(self.document[:-1])
        self.after = After(trace.probabilities, model.loss(self.document))
