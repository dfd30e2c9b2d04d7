"""The trainer: one step at a time, and nothing else. Whoever holds it decides when the next comes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy import ndarray

from . import ops
from .changes import Change, checked, in_force
from .engine import Model
from .model import Trace
from .optim import optimizer, scheduled
from .rng import stream
from .settings import Settings


@dataclass(slots=True)
class StepResult:
    """What one step has done."""

    step: int  # how many steps have been taken, this one included
    indices: tuple[int, ...]  # of the training documents it learnt from
    loss: float  # their mean cross-entropy before the weights moved, in nats; the mean over the documents
    learning_rate: float

    @property
    def index(self) -> int:
        """The first of the documents; the only one unless `batch_size` says otherwise."""
        return self.indices[0]


STAGES = ("forward", "loss", "backward", "update")


@dataclass(slots=True, eq=False)  # not frozen: that would make it four times as long; equal only to itself
class Stage:
    """A part of a step that has just been done. `gradient` is the model's own array: copy it to keep it.

    A step on several documents has the first three stages for each, one document after another.
    """

    name: str  # one of STAGES
    index: int  # of the training document
    forward: Trace  # the whole forward pass
    probabilities: ndarray  # (T, V): the predictions that came from it
    losses: ndarray | None = None  # (T,), from "loss" on
    gradient: ndarray | None = None  # (n_params,), from "backward" on; with "update" the mean over the documents
    result: StepResult | None = None  # with "update": the step is done


class Trainer:
    """Trains `model` in place on `documents` (token ids, [BOS] … [BOS]), `batch_size` documents a step.

    The order of the documents is shuffled once, from the seed, and then repeats every epoch.
    """

    def __init__(
        self,
        model: Model,
        documents: Sequence[Sequence[int]],
        settings: Settings,
        changes: Sequence[Change] = (),
    ) -> None:
        """`changes` are those of the settings on the way, made already or still to come. Raises ConfigError for one
        that can't be made, and ValueError for no documents."""
        if not documents:
            raise ValueError("no documents to train on")
        self.model = model
        self.documents = [np.asarray(document) for document in documents]
        self.first_settings = settings
        self.changes = checked(settings, changes)
        self.order = stream(settings.seed, "order").permutation(len(documents))
        self.optimizer = optimizer(settings, model.flat)
        self.step_count = 0

    @property
    def settings(self) -> Settings:
        """Those of the next step."""
        if not self.changes:
            return self.first_settings
        return in_force(self.first_settings, self.changes, self.step_count)

    def change(self, **values: Any) -> None:
        """Change settings from the next step on. Raises ConfigError, and changes nothing, for one that can't change
        while a run trains."""
        new = [Change(self.step_count, name, value) for name, value in values.items()]
        self.changes = checked(self.first_settings, [*self.changes, *new])

    @property
    def finished(self) -> bool:
        """All steps of the schedule have been taken."""
        return self.step_count >= self.settings.steps

    @property
    def epoch(self) -> float:
        """How often the training documents have been gone through."""
        return self.step_count * self.first_settings.batch_size / len(self.documents)

    @property
    def next_indices(self) -> tuple[int, ...]:
        """Which of the documents the next step learns from."""
        size, n = self.first_settings.batch_size, len(self.order)
        first = self.step_count * size
        return tuple([int(self.order[i % n]) for i in range(first, first + size)])

    @property
    def next_index(self) -> int:
        """The first of `next_indices`."""
        return self.next_indices[0]

    @property
    def learning_rate(self) -> float:
        """That of the next step."""
        return scheduled(self.settings, self.step_count)

    def stages(self) -> Iterator[Stage]:
        """One training step, stage by stage. Weights change only with the last, so a step that is
        given up before has not happened. Raises RuntimeError when the schedule is over."""
        if self.finished:
            raise RuntimeError(f"the schedule of {self.settings.steps} steps is over")
        model, indices = self.model, self.next_indices
        gradient = model.flat_grad if len(indices) == 1 else np.zeros_like(model.flat)
        loss = 0.0
        for index in indices:
            document = self.documents[index]
            trace = model.forward(document[:-1])
            probabilities, losses = ops.softmax_and_cross_entropy(trace.logits, document[1:])
            yield Stage("forward", index, trace, probabilities)
            yield Stage("loss", index, trace, probabilities, losses)
            model.backward(trace, probabilities, document[1:])
            yield Stage("backward", index, trace, probabilities, losses, model.flat_grad)
            loss += float(losses.sum()) / len(losses)
            if len(indices) > 1:
                gradient += model.flat_grad / len(indices)
        learning_rate = self.learning_rate
        self.step_count += 1
        self.optimizer.step(gradient, learning_rate, self.step_count)
        result = StepResult(self.step_count, indices, loss / len(indices), learning_rate)
        yield Stage("update", index, trace, probabilities, losses, gradient, result)

    def step(self) -> StepResult:
        """All stages of one step."""
        for stage in self.stages():
            result = stage.result
        assert result is not None  # the last stage has one
        return result

    def restore(self, flat: ndarray, state: Mapping[str, ndarray], step_count: int) -> None:
        """Go on from a saved moment: weights, what the optimiser keeps, and the step.

        Raises ValueError for a state of another optimiser, and for arrays that are not (n_params,): NumPy would
        spread a smaller one out.
        """
        own = self.optimizer.state
        if set(state) != set(own):
            raise ValueError(f"the optimiser keeps {', '.join(own) or 'nothing'}, not {', '.join(state) or 'nothing'}")
        for name, array in {"weights": flat, **state}.items():
            if array.shape != self.model.flat.shape:
                raise ValueError(f"{name} are {array.shape} for {self.model.flat.shape}")
        self.model.flat[:] = flat
        for name, array in state.items():
            own[name][:] = array
        self.step_count = step_count
