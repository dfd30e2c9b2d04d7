"""Softmax: from the model's scores, or the reader's own, to shares, with every number on the way."""

from functools import partial

from ...charts.bar_chart import BarChart
from ...charts.bars import describe
from ...ui import dom
from ...ui.dial import Dial
from ...ui.section import Section
from .view import SHOWN, Scores, bars, numbers, ranked, share_out, words

THOUSAND = 1000.0


class Softmax(Section):
    slug = "softmax"

    def mount(self) -> None:
        self.chart = BarChart(self.part("bars"), "Share of each answer", describe=self.describe_bar)
        self.add(self.chart.dispose)
        self._mine: Scores | None = None  # what the reader has made of the scores; None: they are the model's
        self._named: tuple[str, ...] = ()
        self.dials = [Dial(self, f"score{i}", partial(self._moved, i)) for i in range(SHOWN)]
        self.plus = Dial(self, "plus", lambda _value: self.invalidate())
        for part in ("own", "thousand"):
            self.part(part).disabled = False
        self.watch(self.lab.snapshot, self.lab.focus)
        self.add(self.lab.experiment.watch(lambda _experiment: self._follow()))  # other names, other answers
        self.on("own", "click", lambda _event: self._follow())
        self.on("thousand", "click", self._press_thousand)
        self.on("desk", "change", lambda _event: self.invalidate())
        self.on("desk", "submit", lambda event: event.preventDefault())

    def render(self) -> None:
        given = self._mine or self._models()
        if not self._mine:
            self._show(given)
            dom.set_text(self.part("read"), self.lab.focus.get().read or "START")
        dom.set_text(self.part("tag"), "illustration" if self._mine else self.lab.snapshot.get().source)
        dom.set_attr(self.part("own"), "aria-disabled", None if self._mine else "true")
        dom.set_text(self.part("others-words"), f"let the other {len(given.others)} answers compete, too")
        if not self.part("others").checked:
            given = given._replace(others=given.others[:0])
        subtract = self.part("desk").querySelector("[name=way]:checked").value == "code"
        added = self.plus.value + (THOUSAND if self._thousand else 0)
        found, before = (share_out(given, plus, subtract) for plus in (added, 0.0))
        self._bars = bars(given, found)
        self.chart.update(self._bars)
        dom.set_html(self.part("numbers"), numbers(given, found, subtract))
        dom.set_text(self.part("words"), words(given, found, before, added, subtract))

    def describe_bar(self, i: int) -> str:
        return describe(self._bars, i)

    def _models(self) -> Scores:
        labels = [*self.lab.experiment.get().tokenizer.alphabet, "END"]
        return ranked(self.lab.trace().logits[self.lab.focus.get().at], labels)

    def _show(self, given: Scores) -> None:
        """The model's scores on the dials. What is computed with are the scores themselves."""
        if given.answers != self._named:
            self._named = given.answers
            for i in range(SHOWN):
                self.part(f"row{i}").hidden = i >= len(given.answers)
            for i, answer in enumerate(given.answers):
                dom.set_text(self.part(f"name{i}"), answer)
                dom.set_attr(self.part(f"score{i}-box"), "aria-label", f"score of {answer}, as a number")
        for dial, score in zip(self.dials, given.scores.tolist(), strict=False):
            dial.set(round(score, 2))

    def _moved(self, i: int, value: float) -> None:
        """The reader has moved a score: from now on all of them stand still."""
        given = self._mine or self._models()
        scores = given.scores.copy()
        scores[i] = value
        self._mine = given._replace(scores=scores)
        self.invalidate()

    def _follow(self) -> None:
        self._mine = None
        self.invalidate()

    @property
    def _thousand(self) -> bool:
        return self.part("thousand").getAttribute("aria-pressed") == "true"

    def _press_thousand(self, _event) -> None:
        dom.set_attr(self.part("thousand"), "aria-pressed", "false" if self._thousand else "true")
        self.invalidate()
