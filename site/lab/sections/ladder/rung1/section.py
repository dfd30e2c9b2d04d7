"""Rung 1 on the page: the loss along one score with its slope, and all slopes measured and worked out."""

import numpy as np

from ....charts.scatter import Scatter
from ....charts.scatter_chart import ScatterChart
from ....charts.slope import Slope
from ....charts.slope_chart import SlopeChart
from ....core.jobs import Pieces
from ....ui.dial import Dial
from ..rung import RungSection
from ..rungs import RungRun, curve, labels, scratch, stepped
from .view import apart, next_move, options

REACH = 8.0  # how far the curve goes to either side of the rung's own score
POINTS = 61
A_PIECE = 25  # slopes measured at a time


class Rung1(RungSection):
    slug, number = "rung1", 1

    def wire(self) -> None:
        self.slope = self.add_chart(SlopeChart, "slope", "Loss by one score", self.move)
        self.scatter = self.add_chart(
            ScatterChart,
            "scatter",
            "Slopes, measured and worked out",
            empty="Nothing has been measured yet.",
            action=("Measure all slopes", self.measure),
        )
        self._eps = Dial(self, "eps", lambda _eps: self.invalidate())
        self._weight: tuple[int, int] | None = None  # row and column; None: the first pair of the name
        self._at: float | None = None  # where the point has been put; None: the rung's own score
        self._curve: tuple | None = None
        self._checked: Scatter | None = None
        self._stop_check = None
        self.on("which", "change", self.pick)
        self.on("halve", "click", lambda _event: self._set_eps(self._eps.value / 2))
        self.on("back", "click", lambda _event: self.move(None))
        self.on("measure", "click", lambda _event: self.measure())

    def fresh(self, run: RungRun) -> None:
        self._weight, self._at, self._curve = None, None, None
        self._forget_check()
        for part, names in zip(("row", "column"), labels(run.tokenizer), strict=True):
            self.ui[part].html = options(names)

    def advance(self, run: RungRun) -> None:
        run.step()
        self._at = None  # another name, other scores: the point stands at the rung's own again

    def show(self, run: RungRun) -> None:
        row, column = self._weight or tuple(map(int, run.document[:2]))
        self.ui.row.value, self.ui.column.value = str(row), str(column)
        slope = self._slope(run, row, column)
        self.slope.update(slope)
        names = labels(run.tokenizer)
        what = f"the score of {names[1][column]} after {names[0][row]}"
        after = None if self._at is not None else stepped(run.rung)[row, column]
        self.ui.slope_told.text = next_move(what, run.place.name, slope, run.rung.learning_rate, after)
        self.scatter.update(self._checked)
        self.ui.scatter_told.text = apart(self._checked)

    def _slope(self, run: RungRun, row: int, column: int) -> Slope:
        from microgpt.ladder import check

        document, index = run.document, row * run.rung.logits.shape[1] + column
        own = float(run.rung.logits[row, column])
        drawn = (run.rung.step_count, index)
        if self._curve is None or self._curve[0] != drawn:  # the curve is the same wherever the point is
            values = np.linspace(own - REACH, own + REACH, POINTS)
            self._curve = (drawn, values, curve(run.rung, document, index, values))
        _, values, losses = self._curve
        at = own if self._at is None else self._at
        twin = scratch(run.rung)
        twin.logits[row, column] = at
        nudge = check.nudge(twin, document, index, self._eps.value)
        return Slope(
            values,
            losses,
            at=at,
            height=twin.loss(document),
            slope=float(twin.gradient(document)[row, column]),
            measured=nudge.slope,
            eps=self._eps.value,
            low=nudge.below,
            high=nudge.above,
            x_label="score",
            y_label="loss",
        )

    def move(self, at: float | None) -> None:
        self._at = at
        self.invalidate()

    def pick(self, event) -> None:
        if event.part in ("row", "column"):
            self._weight = int(self.ui.row.value), int(self.ui.column.value)
            self.move(None)

    def _set_eps(self, eps: float) -> None:
        self._eps.set(max(eps, float(self.ui.eps.get("min"))))
        self.invalidate()

    def measure(self) -> None:
        """All slopes of the name that comes next, some at a time."""
        self._forget_check()
        eps = float(self.ui.check_eps.value)
        self._stop_check = self.add_job("Measuring slopes", self._measuring(self.run, eps), self._forget_check).cancel

    def _measuring(self, run: RungRun, eps: float) -> Pieces:
        from microgpt.ladder import check

        twin, document, names = scratch(run.rung), run.document, labels(run.tokenizer)
        worked_out = twin.gradient(document).reshape(-1)
        measured: list[float] = []
        for slope in check.slopes(twin, document, eps):
            measured.append(slope)
            if len(measured) % A_PIECE == 0:
                self.ui.measured.progress(len(measured), len(worked_out))
                yield len(measured) / len(worked_out)
        self.ui.measured.progress(0)
        spoken = [f"{column} after {row}" for row in names[0] for column in names[1]]
        self._checked = Scatter(measured, worked_out, spoken, x_label="measured", y_label="worked out")
        self._stop_check = None
        self.invalidate()

    def _forget_check(self) -> None:
        if self._stop_check:
            self._stop_check()
            self._stop_check = None
        self._checked = None
        self.ui.measured.progress(0)
