"""Predictions: what the model expects after the letters it has read, at a temperature of one's choice."""

from dataclasses import replace

import numpy as np

from microgpt.sampling import at_temperature

from ...charts.bar_chart import BarChart
from ...charts.bars import MOST
from ...charts.format import percent
from ...core.examples import beginnings
from ...core.focus import BadName
from ...ui.dial import Dial
from ...ui.section import Section
from .view import effect, in_order, next_token, place

PRESETS = ("tyran", "tricera", "ptero")  # as they stand in prose.html


class Predictions(Section):
    slug = "predictions"

    def mount(self) -> None:
        self.bars = self.add_chart(BarChart, "bars", "Chance of each next letter", describe=self.describe_bar)
        self.temperature = Dial(self, "temperature", lambda _value: self.invalidate())
        self._sorted = False
        self._presets = self.ui.presets.all("button[value]")
        self.watch(self.lab.snapshot, self.lab.focus, self.lab.typed)
        self.add(self.lab.typed.watch(self._show_typed))
        self.add(self.lab.experiment.watch(lambda _experiment: self._follow()))
        self.ui.clear.enabled = False  # until something is typed
        self.on("name", "input", lambda event: self.type(event.target.value))
        self.on("presets", "click", self.press)
        self.on("how", "change", self.sort)
        self.on("one", "click", lambda _event: self.calm())
        self.on("less", "click", lambda _event: self.read(-1))
        self.on("more", "click", lambda _event: self.read(+1))
        self._follow()

    def render(self) -> None:
        tokenizer, focus = self.lab.experiment.get().tokenizer, self.lab.focus.get()
        focus = replace(focus, position=self._at())
        logits = self.lab.trace().logits[focus.at]
        chances = at_temperature(logits, self.temperature.value)
        answers = [*tokenizer.alphabet, "END"]
        order = np.argsort(-chances, kind="stable") if self._sorted else np.arange(len(answers))
        truth = next_token(focus, tokenizer.encode(focus.name), tokenizer.bos, focus.name in self._names)
        self.ui.crowd.hidden = len(answers) <= MOST
        self._bars = in_order(answers, chances, order, truth)
        self.bars.update(self._bars)
        top = self._bars.highlight
        for part in ("read", "before"):
            self.ui[part].text = focus.read or "START"
        self.ui.rest.text = focus.name[focus.at :]
        self.ui.top.text = f"{self._bars.labels[top]} ({percent(self._bars.values[top])})"
        self.ui.effect.text = effect(answers, at_temperature(logits, 1.0), chances, self.temperature.value)
        self.ui.bars_tag.text = self.lab.snapshot.get().source
        self.ui.less.idle = focus.at == 0
        self.ui.more.idle = focus.at == len(focus.name)
        self.ui.clear.enabled = self.ui.name.value

    def describe_bar(self, i: int) -> str:
        text = f"{self._bars.labels[i]}: {percent(self._bars.values[i])}"
        return f"{text}, and it is what comes next" if i == self._bars.mark else text

    def read(self, by: int) -> None:
        """Look at the guess one letter further on, or back."""
        self.lab.look(position=min(max(self._at() + by, 0), len(self.lab.focus.get().name)))

    def _at(self) -> int:
        return place(self.lab.focus.get(), whole=not self.lab.typed.get())

    def type(self, text: str) -> None:
        message = ""
        try:
            self.lab.focus_on(text)
        except BadName as error:
            message = str(error)
        self._complain(message)
        self.invalidate()

    def press(self, event) -> None:
        button = event.target.closest("button")
        if button:
            self.ui.name.value = button.value
            self.type(button.value)
            if not button.value:
                self.ui.name.focus()  # the button that cleared it is of no more use

    def sort(self, event) -> None:
        if event.name == "order":
            self._sorted = event.target.value == "chance"
            self.invalidate()

    def calm(self) -> None:
        self.temperature.set(1.0)
        self.invalidate()

    def _complain(self, message: str) -> None:
        self.say("name-error", message)
        self.ui.name.invalid = bool(message)

    def _show_typed(self, typed: str) -> None:
        """Where the page was told to look at another name somewhere else, what was typed here is over."""
        if self.lab.experiment.get().tokenizer.normalise(self.ui.name.value).strip() != typed:
            self.ui.name.value = typed
            self._complain("")

    def _follow(self) -> None:
        """Other names or another model: offer only beginnings that it can read."""
        experiment = self.lab.experiment.get()
        self._names = frozenset(experiment.names)
        for button, text in zip(self._presets, beginnings(PRESETS, experiment), strict=True):
            button.value = button.text = text
        self.invalidate()
