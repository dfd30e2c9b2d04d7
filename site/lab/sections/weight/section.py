"""One weight under Adam: what a step does to it, term by term, and what the last steps did."""

import time

from microgpt.config import GPTConfig

from ...charts.format import fixed
from ...charts.heatmap_chart import Heatmap
from ...charts.line_chart import LineChart
from ...core.snapshot import Snapshot, Watched
from ...ui.limits import whole
from ...ui.schedule_over import ScheduleOver
from ...ui.section import Section
from . import model as weights
from . import view as views
from .model import Place

LARGEST = 10**6  # that may be typed; what the matrix has no row or column for is told by its own numbers
MAP_EVERY = 0.5  # seconds: while it trains, a large matrix leaves the time to training
TERMS = ("g", "m", "v", "m-hat", "v-hat", "rate", "change", "new")


class Weight(Section):
    slug = "weight"
    drawn_ahead = False  # it watches a weight, which costs each step a little

    def mount(self) -> None:
        self._config: GPTConfig | None = None  # what the controls offer
        self._place: Place | None = None
        self._map_of: tuple = ()  # what the matrix shows
        self._map_at = 0.0
        self.history = self.add_chart(
            LineChart,
            "history",
            "Gradient of this weight, with m and √v̂",
            on_probe=lambda count: views.reading(self._steps(), count),
            empty="No step has been recorded for this weight yet.",
            action=("Take 50 steps", lambda: self.lab.train(self.lab.snapshot.get().step + 50)),
        )
        self.map = self.add_chart(
            Heatmap,
            "map",
            "Weights of the matrix",
            describe=self.describe,
            on_select=lambda row, column: self.choose(Place(self._place.matrix, row, column)),
            table=False,
        )
        self.over = ScheduleOver(self, self.lab, "over", self._on_again)
        self.watch(self.lab.snapshot, self.lab.status)
        self.on("matrix", "change", lambda event: self.choose(Place(event.target.value, 0, 0)))
        for part in ("row", "column"):
            self.on(part, "change", lambda _event: self.typed())
        self.on("steepest", "click", lambda _event: self._watch(weights.steepest_now(self.lab)))
        self.on("one", "click", lambda _event: self.lab.step())

    def render(self) -> None:
        snapshot = self.lab.snapshot.get()
        if snapshot.watched is None:  # the first time anybody looks, or another model
            self._watch(weights.steepest_now(self.lab))
            return  # the snapshot that this makes is drawn next
        config = snapshot.model.config
        place = weights.locate(snapshot.watched.index, config)
        self._show_place(place, config)
        self.ui.value.text = fixed(float(snapshot.model.flat[snapshot.watched.index]), 6)
        finished = self.lab.status.get().finished
        self.ui.one.enabled = not finished
        self.history.offer(not finished)
        self.over.show(finished)
        self._show_step(snapshot.watched, place)
        self.history.update(views.averages(snapshot.watched.steps))
        self._show_map(snapshot, place)

    def _steps(self) -> tuple:
        watched = self.lab.snapshot.get().watched
        return watched.steps if watched else ()

    def _show_place(self, place: Place, config: GPTConfig) -> None:
        if config != self._config:
            self._config = config
            self.ui.matrix.html = views.options(config, place.matrix)
        if place == self._place:
            return
        self._place = place
        self.ui.matrix.value = place.matrix
        for part, value, n in zip(("row", "column"), place[1:], config.shapes()[place.matrix], strict=True):
            self.ui[part].attr("max", str(n - 1))
            self.ui[part].value = str(value)
            self.ui[part].invalid = False
        self.say("place-error", "")
        self.ui.matrix_name.text = place.matrix

    def _show_step(self, watched: Watched, place: Place) -> None:
        finished = self.lab.status.get().finished
        said, filled = "" if finished else "No step seen yet. Press “One step”.", {}
        if watched.steps:
            last = watched.steps[-1]
            settings = self.lab.snapshot.get().settings_at(last.count - 1)
            filled = views.terms(last, settings.learning_rate, settings.steps)
            said = views.sentence(watched.steps[-1], place)
        for term in TERMS:
            how, value = filled.get(term, ("–", "–"))
            self.ui[f"{term}-how"].text = how
            self.ui[term].text = value
        # spoken only when it stands still: a sentence a frame is no use to anybody
        self.ui.said.attr("aria-live", "off" if self._training() else "polite")
        self.ui.said.text = said

    def _on_again(self) -> None:
        """The reader has gone back to a moment that has a next step."""
        self.ui.one.enabled = True
        self.ui.one.focus()

    def _training(self) -> bool:
        return self.lab.status.get().state == "training"

    def _show_map(self, snapshot: Snapshot, place: Place) -> None:
        now, of = time.monotonic(), (snapshot, place)
        same_place = self._map_of[1:] == (place,)
        if of == self._map_of or (self._training() and same_place and now - self._map_at < MAP_EVERY):
            return
        self._map_of, self._map_at = of, now
        self.map.update(views.matrix(snapshot.model.params, place))
        self.ui.tag.text = snapshot.source

    def describe(self, row: int, column: int) -> str:
        snapshot = self._map_of[0]
        return f"row {row}, column {column}: {fixed(float(snapshot.model.params[self._place.matrix][row, column]), 6)}"

    def typed(self) -> None:
        """Row or column, as typed."""
        try:
            row, column = (whole(part, self.ui[part].value, 0, LARGEST) for part in ("row", "column"))
        except ValueError:
            self._complain("Row and column are whole numbers, counted from 0.")
            return
        self.choose(Place(self.ui.matrix.value, row, column))

    def choose(self, place: Place) -> None:
        try:
            index = weights.index_of(place, self.lab.experiment.get().config)
        except ValueError as error:
            self._complain(str(error))
            return
        self._place = None  # show the controls anew, even if it is the same weight
        self._watch(index)

    def _watch(self, index: int) -> None:
        self.lab.watch_weight(index)
        # at once, and not with the next frame: it must not overwrite what is typed meanwhile
        config = self.lab.experiment.get().config
        self._show_place(weights.locate(index, config), config)

    def _complain(self, message: str) -> None:
        self.say("place-error", message)
        for part in ("row", "column"):
            self.ui[part].invalid = True
