"""The opening: what a GPT is, and how it spells a name, with the live model's own chances."""

from ...ui.section import Section
from .view import _markup, example, gibberish, in_words, newest, spelling, when


class Opening(Section):
    slug = "opening"

    def mount(self) -> None:
        self.watch(self.lab.snapshot, self.lab.experiment, self.lab.focus)

    def render(self) -> None:
        snapshot, experiment = self.lab.snapshot.get(), self.lab.experiment.get()
        tokenizer, name = experiment.tokenizer, example(experiment, self.lab.focus.get().name)
        rows = spelling(snapshot, tokenizer.document(name), tokenizer.label)
        self.ui.example.text = name
        self.ui.guesses.text = in_words(len(rows))
        self.ui.gibberish.text = gibberish(snapshot.step)
        self.ui.rows.html = "".join(map(_markup, rows))
        self.ui.when.text = when(snapshot.step)
        self.ui.newest.html = newest(snapshot.samples)
        for tag in ("rows-tag", "names-tag"):
            self.ui[tag].text = snapshot.source
