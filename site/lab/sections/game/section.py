"""You are the model: guess a real name letter by letter; and how a name falls into questions."""

from functools import partial

from microgpt.ops import cross_entropy
from microgpt.tokenizer import pairs

from ...charts.bar_chart import BarChart
from ...charts.keys import grid
from ...core.letters import shown
from ...ui.section import Section
from ...ui.stepper import Stepper
from . import view as views
from .model import END, Game, boxed, entered

COLUMNS = 9  # of the letter buttons, as in game.css: 27 answers make three full rows
LESSON = 300  # steps that are enough for the model to become a rival


class Guessing(Section):
    slug = "game"

    def mount(self) -> None:
        self.thought = self.add_chart(
            BarChart,
            "thought",
            "What the model thought",
            empty="Make a guess, and see what the model would have said.",
            table=False,
        )
        self.losses = self.add_chart(
            BarChart, "losses", "Loss of each pair", on_select=lambda i: self.lab.look(position=self._first + i)
        )
        self.stepper = Stepper(self, "pairs", "pairs of the name", lambda at: self.lab.look(position=at))
        self.watch(self.lab.snapshot, self.lab.experiment, self.lab.focus)
        self.on("form", "submit", lambda _event: self.submit())
        self.on("typed", "input", self.type)
        self.on("keys", "click", self.press)
        self.on("play", "keydown", self.key)
        self.on("another", "click", lambda _event: self.another())
        self.on("learn", "click", lambda _event: self.learn())
        self.game: Game | None = None
        self._pairs_of: str | None = None

    def render(self) -> None:
        snapshot, experiment = self.lab.snapshot.get(), self.lab.experiment.get()
        if self.game is None or not self.game.fits(experiment):
            self._begin()
        for tag in ("game-tag", "pairs-tag"):
            self.ui[tag].text = snapshot.source
        self._offer(snapshot)
        self._draw_pairs()

    # The game

    def guess(self, token: int) -> None:
        """Take the player's guess, and ask the model of this moment the same."""
        if self.game.over:
            self.ui.said.text = "This name is over. Enter, or the button, brings another."
            return
        snapshot = self.lab.snapshot.get()
        chances = snapshot.model.forward(self.game.context).probabilities[-1]
        made = self.game.guess(token, chances, snapshot.step)
        over = " That was the whole name." if self.game.over else ""
        self.ui.said.html = views.verdict(made, self._label) + over
        self._draw_game()
        self._offer(snapshot)

    def another(self) -> None:
        self.game.another()
        self.ui.said.text = "A new name. What comes first?"
        self._draw_game()
        self._offer(self.lab.snapshot.get())

    def submit(self) -> None:
        """Enter: the guess is what stands in the box."""
        if self.game.over:
            self.another()
            return
        try:
            token = entered(self._box, self.lab.experiment.get().tokenizer.alphabet)
        except ValueError as error:
            self.ui.said.text = str(error)
            token = None
        self._fill("")
        if token is not None:
            self.guess(token)

    def type(self, event) -> None:
        """The box holds one answer at a time, and nothing is judged before Enter."""
        alphabet = self.lab.experiment.get().tokenizer.alphabet
        if event.composing and self._spelled(event.target.value)[-1:] not in alphabet:
            return  # half a letter: an accent that waits for what it stands on
        box = boxed(event.target.value, self._box, alphabet)
        self._fill(box if box == END else self._spelled(box))

    def _fill(self, box: str) -> None:
        self._box = self.ui.typed.value = box

    def press(self, event) -> None:
        button = event.target.closest("button")
        if button:
            self._reach(button)
            self.guess(int(button.value))

    def key(self, event) -> None:
        """Arrows go over the letter buttons; a letter typed anywhere in the game goes into the box."""
        if event.modified or event.target.closest("input"):
            return
        button = event.target.closest("[data-part=keys] button")
        if button:
            cell = divmod(self._offered.index(int(button.value)), COLUMNS)
            there = grid(event.key, cell, -(-len(self._keys) // COLUMNS), COLUMNS)
            if there:
                event.stop()
                place = min(there[0] * COLUMNS + there[1], len(self._keys) - 1)
                self._reach(self._keys[place])
                self._keys[place].focus()
                return
        letter = self._spelled(event.key)
        if len(letter) == 1 and letter in self.lab.experiment.get().tokenizer.alphabet.replace(" ", ""):
            event.stop()  # or the box would get the same letter again
            self._fill(letter)
            self.ui.typed.focus()  # where Enter means this letter, and not the button under the focus

    def learn(self) -> None:
        self.lab.train(LESSON)
        self.ui.typed.focus()  # the button that was pressed goes away

    def _spelled(self, text: str) -> str:
        """As the list spells it."""
        return self.lab.experiment.get().tokenizer.normalise(text)

    def _begin(self) -> None:
        """A new game, with the letters and names there are now."""
        experiment = self.lab.experiment.get()
        self.game = Game(experiment)
        self._label = partial(views.answer, alphabet=experiment.tokenizer.alphabet)
        self._pairs_of = None
        self._offered = shown(experiment)
        self.say("left-out", views.left_out(experiment.tokenizer.alphabet, self._offered))
        self.ui.keys.html = views.keys(experiment.tokenizer.alphabet, self._offered)
        self._keys = self.ui.keys.all("button")
        self._reachable = self._keys[0]
        self._fill("")
        self.ui.said.text = "Your turn."
        self._draw_game()

    def _reach(self, button) -> None:
        """Make this button the one that the Tab key comes to."""
        self._reachable.attr("tabindex", "-1")
        button.attr("tabindex", "0")
        self._reachable = button

    def _draw_game(self) -> None:
        game = self.game
        self.ui.board.html = views.board(game, self._label)
        self.ui.board.attr("aria-label", views.board_text(game))
        self.ui.score.text = views.score(game)
        self.thought.update(views.thought(game.guesses[-1], self._label) if game.guesses else None)
        self.ui.rows.html = views.record(game, self._label)
        self.ui.record.hidden = not game.guesses
        self.ui.end.hidden = not game.over
        if game.over:
            self.ui.end.html = views.ending(game)
        self.ui.another.css("primary", game.over)

    def _offer(self, snapshot) -> None:
        """An untrained model is no rival: say so, and offer the way out."""
        untrained = snapshot.step == 0
        self.ui.untrained.hidden = not untrained
        if untrained:
            chances = snapshot.model.forward(self.game.context).probabilities[-1]
            self.ui.even.text = views.even(chances)

    # The pairs

    def _draw_pairs(self) -> None:
        focus, tokenizer, trace = self.lab.focus.get(), self.lab.experiment.get().tokenizer, self.lab.trace()
        document = tokenizer.document(focus.name)
        questions = list(pairs(document))
        losses = cross_entropy(trace.logits, document[1:])
        # with no place chosen, begin at the beginning
        at = 0 if focus.position is None else focus.at
        if (self.stepper.length, self.stepper.at) != (len(questions), at) or self._pairs_of != focus.name:
            self._pairs_of = focus.name
            self.stepper.show(len(questions), at)
        asked = [
            views.Asked(len(read), self._label(target), float(chances[target]), float(loss))
            for (read, target), chances, loss in zip(questions, trace.probabilities, losses, strict=True)
        ]
        labels = ["START", *map(self._label, document[1:])]
        self.ui.tiles.html = views.tiles(labels, at)
        self.ui.tiles.attr("aria-label", views.tiles_text(labels, at))
        self.ui.pair.text = views.pair_text(asked, labels, at)
        self._first = views.first_bar(len(asked), at)
        self.losses.update(views.pair_bars(asked, at))
