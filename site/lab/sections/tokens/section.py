"""Tokens and embeddings: how a letter becomes a number, and the number a row of numbers."""

import time

from numpy import ndarray

from microgpt.model import Trace
from microgpt.tokenizer import CharTokenizer

from ...charts.heatmap_chart import Heatmap
from ...core.focus import Focus
from ...core.letters import left_out, shown
from ...core.snapshot import Snapshot
from ...ui.section import Section
from ..scales import limit_of
from . import view as views

TABLES_EVERY = 0.2  # seconds: five updates a second look live, and leave the time to training

NOT_THERE = " It does not stand there in the name: this is what would go in if it did."


class Tokens(Section):
    slug = "tokens"

    def mount(self) -> None:
        self.sum = self.add_chart(Heatmap, "sum", "Letter row plus position row", describe=self.describe_sum)
        self.wte = self.add_chart(
            Heatmap,
            "wte",
            "Letter table, wte",
            describe=self.describe_wte,
            on_select=lambda row, _column: self.try_letter(self._rows[row]),
        )
        self.wpe = self.add_chart(
            Heatmap,
            "wpe",
            "Position table, wpe",
            describe=self.describe_wpe,
            on_select=lambda row, _column: self.look_at(row),
        )
        self._tokenizer = self._name = None  # what map and strip show
        self._drawn: dict[str, tuple] = {}  # of each table: what it shows, and since when
        self._letter: int | None = None  # chosen on the map, in place of the one in the name
        self._hovered: tuple[int | None, int | None] = (None, None)  # token, position
        self.watch(self.lab.snapshot, self.lab.experiment, self.lab.status)
        self.add(self.lab.focus.watch(self._moved))
        self.on("map", "change", lambda event: self.try_letter(int(event.target.value)))
        self.on("strip", "change", lambda event: self.look_at(int(event.target.value)))
        for part in ("map", "strip"):
            self.on(part, "pointerover", self._hover)
            self.on(part, "pointerleave", self._leave)

    def render(self) -> None:
        focus, tokenizer = self.lab.focus.get(), self.lab.experiment.get().tokenizer
        self._draw_letters(focus, tokenizer)
        snapshot, trace = self.lab.snapshot.get(), self.lab.trace()
        params = snapshot.model.params
        self._limit = limit_of("wte", params)
        token, position = self._place(trace)
        self._lookup = views.lookup(snapshot.model, trace, token, position)
        label = views.shown(tokenizer.label(token))
        self.sum.update(views.lookup_matrix(self._lookup, label, self._limit))
        own = int(trace.tokens[position]) == token
        for part, text in (
            ("letter", label),
            ("token", str(token)),
            ("position", str(position)),
            ("whose", "" if own else NOT_THERE),
            ("scale", f"{float(trace.scale0[position, 0]):.2f}" if own else "another number"),
        ):
            self.ui[part].text = text
        for tag in ("sum-tag", "wte-tag", "wpe-tag"):
            self.ui[tag].text = snapshot.source
        self._draw_tables(snapshot, token, position)

    def _place(self, trace: Trace) -> tuple[int, int]:
        """The letter and the position to show: pointed at, chosen, or in focus, in this order."""
        token, position = self._hovered
        if position is not None and position < len(trace.tokens):
            return int(trace.tokens[position]), position
        position = self.lab.focus.get().at
        token = self._letter if token is None else token
        return (int(trace.tokens[position]) if token is None else token), position

    def _draw_letters(self, focus: Focus, tokenizer: CharTokenizer) -> None:
        """New elements only for a new alphabet or name: they would lose the keyboard's place."""
        if tokenizer is not self._tokenizer:
            self._letter, self._hovered = None, (None, None)
            self._offered: list[int] = []
            self.say("left-out", left_out(self.lab.experiment.get()))
        offered = shown(self.lab.experiment.get(), tokenizer.encode(focus.name))
        if offered != self._offered:
            self._offered = offered
            self.ui.map.html = views.token_map(tokenizer, offered)
            self._tiles = dict(zip(offered, self.ui.map.children, strict=True))
        if (tokenizer, focus.name) != (self._tokenizer, self._name):
            self._tokenizer, self._name = tokenizer, focus.name
            self.ui.strip.html = views.token_strip(focus.name, tokenizer)
            read = {tokenizer.bos, *tokenizer.encode(focus.name)}
            for token, tile in self._tiles.items():
                tile.attr("data-lit", "" if token in read else None)
        self.ui.strip.choose(str(focus.at))
        token = tokenizer.document(focus.name)[focus.at] if self._letter is None else self._letter
        self.ui.map.choose(str(token) if token in self._tiles else None)

    def _draw_tables(self, snapshot: Snapshot, token: int, position: int) -> None:
        """The two large ones: a change of place at once, but not every step of training, and then
        one at a time, so that no picture takes long."""
        now, place = time.monotonic(), (token, position, self._name)
        training = self.lab.status.get().state == "training"
        for name, draw in (("wte", self._draw_wte), ("wpe", self._draw_wpe)):
            of, at = self._drawn.get(name, ((None, None), 0.0))
            live = training and of[1] == place
            if of == (snapshot, place) or (live and now - at < TABLES_EVERY):
                continue
            self._drawn[name] = (snapshot, place), now
            draw(snapshot.model.params[name], token, position)
            if live:
                return

    def _draw_wte(self, values: ndarray, token: int, _position: int) -> None:
        tokenizer = self._tokenizer
        self._wte = values
        self._rows = views.shown_tokens(tokenizer.vocab_size, [*tokenizer.document(self._name), token])
        labels = [views.shown(tokenizer.label(row)) for row in self._rows]
        here = self._rows.index(token)
        self.wte.update(views.table_matrix(values[self._rows], labels, "letter", here, self._limit))

    def _draw_wpe(self, values: ndarray, _token: int, position: int) -> None:
        self._wpe = values
        places = [str(i) for i in range(len(values))]
        self.wpe.update(views.table_matrix(values, places, "position", position, self._limit))

    def describe_sum(self, row: int, column: int) -> str:
        label = views.shown(self._tokenizer.label(self._lookup.token))
        return views.lookup_text(self._lookup, label, row, column)

    def describe_wte(self, row: int, column: int) -> str:
        token = self._rows[row]
        label = views.shown(self._tokenizer.label(token))
        return f"letter {label}, row {token}, number {column}: {views.exact(self._wte[token, column])}"

    def describe_wpe(self, row: int, column: int) -> str:
        return f"position {row}, number {column}: {views.exact(self._wpe[row, column])}"

    def try_letter(self, token: int) -> None:
        """Look this letter up at the position in focus."""
        self._hold()
        self._letter = token
        self._hovered = (None, None)
        self.invalidate()

    def look_at(self, position: int) -> None:
        """Go to a position of the name; the position table has more rows than most names."""
        if position <= len(self.lab.focus.get().name):
            self._hold()
            self.lab.look(position=position)
            self._moved(self.lab.focus.get())

    def _hold(self) -> None:
        """Whoever chooses something in this name wants it to stay: as if it had been typed."""
        focus = self.lab.focus.get()
        if self.lab.typed.get() != focus.name:
            self.lab.focus_on(focus.name)
            self.lab.look(position=focus.position)

    def _moved(self, _focus: Focus) -> None:
        self._letter, self._hovered = None, (None, None)
        self.invalidate()

    def _hover(self, event) -> None:
        tile = event.target.closest(".tile")
        if tile and event.by_mouse:
            token, position = (tile.get(f"data-{what}") for what in ("token", "position"))
            self._hovered = (int(token) if token else None, int(position) if position else None)
            self.invalidate()

    def _leave(self, _event) -> None:
        self._hovered = (None, None)
        self.invalidate()
