"""All rungs of the ladder, trained in the tab side by side, beside the lab's own model."""

import time
from collections.abc import Callable

from ...charts.line_chart import LineChart
from ...core.jobs import Pieces
from ...ui import dom
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
        self._put_in: dict[str, str] = {}
        self.chart = LineChart(
            self.part("curves"),
            "Loss of the rungs",
            on_probe=self.probe,
            empty="Nobody has started yet, so there are no curves.",
            action=("Race all seven rungs", self.start),
        )
        self.add(self.chart.dispose)
        self.watch(self.lab.experiment)
        self.on("form", "submit", self._submitted)
        self.on("stop", "click", lambda _event: self.stop())
        self.on("kind", "change", self.choose)
        self.on("rungs", "change", self.toggle)
        self.part("steps").disabled = False
        self._enable()

    def render(self) -> None:
        race, running = self._race, self._end is not None
        if race is None:
            self.chart.update(None)
            return
        started = time.perf_counter()
        self.chart.update(views.curves(race, self._kind, self._shown) if race.racers else None)
        self._put("progress", views.progress(race, running))
        self.part("bar").value = race.step / race.steps
        self._put("results", views.rows(race.racers), dom.set_html)
        self._put("outcome", views.outcome(race))
        self._put("with", views.raced_with(race, self.lab.experiment.get()))
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
        event.preventDefault()
        self.start()

    def start(self) -> None:
        if self._end is not None:
            return
        try:
            steps = read_steps(self.part("steps").value)
        except ValueError as error:
            self.say("steps-error", str(error))
            dom.set_attr(self.part("steps"), "aria-invalid", "true")
            return
        self.say("steps-error", "")
        dom.set_attr(self.part("steps"), "aria-invalid", None)
        self._race = Race(self.lab.experiment.get(), steps, time.perf_counter)
        self._end = self.add_job("Race of the rungs", self._racing(self._race), self.stop).cancel
        self._hand_focus("stop")
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
        self._hand_focus("start")
        self.invalidate()

    def _hand_focus(self, to: str) -> None:
        """Of the two buttons only one can be pressed: the keyboard goes where it can."""
        had = self.root.querySelector(":is([data-part=start], [data-part=stop], .chart-empty button):focus")
        self._enable()
        if had:
            self.part(to).focus()

    def _enable(self) -> None:
        self.part("start").disabled = self._end is not None
        self.part("stop").disabled = self._end is None

    @property
    def _shown(self) -> set[int]:
        return {racer.number for racer in self._race.racers} - self._hidden

    def _put(self, part: str, content: str, put=dom.set_text) -> None:
        """Only if it is new: what stays is not touched."""
        if self._put_in.get(part) != content:
            self._put_in[part] = content
            put(self.part(part), content)
