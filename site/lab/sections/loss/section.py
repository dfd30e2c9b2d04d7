"""How wrong is a guess? The loss of one guess, as a point on a curve that anybody can move."""

import numpy as np

from microgpt.ops import softmax_and_cross_entropy

from ...charts.loss_slider import LossSlider
from ...ui.dial import Dial
from ...ui.section import Section
from ..game.view import answer, trained
from . import view as views


class Loss(Section):
    slug = "loss"

    def mount(self) -> None:
        self.curve = self.add_chart(LossSlider, "curve", "Loss by chance", on_move=self.drag)
        self.dial = Dial(self, "p", lambda _value: self.let_go())
        self._rides = False  # whether the point is tied to the live model's guess at the focus
        self._labels: list[str] | None = None
        self.watch(self.lab.snapshot, self.lab.experiment, self.lab.focus)
        self.on("presets", "click", self.preset)
        self.on("rides", "change", self.ride)

    def render(self) -> None:
        snapshot, focus = self.lab.snapshot.get(), self.lab.focus.get()
        tokenizer = self.lab.experiment.get().tokenizer
        targets = np.array(tokenizer.document(focus.name)[1:])
        probabilities, losses = softmax_and_cross_entropy(self.lab.trace().logits, targets)
        chances = probabilities[np.arange(len(targets)), targets]
        labels = [answer(int(token), tokenizer.alphabet) for token in targets]
        if labels != self._labels:  # only then: new radio buttons would lose the keyboard's place
            self._labels = labels
            self.ui.letters.html = views.letters(labels)
        if self._rides and np.isfinite(chances[focus.at]):
            self.dial.set(float(chances[focus.at]))
        self.ui.rides.choose(str(focus.at) if self._rides else "")
        self.curve.update(views.curve(self.dial.value, labels, chances, tokenizer.vocab_size))
        self.ui.reads.text = views.reading(self.dial.value)
        self.ui.name.text = views.sum_up(focus.name, labels, chances, losses, trained(snapshot.step))
        self.ui.curve_tag.text = snapshot.source

    def let_go(self) -> None:
        """The reader has moved the point: it rides on no letter any more."""
        self._rides = False
        self.invalidate()

    def drag(self, p: float) -> None:
        self.dial.set(p)
        self.let_go()

    def preset(self, event) -> None:
        button = event.target.closest("button")
        if button:
            vocab_size = self.lab.experiment.get().tokenizer.vocab_size
            self.drag(1 / vocab_size if button.value == "even" else float(button.value))

    def ride(self, event) -> None:
        """Tie the point to a letter of the name, for which the name has to stay; or untie it."""
        self._rides = event.target.value != ""
        if self._rides:
            self.lab.look(position=int(event.target.value))
        self.invalidate()
