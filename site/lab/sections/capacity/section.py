"""Capacity: two models of any size, trained for real side by side, beside the lab's own."""

import time
from collections.abc import Callable

from microgpt.config import GPTConfig
from microgpt.experiment import Experiment, Settings

from ...charts.line_chart import LineChart
from ...core.compare import Recipe
from ...core.jobs import Pieces
from ...core.settings import BadSetting
from ...core.side_by_side import Entry, GPTLearner, gpt_entry, probe, side_by_side
from ...ui.section import Section
from . import entries as entries_view
from . import view as views

DRAW_EVERY = 0.12  # seconds
Stop = Callable[[], None]


class Capacity(Section):
    slug = "capacity"
    drawn_ahead = False  # it measures the time of a step

    def mount(self) -> None:
        # of each side, A first, whichever is filled in last; None while its fields are not in order
        self._chosen: dict[str, tuple[Settings, GPTConfig] | None] = dict.fromkeys(views.SIDES)
        self._step_time: dict[str, float] = {}  # seconds, as measured
        self._probes: dict[str, Stop] = {}
        self._of: Experiment | None = None  # what the fields were read for
        self._entries: tuple[Entry, ...] = ()
        self._exam_of: Experiment | None = None  # whose names the entries learn
        self._end: Stop | None = None  # of the contest under way
        self.chart = self.add_chart(
            LineChart,
            "curves",
            "Loss of A and B by step",
            on_probe=lambda step: entries_view.reading(self._entries, step),
            empty="Neither model has taken a step yet.",
            action=("Train A and B", self.start),
        )
        self.watch(self.lab.experiment, self.lab.status)
        self._enable_buttons()
        self.on("form", "input", self._typed)
        self.on("form", "submit", self._submitted)
        self.on("stop", "click", lambda _event: self.stop())

    def render(self) -> None:
        experiment = self.lab.experiment.get()
        if experiment is not self._of:
            if self._exam_of is not None and experiment.names != self._exam_of.names:
                self.stop()
                self._entries = ()  # they have learnt from another list
            self._of = experiment
            self._read(views.SIDES)
        self._draw_costs()
        self._draw_contest()

    # What to build

    def _typed(self, event) -> None:
        side = event.part.partition("-")[0]
        self._read((side,) if side in views.SIDES else views.SIDES)
        self.invalidate()

    def _read(self, sides: tuple[str, ...]) -> None:
        """Take the fields, say what is wrong with them, and measure what is new."""
        for key in sides:
            entered = {size: self.ui[f"{key}-{size}"].value for size in views.SIZES}
            self._chosen[key] = None
            for size in views.SIZES:
                self.ui[f"{key}-{size}"].invalid = False
            try:
                chosen = views.read({**entered, "steps": self.ui.steps.value}, self._of)
            except BadSetting as error:
                field = "steps" if error.name == "steps" else f"{key}-{error.name}"
                self.ui[field].invalid = True
                self.say(f"{key}-error", str(error))
                continue
            self.ui.steps.invalid = False
            self.say(f"{key}-error", "")
            self._chosen[key] = chosen
            self._measure(key)

    def _measure(self, key: str) -> None:
        if key in self._probes:
            self._probes.pop(key)()
        self._step_time.pop(key, None)
        experiment = Experiment(self._of.names, self._chosen[key][0])
        self._probes[key] = self.add_job("Measuring the time of a step", self._probing(key, experiment)).cancel

    def _probing(self, key: str, experiment: Experiment) -> Pieces:
        for seconds in probe(GPTLearner(experiment), time.perf_counter):
            if seconds is not None:
                self._step_time[key] = seconds
                self.invalidate()
            yield

    # The contest

    def _submitted(self, event) -> None:
        self.start()

    def start(self) -> None:
        if self._end is not None or None in self._chosen.values():
            return
        recipe = Recipe(views.TEMPERATURE, self._of.settings.seed)
        self._exam_of = self._of
        self._entries = tuple(
            gpt_entry(views.title(key, config), Experiment(self._of.names, settings), recipe, views.NAMES)
            for key, (settings, config) in self._chosen.items()
        )
        self._end = self.add_job("Training two models side by side", self._contest(self._entries), self.stop).cancel
        self.hand_focus("stop", self._enable_buttons, "start", "stop", "curves")
        self.invalidate()

    def stop(self) -> None:
        """Leave both where they are."""
        if self._end is not None:
            self._end()
            self._end = None
            self.hand_focus("start", self._enable_buttons, "start", "stop", "curves")
            self.invalidate()

    def _contest(self, entries: tuple[Entry, ...]) -> Pieces:
        drawn = 0.0
        # the exam's tokens are the list's: the same for every size of model
        for _ in side_by_side(entries, self._exam_of.held_out_documents, time.perf_counter):
            if time.perf_counter() - drawn > DRAW_EVERY:
                drawn = time.perf_counter()
                self.invalidate()
            yield
        self._end = None
        self.hand_focus("start", self._enable_buttons, "start", "stop", "curves")
        self.invalidate()

    def _enable_buttons(self) -> None:
        running = self._end is not None
        self.ui.start.enabled = not (running or None in self._chosen.values())
        self.ui.stop.enabled = running

    # The page

    def _draw_costs(self) -> None:
        steps = 0
        for key in views.SIDES:
            text = ""
            if self._chosen[key]:
                settings, config = self._chosen[key]
                steps = settings.steps
                text = views.cost(config, steps, self._step_time.get(key))
            self.ui[f"{key}-cost"].text = text
        times = [self._step_time.get(key) for key in views.SIDES]
        training = self.lab.status.get().state == "training"
        whole = None not in self._chosen.values()
        self.ui.estimate.text = views.total(times, steps, training) if whole else ""
        self._enable_buttons()

    def _draw_contest(self) -> None:
        entries, running = self._entries, self._end is not None
        self.chart.update(entries_view.curves(entries, (self._exam_of or self._of).baselines) if entries else None)
        for part in ("progress", "results"):
            self.ui[part].hidden = not entries
        self.ui.outcome.text = views.outcome(entries, running)
        if not entries:
            return
        for key, entry in zip(views.SIDES, entries, strict=True):
            self.ui[f"{key}-done"].text = f"{entry.title}, {entries_view.progress(entry)}"
            self.ui[f"{key}-bar"].progress(entry.step_count, entry.learner.steps)
            self.ui[f"{key}-title"].text = entry.title
            self.ui[f"{key}-names"].html = entries_view.names(entry)
        self.ui.numbers.html = views.results(entries)
