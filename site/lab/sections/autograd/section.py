"""Autograd in a sandbox: a typed expression, worked out forward and differentiated backward, value by value."""

from functools import partial

from microgpt.inspect.expression import MAX_VARIABLES, Expression, ExpressionError, parse

from ...charts.graph_chart import GraphChart
from ...ui.dial import Dial
from ...ui.section import Section
from ...ui.stepper import Stepper
from . import view as views
from .view import PRESETS, Worked

STILL = "The graph below still shows the last one that worked."


class Autograd(Section):
    slug = "autograd"

    def mount(self) -> None:
        self.graph = self.add_chart(GraphChart, "graph", "The graph of the expression")
        self.steps = Stepper(self, "steps", "moment of the calculation", lambda _at: self.invalidate(), every=1.8)
        self.dials = [Dial(self, f"v{i}", partial(self._turned, i)) for i in range(MAX_VARIABLES)]
        self._line: Expression | None = None  # the last text that could be read
        self._values: dict[str, float] = {}  # of every variable there has been
        self._unread = ""  # what is wrong with the text in the field, if anything
        self._worked: Worked | None = None
        self._checked: Worked | None = None  # the one whose slopes are shown
        self._presets = self.ui.presets.all("button")
        self.on("text", "input", lambda _event: self.read())
        self.on("presets", "click", self._preset)

    def render(self) -> None:
        if self._worked is None:
            self.choose(0)
        worked, at = self._worked, self.steps.at
        self.graph.update(views.graph_at(worked, at))
        self.ui.now.html = views.now(worked, at)
        if self._checked is not worked:
            self._checked = worked
            self.ui.checks.html = views.checks(worked)

    def choose(self, number: int) -> None:
        """Take one of the examples, with its values."""
        preset = PRESETS[number]
        self.ui.text.value = preset.text
        self._values |= {name: float(value) for name, value in preset.values.items()}
        self.read()

    def read(self) -> None:
        """Take what stands in the field; what can't be read, or has no result, leaves all as it was."""
        text = self.ui.text.value
        for number, button in enumerate(self._presets):
            button.pressed = text == PRESETS[number].text
        try:
            self._line = parse(text)
        except ExpressionError as error:
            self._unread = f"{error} {STILL}"
            self._complain("")
            return
        self._unread = ""
        self._label_dials(self._line)
        self._work_out(begin=True)

    def _work_out(self, begin: bool = False) -> None:
        try:
            worked = views.work_out(self._line, views.settled(self._line, self._values))
        except (ExpressionError, OverflowError) as error:
            self._complain(f"{str(error).rstrip('.')}. {STILL}")
            return
        self._complain("")
        self._worked = worked
        self.steps.show(len(worked.moments), 0 if begin else self.steps.at)
        self.invalidate()

    def _label_dials(self, line: Expression) -> None:
        """A dial for each variable, under its name and with its value."""
        values = views.settled(line, self._values)
        for i, (dial, name) in enumerate(
            zip(self.dials, views.dial_labels(line.variables, MAX_VARIABLES), strict=True)
        ):
            self.ui[f"slot{i}"].hidden = not name
            if name:
                self.ui[f"v{i}-name"].text = name
                self.ui[f"v{i}-box"].attr("aria-label", f"{name}, as a number")
                dial.set(values[name])

    def _turned(self, number: int, value: float) -> None:
        if number < len(self._line.variables):  # else a dial of an expression that has just gone
            self._values[self._line.variables[number]] = value
            self._work_out()

    def _preset(self, event) -> None:
        button = event.target.closest("button")
        if button:
            self.choose(int(button.value))

    def _complain(self, about_numbers: str) -> None:
        """Say what is wrong: with the text, or else with the numbers; or that nothing is."""
        self.say("problem", self._unread or about_numbers)
        self.ui.text.invalid = bool(self._unread)
