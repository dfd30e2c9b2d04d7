"""What the rungs of the ladder have in common on the page: each is trained where it is explained.

The markup of the bench and of the code is put in at build, by `assemble/rungs.py`.
"""

import time

from ...charts.line_chart import LineChart
from ...core.jobs import Pieces
from ...ui.section import Section
from .rungs import RungRun, key, too_many
from .variables import variables
from .view import curve, listed, where, wrap

DRAWN_EVERY = 0.15  # seconds between two pictures of a rung that trains, at least …
DRAWING = 10  # … and this many times as long as a picture takes: the rest is for training
AMOUNTS = {"one": 1, "hundred": 100, "thousand": 1000}


class RungSection(Section):
    """A rung of its own, made when it is first seen, kept while the reader is elsewhere on the page, and
    made anew when the page goes over to other names or another size of model."""

    number: int

    def mount(self) -> None:
        self._run: RungRun | None = None
        self._stop = None  # what stops the training under way
        self._goal = (0, 0)  # the steps at which it began, and at which it will end
        self._next_picture = 0.0  # not before that time, while it trains
        self._shown: tuple | None = None
        self.chart = self.add_chart(
            LineChart,
            "loss",
            f"Loss of rung {self.number}",
            empty="This rung has not taken a step yet.",
            action=("Train 100 steps", lambda: self.train(100)),
        )
        self._bench = [one for one in self.ui.bench.all("button") if one.value in (*AMOUNTS, "stop", "again")]
        self._figures = self.root.all("figure")
        if self.ui.get("too-many") is None:
            self.root.find(".prose").append('<p class="notice" data-part="too-many" hidden></p>')
        self.on("bench", "click", self._press)
        self.on("file", "toggle", lambda _event: self._opened())
        self.watch(self.lab.experiment)
        self.wire()

    def wire(self) -> None:
        """Make the rung's own charts and controls."""

    def show(self, run: RungRun) -> None:
        """Draw the rung's own pictures."""

    def fresh(self, run: RungRun) -> None:
        """A new, untrained rung has come in place of what was there."""

    def advance(self, run: RungRun) -> None:
        """One step of training."""
        run.step()

    @property
    def run(self) -> RungRun:
        experiment = self.lab.experiment.get()
        if self._run is None or self._run.key != key(experiment):
            self._replace(RungRun(self.number, experiment))
        return self._run

    def render(self) -> None:
        started = time.monotonic()
        why_not = too_many(self.number, self.lab.experiment.get())
        self.say("too-many", why_not)
        for figure in self._figures:
            figure.hidden = bool(why_not)
        if why_not:
            self.stop()
            self._run = None
            return
        run = self.run
        self._show_bench(run)
        self.show(run)
        now = time.monotonic()
        self._next_picture = now + max(DRAWN_EVERY, DRAWING * (now - started))

    def train(self, steps: int) -> None:
        run = self.run
        self.stop()
        if run.finished:
            return
        self._goal = (run.rung.step_count, run.rung.step_count + steps)
        self._stop = self.add_job(f"Training rung {self.number}", self._training(run, steps), self.stop).cancel
        self.invalidate()

    def stop(self) -> None:
        if self._stop:
            self._stop()
            self._stop = None
            self.invalidate()

    def start_over(self) -> None:
        self._replace(RungRun(self.number, self.lab.experiment.get()))
        self.invalidate()

    def _replace(self, run: RungRun) -> None:
        self.stop()
        self._run, self._shown = run, None
        self.fresh(run)

    def _training(self, run: RungRun, steps: int) -> Pieces:
        for taken in range(1, steps + 1):
            if run.finished or run is not self._run:
                break
            self.advance(run)
            if time.monotonic() > self._next_picture:
                self.invalidate()
            yield taken / steps
        if run is self._run:
            self._stop = None
            self.ui.said.text = f"Rung {self.number}: {where(run)}"
            self.invalidate()

    def _press(self, event) -> None:
        button = event.button
        if button is None:
            return
        if button.value in AMOUNTS:
            self.train(AMOUNTS[button.value])
        elif button.value == "stop":
            self.stop()
        elif button.value == "again":
            self.start_over()

    def _show_bench(self, run: RungRun) -> None:
        steps, training = run.rung.step_count, self._stop is not None
        begin, end = self._goal
        self.ui.done.progress(steps - begin if training else 0, max(1, end - begin))
        for button in self._bench:
            button.idle = {"stop": not training, "again": not steps}.get(button.value, run.finished or training)
        shown = (steps, len(run.history))
        if shown == self._shown:
            return
        self._shown = shown
        self.ui.where.text = where(run)
        self.ui.place.html = wrap(run.place)
        self.ui.turn.attr("width", f"{100 * run.place.index / run.place.names:.1f}")
        self.chart.update(curve(run, self.lab.experiment.get().baselines))
        if self.ui.file.open:
            self.ui.sofar.html = listed(variables(run.rung, self._known()), run)

    def _opened(self) -> None:
        """The list of variables is kept up only where it can be seen."""
        self._shown = None
        self.invalidate()

    def _known(self) -> frozenset[str]:
        """Names of what the rung below keeps: written into the page at build, from its source."""
        return frozenset(self.ui.sofar.get("data-known").split())
