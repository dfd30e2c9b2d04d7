"""Parts of one moment of the model that can be silenced, and what becomes of its guess and of its held-out loss."""

from collections import deque
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from microgpt.evaluate.ablations import MLP, Head, Knockout, Past, Silenced, edits
from microgpt.evaluate.held_out import held_out_loss_in_pieces
from microgpt.experiment import Experiment
from microgpt.graph import PROBABILITIES, Graph, build

from ...core.focus import Focus
from ...core.jobs import Pieces
from ...core.snapshot import Snapshot

NOTHING: frozenset[str] = frozenset()


class Part(NamedTuple):
    """`key` stands for it in the page."""

    key: str
    title: str
    knockout: Knockout


def parts(graph: Graph, read: Sequence[str]) -> list[Part]:
    """Every head and MLP of this model, then every letter before the last of those that it has `read` ("START", "t",
    "y" …): what is silenced there is what later places see of it."""
    found = []
    for layer in range(graph.config.n_layer):
        for head in range(graph.config.n_head):
            found.append(Part(f"head:{layer}:{head}", f"layer {layer + 1}, head {head + 1}", Head(layer, head)))
        found.append(Part(f"mlp:{layer}", f"layer {layer + 1}, MLP", MLP(layer)))
    for place, label in enumerate(read[:-1]):
        found.append(Part(f"past:{place}", f"{label} at place {place}", Past(place)))
    return [part for part in found if _is_there(graph, part.knockout)]


def _is_there(graph: Graph, knockout: Knockout) -> bool:
    """A variation may be without attention, or without MLPs."""
    try:
        edits(graph, [knockout])
    except ValueError:
        return False
    return True


class Moment:
    """The model of one snapshot, reading one name up to one place; nothing is ever changed in it."""

    def __init__(self, snapshot: Snapshot, focus: Focus, experiment: Experiment) -> None:
        self.step, self.experiment = snapshot.step, experiment
        self._params = snapshot.model.params
        self._graph = build(snapshot.model.config)
        tokenizer = experiment.tokenizer
        self.tokens = [tokenizer.bos, *tokenizer.encode(focus.read)]
        self.read = ["START", *focus.read]
        self.parts = {part.key: part for part in parts(self._graph, self.read)}
        self._values = Silenced(self._graph, self._params, []).values(self.tokens)

    def guess(self, silenced: Collection[str]) -> ndarray:
        """The probabilities of the next token without these parts (V,)."""
        if not silenced:
            return self._values[PROBABILITIES][-1]
        return self._without(silenced).values(self.tokens)[PROBABILITIES][-1]

    def attention(self, layer: int, head: int) -> ndarray:
        """What a head looks at from the last place (T,)."""
        return self._values[f"layer{layer}.attention"][head, -1]

    def mean_attention(self, place: int) -> float:
        """The weight of one place, looked at from the last, as a mean over all heads of all layers."""
        config = self._graph.config
        each = [self.attention(layer, head)[place] for layer in range(config.n_layer) for head in range(config.n_head)]
        return float(np.mean(each))

    def measure(self, silenced: Collection[str]) -> Pieces:
        """The held-out loss without these parts, a name at a time; the result is returned."""
        return (yield from held_out_loss_in_pieces(self._without(silenced), self.experiment.held_out_documents))

    def _without(self, silenced: Collection[str]) -> Silenced:
        return Silenced(self._graph, self._params, [self.parts[key].knockout for key in silenced])


class Losses:
    """Held-out losses of one moment, by the parts that are silenced. `work` is the job that finds what was asked for;
    what it has found so far can be read at any time between two pieces."""

    def __init__(self, moment: Moment) -> None:
        self.moment = moment
        self.found: dict[frozenset[str], float] = {}
        self.asked: deque[frozenset[str]] = deque()
        self._done = 0

    def ask(self, sets: Iterable[Collection[str]], first: bool = False) -> None:
        """Queue these, and nothing silenced, unless they are known or asked for already."""
        new = [one for one in map(frozenset, [NOTHING, *sets]) if one not in self.found and one not in self.asked]
        if first:
            self.asked.extendleft(reversed(new))
        else:
            self.asked.extend(new)

    def work(self) -> Pieces:
        while self.asked:
            silenced = self.asked[0]
            measuring = self.moment.measure(silenced)
            while True:
                try:
                    share = next(measuring)
                except StopIteration as done:
                    self.found[silenced] = done.value
                    break
                yield (self._done + share) / (self._done + max(1, len(self.asked)))
            if silenced in self.asked:
                self.asked.remove(silenced)
            self._done += 1

    def stop(self) -> None:
        """Leave it at what is found."""
        self.asked.clear()
        self._done = 0

    def change(self, silenced: Collection[str]) -> float | None:
        """By how much the held-out loss rises without these parts; None as long as that is not known."""
        before, after = (self.found.get(frozenset(keys)) for keys in (NOTHING, silenced))
        return None if before is None or after is None else after - before

    def ranked(self) -> list[Part]:
        """All parts, those first without which the loss rises most; those that are not known yet last."""

        def rank(part: Part) -> float:
            change = self.change([part.key])
            return np.inf if change is None else -change

        return sorted(self.moment.parts.values(), key=rank)
