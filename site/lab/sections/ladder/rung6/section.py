"""Rung 6 on the page: the gradient of one weight as it came, and the two averages that Adam makes of it."""

from html import escape

from ....charts.line_chart import LineChart
from ....ui.dial import Dial
from ..rung import RungSection
from ..rungs import RungRun
from .model import Recorder
from .view import averaged, averages_told

FIRST = "lm_head"


class Rung6(RungSection):
    slug, number = "rung6", 6

    def wire(self) -> None:
        self.line = self.add_chart(
            LineChart,
            "gradient",
            "Gradient of one weight",
            empty="No gradient yet: this rung has not taken a step.",
            action=("Train 100 steps", lambda: self.train(100)),
        )
        self._betas = [Dial(self, part, lambda _beta: self._again()) for part in ("beta1", "beta2")]
        self._weight = FIRST
        self._averaged: tuple | None = None
        self.on("weight", "change", self.choose)

    def fresh(self, run: RungRun) -> None:
        self._recorder, self._averaged, self._weight = Recorder(run.rung), None, FIRST
        self.ui.weight.renew(
            "".join(
                f'<option value="{escape(name)}"{" selected" if name == FIRST else ""}>{escape(name)}, row {row}, '
                f"column {column}</option>"
                for name, (row, column) in self._recorder.places.items()
            )
        )

    def show(self, run: RungRun) -> None:
        drawn = (run.rung.step_count, self._weight)
        if drawn == self._averaged:
            return
        self._averaged = drawn
        gradients = self._recorder.gradients(self._weight)
        found = averaged(gradients, *(dial.value for dial in self._betas))
        self.line.update(found)
        self.ui.gradient_told.text = averages_told(found, gradients)

    def choose(self, event) -> None:
        self._weight = event.target.value
        self._again()

    def _again(self) -> None:
        self._averaged = None
        self.invalidate()
