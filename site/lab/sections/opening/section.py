"""The opening: what a GPT is, and how it spells “rex”, with the live model's own chances."""

from ...ui import choices, dom
from ...ui.section import Section
from .view import _markup, example, gibberish, in_words, newest, spelling, when

MODES = {
    "minimal": "Training, predictions and attention, and nothing else.",
    "focused": "The key ideas, in the order of the journey.",
    "advanced": "Everything: each matrix of the forward pass, and the deeper notes.",
}


class Opening(Section):
    slug = "opening"

    def mount(self) -> None:
        self.watch(self.lab.snapshot, self.lab.experiment, self.lab.focus)
        self.on("modes", "change", lambda event: self.choose_mode(event.target.value))
        self.choose_mode(choices.get("mode"))

    def render(self) -> None:
        snapshot, experiment = self.lab.snapshot.get(), self.lab.experiment.get()
        tokenizer, name = experiment.tokenizer, example(experiment, self.lab.focus.get().name)
        rows = spelling(snapshot, tokenizer.document(name), tokenizer.label)
        dom.set_text(self.part("example"), name)
        dom.set_text(self.part("guesses"), in_words(len(rows)))
        dom.set_text(self.part("gibberish"), gibberish(snapshot.step))
        dom.set_html(self.part("rows"), "".join(map(_markup, rows)))
        dom.set_text(self.part("when"), when(snapshot.step))
        dom.set_html(self.part("newest"), newest(snapshot.samples))
        for tag in ("rows-tag", "names-tag"):
            dom.set_text(self.part(tag), snapshot.source)

    def choose_mode(self, mode: str) -> None:
        """Sections and notes of deeper levels are not only out of sight: layout.css takes them out
        of the page, for everyone."""
        choices.put("mode", mode)
        for radio in self.part("modes").querySelectorAll("input"):
            radio.disabled = False
            radio.checked = radio.value == mode
        dom.set_text(self.part("mode-note"), MODES[mode])
