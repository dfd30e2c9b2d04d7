"""Capacity: two models of any size, trained for real side by side, beside the lab's own."""

import time
from collections.abc import Callable

from microgpt.config import GPTConfig
from microgpt.experiment import Experiment, Settings

from ...charts.line_chart import LineChart
from ...core.compare import Recipe
from ...core.contest import Entry, GPTLearner, contest, gpt_entry, probe
from ...core.jobs import Pieces
from ...core.settings import BadSetting
from ...ui import dom
from ...ui.section import Section
from . import contest as contest_views
from . import view as views

DRAW_EVERY = 0.12  # seconds
Stop = Callable[[], None]


class Capacity(Section):
    slug = "capacity"

    def mount(self) -> None:
        self._chosen: dict[str, tuple[Settings, GPTConfig]] = {}  # of each side whose fields are in order
        self._step_time: dict[str, float] = {}  # seconds, as measured
        self._probes: dict[str, Stop] = {}
        self._of: Experiment | None = None  # what the fields were read for
        self._entries: tuple[Entry, ...] = ()
        self._exam_of: Experiment | None = None  # whose names the entries learn
        self._end: Stop | None = None  # of the contest under way
        self._shown: dict[str, object] = {}
        self.chart = LineChart(
            self.part("curves"),
            "Loss of A and B by step",
            on_probe=lambda step: contest_views.reading(self._entries, step),
            empty="Neither model has taken a step yet.",
            action=("Train A and B", self.start),
        )
        self.add(self.chart.dispose)
        self.watch(self.lab.experiment, self.lab.status)
        self.on("form", "input", self._typed)
        self.on("form", "submit", self._submitted)
        self.on("stop", "click", lambda _event: self.stop())
        for part in (*(f"{key}-{size}" for key in views.SIDES for size in views.SIZES), "steps"):
            self.part(part).disabled = False

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
        side = event.target.getAttribute("data-part").partition("-")[0]
        self._read((side,) if side in views.SIDES else views.SIDES)
        self.invalidate()

    def _read(self, sides: tuple[str, ...]) -> None:
        """Take the fields, say what is wrong with them, and measure what is new."""
        for key in sides:
            entered = {size: self.part(f"{key}-{size}").value for size in views.SIZES}
            self._chosen.pop(key, None)
            for size in views.SIZES:
                dom.set_attr(self.part(f"{key}-{size}"), "aria-invalid", None)
            try:
                chosen = views.read({**entered, "steps": self.part("steps").value}, self._of)
            except BadSetting as error:
                field = "steps" if error.name == "steps" else f"{key}-{error.name}"
                dom.set_attr(self.part(field), "aria-invalid", "true")
                self.say(f"{key}-error", str(error))
                continue
            dom.set_attr(self.part("steps"), "aria-invalid", None)
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
        event.preventDefault()
        self.start()

    def start(self) -> None:
        if self._end is not None or len(self._chosen) < len(views.SIDES):
            return
        recipe = Recipe(views.TEMPERATURE, self._of.settings.seed)
        self._exam_of = self._of
        self._entries = tuple(
            gpt_entry(views.title(key, config), Experiment(self._of.names, settings), recipe, views.NAMES)
            for key, (settings, config) in self._chosen.items()
        )
        self._end = self.add_job("Training two models side by side", self._contest(self._entries), self.stop).cancel
        self._hand_focus("stop")
        self.invalidate()

    def stop(self) -> None:
        """Leave both where they are."""
        if self._end is not None:
            self._end()
            self._end = None
            self._hand_focus("start")
            self.invalidate()

    def _contest(self, entries: tuple[Entry, ...]) -> Pieces:
        drawn = 0.0
        # the exam's tokens are the list's: the same for every size of model
        for _ in contest(entries, self._exam_of.held_out_documents, time.perf_counter):
            if time.perf_counter() - drawn > DRAW_EVERY:
                drawn = time.perf_counter()
                self.invalidate()
            yield
        self._end = None
        self._hand_focus("start")
        self.invalidate()

    def _hand_focus(self, to: str) -> None:
        """Of the two buttons only one can be pressed: the keyboard goes where it can."""
        had = any(self.part(part).matches(":focus") for part in ("start", "stop"))
        self._enable()
        if had:
            self.part(to).focus()

    def _enable(self) -> None:
        running = self._end is not None
        self.part("start").disabled = running or len(self._chosen) < len(views.SIDES)
        self.part("stop").disabled = not running

    # The page

    def _draw_costs(self) -> None:
        steps = 0
        for key in views.SIDES:
            text = ""
            if key in self._chosen:
                settings, config = self._chosen[key]
                steps = settings.steps
                text = views.cost(config, steps, self._step_time.get(key))
            self._put(f"{key}-cost", text)
        times = [self._step_time.get(key) for key in views.SIDES]
        training = self.lab.status.get().state == "training"
        whole = len(self._chosen) == len(views.SIDES)
        self._put("estimate", views.total(times, steps, training) if whole else "")
        self._enable()

    def _draw_contest(self) -> None:
        entries, running = self._entries, self._end is not None
        self.chart.update(contest_views.curves(entries, (self._exam_of or self._of).baselines) if entries else None)
        for part in ("progress", "results"):
            self.part(part).hidden = not entries
        self._put("outcome", views.outcome(entries, running))
        if not entries:
            return
        for key, entry in zip(views.SIDES, entries, strict=True):
            self._put(f"{key}-done", f"{entry.title}, {contest_views.progress(entry)}")
            bar = self.part(f"{key}-bar")
            bar.max, bar.value = entry.learner.steps, entry.step_count
            self._put(f"{key}-title", entry.title)
            self._put(f"{key}-names", contest_views.names(entry), dom.set_html)
        self._put("numbers", views.results(entries), dom.set_html)

    def _put(self, part: str, content: str, put=dom.set_text) -> None:
        """Only if it is new: what stays is not touched."""
        if self._shown.get(part) != content:
            self._shown[part] = content
            put(self.part(part), content)
