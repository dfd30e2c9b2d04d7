"""The journey: a map of the page, from a real name to a made-up one, with what each stop holds now."""

from ...ui.section import Section
from .view import along


class Journey(Section):
    slug = "journey"

    def mount(self) -> None:
        self.watch(self.lab.snapshot, self.lab.focus)

    def render(self) -> None:
        snapshot, tokenizer = self.lab.snapshot.get(), self.lab.experiment.get().tokenizer
        answers = [*tokenizer.alphabet, "END"]
        for part, text in along(snapshot, self.lab.trace(), self.lab.focus.get(), answers).items():
            self.ui[part].text = text
        self.ui.tag.text = snapshot.source
