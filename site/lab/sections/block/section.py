"""The block: one letter's way through the model, station by station, with the Python that does it."""

from ...charts.vectors import Vectors, describe
from ...charts.vectors_chart import VectorsChart
from ...core.vectors import vectors
from ...ui import dom
from ...ui.section import Section
from ...ui.stepper import Stepper
from ..forward.view import listing
from . import model
from .view import inside, scale_words, shapes, shown, track, way


class Block(Section):
    slug = "block"

    def mount(self) -> None:
        self.steps = Stepper(self, "steps", "station", self._moved)
        self.chart = VectorsChart(self.part("vectors"), "The numbers at this station", describe=self.describe_number)
        self.add(self.chart.dispose)
        self._stations: list[model.Station] = []
        self._told: model.Station | None = None
        self._shown: Vectors | None = None
        self.watch(self.lab.snapshot, self.lab.focus)
        self.add(self.lab.experiment.watch(lambda _experiment: self.invalidate()))
        self.on("track", "change", lambda event: self._jump(int(event.target.value)))
        self.on("track", "submit", lambda event: event.preventDefault())

    def render(self) -> None:
        focus, snapshot, trace = self.lab.focus.get(), self.lab.snapshot.get(), self.lab.trace()
        tokenizer = self.lab.experiment.get().tokenizer
        self._lay(model.stations(snapshot.model.config))
        station = self._stations[self.steps.at]
        found = vectors(trace, snapshot.model, focus.at)
        self._shown = shown(station, found, [*tokenizer.alphabet, "END"])
        self.chart.update(self._shown)
        token = int(trace.tokens[focus.at])
        came, went = shapes(station, found, f"{token} ({tokenizer.label(token)})", focus.at)
        dom.set_text(self.part("shape-in"), came)
        dom.set_text(self.part("shape-out"), went)
        dom.set_text(self.part("read"), focus.read or "START")
        dom.set_text(self.part("tag"), snapshot.source)
        self._tell(station)

    def describe_number(self, row: int, i: int) -> str:
        return describe(self._shown, row, i)

    def _lay(self, stations: list[model.Station]) -> None:
        """The track of a model with this many layers."""
        if stations == self._stations:
            return
        self._stations = stations
        dom.set_html(self.part("track"), track(stations))
        self.steps.show(len(stations), min(self.steps.at, len(stations) - 1))
        self._mark()

    def _tell(self, station: model.Station) -> None:
        """What does not change while the pulse stands here: words and Python."""
        if station == self._told:
            return
        self._told = station
        dom.set_text(self.part("name"), station.title)
        dom.set_text(self.part("note"), self.root.querySelector(f'[data-note="{station.note}"]').textContent)
        dom.set_text(self.part("scale"), scale_words(station))
        dom.set_text(self.part("piece"), station.kind.piece)
        dom.set_html(self.part("way"), way(station))
        dom.set_html(self.part("inside"), inside(station))
        lines = model.on_arrays(station)
        dom.set_text(self.part("where"), f"microgpt/model.py, from line {lines[0][0]}")
        dom.set_html(self.part("arrays"), listing(lines))

    def _moved(self, _at: int) -> None:
        if self.lab.focus.get().position is None:  # the names go on by themselves; not while one is on its way
            self.lab.look(position=self.lab.focus.get().at)
        self._mark()
        self.invalidate()

    def _jump(self, at: int) -> None:
        self.steps.stop()
        self.steps.go(at)

    def _mark(self) -> None:
        """The pulse at its station, and behind it the way it has come."""
        stops = self.part("track").querySelectorAll(".track-stop")
        for i in range(len(self._stations)):
            stops.item(i).classList.toggle("past", i < self.steps.at)
        stops.item(self.steps.at).querySelector("input").checked = True
