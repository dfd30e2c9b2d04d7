"""Letter by letter: a name as the model made it, to be stepped through draw by draw."""

from ...charts.bar_chart import BarChart
from ...charts.strip_chart import StripChart
from ...core.compare import MAX_SEED, read_seed
from ...core.focus import BadName, read_name
from ...core.jobs import Pieces
from ...ui.dial import Dial
from ...ui.section import Section
from ...ui.stepper import Stepper
from . import draw as draw_views
from . import view as views
from .model import Generation, Recipe, check, record


class Generate(Section):
    slug = "generate"

    def mount(self) -> None:
        self._made: Generation | None = None  # None until somebody comes to look
        self._drawn: tuple[Generation, int] | None = None  # what figure and words show
        self._stop_making = None
        self._asked = False
        self.bars = self.add_chart(
            BarChart, "bars", "Letter by letter: chance of each answer", describe=self.describe_bar
        )
        self.strip = self.add_chart(StripChart, "strip", "Letter by letter: all chances end to end")
        self.temperature = Dial(self, "temperature", lambda _value: self.make(keep_place=True))
        self.steps = Stepper(self, "steps", "draw", lambda _at: self.invalidate())
        self.watch(self.lab.snapshot)
        self.add(self.lab.experiment.watch(lambda _experiment: self._start_over()))
        self.on("recipe", "submit", self.submit)
        self.on("prefix", "input", lambda _event: self.make())
        self.on("seed", "change", lambda _event: self.make())
        self.on("resample", "click", lambda _event: self.resample())
        for part in ("top-k", "top-p"):
            self.on(part, "change", lambda _event: self.make(keep_place=True))

    def render(self) -> None:
        if not self._asked:
            self.make()
        snapshot, made = self.lab.snapshot.get(), self._made
        if made is None:
            self.strip.update(None)
            self.bars.update(None)
            return
        self.ui.made.text = views.made(made, snapshot)
        if self._drawn == (made, self.steps.at):
            return
        self._drawn = (made, self.steps.at)
        self.ui.tag.text = made.source
        self._draw_step(made)

    def _draw_step(self, made: Generation) -> None:
        step = made.steps[self.steps.at] if made.steps else None
        tokenizer = made.experiment.tokenizer
        self._bars = step and views.bars(step, tokenizer)
        self.bars.update(self._bars)
        self.strip.update(step and draw_views.strip_of(step, tokenizer))
        self.ui.reading.html = views.reading(made, self.steps.at)
        self.ui.said.text = views.said(made, self.steps.at)
        self.ui.result.text = views.result(made, self.steps.at)

    def describe_bar(self, i: int) -> str:
        return views.describe_bar(self._bars, i)

    # Making

    def submit(self, event) -> None:
        self.make()

    def resample(self) -> None:
        """The same again, from other draws."""
        try:
            seed = (read_seed(self.ui.seed.value) + 1) % (MAX_SEED + 1)
        except ValueError:
            seed = 0
        self.ui.seed.value = str(seed)
        self.make()

    def make(self, keep_place: bool = False) -> None:
        """Make a name by what the controls say, with the model of this moment. `keep_place`: go on
        looking at the same draw. What can't be used is explained, and the name there is stays."""
        self._asked = True
        faults = {"prefix": "", "seed": ""}
        try:
            prefix = read_name(self.ui.prefix.value, self.lab.experiment.get())
        except BadName as error:
            faults["prefix"] = str(error)
        try:
            seed = read_seed(self.ui.seed.value)
        except ValueError as error:
            faults["seed"] = str(error)
        for part, fault in faults.items():
            self.ui[part].invalid = bool(fault)
        message = " ".join(filter(None, faults.values()))
        if not message:
            try:
                check(self.lab.snapshot.get().model)
            except ValueError as error:
                message = str(error)
        self.say("recipe-error", message)
        if message:
            return
        k, p = self.ui.top_k.value, self.ui.top_p.value
        recipe = Recipe(self.temperature.value, seed, prefix, int(k) if k else None, float(p) if p else None)
        if self._stop_making:
            self._stop_making()
        self.steps.stop()
        self._stop_making = self.add_job("Making a name up", self._making(recipe, keep_place)).cancel

    def _making(self, recipe: Recipe, keep_place: bool) -> Pieces:
        for made in record(self.lab.snapshot.get(), self.lab.experiment.get(), recipe):
            if made is not None:
                self._made = made
                self.steps.show(len(made.steps), self.steps.at if keep_place else 0)
                self.invalidate()
            yield

    def _start_over(self) -> None:
        """Other names or another model: the old name is of no more use."""
        if self._stop_making:
            self._stop_making()
        self._asked, self._made, self._drawn = False, None, None
        self.steps.show(0)
        self.invalidate()
