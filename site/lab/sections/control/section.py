"""Take control: more steps, where to stop, other settings, and the gauges of a run."""

from microgpt.experiment import PRESETS, Experiment, Settings

from ...core import settings as table
from ...core.settings import TABLE, BadSetting
from ...ui.ask import ask
from ...ui.schedule_over import ScheduleOver
from ...ui.section import Section
from .view import cut as cut_words
from .view import fields, gauges, number_or_none, presets


class Control(Section):
    slug = "control"

    def mount(self) -> None:
        self._offered: Experiment | None = None
        self.over = ScheduleOver(self, self.lab, "over", self._on_again)
        self.watch(self.lab.snapshot, self.lab.status, self.lab.experiment)
        self.on("ten", "click", lambda _event: self.more(10))
        self.on("hundred", "click", lambda _event: self.more(100))
        self.on("new-seed", "click", self.new_seed)
        self.on("stops", "submit", self.train_until)
        self.on("preset", "change", self.choose_preset)
        self.on("settings", "input", lambda _event: self.check())
        self.on("settings", "submit", self.apply)

    def render(self) -> None:
        experiment, status = self.lab.experiment.get(), self.lab.status.get()
        for part, text in gauges(self.lab.snapshot.get(), status, experiment, self.lab.target).items():
            self.ui[part].text = text
        for button in ("ten", "hundred"):
            self.ui[button].enabled = not status.finished
        self.over.show(status.finished)
        if experiment is not self._offered:
            self._offered = experiment
            self.ui.preset.renew(presets(experiment))
            self.ui.fields.renew(fields(experiment))
            self.check()

    def _on_again(self) -> None:
        """The reader has gone back to a moment that has a next step."""
        self.say("stop-error", "")
        self.ui.ten.enabled = True
        self.ui.ten.focus()

    def more(self, steps: int) -> None:
        self.lab.train(self.lab.snapshot.get().step + steps)

    def train_until(self, event) -> None:
        self.say("stop-error", "")
        try:
            step = number_or_none(self.ui.stop_step.value, int)
            loss = number_or_none(self.ui.stop_loss.value, float)
        except ValueError:
            self.say("stop-error", "A step is a whole number such as 800, a loss a number such as 2.2.")
            return
        here, last = self.lab.snapshot.get().step, self.lab.snapshot.get().settings.steps
        if self.lab.status.get().finished:
            self.say("stop-error", f"All {last:,} steps are taken. Add some first, above, or Reset.")
        elif step is None and loss is None:
            self.say("stop-error", "Say where to stop: at a step, or at a loss.")
        elif step is not None and step <= here:
            self.say("stop-error", f"The run is at step {here:,} already. Choose a later step, or Reset first.")
        elif step is not None and step > last:
            self.say(
                "stop-error",
                f"This run ends at step {last:,}. More steps in all can be set below.",
            )
        else:
            self.lab.train(step, loss)

    def new_seed(self, _event) -> None:
        settings = self.lab.experiment.get().settings
        self._change(Settings(**{**vars(settings), "seed": (settings.seed + 1) % 2**32}))

    def choose_preset(self, event) -> None:
        self._change(PRESETS[event.target.value])

    def entered(self) -> Settings:
        """The settings in the form. Raises BadSetting."""
        texts = {setting.name: self.ui[setting.name].value for setting in TABLE}
        return table.read(texts, self.lab.experiment.get().settings)

    def check(self) -> None:
        """Say at once what the settings in the form would make, or what is wrong with them."""
        experiment = self.lab.experiment.get()
        for setting in TABLE:
            self.ui[setting.name].invalid = False
        try:
            longest = max(map(len, experiment.names))
            config = table.config(self.entered(), experiment.config.vocab_size, longest)
        except BadSetting as error:
            self.ui[error.name].invalid = True
            self.say("settings-error", str(error))
            self.ui.size.text = ""
            return
        self.say("settings-error", "")
        cut = sum(len(name) > config.max_letters for name in experiment.names)
        text = f"A model with {config.n_params:,} parameters."
        if cut:
            text += f" {cut_words(cut, config)}"
        self.ui.size.text = text

    def apply(self, event) -> None:
        self.check()
        if self.ui.settings_error.hidden:
            self._change(self.entered())

    def _change(self, settings: Settings) -> None:
        self.spawn(self._ask_and_change(settings))

    async def _ask_and_change(self, settings: Settings) -> None:
        experiment, step = self.lab.experiment.get(), self.lab.snapshot.get().step
        if settings != experiment.settings and (
            step == 0
            or await ask(f"This starts a new run and ends yours at step {step:,}. Undo brings it back.", "Start over")
        ):
            self.lab.configure(experiment.names, settings)
        else:
            self._offered = None  # put the fields back to what is in force
            self.invalidate()
