"""Rung 5 on the page: how long its steps are, and how they shrink."""

from ....charts.line_chart import LineChart
from ..rung import RungSection
from ..rungs import RungRun
from .model import StepLengths
from .view import lengths, lengths_told


class Rung5(RungSection):
    slug, number = "rung5", 5

    def wire(self) -> None:
        self.line = self.add_chart(
            LineChart,
            "lengths",
            "Length of each step",
            empty="No step yet: this rung is untrained.",
            action=("Train 100 steps", lambda: self.train(100)),
        )
        self._drawn: int | None = None

    def fresh(self, run: RungRun) -> None:
        self._kept, self._drawn = StepLengths(run.rung), None

    def show(self, run: RungRun) -> None:
        if run.rung.step_count == self._drawn:
            return
        self._drawn = run.rung.step_count
        self.line.update(lengths(self._kept, run.rung.steps))
        self.ui.lengths_told.text = lengths_told(self._kept, run.rung.learning_rate)
