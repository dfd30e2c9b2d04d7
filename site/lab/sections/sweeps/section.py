"""Sweeps: held-out loss against the learning rate, and against the size, a real run for each dot."""

import time
from collections.abc import Callable
from typing import NamedTuple

from microgpt.experiment import Experiment

from ...charts.sweep import Sweep
from ...charts.sweep_chart import SweepChart
from ...core.jobs import Pieces
from ...ui.section import Section
from ..experiments.model import Basis, Table
from ..experiments.recipes import Recipe
from ..experiments.view import progress, trained_with
from . import model
from . import view as views

DRAWN_EVERY = 0.3  # seconds


class Kind(NamedTuple):
    label: str  # of the chart
    plural: str  # in the buttons' captions
    job: str
    recipes: Callable[[Experiment], list[Recipe]]
    curve: Callable[[Table], Sweep]
    said: Callable[[Table], str]


KINDS = {
    "rate": Kind(
        "Held-out loss by learning rate",
        "rates",
        "Trying learning rates",
        model.rates,
        views.rate_curve,
        views.rates_said,
    ),
    "size": Kind("Held-out loss by size", "sizes", "Trying sizes", model.sizes, views.size_curve, views.sizes_said),
}


class Sweeps(Section):
    slug = "sweeps"

    def mount(self) -> None:
        self._tables: dict[str, Table] = {}
        self._ends: dict[str, Callable[[], None]] = {}  # of those under way
        self._charts = {kind: self._chart(kind) for kind in KINDS}
        for kind in KINDS:
            self._wire(kind)

    def _chart(self, kind: str) -> SweepChart:
        action = (f"Try the {KINDS[kind].plural}", lambda: self.start(kind))
        return self.add_chart(
            SweepChart, f"{kind}-curve", KINDS[kind].label, empty="No run is done yet.", action=action
        )

    def _wire(self, kind: str) -> None:
        self.on(f"{kind}-form", "submit", lambda _event: self.start(kind))
        self.on(f"{kind}-stop", "click", lambda _event: self.stop(kind))
        self.on(f"{kind}-steps", "change", lambda _event: self.invalidate())

    def render(self) -> None:
        for kind in KINDS:
            self._draw_sweep(kind)

    def _draw_sweep(self, kind: str) -> None:
        table, running = self._tables.get(kind), kind in self._ends
        self._charts[kind].update(KINDS[kind].curve(table) if table else None)
        self.ui[f"{kind}-progress"].text = progress(table, running) if table else "Not started."
        self.ui[f"{kind}-bar"].progress(table.progress if table else 0)
        self.ui[f"{kind}-said"].text = KINDS[kind].said(table) if table else ""
        self.ui[f"{kind}-with"].text = trained_with(table, *self._basis(kind)) if table else ""
        self._enable_buttons(kind)

    def _enable_buttons(self, kind: str) -> None:
        table, running = self._tables.get(kind), kind in self._ends
        same = table is not None and self._basis(kind).same_as(table.basis)
        self.ui[f"{kind}-start"].enabled = not running and not (same and table.finished)
        going_on = same and table.begun and not table.finished
        self.ui[f"{kind}-start"].text = f"{'Go on with' if going_on else 'Try all'} {KINDS[kind].plural}"
        self.ui[f"{kind}-stop"].enabled = running
        self.ui[f"{kind}-steps"].enabled = not running

    def _basis(self, kind: str) -> Basis:
        return Basis(self.lab.experiment.get(), int(self.ui[f"{kind}-steps"].value))

    def start(self, kind: str) -> None:
        basis, table = self._basis(kind), self._tables.get(kind)
        if kind in self._ends or (table and table.finished and basis.same_as(table.basis)):
            return
        if table is None or not basis.same_as(table.basis):
            self._tables[kind] = table = Table(KINDS[kind].recipes(basis.experiment), names=0)
        table.prepare(basis, betting=False)
        self._ends[kind] = self.add_job(KINDS[kind].job, self._training(kind, table), lambda: self.stop(kind)).cancel
        self._hand_focus(kind, "stop")

    def stop(self, kind: str) -> None:
        """Leave all where they are."""
        if kind in self._ends:
            self._ends[kind]()
            self._over(kind)

    def _training(self, kind: str, table: Table) -> Pieces:
        drawn = 0.0
        for done in table.work(time.perf_counter):
            if time.perf_counter() - drawn > DRAWN_EVERY:
                drawn = time.perf_counter()
                self.invalidate()
            yield done
        self._over(kind)

    def _over(self, kind: str) -> None:
        del self._ends[kind]
        self._hand_focus(kind, "start")

    def _hand_focus(self, kind: str, to: str) -> None:
        parts = (f"{kind}-start", f"{kind}-stop", f"{kind}-curve")
        self.hand_focus(f"{kind}-{to}", lambda: self._enable_buttons(kind), *parts)
        self.invalidate()
