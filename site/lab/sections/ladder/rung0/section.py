"""Rung 0 on the page: a name pair by pair, the table of counts, and any row of it as a guess."""

from ....charts.bar_chart import BarChart
from ....charts.chances import chance_bars
from ....charts.heatmap_chart import Heatmap
from ....core.letters import shown
from ..rung import RungSection
from ..rungs import RungRun, labels
from .view import Labels, chain, count_table, described, option, row_told, told

PAIR_EVERY = 1.0  # seconds a pair stands while it plays
FASTEST = 10  # pictures a second: above that, several names to a picture
QUICK = ("10", "100")  # speeds at which the pictures take turns


class Rung0(RungSection):
    slug, number = "rung0", 0

    def wire(self) -> None:
        self.table = self.add_chart(
            Heatmap,
            "table",
            "Count table",
            describe=self.describe_cell,
            on_select=lambda row, _col: self.choose(self._tokens[row]),
        )
        self.bars = self.add_chart(BarChart, "bars", "Chances after one letter")
        self._row: int | None = None  # None: START
        self._by_chance = False
        self._pictures = 0  # drawn while it goes quickly
        self.on("steps", "click", self.press)
        self.on("look", "change", self.look)
        self._ticker = self.add_ticker(self._tick, lambda: 1 / min(self._rate, FASTEST), self.pause)
        self._buttons = {button.value: button for button in self.ui.steps.all("button")}

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
        self.ui.chain.html = chain(self._document, self._asked, counts, names, counted)
        self._follow_quiz()
        self.ui.told.text = told(self._document, self._asked, names, counted)
        quick = self._stop is not None or (self._ticker.playing and self.ui.speed.value in QUICK)
        self._pictures = self._pictures + 1 if quick else 0
        if self._pictures % 2 == 0:  # else it is the turn of the row: half the work each time
            cells = tuple((update.context, update.target) for update in self._asked)
            self._tokens = shown(self.lab.experiment.get(), {row, *map(int, self._document)})
            self.table.update(count_table(run.rung, names, self._by_chance, row, cells, self._tokens))
        if not quick or self._pictures % 2:
            self._show_row(run, row, names)
        for value in ("pair", "name"):
            self._buttons[value].idle = self._ticker.playing or self._stop is not None
        self._buttons["play"].text = "Stop playing" if self._ticker.playing else "Play"

    def _show_row(self, run: RungRun, row: int, names: Labels) -> None:
        """One row of the table, as a guess."""
        chances = run.rung.row(row)
        favourite = int(chances.argmax()) if run.rung.counts[row].any() else None
        self.bars.update(chance_bars(names[1], chances, favourite))
        self.ui.row_title.text = f"What the table expects after {names[0][row]}"
        self.ui.row_told.text = row_told(run.rung, row, names)
        self.ui.row.value = str(row)

    def _follow_quiz(self) -> None:
        """Keep the pair that is asked about in sight: a long name is wider than its place."""
        pair = self.ui.chain.find("[aria-current]")
        if pair:
            self.ui.chain.parent.centre(pair)

    def describe_cell(self, row: int, col: int) -> str:
        return described(self.run.rung, self._tokens[row], self._tokens[col], labels(self.run.tokenizer))

    def choose(self, row: int) -> None:
        self._row = row
        self.invalidate()

    def look(self, event) -> None:
        if event.name == "colour":
            self._by_chance = event.target.value == "chances"
            self.invalidate()
        else:
            self.choose(int(event.target.value))

    def press(self, event) -> None:
        button = event.button
        if button is None:
            return
        run = self.run
        if button.value == "play":
            self.pause() if self._ticker.playing else self.play()
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
        self._ticker.play()

    def pause(self) -> None:
        self._ticker.stop()

    @property
    def _rate(self) -> float:
        """Names a second, or pairs."""
        return 1 / PAIR_EVERY if self.ui.speed.value == "pair" else float(self.ui.speed.value)

    def _tick(self) -> None:
        if self.ui.speed.value == "pair":
            self._next_pair(self.run)
        else:
            for _ in range(max(1, round(self._rate / FASTEST))):
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

    def _offer(self, run: RungRun) -> None:
        """The rows one may choose: START first, then the letters."""
        tokenizer = run.tokenizer
        tokens = [tokenizer.bos, *range(tokenizer.bos)]
        rows = labels(tokenizer)[0]
        self.ui.row.html = "".join(option(token, rows[token]) for token in tokens)
        self._row = None
