"""Experiments: a table of runs that differ in one thing, trained in turns beside the lab's own run."""

import time
from collections.abc import Callable

from ...charts.line_chart import LineChart
from ...core.jobs import Pieces
from ...ui.section import Section
from . import view as views
from .model import ROWS, Basis, Row, Table
from .recipes import AS_IT_IS, Recipe, recipes, standard

DRAWN_EVERY = 0.25  # seconds between two pictures, at least …
DRAWING = 15  # … and this many times as long as a picture takes: the rest is for the runs


class Experiments(Section):
    slug = "experiments"

    def mount(self) -> None:
        self._of = self.lab.experiment.get()
        self._table = Table(standard(self._of))
        self._offered: list[Recipe] = []
        self._looked = self._table.rows[1].recipe.key  # whose code and names are shown
        self._end: Callable[[], None] | None = None  # of the training under way
        self._next_picture = 0.0
        self._drawn: tuple = ()  # what the rows' markup was made for
        self._params: dict[str, int] = {}
        self._axis = "steps"
        self._sorted = False
        self.chart = self.add_chart(
            LineChart,
            "curves",
            "Loss of the experiments",
            empty="No run has taken a step yet.",
            action=("Train all runs", self.start),
        )
        self.on("form", "submit", lambda _event: self.start())
        self.on("stop", "click", lambda _event: self.stop())
        self.on("clear", "click", lambda _event: self.clear())
        self.on("steps", "change", lambda _event: self.invalidate())
        self.on("betting", "change", lambda _event: self.invalidate())
        self.on("axis", "change", self.choose_axis)
        self.on("sorted", "change", self.sort)
        self.on("rows", "click", self._pressed)
        self.on("rows", "change", self._ticked)
        self.on("recipe", "change", lambda event: self.look(event.target.value))
        self.on("add", "click", lambda _event: self.add_run())
        self._renew()

    def render(self) -> None:
        if self.lab.experiment.get() is not self._of:
            self._of = self.lab.experiment.get()
            self._renew()
        started = time.perf_counter()
        table, running = self._table, self._end is not None
        self.chart.update(views.curves(table, self._axis))
        self.ui.progress.text = views.progress(table, running)
        self.ui.bar.progress(table.progress)
        self.ui["with"].text = views.trained_with(table, self._of, self._steps)
        self._draw_rows()
        self.ui.outcome.text = " ".join(filter(None, (views.outcome(table), views.verdict(table))))
        self._draw_look()
        self._enable_buttons()
        now = time.perf_counter()
        self._next_picture = now + max(DRAWN_EVERY, DRAWING * (now - started))

    # What can be changed, and the rows

    def _renew(self) -> None:
        """The lab has other names or settings: what can be changed in them."""
        self._offered = recipes(self._of)
        if self._end is None and not self._table.begun:  # else its runs go on with what they began with
            self._table.refit(self._of)
        self._params = {}
        self._drawn = ()

    @property
    def _steps(self) -> int:
        return int(self.ui.steps.value)

    @property
    def _looked_at(self) -> Recipe:
        row = self._table.row(self._looked)
        if row is not None:
            return row.recipe
        return next((recipe for recipe in self._offered if recipe.key == self._looked), AS_IT_IS)

    def look(self, key: str) -> None:
        """Show the code and the names of this one."""
        self._looked = key
        self.invalidate()

    def add_run(self) -> None:
        recipe = self._looked_at
        full = len(self._table.rows) == ROWS
        if full or self._table.add(recipe) is None:
            self.say("add-error", f"The table holds {ROWS} runs: remove one first." if full else
                     f"“{recipe.title}” is in the table already.")  # fmt: skip
            return
        self.say("add-error", "")
        self.invalidate()

    def _pressed(self, event) -> None:
        button = event.button
        if button is None:
            return
        what, _, key = button.get("value").partition(" ")
        if what == "look":
            self.look(key)
        elif what == "remove":
            self._table.remove(key)
            self.say("add-error", "")
            self._draw_rows()
            self.ui["look:" + AS_IT_IS.key].focus()
        else:
            self._table.move(key, -1 if what == "up" else 1)
            self._draw_rows()
            here = self.ui[f"{what}:{key}"]
            (here if here.enabled else self.ui[f"{'down' if what == 'up' else 'up'}:{key}"]).focus()
        self.invalidate()

    def _ticked(self, event) -> None:
        self._table.row(event.target.value).shown = event.target.checked
        self.invalidate()

    def sort(self, event) -> None:
        """The lowest held-out loss first, or the reader's own order."""
        self._sorted = event.target.checked
        self.invalidate()

    def choose_axis(self, event) -> None:
        self._axis = event.target.value
        self.invalidate()

    # Training

    def start(self) -> None:
        if self._end is not None or (self._table.finished and self._basis.same_as(self._table.basis)):
            return
        if not self._basis.same_as(self._table.basis):
            self._table.refit(self._of)
            self._params = {}
        self._table.prepare(self._basis, self.ui.betting.checked)
        self._end = self.add_job("Training the experiments", self._training(), self.stop).cancel
        self.hand_focus("stop", self._enable_buttons, "start", "stop", "curves")
        self.invalidate()

    @property
    def _basis(self) -> Basis:
        return Basis(self._of, self._steps)

    def stop(self) -> None:
        """Leave all where they are."""
        if self._end is not None:
            self._end()
            self._over()

    def clear(self) -> None:
        self.stop()
        self._table.clear()
        self.invalidate()

    def _training(self) -> Pieces:
        for done in self._table.work(time.perf_counter):
            if time.perf_counter() > self._next_picture:
                self._next_picture += 1  # until this picture says better
                self.invalidate()
            yield done
        self._over()

    def _over(self) -> None:
        self._end = None
        self.hand_focus("start", self._enable_buttons, "start", "stop", "curves")
        self.invalidate()

    def _enable_buttons(self) -> None:
        running, table = self._end is not None, self._table
        over = table.finished and self._basis.same_as(table.basis)
        self.ui.start.enabled = not (running or over)
        self.ui.start.text = "Go on" if table.begun and not over and self._basis.same_as(table.basis) else "Train all"
        self.ui.stop.enabled = running
        self.ui.clear.enabled = table.begun and not running
        self.ui.steps.enabled = self.ui.betting.enabled = not running

    # The page

    def _draw_rows(self) -> None:
        table = self._table
        shown = table.ranked() if self._sorted else table.rows
        betting = self.ui.betting.checked or bool(table.bet)
        movable = betting and not (self._sorted or table.begun or self._end is not None)
        made_for = (tuple(row.recipe for row in shown), betting, movable)
        if made_for != self._drawn:
            self._drawn = made_for
            self.ui["bet-head"].hidden = not betting
            self.ui.rows.renew(views.rows(shown, betting, movable))
        best = next((row for row in table.ranked() if row.done and row.trial.held_out is not None), None)
        for row in shown:
            self._draw_row(row, betting, row is best and table.finished)

    def _draw_row(self, row: Row, betting: bool, best: bool) -> None:
        key, basis = row.recipe.key, self._table.basis
        if key not in self._params:
            self._params[key] = views.config_of(row.recipe, basis.experiment if basis else self._of).n_params
        for name, text in views.cells(row, self._table, self._params[key])._asdict().items():
            part = self.ui[f"{name}:{key}"]
            if name == "names":
                part.html = text
            else:
                part.text = text
        self.ui[f"held_out:{key}"].css("trial-best", best)
        self.ui[f"look:{key}"].pressed = key == self._looked
        if betting:
            self.ui[f"bet:{key}"].text = views.bet_place(row, self._table)

    def _draw_look(self) -> None:
        recipe, table = self._looked_at, self._table
        row = table.row(recipe.key)
        base = table.basis.experiment if row and row.trial and table.basis else self._of
        self.ui.recipe.html = views.options(self._offered)
        self.ui.recipe.value = self._looked
        self.ui.title.text = recipe.title
        self.ui.change.text = views.change(recipe, base)
        self.ui.code.html = views.code(recipe, base)
        self.ui.parting.text = views.parting(row, table) if row else ""
        self.ui.names.html = views.names(row)
        self.ui.add.enabled = table.row(recipe.key) is None
