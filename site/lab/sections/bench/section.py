"""The bench: the first screen, on which everything that matters moves while the model trains."""

from dataclasses import replace

from microgpt.inspect.letter_map import letter_map

from ...charts import arcs, descent, scattered, spelled
from ...charts.arcs import Arcs
from ...core.focus import BadName, read_name
from ...core.sharpest import sharpest
from ...core.snapshot import Snapshot
from ...ui.section import Section
from . import view
from .model import example, row

CHARTS = ("spelled", "descent", "arcs", "map")
NARROW = 400
LOW = 150  # height of the arcs and of the map, in drawing units; style.css reserves it


class Bench(Section):
    slug = "bench"

    def mount(self) -> None:
        self._widths = dict.fromkeys(CHARTS, 0)
        self._head: tuple[int, int] | None = None  # the one whose attention is shown
        self._places = None  # of the letters, a picture ago
        self._of = None  # the experiment of that picture
        for chart in CHARTS:
            self.on_width(chart, lambda units, chart=chart: self._resized(chart, units), least=120)
        self.watch(self.lab.snapshot, self.lab.status, self.lab.focus)
        self.on("go", "click", lambda _event: self.go())
        self.on("again", "click", lambda _event: self.again())

    def _resized(self, chart: str, units: int) -> None:
        self._widths[chart] = units
        self.invalidate()

    def render(self) -> None:
        snapshot, status = self.lab.snapshot.get(), self.lab.status.get()
        experiment = self.lab.experiment.get()
        self.ui.go.text = view.go(status, snapshot.step)
        self.ui.again.enabled = snapshot.step > 0
        self.ui.told.text = view.told(snapshot, status, experiment)
        self.ui.names.html = view.names(snapshot.samples)
        for tag in (*CHARTS, "names"):
            self.ui[f"{tag}-tag"].text = snapshot.source
        if experiment is not self._of:
            self._of, self._places, self._head = experiment, None, None
            self.ui.word.text = self._word()
        if not self._broken and all(self._widths.values()) and snapshot.finite:
            self._draw(snapshot)

    def _draw(self, snapshot: Snapshot) -> None:
        experiment, wide = self._of, self._widths
        word = view.spelled(snapshot, experiment, self.ui.word.text)
        said = f"Probability of each letter: {spelled.summary(word)}"
        self.ui.spelled.html = spelled.svg(word, wide["spelled"], said)
        curve = view.descent(snapshot, experiment)
        said = f"Loss by step: {descent.summary(curve)}"
        self.ui.descent.html = descent.svg(curve, wide["descent"], 160 if wide["descent"] < NARROW else 200, said)
        self._draw_arcs(wide["arcs"])
        letters, rows = view.letters_of(experiment, snapshot.model.params["wte"])
        found = letter_map(rows, self._places)
        self._places = found.places
        self.ui.map_note.text = view.map_note(snapshot.step, letters, found)
        self.ui.map.html = scattered.svg(view.on_the_map(letters, found), wide["map"], LOW, "A map of the letters")

    def _draw_arcs(self, width: int) -> None:
        focus, trace = self.lab.focus.get(), self.lab.trace()
        position = max(1, focus.at)
        self._head = sharpest(trace, position, self._head)
        shown = Arcs(["START", *focus.name[:position]], row(trace, position, *self._head).tolist())
        self.ui.arcs_note.text = view.arcs_note(*self._head)
        said = f"Attention of {focus.name[:position]}: {arcs.summary(shown)}"
        self.ui.arcs.html = arcs.svg(shown, width, LOW, said)

    def _word(self) -> str:
        """The name that was chosen by measurement for the page's own list, or one of another list."""
        try:
            name = read_name(self.ui.word.get("data-name") or "", self._of)
        except BadName:
            return example(self._of)
        return name if name in self._of.split.held_out else example(self._of)

    def go(self) -> None:
        """What the large button does: train, pause, or, after the run, make names."""
        status = self.lab.status.get()
        if status.state == "training":
            self.lab.pause()
        elif status.finished:
            self.lab.sample(10, 1.0)
        else:
            self.lab.train()

    def again(self) -> None:
        """A new run from other first weights; Undo brings this one back."""
        experiment = self.lab.experiment.get()
        self.lab.configure(experiment.names, replace(experiment.settings, seed=experiment.settings.seed + 1))
        self.lab.train()
