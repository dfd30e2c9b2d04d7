"""The block: one letter's way through the model, station by station, with the Python that does it."""

from ...charts.vectors import Vectors
from ...charts.vectors_chart import VectorsChart
from ...core.vectors import vectors
from ...ui.section import Section
from ...ui.stepper import Stepper
from ..forward.view import listing
from . import model
from .view import inside, scale_words, shapes, shown, track, way


class Block(Section):
    slug = "block"

    def mount(self) -> None:
        self.steps = Stepper(self, "steps", "station", self._moved)
        self.chart = self.add_chart(
            VectorsChart, "vectors", "The numbers at this station", describe=self.describe_number
        )
        self._stations: list[model.Station] = []
        self._told: model.Station | None = None
        self._shown: Vectors | None = None
        self.watch(self.lab.snapshot, self.lab.focus)
        self.add(self.lab.experiment.watch(lambda _experiment: self.invalidate()))
        self.on("track", "change", lambda event: self._jump(int(event.target.value)))

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
        self.ui.shape_in.text = came
        self.ui.shape_out.text = went
        self.ui.read.text = focus.read or "START"
        self.ui.tag.text = snapshot.source
        self._tell(station)

    def describe_number(self, row: int, i: int) -> str:
        return self._shown.describe(row, i)

    def _lay(self, stations: list[model.Station]) -> None:
        """The track of a model with this many layers."""
        if stations == self._stations:
            return
        self._stations = stations
        self.ui.track.html = track(stations)
        self._stops = self.ui.track.all(".track-stop")
        self.steps.show(len(stations), min(self.steps.at, len(stations) - 1))
        self._mark()

    def _tell(self, station: model.Station) -> None:
        """What does not change while the pulse stands here: words and Python."""
        if station == self._told:
            return
        self._told = station
        self.ui.name.text = station.title
        self.ui.note.text = self.root.find(f'[data-note="{station.note}"]').text
        self.ui.scale.text = scale_words(station)
        self.ui.piece.text = station.kind.piece
        self.ui.way.html = way(station)
        self.ui.inside.html = inside(station)
        lines = model.on_arrays(station)
        self.ui.where.text = f"microgpt/model.py, from line {lines[0][0]}"
        self.ui.arrays.html = listing(lines)

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
        for i, stop in enumerate(self._stops):
            stop.css("past", i < self.steps.at)
        self.ui.track.choose(str(self.steps.at))
