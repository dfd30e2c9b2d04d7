"""Softmax: from the model's scores, or the reader's own, to shares, with every number on the way."""

from functools import partial

from ...charts.bar_chart import BarChart
from ...ui.dial import Dial
from ...ui.section import Section
from .view import SHOWN, Scores, bars, numbers, ranked, share_out, words

THOUSAND = 1000.0


class Softmax(Section):
    slug = "softmax"

    def mount(self) -> None:
        self.chart = self.add_chart(BarChart, "bars", "Share of each answer", describe=self.describe_bar)
        self._mine: Scores | None = None  # what the reader has made of the scores; None: they are the model's
        self._named: tuple[str, ...] = ()
        self.dials = [Dial(self, f"score{i}", partial(self._moved, i)) for i in range(SHOWN)]
        self.plus = Dial(self, "plus", lambda _value: self.invalidate())
        self.watch(self.lab.snapshot, self.lab.focus)
        self.add(self.lab.experiment.watch(lambda _experiment: self._follow()))  # other names, other answers
        self.on("own", "click", lambda _event: self._follow())
        self.on("thousand", "click", self._press_thousand)
        self.on("desk", "change", lambda _event: self.invalidate())

    def render(self) -> None:
        given = self._mine or self._models()
        if not self._mine:
            self._show(given)
            self.ui.read.text = self.lab.focus.get().read or "START"
        self.ui.tag.text = "illustration" if self._mine else self.lab.snapshot.get().source
        self.ui.own.idle = not (self._mine)
        self.ui.others_words.text = f"let the other {len(given.others)} answers compete, too"
        if not self.ui.others.checked:
            given = given._replace(others=given.others[:0])
        subtract = self.ui.desk.chosen("way") == "code"
        added = self.plus.value + (THOUSAND if self._thousand else 0)
        found, before = (share_out(given, plus, subtract) for plus in (added, 0.0))
        self._bars = bars(given, found)
        self.chart.update(self._bars)
        self.ui.numbers.html = numbers(given, found, subtract)
        self.ui.words.text = words(given, found, before, added, subtract)

    def describe_bar(self, i: int) -> str:
        return self._bars.describe(i)

    def _models(self) -> Scores:
        labels = [*self.lab.experiment.get().tokenizer.alphabet, "END"]
        return ranked(self.lab.trace().logits[self.lab.focus.get().at], labels)

    def _show(self, given: Scores) -> None:
        """The model's scores on the dials. What is computed with are the scores themselves."""
        if given.answers != self._named:
            self._named = given.answers
            for i in range(SHOWN):
                self.ui[f"row{i}"].hidden = i >= len(given.answers)
            for i, answer in enumerate(given.answers):
                self.ui[f"name{i}"].text = answer
                self.ui[f"score{i}-box"].attr("aria-label", f"score of {answer}, as a number")
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
        return self.ui.thousand.get("aria-pressed") == "true"

    def _press_thousand(self, _event) -> None:
        self.ui.thousand.attr("aria-pressed", "false" if self._thousand else "true")
        self.invalidate()
