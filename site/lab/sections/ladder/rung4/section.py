"""Rung 4 on the page: a small map of every head, and one of them large."""

import time

from ....charts.heatmap_chart import Heatmap
from ..rung import RungSection
from ..rung_looks import attention_map, grid, looked, mix, small_map
from ..rungs import RungRun

SMALL_EVERY = 0.5  # seconds between two drawings of all small maps while it trains: together they are many cells


class Rung4(RungSection):
    slug, number = "rung4", 4

    def wire(self) -> None:
        self.heat = self.add_chart(
            Heatmap, "heat", "Attention of rung 4", on_select=lambda row, _col: self.lab.look(position=row)
        )
        self._head = (0, 0)  # layer and head shown large
        self._small: tuple | None = None
        self._small_at = 0.0
        self.watch(self.lab.focus)
        self.on("all", "change", self.choose)

    def fresh(self, run: RungRun) -> None:
        self._head, self._small = (0, 0), None
        self.ui.all.renew(grid(run.rung.n_layer, run.rung.n_head, self.number))
        self._pictures = self.ui.all.all(".heads-map")

    def show(self, run: RungRun) -> None:
        focus, tokenizer = self.lab.focus.get(), run.tokenizer
        letters = ["START", *focus.name]
        looks = looked(run.rung, [tokenizer.bos, *tokenizer.encode(focus.name)])
        layer, head = self._head
        weights = looks[layer][head]
        self.heat.update(attention_map(weights, letters, focus.at))
        said = mix(weights, letters, focus.at)
        self.ui.mix.text = f"Layer {layer + 1}, head {head + 1}. {said}"
        self._show_small(looks, (run.rung.step_count, focus.name))

    def _show_small(self, looks, drawn: tuple) -> None:
        now = time.monotonic()
        if drawn == self._small or (self._stop and now - self._small_at < SMALL_EVERY):
            return
        self._small, self._small_at = drawn, now
        for picture, weights in zip(self._pictures, (one for layer in looks for one in layer), strict=True):
            picture.html = small_map(weights)

    def choose(self, event) -> None:
        layer, head = event.target.value.split(",")
        self._head = int(layer), int(head)
        self.invalidate()
