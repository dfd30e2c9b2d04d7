"""Rung 2 on the page: the graph behind the loss of a pair, and the same losses as by hand."""

import time
from collections import deque

from ....charts.graph_chart import GraphChart
from ....ui.stepper import Stepper
from ..rung import RungSection
from ..rungs import RungRun, labels
from .view import Both, graph_of_pair, pair_told, rows, same_told

KEPT = 8  # steps in the table


class Rung2(RungSection):
    slug, number = "rung2", 2

    def wire(self) -> None:
        self.graph = self.add_chart(GraphChart, "graph", "The web behind the loss of a pair")
        self.stepper = Stepper(self, "pairs", "pair of the name", lambda _at: self.invalidate())
        self._graphed: tuple | None = None

    def fresh(self, run: RungRun) -> None:
        self._twin = RungRun(1, self.lab.experiment.get())  # takes every step that this rung takes
        self._both: deque[Both] = deque(maxlen=KEPT)
        self._apart, self._seconds = 0.0, [0.0, 0.0]
        self._graphed = None

    def advance(self, run: RungRun) -> None:
        name = run.place.name
        started = time.perf_counter()
        by_hand = self._twin.step()
        between = time.perf_counter()
        autograd = run.step()
        self._seconds[0] += between - started
        self._seconds[1] += time.perf_counter() - between
        both = Both(run.rung.step_count, name, by_hand, autograd)
        self._both.append(both)
        self._apart = max(self._apart, both.apart)

    def show(self, run: RungRun) -> None:
        steps, pairs = len(run.history), len(run.document) - 1
        if self._graphed is None or self._graphed[0] != steps:
            self.stepper.show(pairs, min(self.stepper.at, pairs - 1))
        drawn = (steps, self.stepper.at)
        if drawn == self._graphed:
            return
        self._graphed = drawn
        context, target = map(int, run.document[self.stepper.at : self.stepper.at + 2])
        names = labels(run.tokenizer)
        graph = graph_of_pair(run.rung, context, target, names)
        self.graph.update(graph)
        self.ui.graph_told.text = pair_told(run.place.name, graph, context, target, names)
        if steps:
            self.ui.same.html = rows(self._both)
            self.ui.same_told.text = same_told(steps, self._apart, self._seconds)
        else:
            self.ui.same.html = '<tr><td colspan="5">Train this rung, and the last steps stand here.</td></tr>'
            self.ui.same_told.text = "No step taken yet."
