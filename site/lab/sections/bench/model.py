"""What the bench works out: the name it shows, the lines that are beaten, the head that looks most sharply."""

from collections.abc import Sequence

import numpy as np
from numpy import ndarray

from microgpt.experiment import Experiment
from microgpt.model import GPT, Trace

from ...core.history import WINDOW, History

SHORTEST, LONGEST = 7, 11  # letters of the name in large letters: as many as a phone has room for


def steady_learner(models: Sequence[GPT], experiment: Experiment) -> str:
    """The held-out name whose loss falls from each of these models to the next, and most evenly: the least of its
    falls is the largest. Where there is none, the one that `example` gives."""
    names = [name for name in experiment.split.held_out if SHORTEST <= len(name) <= LONGEST]
    documents = [experiment.tokenizer.document(name) for name in names]
    losses = np.array([[model.loss(document) for document in documents] for model in models])  # (models, names)
    if len(models) < 2 or not names:
        return example(experiment)
    falls = -np.diff(losses, axis=0).max(axis=0)  # (names,): the least fall of each
    best = int(falls.argmax())
    return names[best] if falls[best] > 0 else example(experiment)


def example(experiment: Experiment) -> str:
    """A held-out name of a middling length, for a list of which nothing else is known."""
    middle = (SHORTEST + LONGEST) / 2
    whole = [name for name in experiment.split.held_out if len(name) <= experiment.config.max_letters]
    names = whole or [name[: experiment.config.max_letters] for name in experiment.split.held_out]
    return min(names, key=lambda name: abs(len(name) - middle))


def beaten(history: History, step: int, baselines: dict[str, float]) -> frozenset[str]:
    """The baselines that a mean of WINDOW losses has been below."""
    if step < WINDOW:
        return frozenset()
    least = float(np.min(history.means(step, first=WINDOW)))
    return frozenset(name for name, loss in baselines.items() if least < loss)


def row(trace: Trace, position: int, layer: int, head: int) -> ndarray:
    """(position + 1,): the attention weights of one head at a position."""
    return trace.layers[layer].attention[head, position, : position + 1]
