"""Inside the model: every matrix of the forward pass with its live values, and the heads side by side."""

from microgpt.config import GPTConfig

from ...charts import flow
from ...charts.color import SIDES
from ...charts.format import percent
from ...charts.heatmap_chart import Heatmap
from ...core.vectors import vectors
from ...ui import screen
from ...ui.canvas import Canvas
from ...ui.section import Section
from .diagram import plan
from .model import levels, parts
from .view import (
    AROUND,
    Shown,
    folded,
    label,
    listing,
    looks,
    matrix,
    number_words,
    palette,
    position_options,
    read_marks,
    scale_words,
    taken_words,
    weight_words,
)

FIRST = "wte"  # what is open before anybody has chosen
NARROWEST = 200  # in drawing units
SMOOTH = 2048  # more weights than these are drawn less often while training
MOVES = {"ArrowRight": 1, "ArrowDown": 1, "ArrowLeft": -1, "ArrowUp": -1}
PALETTE = [
    *(f"--neg-{k}" for k in range(SIDES, 0, -1)),
    "--paper-sunk",
    *(f"--pos-{k}" for k in range(1, SIDES + 1)),
]


class Forward(Section):
    slug = "forward"

    def mount(self) -> None:
        self._flow: flow.Flow | None = None
        self._canvas = Canvas(self.ui.weights)
        self._drawn_for: tuple | None = None
        self._width = self._looks_width = 0
        self._opened = FIRST
        self._named: str | None = None  # the name whose letters stand in the choice of positions
        self._turn = 0
        self._shown: Shown | None = None
        self._painted: tuple | None = None  # what stands on the canvas: layout, snapshot, colours
        self.charts = {
            "matrix": self.add_chart(Heatmap, "matrix", "Weights", describe=self.describe_weight),
            "taken": self.add_chart(Heatmap, "taken", "What comes in", describe=self.describe_taken),
            "given": self.add_chart(Heatmap, "given", "What goes out", describe=self.describe_given),
        }
        self._new_model()
        self.watch(self.lab.snapshot, self.lab.focus, self.lab.status)
        self.add(self.lab.experiment.watch(lambda _experiment: self._new_model()))
        self.on_width("flow", self._resized, NARROWEST)
        self.on_width("looks", self._looks_resized, NARROWEST)
        # the canvas has its colours from the theme, which may change at any click
        self.add(screen.on_theme(self.invalidate))
        self.on("flow", "click", self._clicked)
        self.on("flow", "keydown", self._key)
        self.on("back", "click", lambda _event: self._box(self._opened).focus())
        self.on("position", "change", lambda event: self.lab.look(position=int(event.target.value)))
        self.on("layer", "change", lambda event: self.lab.look(layer=int(event.target.value)))
        self.on("looks-details", "toggle", lambda _event: self.invalidate())

    # Drawing

    def render(self) -> None:
        focus, trace, experiment = self.lab.focus.get(), self.lab.trace(), self.lab.experiment.get()
        source_of_weights = self.lab.snapshot.get().source
        self._read = ["START", *focus.name]
        self._answers = [*experiment.tokenizer.alphabet, "END"]
        for tag in ("looks-tag", "flow-tag"):
            self.ui[tag].text = source_of_weights
        self._offer_positions(focus.name, focus.at)
        self._vectors = vectors(trace, self.lab.snapshot.get().model, focus.at)
        last = experiment.config.n_layer - 1
        self._draw_looks(last if focus.layer is None else focus.layer, self._read[: focus.at + 1])
        if self._width:  # else the diagram belongs to a deeper mode than the one chosen
            # while training, the diagram and what is open take turns: half the work each time
            training = self.lab.status.get().state == "training"
            self._turn = self._turn + 1 if training else 0
            resized = self._drawn_for != (experiment.config, self._width)
            if resized or self._turn % 2 == 0:
                self._draw_flow(experiment.config)
            if resized or self._turn % 2 or not training or self._shown.part.key != self._opened:
                self._draw_detail(experiment.config)

    def _draw_looks(self, layer: int, read: list[str]) -> None:
        data = looks(self._vectors, layer, self.lab.experiment.get().config, read)
        self.ui.layer.value = str(layer)
        text = f"Layer {layer + 1}, after {read[-1]}: {data.summary()}."
        if self._looks_width:
            self.ui.looks.html = data.svg(self._looks_width, text)
        self.ui.looks_summary.text = text
        if self.ui.looks_details.open:
            self.ui.looks_table.html = data.table()

    def _draw_flow(self, config: GPTConfig) -> None:
        focus, snapshot = self.lab.focus.get(), self.lab.snapshot.get()
        if self._drawn_for != (config, self._width):
            self._draw_frame(config)
        token = int(self.lab.trace().tokens[focus.at])
        chosen = {"wte": token, "wpe": focus.at}
        live = flow.values(self._flow, self._vectors, read_marks(self._read[: focus.at + 1]), self._answers)
        self._live.html = live + flow.rows(self._flow, chosen)
        colours = screen.colours(PALETTE)
        if self._painted != (self._flow, snapshot, colours):
            self._painted = (self._flow, snapshot, colours)
            for x, y, image in flow.pixels(
                self._flow, levels(snapshot.model, SIDES, self._parts.values()), palette(colours)
            ):
                self._canvas.put(image, x, y)
        chances = self._vectors["probabilities"]
        top = int(chances.argmax())
        self.ui.read.text = focus.read or "START"
        self.ui.top.text = f"{self._answers[top]} ({percent(float(chances[top]))})"

    def _draw_frame(self, config: GPTConfig) -> None:
        """What depends on sizes only: drawn anew when they change, and the keyboard keeps its place."""
        self._drawn_for = (config, self._width)
        self._parts = parts(config)
        self._flow = flow.layout(plan(config), self._width)
        inside = self.ui.frame.focus_within
        self.ui.frame.html = flow.svg(self._flow, {key: label(part) for key, part in self._parts.items()})
        self._live = self.ui.frame.find(".flow-live")
        self._canvas.resize(round(self._flow.width / self._flow.pixel), round(self._flow.height / self._flow.pixel))
        self.ui.unit.text = scale_words(self._flow.unit, self._flow.stride)
        if self._opened not in self._parts:
            self._opened = FIRST
        self._mark(inside)
        self._say_opened()

    def _draw_detail(self, config: GPTConfig) -> None:
        part, params = self._parts[self._opened], self.lab.snapshot.get().model.params
        before = self._shown and self._shown.part
        self._shown = Shown(part, params, self._vectors, self._read, self._answers)
        if part != before or part.count <= SMOOTH or self._turn % 8 < 2:
            self.charts["matrix"].update(matrix(*self._shown, config))
        for side, name in (("taken", part.taken), ("given", part.given)):
            self.charts[side].update(None if name is None else folded(self._vectors[name]))

    # Choosing

    def _clicked(self, event) -> None:
        box = event.target.closest("[data-key]")
        if box:
            self._open(box.get("data-key"))

    def _key(self, event) -> None:
        box = event.target.closest("[data-key]")
        if not box or event.modified:
            return
        key, keys = box.get("data-key"), list(self._parts)
        if event.key in ("Enter", " "):
            event.stop()
            self._open(key)
            return
        here = keys.index(key)
        there = {"Home": 0, "End": len(keys) - 1}.get(event.key)
        if event.key in MOVES:
            there = min(max(here + MOVES[event.key], 0), len(keys) - 1)
        if there is not None:
            event.stop()
            self._reach(keys[there])
            self._box(keys[there]).focus()

    def _open(self, key: str) -> None:
        self._opened = key
        self._mark()
        self._say_opened()
        self.invalidate()
        if not screen.wide():  # there, what was opened is further down
            self.ui.detail_name.focus()

    def _mark(self, focus: bool = False) -> None:
        """Show which box is open; it is also where the tab key comes in."""
        for box in self.ui.frame.all('[aria-pressed="true"]'):
            box.attr("aria-pressed", "false")
        self._box(self._opened).attr("aria-pressed", "true")
        self._reach(self._opened)
        if focus:
            self._box(self._opened).focus()

    def _reach(self, key: str) -> None:
        """All boxes together are one tab stop: this one."""
        for box in self.ui.frame.all('[tabindex="0"]'):
            box.attr("tabindex", "-1")
        self._box(key).attr("tabindex", "0")

    def _box(self, key: str):
        return self.ui.frame.find(f'[data-key="{key}"]')

    def _say_opened(self) -> None:
        """What does not change while it is open: its name, what it is for, its Python."""
        part = self._parts[self._opened]
        self.ui.detail_name.text = part.title
        self.ui.detail_facts.text = part.facts
        note = self.root.find(f'[data-note~="{part.note}"]')
        self.ui.detail_note.text = note.text
        lines = part.code
        self.ui.detail_code.html = listing(lines)
        self.ui.detail_where.text = f"microgpt/model.py, from line {lines[0][0]}"
        self.ui.given_what.text = part.words.made
        self.ui.matrix_part.hidden = not part.shape and part.note != "heads"
        self.ui.matrix_what.text = "Where each head looks" if part.note == "heads" else "Weights"
        self.ui.taken_part.hidden = part.taken is None
        self.ui.taken_what.text = taken_words(part)

    # Controls and words

    def _new_model(self) -> None:
        """Its sizes stand in the choice of layers."""
        config = self.lab.experiment.get().config
        self.ui.layer.html = "".join(f'<option value="{i}">{i + 1}</option>' for i in range(config.n_layer))
        self._painted = None
        self.invalidate()

    def _offer_positions(self, name: str, at: int) -> None:
        if name != self._named:
            self._named = name
            self.ui.position.html = position_options(name)
        self.ui.position.value = str(at)

    def describe_weight(self, row: int, col: int) -> str:
        return weight_words(self._shown, row, col)

    def describe_taken(self, row: int, col: int) -> str:
        return number_words(self._shown, self._shown.part.taken, row * AROUND + col)

    def describe_given(self, row: int, col: int) -> str:
        return number_words(self._shown, self._shown.part.given, row * AROUND + col)

    def _resized(self, units: int) -> None:
        self._width = units
        self.invalidate()

    def _looks_resized(self, units: int) -> None:
        self._looks_width = units
        self.invalidate()
