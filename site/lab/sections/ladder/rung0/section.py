"""Rung 0 on the page: a name pair by pair, the table of counts, and any row of it as a guess."""

import asyncio

from ....charts import Bars
from ....charts.bar_chart import BarChart
from ....charts.heatmap_chart import Heatmap
from ....ui import dom
from ....ui.tasks import spawn
from ..rung import RungSection
from ..rungs import RungRun, labels
from .view import Labels, chain, count_table, described, option, row_told, told

PAIR_EVERY = 1.0  # seconds a pair stands while it plays
FASTEST = 10  # pictures a second: above that, several names to a picture
QUICK = ("10", "100")  # speeds at which the pictures take turns


class Rung0(RungSection):
    slug, number = "rung0", 0

    def wire(self) -> None:
        self.table = Heatmap(
            self.part("table"), "Count table", describe=self.describe_cell, on_select=lambda row, _col: self.choose(row)
        )
        self.bars = BarChart(self.part("bars"), "Chances after one letter")
        self.add(self.table.dispose)
        self.add(self.bars.dispose)
        self._row: int | None = None  # None: START
        self._by_chance = False
        self._pictures = 0  # drawn while it goes quickly
        self._playing = False
        self.on("steps", "click", self.press)
        self.on("look", "change", self.look)
        self.on("look", "submit", lambda event: event.preventDefault())
        for control in self.root.querySelectorAll("[data-part=steps] :is(button, select), [data-part=row]"):
            control.disabled = False
        self.add(self.pause)

    def fresh(self, run: RungRun) -> None:
        self.pause()
        self._asked: list = []  # what the table has been asked about this name
        self._quiz = None  # the pairs of a name under way
        self._document = run.document
        self._offer(run)

    def advance(self, run: RungRun) -> None:
        """A whole name. One that was under way is dropped: it has not been counted."""
        self._quiz = None
        self._next_name(run)

    def show(self, run: RungRun) -> None:
        counts, names = run.rung.counts, labels(run.tokenizer)
        row = run.tokenizer.bos if self._row is None else self._row
        counted = self._quiz is None and bool(self._asked)
        dom.set_html(self.part("chain"), chain(self._document, self._asked, counts, names, counted))
        self._follow_quiz()
        dom.set_text(self.part("told"), told(self._document, self._asked, names, counted))
        quick = self._stop is not None or (self._playing and self.part("speed").value in QUICK)
        self._pictures = self._pictures + 1 if quick else 0
        if self._pictures % 2 == 0:  # else it is the turn of the row: half the work each time
            cells = tuple((update.context, update.target) for update in self._asked)
            self.table.update(count_table(run.rung, names, self._by_chance, row, cells))
        if not quick or self._pictures % 2:
            self._show_row(run, row, names)
        for value, idle in (("pair", self._playing), ("name", self._playing)):
            dom.set_attr(self._button(value), "aria-disabled", "true" if idle or self._stop else None)
        dom.set_text(self._button("play"), "Stop playing" if self._playing else "Play")

    def _show_row(self, run: RungRun, row: int, names: Labels) -> None:
        """One row of the table, as a guess."""
        chances = run.rung.row(row)
        favourite = int(chances.argmax()) if run.rung.counts[row].any() else None
        self.bars.update(Bars(names[1], chances, highlight=favourite, value_name="chance"))
        dom.set_text(self.part("row-title"), f"What the table expects after {names[0][row]}")
        dom.set_text(self.part("row-told"), row_told(run.rung, row, names))
        self.part("row").value = str(row)

    def _follow_quiz(self) -> None:
        """Keep the pair that is asked about in sight: a long name is wider than its place."""
        box = self.part("chain").parentElement
        pair = box.querySelector("[aria-current]")
        if pair:
            box.scrollLeft = max(0, pair.offsetLeft + pair.offsetWidth / 2 - box.clientWidth / 2)

    def describe_cell(self, row: int, col: int) -> str:
        return described(self.run.rung, row, col, labels(self.run.tokenizer))

    def choose(self, row: int) -> None:
        self._row = row
        self.invalidate()

    def look(self, event) -> None:
        if event.target.name == "colour":
            self._by_chance = event.target.value == "chances"
            self.invalidate()
        else:
            self.choose(int(event.target.value))

    def press(self, event) -> None:
        button = event.target.closest("button")
        if not button or button.getAttribute("aria-disabled") == "true":
            return
        run = self.run
        if button.value == "play":
            self.pause() if self._playing else self.play()
        elif button.value == "pair":
            self._next_pair(run)
        else:
            self._next_name(run)
        self.invalidate()

    def train(self, steps: int) -> None:
        self.pause()
        super().train(steps)

    def play(self) -> None:
        self.stop()
        self._playing = True
        spawn(self._play())

    def pause(self) -> None:
        self._playing = False

    async def _play(self) -> None:
        turn = self._turn = object()
        while True:
            speed = self.part("speed").value
            rate = 1 / PAIR_EVERY if speed == "pair" else float(speed)
            await asyncio.sleep(1 / min(rate, FASTEST))
            if not self._playing or turn is not self._turn:
                return
            if dom.hidden():
                continue
            if speed == "pair":
                self._next_pair(self.run)
            else:
                for _ in range(max(1, round(rate / FASTEST))):
                    self._next_name(self.run)
            self.invalidate()

    def _next_pair(self, run: RungRun) -> None:
        """Ask about the next pair; behind the last, count the name; behind that, begin the next one."""
        if self._quiz is None:
            self._document, self._asked = run.document, []
            self._quiz = run.rung.updates(self._document)
        try:
            self._asked.append(next(self._quiz))
        except StopIteration:  # the counts have gone up
            self._quiz = None
            run.history.append(sum(update.loss for update in self._asked) / len(self._asked))

    def _next_name(self, run: RungRun) -> None:
        """To the end of this name; if it has been counted, all of the next."""
        self._next_pair(run)
        while self._quiz is not None:
            self._next_pair(run)

    def _button(self, value: str):
        return self.part("steps").querySelector(f"button[value={value}]")

    def _offer(self, run: RungRun) -> None:
        """The rows one may choose: START first, then the letters."""
        tokenizer = run.tokenizer
        tokens = [tokenizer.bos, *range(tokenizer.bos)]
        rows = labels(tokenizer)[0]
        dom.set_html(self.part("row"), "".join(option(token, rows[token]) for token in tokens))
        self._row = None
