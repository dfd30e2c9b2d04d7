"""All rungs of the ladder, trained in the tab side by side, beside the lab's own model."""

import time
from collections.abc import Callable

from ...charts.line_chart import LineChart
from ...core.jobs import Pieces
from ...ui.section import Section
from . import view as views
from .model import Race, read_steps

DRAWN_EVERY = 0.2  # seconds between two pictures of the race, at least …
DRAWING = 20  # … and this many times as long as a picture takes: the rest is for the race


class AllRungs(Section):
    slug = "race"

    def mount(self) -> None:
        self._race: Race | None = None
        self._next_picture = 0.0  # not before that time, while it goes on
        self._end: Callable[[], None] | None = None  # of the race under way
        self._kind = "held-out"
        self._hidden: set[int] = set()  # rungs whose curve is not shown
        self.chart = self.add_chart(
            LineChart,
            "curves",
            "Loss of the rungs",
            on_probe=self.probe,
            empty="Nobody has started yet, so there are no curves.",
            action=("Race all seven rungs", self.start),
        )
        self.watch(self.lab.experiment)
        self.on("form", "submit", self._submitted)
        self.on("stop", "click", lambda _event: self.stop())
        self.on("kind", "change", self.choose)
        self.on("rungs", "change", self.toggle)
        self._enable_buttons()

    def render(self) -> None:
        race, running = self._race, self._end is not None
        if race is None:
            self.chart.update(None)
            return
        started = time.perf_counter()
        self.chart.update(views.curves(race, self._kind, self._shown) if race.racers else None)
        self.ui.progress.text = views.progress(race, running)
        self.ui.bar.progress(race.step, race.steps)
        self.ui.results.html = views.rows(race.racers)
        self.ui.outcome.text = views.outcome(race)
        self.ui["with"].text = views.raced_with(race, self.lab.experiment.get())
        now = time.perf_counter()
        self._next_picture = now + max(DRAWN_EVERY, DRAWING * (now - started))

    def probe(self, step: int) -> str:
        return views.reading(self._race, self._kind, self._shown, step)

    def choose(self, event) -> None:
        """Show the losses on held-out names, or those in training."""
        self._kind = event.target.value
        self.invalidate()

    def toggle(self, event) -> None:
        """Show or hide the curve of one rung."""
        change = self._hidden.discard if event.target.checked else self._hidden.add
        change(int(event.target.value))
        self.invalidate()

    def _submitted(self, event) -> None:
        self.start()

    def start(self) -> None:
        if self._end is not None:
            return
        try:
            steps = read_steps(self.ui.steps.value)
        except ValueError as error:
            self.say("steps-error", str(error))
            self.ui.steps.invalid = True
            return
        self.say("steps-error", "")
        self.ui.steps.invalid = False
        self._race = Race(self.lab.experiment.get(), steps, time.perf_counter)
        self._end = self.add_job("Race of the rungs", self._racing(self._race), self.stop).cancel
        self.hand_focus("stop", self._enable_buttons, "start", "stop", "curves")
        self.invalidate()

    def stop(self) -> None:
        """Leave all where they are."""
        if self._end is not None:
            self._end()
            self._over()

    def _racing(self, race: Race) -> Pieces:
        for _ in race.work():
            if time.perf_counter() > self._next_picture:
                self.invalidate()
            yield race.step / race.steps
        self._over()

    def _over(self) -> None:
        self._end = None
        self.hand_focus("start", self._enable_buttons, "start", "stop", "curves")
        self.invalidate()

    def _enable_buttons(self) -> None:
        self.ui.start.enabled = self._end is None
        self.ui.stop.enabled = self._end is not None

    @property
    def _shown(self) -> set[int]:
        return {racer.number for racer in self._race.racers} - self._hidden
