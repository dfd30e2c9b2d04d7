"""The trainer: one step at a time, and nothing else. Whoever holds it decides when the next comes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from .config import ConfigError
from .model import GPT, Trace
from .ops import softmax_and_cross_entropy
from .optim import Adam, linear_decay
from .rng import stream


@dataclass(frozen=True)
class TrainConfig:
    steps: int = 5000  # the length of the schedule: the learning rate reaches zero there
    learning_rate: float = 0.01
    beta1: float = 0.85
    beta2: float = 0.99
    eps: float = 1e-8
    seed: int = 42

    def __post_init__(self) -> None:
        if not isinstance(self.steps, int) or self.steps < 1:
            raise ConfigError("steps", f"steps must be a whole number of at least 1, not {self.steps!r}")
        if not isinstance(self.learning_rate, (int, float)) or not 0 < self.learning_rate <= 1:
            raise ConfigError(
                "learning_rate", f"learning_rate must be above 0 and at most 1, not {self.learning_rate!r}"
            )
        if not isinstance(self.seed, int):
            raise ConfigError("seed", f"seed must be a whole number, not {self.seed!r}")


class StepResult(NamedTuple):
    step: int  # how many steps have now been taken
    index: int  # which of the training documents it learnt from
    loss: float  # mean cross-entropy of that document before the weights moved, in nats
    learning_rate: float


STAGES = ("guess", "measure", "trace", "nudge")


class Stage(NamedTuple):
    """Part of a step just done. `gradient` is the model's own array: copy it to keep it."""

    name: str  # one of STAGES
    index: int  # of the training document
    forward: Trace  # the whole forward pass
    probabilities: ndarray  # (T, V): the guesses that came from it
    losses: ndarray | None = None  # (T,), from "measure" on
    gradient: ndarray | None = None  # (n_params,), from "trace" on
    result: StepResult | None = None  # with "nudge": the step is done

    # arrays have no one answer to "equal?": a stage equals only itself
    __eq__ = object.__eq__
    __hash__ = object.__hash__


class Trainer:
    """Trains `model` in place on `documents` (token ids, [BOS] … [BOS]), one document a step.

    The order of the documents is shuffled once, from the seed, and then repeats every epoch.
    """

    def __init__(self, model: GPT, documents: Sequence[Sequence[int]], config: TrainConfig) -> None:
        if not documents:
            raise ValueError("no documents to train on")
        self.model = model
        self.documents = [np.asarray(document) for document in documents]
        self.config = config
        self.order = stream(config.seed, "order").permutation(len(documents))
        self.optimizer = Adam(model.flat, config.beta1, config.beta2, config.eps)
        self.step_count = 0

    @property
    def finished(self) -> bool:
        """The schedule is over: the learning rate has reached zero."""
        return self.step_count >= self.config.steps

    @property
    def epoch(self) -> float:
        """How often the training documents have been gone through."""
        return self.step_count / len(self.documents)

    @property
    def next_index(self) -> int:
        """Which of the documents the next step learns from."""
        return int(self.order[self.step_count % len(self.order)])

    @property
    def learning_rate(self) -> float:
        """That of the next step."""
        return linear_decay(self.config.learning_rate, self.step_count, self.config.steps)

    def stages(self) -> Iterator[Stage]:
        """One training step, stage by stage. Weights change only with the last, so a step that is
        given up before has not happened. Raises RuntimeError when the schedule is over."""
        if self.finished:
            raise RuntimeError(f"the schedule of {self.config.steps} steps is over")
        model = self.model
        index = self.next_index
        document = self.documents[index]
        trace = model.forward(document[:-1])
        probabilities, losses = softmax_and_cross_entropy(trace.logits, document[1:])
        yield Stage("guess", index, trace, probabilities)
        yield Stage("measure", index, trace, probabilities, losses)
        model.backward(trace, probabilities, document[1:])
        gradient = model.flat_grad
        yield Stage("trace", index, trace, probabilities, losses, gradient)
        learning_rate = self.learning_rate
        self.step_count += 1
        self.optimizer.step(gradient, learning_rate, self.step_count)
        loss = float(losses.sum()) / len(losses)
        result = StepResult(self.step_count, index, loss, learning_rate)
        yield Stage("nudge", index, trace, probabilities, losses, gradient, result)

    def step(self) -> StepResult:
        """All stages of one step."""
        for stage in self.stages():
            result = stage.result
        return result

    def restore(self, flat: ndarray, m: ndarray, v: ndarray, step_count: int) -> None:
        """Go on from a saved moment: weights, the optimiser's two averages, and the step.

        Raises ValueError for arrays that are not (n_params,): NumPy would spread a smaller one out.
        """
        if not flat.shape == m.shape == v.shape == self.model.flat.shape:
            raise ValueError(f"weights {flat.shape} and averages {m.shape}, {v.shape} for {self.model.flat.shape}")
        self.model.flat[:] = flat
        self.optimizer.m[:] = m
        self.optimizer.v[:] = v
        self.step_count = step_count


def losses(model: GPT, documents: Sequence[Sequence[int]]) -> Iterator[float]:
    """The loss of each document in turn; a generator, so that a page can take a few at a time."""
    return (model.loss(document) for document in documents)


def mean_loss(model: GPT, documents: Sequence[Sequence[int]]) -> float:
    """Mean over documents of the mean cross-entropy of each, in nats: what training averages too."""
    return float(np.mean(list(losses(model, documents))))
