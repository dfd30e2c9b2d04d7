"""Patterns in the data: what can be seen in the list of names before any model has read it."""

from collections.abc import Callable

from microgpt import dataset
from microgpt.experiment import Experiment

from ...charts.bar_chart import BarChart
from ...charts.format import percent
from ...core.focus import BadName
from ...ui.section import Section
from . import model as patterns
from .view import bars, between, described, options, standing

OFFERED = 12  # names a list offers while one types: all of them would weigh on the page and help nobody


class Patterns(Section):
    slug = "patterns"

    def mount(self) -> None:
        self.letters = self.add_chart(
            BarChart,
            "letters",
            "Names by their first letter",
            describe=lambda i: described(self._by_letter, i, "begin with"),
            on_select=lambda i: self._look_at_next(lambda name: name[0] in self._by_letter.keys[i]),
        )
        self.lengths = self.add_chart(
            BarChart,
            "lengths",
            "Names by their length",
            describe=lambda i: described(self._by_length, i, "have the length"),
            on_select=lambda i: self._look_at_next(lambda name: len(name) in self._by_length.keys[i]),
        )
        self._counted: Experiment | None = None
        self.watch(self.lab.focus, self.lab.experiment)
        self.add(self.lab.typed.watch(self._show_typed))
        self.on("pick", "submit", self.pick)
        self.on("pick-name", "input", self.offer)

    def render(self) -> None:
        experiment, name = self.lab.experiment.get(), self.lab.focus.get().name
        if experiment is not self._counted:
            self._count(experiment)
        self.letters.update(bars(self._by_letter, self._by_letter.bar_of(name[:1]), "letter"))
        self.lengths.update(bars(self._by_length, self._by_length.bar_of(len(name)), "length"))
        self.ui.standing.html = standing(name, experiment, self._by_letter, self._by_length)

    def _count(self, experiment: Experiment) -> None:
        """Count a new list once; the current name changes far more often than the list."""
        self._counted = experiment
        statistics = dataset.statistics(experiment.names)
        self._by_letter = patterns.tally(statistics.first_letters)
        self._by_length = patterns.tally(statistics.lengths)
        train, held_out = len(experiment.split.train), len(experiment.split.held_out)
        ending, endings = patterns.common_ending(experiment.names)
        usual = patterns.usual_lengths(statistics.lengths)
        self.ui.ends.hidden = not ending
        for part, text in (
            ("share", percent(statistics.share_of_lengths(*usual))),
            ("usual", between(*usual)),
            ("ending", ending),
            ("endings", percent(endings / statistics.count)),
        ):
            self.ui[part].text = text
        for part, names in (("train-bar", train), ("held-out-bar", held_out)):
            self.ui[part].attr("width", f"{100 * names / statistics.count:.1f}")
        self.ui.held_out_bar.attr("x", f"{100 * train / statistics.count:.1f}")

    def _look_at_next(self, wanted: Callable[[str], bool]) -> None:
        """Go to the next name of that kind which the model can read whole."""
        experiment, here = self.lab.experiment.get(), self.lab.focus.get().name
        limit = experiment.config.max_letters
        name = patterns.next_like(experiment.names, here, lambda one: len(one) <= limit and wanted(one))
        if name is not None:
            self.lab.focus_on(name)

    def offer(self, event) -> None:
        """Names that match what is typed; one typed or picked in full is looked at at once."""
        experiment = self.lab.experiment.get()
        typed = experiment.tokenizer.normalise(event.target.value)
        self.ui.found.html = options(patterns.found(experiment.names, typed, OFFERED))
        self._complain("")
        if event.target.value in experiment.names:
            self._look_at(event.target.value)

    def pick(self, event) -> None:
        self._look_at(self.ui.pick_name.value)

    def _look_at(self, text: str) -> None:
        self._complain("")
        try:
            self.lab.focus_on(text)
        except BadName as error:
            self._complain(str(error))

    def _complain(self, message: str) -> None:
        self.say("pick-error", message)
        self.ui.pick_name.invalid = bool(message)

    def _show_typed(self, typed: str) -> None:
        """What stands in the field is over as soon as the page looks at something else."""
        if typed != self.lab.experiment.get().tokenizer.normalise(self.ui.pick_name.value).strip():
            self.ui.pick_name.value = ""
