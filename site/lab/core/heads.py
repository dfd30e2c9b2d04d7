"""What the heads of one moment look at, measured on names drawn by the seed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy import ndarray

from microgpt.evaluate.heads import NO_ROLE, VOWELS, HeadMeasures, measure_heads, measures, role, vowel_rate
from microgpt.model import GPT
from microgpt.rng import stream

from .run import Run

COUNT = 80  # names: enough for means that hardly change from one choice to the next


@dataclass(frozen=True, eq=False)
class Analysis:
    """The measures over the first `done` of `count` names. Two are equal only if they are the same one."""

    step: int
    source: str  # where the weights come from: "live" or "precomputed"
    count: int
    vowel_rate: float  # of all letters of the data
    sums: ndarray  # (5, 2, n_layer, n_head)
    even: ndarray  # (5, 2), of a head that looks everywhere alike
    done: int = 0
    cancelled: bool = False

    @property
    def running(self) -> bool:
        return self.done < self.count and not self.cancelled

    @property
    def each(self) -> HeadMeasures:
        """(n_layer, n_head) of every head by itself."""
        return measures(self.sums)

    @property
    def pooled(self) -> HeadMeasures:
        """(n_head,) of the heads with the same number, over all looks of all layers."""
        return measures(self.sums.sum(axis=2))

    @property
    def chance(self) -> HeadMeasures:
        """What a head would get that knows nothing: from an even look, and for vowels from the data."""
        return HeadMeasures(*map(float, measures(self.even)))._replace(vowels=self.vowel_rate)

    def role(self, layer: int, head: int) -> str:
        return role(self.each.at(layer, head), self.chance) if self.done else NO_ROLE


def begin(run: Run, count: int) -> tuple[Analysis, Iterator[Analysis]]:
    """An analysis of this moment on `count` names (or all there are), and the steps in which it grows.

    The weights are copied here and now; each `next` measures one name.
    """
    experiment = run.experiment
    documents = experiment.train_documents
    tokenizer = experiment.tokenizer
    vowels = frozenset(tokenizer.encode("".join(v for v in VOWELS if v in tokenizer.alphabet)))
    order = stream(experiment.settings.seed, "analysis").permutation(len(documents))[:count]
    config = experiment.config
    empty = Analysis(
        step=run.step_count,
        source=run.source,
        count=len(order),
        vowel_rate=vowel_rate(documents, vowels, tokenizer.bos),
        sums=np.zeros((5, 2, config.n_layer, config.n_head)),
        even=np.zeros((5, 2)),
    )
    return empty, _growing(empty, run.trainer.model.copy(), [documents[i] for i in order], vowels)


def _growing(empty: Analysis, model: GPT, documents: list[list[int]], vowels: frozenset[int]) -> Iterator[Analysis]:
    for done, (sums, even) in enumerate(measure_heads(model, documents, vowels), start=1):
        yield replace(empty, done=done, sums=sums, even=even)
