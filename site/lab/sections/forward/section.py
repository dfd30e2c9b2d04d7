"""Inside the model: every matrix of the forward pass with its live values, and the heads side by side."""

from microgpt.config import GPTConfig

from ...charts import flow, heads
from ...charts.color import SIDES
from ...charts.format import percent
from ...charts.heatmap_chart import Heatmap
from ...core.vectors import vectors
from ...ui import dom
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
        self._canvas = self.part("weights")
        self._drawn_for: tuple | None = None
        self._width = self._looks_width = 0
        self._opened = FIRST
        self._named: str | None = None  # the name whose letters stand in the choice of positions
        self._turn = 0
        self._shown: Shown | None = None
        self._painted: tuple | None = None  # what stands on the canvas: layout, snapshot, colours
        self.charts = {
            "matrix": Heatmap(self.part("matrix"), "Weights", describe=self.describe_weight),
            "taken": Heatmap(self.part("taken"), "What comes in", describe=self.describe_taken),
            "given": Heatmap(self.part("given"), "What goes out", describe=self.describe_given),
        }
        for chart in self.charts.values():
            self.add(chart.dispose)
        self._new_model()
        self.watch(self.lab.snapshot, self.lab.focus, self.lab.status)
        self.add(self.lab.experiment.watch(lambda _experiment: self._new_model()))
        self.add(dom.on_resize(self.part("flow"), self._resized))
        self.add(dom.on_resize(self.part("looks"), self._looks_resized))
        # the canvas has its colours from the theme, which may change at any click
        self.add(dom.on_media("(prefers-color-scheme: dark)", lambda _dark: self.invalidate()))
        self.add(dom.listen(dom.document, "change", lambda _event: self.invalidate()))
        self.on("flow", "click", self._clicked)
        self.on("flow", "keydown", self._key)
        self.on("back", "click", lambda _event: self._box(self._opened).focus())
        self.on("position", "change", lambda event: self.lab.look(position=int(event.target.value)))
        self.on("layer", "change", lambda event: self.lab.look(layer=int(event.target.value)))
        self.on("looks-details", "toggle", lambda _event: self.invalidate())
        for control in ("position", "layer"):
            self.part(control).disabled = False

    # Drawing

    def render(self) -> None:
        focus, trace, experiment = self.lab.focus.get(), self.lab.trace(), self.lab.experiment.get()
        source_of_weights = self.lab.snapshot.get().source
        self._read = ["START", *focus.name]
        self._answers = [*experiment.tokenizer.alphabet, "END"]
        for tag in ("looks-tag", "flow-tag"):
            dom.set_text(self.part(tag), source_of_weights)
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
        self.part("layer").value = str(layer)
        text = f"Layer {layer + 1}, after {read[-1]}: {heads.summary(data)}."
        if self._looks_width:
            dom.set_html(self.part("looks"), heads.svg(data, self._looks_width, text))
        dom.set_text(self.part("looks-summary"), text)
        if self.part("looks-details").open:
            dom.set_html(self.part("looks-table"), heads.table(data))

    def _draw_flow(self, config: GPTConfig) -> None:
        focus, snapshot = self.lab.focus.get(), self.lab.snapshot.get()
        if self._drawn_for != (config, self._width):
            self._draw_frame(config)
        token = int(self.lab.trace().tokens[focus.at])
        chosen = {"wte": token, "wpe": focus.at}
        live = flow.values(self._flow, self._vectors, read_marks(self._read[: focus.at + 1]), self._answers)
        dom.set_html(self._live, live + flow.rows(self._flow, chosen))
        colours = dom.colours(PALETTE)
        if self._painted != (self._flow, snapshot, colours):
            self._painted = (self._flow, snapshot, colours)
            for x, y, image in flow.pixels(
                self._flow, levels(snapshot.model, SIDES, self._parts.values()), palette(colours)
            ):
                dom.put_pixels(self._canvas, image, x, y)
        chances = self._vectors["probabilities"]
        top = int(chances.argmax())
        dom.set_text(self.part("read"), focus.read or "START")
        dom.set_text(self.part("top"), f"{self._answers[top]} ({percent(float(chances[top]))})")

    def _draw_frame(self, config: GPTConfig) -> None:
        """What depends on sizes only: drawn anew when they change, and the keyboard keeps its place."""
        self._drawn_for = (config, self._width)
        self._parts = parts(config)
        self._flow = flow.layout(plan(config), self._width)
        inside = bool(self.part("frame").contains(dom.document.activeElement))
        dom.set_html(self.part("frame"), flow.svg(self._flow, {key: label(part) for key, part in self._parts.items()}))
        self._live = self.part("frame").querySelector(".flow-live")
        self._canvas.width = round(self._flow.width / self._flow.pixel)
        self._canvas.height = round(self._flow.height / self._flow.pixel)
        dom.set_text(self.part("unit"), scale_words(self._flow.unit, self._flow.stride))
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
            self._open(box.getAttribute("data-key"))

    def _key(self, event) -> None:
        box = event.target.closest("[data-key]")
        if not box or event.altKey or event.ctrlKey or event.metaKey:
            return
        key, keys = box.getAttribute("data-key"), list(self._parts)
        if event.key in ("Enter", " "):
            event.preventDefault()
            self._open(key)
            return
        here = keys.index(key)
        there = {"Home": 0, "End": len(keys) - 1}.get(event.key)
        if event.key in MOVES:
            there = min(max(here + MOVES[event.key], 0), len(keys) - 1)
        if there is not None:
            event.preventDefault()
            self._reach(keys[there])
            self._box(keys[there]).focus()

    def _open(self, key: str) -> None:
        self._opened = key
        self._mark()
        self._say_opened()
        self.invalidate()
        if not dom.window.matchMedia("(min-width: 60rem)").matches:  # there, what was opened is further down
            self.part("detail-name").focus()

    def _mark(self, focus: bool = False) -> None:
        """Show which box is open; it is also where the tab key comes in."""
        for box in self.part("frame").querySelectorAll('[aria-pressed="true"]'):
            dom.set_attr(box, "aria-pressed", "false")
        dom.set_attr(self._box(self._opened), "aria-pressed", "true")
        self._reach(self._opened)
        if focus:
            self._box(self._opened).focus()

    def _reach(self, key: str) -> None:
        """All boxes together are one tab stop: this one."""
        for box in self.part("frame").querySelectorAll('[tabindex="0"]'):
            dom.set_attr(box, "tabindex", "-1")
        dom.set_attr(self._box(key), "tabindex", "0")

    def _box(self, key: str):
        return self.part("frame").querySelector(f'[data-key="{key}"]')

    def _say_opened(self) -> None:
        """What does not change while it is open: its name, what it is for, its Python."""
        part = self._parts[self._opened]
        dom.set_text(self.part("detail-name"), part.title)
        dom.set_text(self.part("detail-facts"), part.facts)
        note = self.root.querySelector(f'[data-note~="{part.note}"]')
        dom.set_text(self.part("detail-note"), note.textContent)
        lines = part.code
        dom.set_html(self.part("detail-code"), listing(lines))
        dom.set_text(self.part("detail-where"), f"microgpt/model.py, from line {lines[0][0]}")
        dom.set_text(self.part("given-what"), part.words.made)
        self.part("matrix-part").hidden = not part.shape and part.note != "heads"
        dom.set_text(self.part("matrix-what"), "Where each head looks" if part.note == "heads" else "Weights")
        self.part("taken-part").hidden = part.taken is None
        dom.set_text(self.part("taken-what"), taken_words(part))

    # Controls and words

    def _new_model(self) -> None:
        """Its sizes stand in the choice of layers."""
        config = self.lab.experiment.get().config
        dom.set_html(
            self.part("layer"), "".join(f'<option value="{i}">{i + 1}</option>' for i in range(config.n_layer))
        )
        self._painted = None
        self.invalidate()

    def _offer_positions(self, name: str, at: int) -> None:
        if name != self._named:
            self._named = name
            dom.set_html(self.part("position"), position_options(name))
        self.part("position").value = str(at)

    def describe_weight(self, row: int, col: int) -> str:
        return weight_words(self._shown, row, col)

    def describe_taken(self, row: int, col: int) -> str:
        return number_words(self._shown, self._shown.part.taken, row * AROUND + col)

    def describe_given(self, row: int, col: int) -> str:
        return number_words(self._shown, self._shown.part.given, row * AROUND + col)

    def _resized(self, pixels: float) -> None:
        self._width = dom_units(pixels, 200)
        self.invalidate()

    def _looks_resized(self, pixels: float) -> None:
        self._looks_width = dom_units(pixels, 200)
        self.invalidate()


def dom_units(pixels: float, least: int) -> int:
    """CSS pixels → drawing units, of which a rem has 16; 0 for what is not laid out."""
    if pixels <= 0:
        return 0
    rem = float(dom.window.getComputedStyle(dom.root).fontSize.removesuffix("px"))
    return max(least, round(pixels * 16 / rem))
