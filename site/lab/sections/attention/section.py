"""Attention: how much of each letter before is mixed in, head by head."""

import time
from dataclasses import replace

import numpy as np

from microgpt.model import Trace

from ...charts import Matrix, arcs
from ...charts.arcs import Arcs
from ...charts.format import percent
from ...charts.heatmap_chart import Heatmap
from ...core.focus import Focus
from ...core.sharpest import sharpest
from ...ui import screen
from ...ui.section import Section
from .view import MEAN, grid, mix, one_of, small_maps, tabs, weights

ARCS = 132  # height of the arcs, in drawing units; style.css reserves it
SMALL_EVERY = 0.4  # seconds between two drawings of all small maps while training: together they are many cells


class Attention(Section):
    slug = "attention"

    def mount(self) -> None:
        self.heat = self.add_chart(
            Heatmap,
            "heat",
            "Attention weights",
            describe=self.describe_cell,
            on_select=lambda row, _col: self.lab.look(position=row),
        )
        self._sharp: tuple[int, int] | None = None  # layer and head that are shown while nobody has chosen one
        self._chosen = False
        self._width = 0  # of the arcs
        self._drawn = 0.0  # when the small maps were
        self._small_focus = None
        self._offer_heads()
        self.watch(self.lab.snapshot, self.lab.focus, self.lab.status)
        self.add(self.lab.experiment.watch(lambda _experiment: self._offer_heads()))
        self.on("look", "change", lambda event: self._pick(**{event.name: one_of(event.target.value)}))
        self.on_width("arcs", self._resized, least=120)
        self.on("all", "change", self.choose)
        self.on_width("all", lambda _width: self._refresh_small())  # shown, or hidden

    def render(self) -> None:
        trace, tokenizer, focus = self.lab.trace(), self.lab.experiment.get().tokenizer, self._focus()
        self._labels = ["START", *map(tokenizer.label, trace.tokens[1:])]
        self._attention = weights(trace, focus.layer, focus.head)
        self.heat.update(
            Matrix(
                self._attention,
                self._labels,
                self._labels,
                row_marks=(focus.at,),
                mask=np.triu(np.ones_like(self._attention, bool), k=1),
                max_cell=34,
                row_name="after",
                col_name="looks at",
                format=percent,
            )
        )
        if self._width:
            shown = Arcs(self._labels[: focus.at + 1], self._attention[focus.at, : focus.at + 1].tolist())
            self.ui.arcs.html = arcs.svg(shown, self._width, ARCS, f"Arcs: {arcs.summary(shown)}")
        self.ui.mix.text = mix(self._attention[focus.at], self._labels, focus.read)
        self.ui.heat_tag.text = self.lab.snapshot.get().source
        for part, chosen in (("layer", focus.layer), ("head", focus.head)):
            self.ui[part].choose(MEAN if chosen is None else str(chosen))
        one = None not in (focus.layer, focus.head)
        self.ui.all.choose(f"{focus.layer},{focus.head}" if one else None)
        self._render_small(trace, focus)

    def describe_cell(self, row: int, col: int) -> str:
        if col > row:
            return f"after {self._labels[row]}, {self._labels[col]} at position {col} is still hidden"
        return f"after {self._labels[row]}, {percent(float(self._attention[row, col]))} from {self._labels[col]}"

    def choose(self, event) -> None:
        layer, head = event.target.value.split(",")
        self._pick(layer=int(layer), head=int(head))

    def _focus(self) -> Focus:
        """What the page looks at; while nobody has chosen a layer or head, the head that looks most sharply."""
        focus, trace = self.lab.focus.get(), self.lab.trace()
        self._chosen = self._chosen or (focus.layer, focus.head) != (None, None)
        if self._chosen or len(trace.tokens) < 2:
            return focus
        self._sharp = sharpest(trace, max(1, focus.at), self._sharp)
        return replace(focus, layer=self._sharp[0], head=self._sharp[1])

    def _pick(self, **place: int | None) -> None:
        """The reader's choice, beside what is shown of the other."""
        focus = self._focus()
        self._chosen = True
        self.lab.look(**{"layer": focus.layer, "head": focus.head, **place})
        self.invalidate()

    def _resized(self, units: int) -> None:
        self._width = units
        self.invalidate()

    def _render_small(self, trace: Trace, focus) -> None:
        now = time.monotonic()
        training = self.lab.status.get().state == "training"
        if training and focus.name == self._small_focus and now - self._drawn < SMALL_EVERY:
            return
        self._drawn, self._small_focus = now, focus.name
        if screen.mode() == "minimal":
            return  # which does not show them
        for picture, svg in zip(self._pictures, small_maps(trace), strict=True):
            picture.html = svg

    def _refresh_small(self) -> None:
        self._small_focus = None
        self.invalidate()

    def _offer_heads(self) -> None:
        config = self.lab.experiment.get().config
        self.ui.layer.html = tabs("layer", config.n_layer)
        self.ui.head.html = tabs("head", config.n_head)
        self.ui.all.html = grid(config)
        self._pictures = self.ui.all.all(".heads-map")
        self._pictures = self.ui.all.all(".heads-map")
        self._refresh_small()
