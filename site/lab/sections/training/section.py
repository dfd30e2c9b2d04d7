"""Training: the loss curve, the lines to beat, and the names the model makes up on its way."""

from microgpt.checkpoint import CheckpointError

from ...charts.line_chart import LineChart
from ...core.snapshot import Sample, Snapshot
from ...kernels import kernels
from ...ui import checkpoints
from ...ui.limits import within
from ...ui.section import Section
from .model import Milestones
from .view import curves, phases, reading, standing, stream


class Training(Section):
    slug = "training"

    def mount(self) -> None:
        self.chart = self.add_chart(
            LineChart,
            "loss",
            "Loss by training step",
            on_probe=self.probe,
            empty="No step taken yet, so there is no curve.",
            action=("Train 200 steps", lambda: self.lab.train(200)),
        )
        self._scale = (False, False)  # whether single names are shown, and the early steps wider
        self.on("scale", "change", lambda _event: self.rescale())
        self._stream: tuple[Sample, ...] | None = None
        self._lines: dict[str, float] | None = None  # the baselines that the milestones are about
        self.watch(self.lab.snapshot, self.lab.experiment, kernels.chosen)
        self.on("load", "click", lambda _event: self.jump())
        self.on("jump", "change", self.choose_step)
        self.ui.jump.enabled = False  # until it is known where to
        self.spawn(self._offer_steps())
        self.on("make", "submit", self.make)

    def render(self) -> None:
        snapshot, experiment = self.lab.snapshot.get(), self.lab.experiment.get()
        self.chart.update(curves(snapshot, experiment.baselines, snapshot.settings.steps, *self._scale))
        self._show_phases(snapshot, experiment.baselines)
        for tag in ("loss-tag", "names-tag", "phases-tag"):
            self.ui[tag].text = snapshot.source
        self.ui.engine.text = "on kernels" if kernels.chosen.get() else "on NumPy alone"
        if snapshot.samples != self._stream:
            self._stream = snapshot.samples
            self.ui.stream.html = stream(snapshot.samples)

    def _show_phases(self, snapshot: Snapshot, baselines: dict[str, float]) -> None:
        if baselines is not self._lines:  # other names have other lines to beat
            self._lines, self._milestones = baselines, Milestones(baselines)
        since = self._milestones.reached(snapshot.history, snapshot.step)
        self.ui.phases.html = phases(snapshot, baselines, since)
        self.ui.standing.text = standing(snapshot, baselines, since)

    def rescale(self) -> None:
        self._scale = self.ui.single.checked, self.ui.root.checked
        self.invalidate()

    def probe(self, step: int) -> str:
        return reading(self.lab.snapshot.get(), step)

    async def _offer_steps(self) -> None:
        try:
            steps = await checkpoints.steps()
        except (OSError, CheckpointError) as error:
            self.say("load-error", f"There is no trained model to load: {error}.")
            return
        options = "".join(f'<option value="{step}">{step:,}</option>' for step in steps)
        self.ui.jump.html = f'<option value="">choose</option>{options}'
        self.ui.jump.enabled = True

    def choose_step(self, event) -> None:
        if event.target.value:
            self.jump(int(event.target.value))
            event.target.value = ""

    def jump(self, step: int | None = None) -> None:
        """To a moment of the run that the build has saved; None: the last."""
        self.say("load-error", "")
        self.spawn(self._jump(step))

    async def _jump(self, step: int | None) -> None:
        try:
            if step is None:
                step = max(await checkpoints.steps())
            if step == 0:
                self.lab.reset()
            else:
                self.lab.load(await checkpoints.at(step))
        except (OSError, CheckpointError) as error:
            self.say("load-error", f"The trained model could not be loaded: {error}. Your own run is untouched.")

    def make(self, event) -> None:
        self.say("make-error", "")
        try:
            temperature = within("temperature", self.ui.temperature.value, 0, 3)
        except ValueError:
            self.say("make-error", "The temperature is a number from 0 (play safe) to 3 (anything goes).")
            return
        try:
            self.lab.sample(10, temperature, self.ui.prefix.value)
        except ValueError as error:
            self.say("make-error", str(error))
