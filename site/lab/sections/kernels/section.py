"""What does the sums: kernels or NumPy alone, by choice, and how fast either is."""

import time

from ...core.jobs import Job, Pieces
from ...kernels import kernels
from ...ui.section import Section
from . import view
from .model import Speeds, measure


class Kernels(Section):
    slug = "kernels"

    def mount(self) -> None:
        self._job: Job | None = None
        self._speeds: Speeds | None = None
        self._of: object = None  # the experiment whose steps were measured
        self.watch(kernels.chosen)
        self.on("alone", "change", lambda _event: self._choose())
        self.on("measure", "click", lambda _event: self.measure())

    def render(self) -> None:
        experiment = self.lab.experiment.get()
        if experiment is not self._of:
            self._of, self._speeds = experiment, None  # a model of another size takes another time
            if self._job:
                self._job.cancel()
                self._job = None
        self.ui.alone.checked = not kernels.running
        self.ui.alone.enabled = kernels.available
        self.ui.measure.enabled = kernels.available and self._job is None
        self.ui.state.text = view.state(kernels)
        self.ui.speeds.hidden = self._speeds is None
        if self._speeds:
            self.ui.rows.html = view.rows(self._speeds)
        self.ui.told.text = view.told(self._speeds, self._job is not None)

    def _choose(self) -> None:
        kernels.choose(not self.ui.alone.checked)

    def measure(self) -> None:
        if self._job is None:
            self._job = self.add_job("Measuring both speeds", self._measuring(self.lab.experiment.get()))
            self.invalidate()

    def _measuring(self, experiment) -> Pieces:
        self._speeds = yield from measure(experiment, kernels, time.perf_counter)
        self._job = None
        self.invalidate()
