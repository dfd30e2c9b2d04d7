"""Predictions: what the model expects after the letters it has read, at a temperature of one's choice."""

import numpy as np

from microgpt.sampling import at_temperature

from ...charts.bar_chart import BarChart
from ...charts.format import percent
from ...core.focus import BadName, read_name
from ...ui import dom
from ...ui.dial import Dial
from ...ui.section import Section
from .view import effect, in_order, next_token


class Predictions(Section):
    slug = "predictions"

    def mount(self) -> None:
        self.bars = BarChart(self.part("bars"), "Chance of each next letter", describe=self.describe_bar)
        self.add(self.bars.dispose)
        self.temperature = Dial(self, "temperature", lambda _value: self.invalidate())
        self._sorted = False
        for part in ("name", "less", "more", "one"):
            self.part(part).disabled = False
        self.watch(self.lab.snapshot, self.lab.focus, self.lab.typed)
        self.add(self.lab.typed.watch(self._show_typed))
        self.add(self.lab.experiment.watch(lambda _experiment: self._follow()))
        self.on("name", "input", lambda event: self.type(event.target.value))
        self.on("presets", "click", self.press)
        self.on("form", "submit", lambda event: event.preventDefault())
        self.on("how", "submit", lambda event: event.preventDefault())
        self.on("how", "change", self.sort)
        self.on("one", "click", lambda _event: self.calm())
        self.on("less", "click", lambda _event: self.read(-1))
        self.on("more", "click", lambda _event: self.read(+1))
        self._follow()

    def render(self) -> None:
        tokenizer, focus = self.lab.experiment.get().tokenizer, self.lab.focus.get()
        logits = self.lab.trace().logits[focus.at]
        chances = at_temperature(logits, self.temperature.value)
        answers = [*tokenizer.alphabet, "END"]
        order = np.argsort(-chances, kind="stable") if self._sorted else np.arange(len(answers))
        truth = next_token(focus, tokenizer.encode(focus.name), tokenizer.bos, focus.name in self._names)
        self._bars = in_order(answers, chances, order, truth)
        self.bars.update(self._bars)
        top = self._bars.highlight
        for part in ("read", "before"):
            dom.set_text(self.part(part), focus.read or "START")
        dom.set_text(self.part("rest"), focus.name[focus.at :])
        dom.set_text(self.part("top"), f"{self._bars.labels[top]} ({percent(self._bars.values[top])})")
        dom.set_text(self.part("effect"), effect(answers, at_temperature(logits, 1.0), chances, self.temperature.value))
        dom.set_text(self.part("bars-tag"), self.lab.snapshot.get().source)
        # not `disabled`: a button that has the keyboard's focus would lose it at either end
        dom.set_attr(self.part("less"), "aria-disabled", "true" if focus.at == 0 else None)
        dom.set_attr(self.part("more"), "aria-disabled", "true" if focus.at == len(focus.name) else None)
        self.part("clear").disabled = not self.part("name").value

    def describe_bar(self, i: int) -> str:
        text = f"{self._bars.labels[i]}: {percent(self._bars.values[i])}"
        return f"{text}, and it is what comes next" if i == self._bars.mark else text

    def read(self, by: int) -> None:
        """Look at the guess one letter further on, or back."""
        focus = self.lab.focus.get()
        self.lab.look(position=min(max(focus.at + by, 0), len(focus.name)))

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
            self.part("name").value = button.value
            self.type(button.value)
            if not button.value:
                self.part("name").focus()  # the button that cleared it is of no more use

    def sort(self, event) -> None:
        if event.target.name == "order":
            self._sorted = event.target.value == "chance"
            self.invalidate()

    def calm(self) -> None:
        self.temperature.set(1.0)
        self.invalidate()

    def _complain(self, message: str) -> None:
        self.say("name-error", message)
        dom.set_attr(self.part("name"), "aria-invalid", "true" if message else None)

    def _show_typed(self, typed: str) -> None:
        """Where the page was told to look at another name somewhere else, what was typed here is over."""
        if self.part("name").value.strip().lower() != typed:
            self.part("name").value = typed
            self._complain("")

    def _follow(self) -> None:
        """Other names or another model: offer only beginnings that it can read."""
        experiment = self.lab.experiment.get()
        self._names = frozenset(experiment.names)
        for button in self.part("presets").querySelectorAll("button[value]"):
            try:
                read_name(button.value, experiment)
                button.disabled = False
            except BadName:
                button.disabled = True
        self.invalidate()
