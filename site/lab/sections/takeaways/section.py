"""Three ideas to take away, each with what the model on the page has to say about it right now."""

from ...ui.section import Section
from .view import guess, loss, numbers


class Takeaways(Section):
    slug = "takeaways"

    def mount(self) -> None:
        self.watch(self.lab.snapshot, self.lab.focus, self.lab.experiment)

    def render(self) -> None:
        snapshot, experiment, focus = self.lab.snapshot.get(), self.lab.experiment.get(), self.lab.focus.get()
        for part, text in (
            ("guess", guess(self.lab.trace(), focus, experiment)),
            ("loss", loss(snapshot, experiment)),
            ("numbers", numbers(snapshot.model, focus, experiment)),
        ):
            self.ui[part].text = text
            self.ui[f"{part}-tag"].text = snapshot.source
