"""What the heads of one moment attend to, measured on names drawn by the seed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from microgpt.engine import Model
from microgpt.evaluate.heads import (
    HeadMeasures,
    HeadStatistics,
    Leaning,
    leaning,
    measure_heads,
    measures,
    role,
    vowel_rate,
)
from microgpt.evaluate.heads import vowels as vowels_of
from microgpt.rng import stream

from .jobs import Pieces
from .run import Run
from .signal import Signal

COUNT = 80  # names: enough for means that hardly change from one choice to the next


@dataclass(frozen=True, eq=False)
class Analysis:
    """The measures over the first `done` of `count` names. Two are equal only if they are the same one."""

    step: int
    source: str  # where the weights come from: "live" or "precomputed"
    count: int
    vowel_rate: float  # of all letters of the data
    statistics: HeadStatistics
    done: int = 0
    cancelled: bool = False

    @property
    def running(self) -> bool:
        return self.done < self.count and not self.cancelled

    @property
    def chance(self) -> HeadMeasures[float]:
        """What a head would get that knows nothing: from uniform attention, and for vowels from the data."""
        return HeadMeasures(*map(float, measures(self.statistics.uniform)))._replace(vowels=self.vowel_rate)

    def role(self, layer: int, head: int) -> str | None:
        return role(self.statistics.each.at(layer, head), self.chance)

    def leaning(self, layer: int, head: int) -> Leaning | None:
        return leaning(self.statistics.z_scores.at(layer, head))


def begin(run: Run, count: int) -> tuple[Analysis, Iterator[Analysis]]:
    """An analysis of this moment on `count` names (or all there are), and the steps in which it grows.

    The weights are copied here and now; each `next` measures one name.
    """
    experiment = run.experiment
    documents = experiment.train_documents
    tokenizer = experiment.tokenizer
    vowels = frozenset(tokenizer.encode(vowels_of(tokenizer.alphabet)))
    order = stream(experiment.settings.seed, "analysis").permutation(len(documents))[:count]
    config = experiment.config
    empty = Analysis(
        step=run.step_count,
        source=run.source,
        count=len(order),
        vowel_rate=vowel_rate(documents, vowels, tokenizer.bos),
        statistics=HeadStatistics.empty(config.n_layer, config.n_head),
    )
    return empty, _growing(empty, run.trainer.model.copy(), [documents[i] for i in order], vowels)


def _growing(empty: Analysis, model: Model, documents: list[list[int]], vowels: frozenset[int]) -> Iterator[Analysis]:
    for done, statistics in enumerate(measure_heads(model, documents, vowels), start=1):
        yield replace(empty, done=done, statistics=statistics)


def shown(analysis: Analysis, growing: Iterator[Analysis], signal: Signal[Analysis | None]) -> Pieces:
    """Let the signal, which holds `analysis`, follow it as it grows, until it is stopped or another one has begun."""
    for grown in growing:
        if signal.get() is not analysis:
            return
        signal.set(grown)
        analysis = grown
        yield grown.done / grown.count
