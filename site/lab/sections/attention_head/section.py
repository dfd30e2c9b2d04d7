"""One head, taken apart: from x to what it adds, every number of it, for one letter that looks."""

from microgpt.inspect.attention_head import HeadStage, head_steps

from ...ui.section import Section
from ...ui.stepper import Stepper
from ..forward.view import position_options
from .one_head import OneHead
from .view import instead, kept, made, moment_of, options, row_buttons, terms

NARROWEST = 240  # in drawing units


class AttentionHead(Section):
    slug = "attention_head"

    def mount(self) -> None:
        self.steps = Stepper(self, "steps", "one head", self._moved)
        self._stages: list[HeadStage] = []
        self._key = 0  # the row whose score is taken apart
        self._offered: tuple | None = None  # the name and position for which there are buttons
        self._told: str | None = None  # the stage that is explained
        self._width = 0
        self.watch(self.lab.snapshot, self.lab.focus)
        self.add(self.lab.experiment.watch(lambda _experiment: self._new_model()))
        self.on_width("drawing", self._resized, NARROWEST)
        self.on("look", "change", self._choose)
        self.on("rows", "change", lambda event: self._pick(int(event.target.value)))
        self.on("details", "toggle", lambda _event: self.invalidate())
        self._new_model()

    def render(self) -> None:
        focus, snapshot, trace = self.lab.focus.get(), self.lab.snapshot.get(), self.lab.trace()
        layer, head = focus.layer or 0, focus.head or 0
        stages = list(head_steps(snapshot.model, trace, layer, head, focus.at))
        self._offer(focus, stages)
        self._stages = stages
        for part, value in (("layer", layer), ("head", head)):
            self.ui[part].value = str(value)
            self.ui[f"{part}-words"].text = str(value + 1)
        self.ui.instead.text = instead(focus)
        self.ui.position.value = str(focus.at)
        self.ui.read.text = focus.read or "START"
        self.ui.tag.text = snapshot.source
        self._draw(["START", *focus.name], focus.at, snapshot.model.config.head_size)

    def _draw(self, labels: list[str], who: int, size: int) -> None:
        at = self.steps.at
        data = OneHead(labels, who, size, made(self._stages, at), "wo", self._key)
        words = data.summary()
        if self._width:
            self.ui.drawing.html = data.svg(self._width, words)
        self.ui.summary.text = f"{words}."
        self.ui.terms.html = terms(self._stages, at, self._key, labels, who)
        if self.ui.details.open:
            self.ui.table.html = data.table()
        stage = self._stages[at].name
        if stage != self._told:  # only then: a screen reader says what is new
            self._told = stage
            told = self.root.find(f'[data-stage="{stage}"]')
            self.ui.stage_name.text = told.text
            self.ui.stage_note.text = self.root.find(f'[data-stage="{stage}"] + *').text

    def _offer(self, focus, stages: list[HeadStage]) -> None:
        """Buttons and moments for this name and position: made anew only when they change."""
        if (focus.name, focus.at) == self._offered:
            return
        if self._offered is None or focus.name != self._offered[0]:
            self.ui.position.html = position_options(focus.name)
        self._offered = (focus.name, focus.at)
        self.steps.show(len(stages), kept(self._stages, self.steps.at, stages))
        if not self._stages:  # nobody has chosen yet: the letter that gets the largest share
            self._key = int(made(stages, len(stages) - 1)["shares"].argmax())
        self._key = min(self._key, focus.at)
        self.ui.rows.html = row_buttons(["START", *focus.name], focus.at + 1)
        self._check()

    def _moved(self, at: int) -> None:
        """To another moment; where that makes a score, the score is the one to look at."""
        self._stay()
        key = self._stages[at].key
        if key is not None and key != self._key:
            self._key = key
            self._check()
        self.invalidate()

    def _pick(self, key: int) -> None:
        self._stay()
        self._key = key
        if self.steps.at < moment_of(self._stages, key):
            self.steps.stop()
            self.steps.go(moment_of(self._stages, key))
        self.invalidate()

    def _stay(self) -> None:
        """The names go on by themselves; not while one is being looked into."""
        if self.lab.focus.get().position is None:
            self.lab.look(position=self.lab.focus.get().at)

    def _check(self) -> None:
        self.ui.rows.choose(str(self._key))

    def _choose(self, event) -> None:
        if event.name == "position":
            self.lab.look(position=int(event.target.value))
        else:  # layer and head both, lest the other one stay the mean of all
            self.lab.look(layer=int(self.ui.layer.value), head=int(self.ui.head.value))

    def _new_model(self) -> None:
        config = self.lab.experiment.get().config
        self.ui.layer.html = options(config.n_layer)
        self.ui.head.html = options(config.n_head)
        self.invalidate()

    def _resized(self, units: int) -> None:
        self._width = units
        self.invalidate()
