"""A rung of the ladder in training beside the lab: the real thing, its losses, and where it is in the list."""

import copy
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from microgpt.experiment import Experiment, Settings

from ...core.history import History

Key = tuple[str, Settings]


PAIRS = (0, 1, 2)  # rungs that keep a table of all pairs of letters
MOST_LETTERS = 300  # different ones, which makes 90,000 pairs


def too_many(number: int, experiment: Experiment) -> str:
    """Why a rung is not for this list; "" if it is."""
    letters = len(experiment.tokenizer.alphabet)
    if number not in PAIRS or letters <= MOST_LETTERS:
        return ""
    return (
        f"This rung keeps a table with a row and a column for each letter. The list has {letters:,} different ones, "
        f"which would make {experiment.config.vocab_size**2:,} cells, nearly all of them empty. It is made for "
        f"{MOST_LETTERS} at most: choose a list with fewer, or go on to rung 3, which has no such table."
    )


class Place(NamedTuple):
    """Where the next step finds its name: `step` % `names` = `index`."""

    step: int  # steps taken
    names: int
    index: int  # of the name the next step learns from
    turn: int  # the list is gone through for the turn-th time
    name: str


class RungRun:
    def __init__(self, number: int, experiment: Experiment) -> None:
        """Rung `number`, untrained, on the names of the experiment that may be learnt from."""
        from microgpt import ladder  # here: seven trainers that nobody may ever look at

        self.number = number
        self.key = key(experiment)
        self.tokenizer = experiment.tokenizer
        self.rung = ladder.climb(number, experiment)
        self.history = History()

    @property
    def finished(self) -> bool:
        """The schedule is over. Counting has none: it may go through the list again."""
        return self.number > 0 and self.rung.step_count >= self.rung.steps

    @property
    def loss(self) -> float | None:
        """Mean of the last hundred losses; None before the first step."""
        return self.history.mean(len(self.history))

    @property
    def document(self) -> ndarray:
        """What the next step learns from."""
        return self.rung.documents[self.place.index]

    @property
    def place(self) -> Place:
        step, documents = self.rung.step_count, self.rung.documents
        turn, index = divmod(step, len(documents))
        return Place(step, len(documents), index, turn + 1, self.tokenizer.decode(list(map(int, documents[index]))))

    def step(self) -> float:
        loss = self.rung.step()
        self.history.append(loss)
        return loss


def key(experiment: Experiment) -> Key:
    """What a rung depends on: as long as this stays, so may the rung."""
    return experiment.digest, experiment.settings


def labels(tokenizer) -> tuple[list[str], list[str]]:
    """Of the rows and of the columns of a table of pairs: the same token opens a name and ends it."""
    letters = list(tokenizer.alphabet)
    return [*letters, "START"], [*letters, "END"]


def pairs(document: Sequence[int], tokenizer) -> list[tuple[str, str]]:
    """What is read and what comes next, in words, pair by pair. A document cut short has no END."""
    rows, columns = labels(tokenizer)
    return [(rows[a], columns[b]) for a, b in pairwise(document)]


def scratch(rung):
    """A rung 1 to try things on: the same logits, and moving them moves nothing else."""
    twin = copy.copy(rung)
    twin.logits = rung.logits.copy()
    return twin


def stepped(rung) -> ndarray:
    """The logits of a rung 1 as its next step will leave them, found by taking that step on a copy."""
    twin = scratch(rung)
    twin.step()
    return twin.logits


def curve(rung, document: Sequence[int], index: int, values: ndarray) -> ndarray:
    """The loss of `document` with logit `index` at each of the `values`: all by the rung's own code."""
    twin = scratch(rung)
    logits = twin.logits.reshape(-1)  # a view
    losses = np.empty(len(values))
    for i, value in enumerate(values):
        logits[index] = value
        losses[i] = twin.loss(document)
    return losses
