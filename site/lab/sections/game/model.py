"""The guessing game: a person in the model's place, and the model beside them. No picture of it here."""

from collections.abc import Sequence
from typing import NamedTuple

from numpy import ndarray

from microgpt.experiment import Experiment
from microgpt.rng import stream
from microgpt.tokenizer import shortened

DEAL = 16  # one shuffle of many: with the seed of the lab it begins with names that one can guess at
END = "END"
FIRST, LAST = 3, 5  # guesses that count as the start and the end of a name, if it has that many


class Guess(NamedTuple):
    """One guess of the player, and what the model, having read the same, thought."""

    read: str  # the letters there were to go by
    said: int  # token
    truth: int  # token
    chances: ndarray  # (V,): the model's
    step: int  # how long it had been trained

    # arrays have no one answer to "equal?": a guess equals only itself
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    @property
    def right(self) -> bool:
        return self.said == self.truth

    @property
    def top(self) -> int:
        """The token the model thought most likely: its own guess."""
        return int(self.chances.argmax())

    @property
    def model_right(self) -> bool:
        return self.top == self.truth

    @property
    def chance(self) -> float:
        """What the model gave to the truth."""
        return float(self.chances[self.truth])

    @property
    def chance_of_said(self) -> float:
        """What the model gave to the player's guess."""
        return float(self.chances[self.said])


class Tally(NamedTuple):
    guesses: int = 0
    right: int = 0  # the player's hits
    model: int = 0  # the model's

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(a + b for a, b in zip(self, other, strict=True)))


def boxed(value: str, before: str, alphabet: str) -> str:
    """What the player's box holds once `value` stands in it, and `before` stood there: one answer at a time, the last
    one typed, as it was typed. A blank is END, where names have no blanks. Something deleted leaves nothing."""
    if len(value) < len(before) and before.startswith(value):
        return ""
    typed = value[-1:]
    return END if typed == " " and " " not in alphabet else typed


def entered(box: str, alphabet: str) -> int:
    """The token that the player means by what stands in the box: END is the one after all letters. Raises ValueError,
    with what to do, for an empty box and for what is no answer."""
    if not box:
        raise ValueError("Type a letter first. If you think the name is over, choose END, or press the space bar.")
    if box not in (END, *alphabet):
        raise ValueError(f"“{box}” is not one of the answers. They are {shortened(alphabet)}, and END.")
    return len(alphabet) if box == END else alphabet.index(box)


def tally(guesses: Sequence[Guess]) -> Tally:
    return Tally(len(guesses), sum(g.right for g in guesses), sum(g.model_right for g in guesses))


def start_and_end(guesses: Sequence[Guess]) -> tuple[list[Guess], list[Guess]]:
    """The first FIRST and the last LAST guesses at a name; fewer, and never one in both, if it is short."""
    first = min(FIRST, len(guesses) // 2)
    last = min(LAST, len(guesses) - first)
    return list(guesses[:first]), list(guesses[len(guesses) - last :])


class Game:
    """One real name after another, one letter after another, one guess for each.

    Names kept for the exam come first: neither the player nor the model has learnt from those. The
    order hangs on the seed of the experiment, and on nothing that happens in training.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._of = _identity(experiment)
        self._tokenizer, self._block_size = experiment.tokenizer, experiment.config.block_size
        rng = stream(experiment.settings.seed, "game", DEAL)
        drawer = list(experiment.split.held_out)
        self._held_out = frozenset(drawer)
        ordered = [part[i] for part in (drawer, experiment.split.train) for i in rng.permutation(len(part))]
        # a name too long for the model never shows it an END: one that fits makes the fairer game
        self._names = [name for name in ordered if len(name) <= experiment.config.max_letters] or ordered
        self._before = Tally()  # over the names before this one
        self.names = 0  # guessed to their end
        self._at = -1
        self.another()

    def another(self) -> None:
        """On to the next name; guesses made so far stay counted."""
        if self._at >= 0:
            self._before += tally(self.guesses)
        self._at += 1
        self.name = self._names[self._at % len(self._names)]
        self._document = self._tokenizer.document(self.name, self._block_size)
        self.guesses: list[Guess] = []

    def fits(self, experiment: Experiment) -> bool:
        """Whether the game can go on: the same names, the same letters, the same length of memory."""
        return self._of == _identity(experiment)

    @property
    def context(self) -> list[int]:
        """The tokens there are to go by: [BOS] and the letters shown."""
        return self._document[: len(self.guesses) + 1]

    @property
    def read(self) -> str:
        return self._tokenizer.decode(self.context)

    @property
    def over(self) -> bool:
        return len(self.guesses) == len(self._document) - 1

    @property
    def length(self) -> int:
        """How many guesses this name takes: one for each letter, and one for its END."""
        return len(self._document) - 1

    @property
    def held_out(self) -> bool:
        """Whether this name is one the model never trains on."""
        return self.name in self._held_out

    @property
    def score(self) -> Tally:
        """Of this name so far."""
        return tally(self.guesses)

    @property
    def total(self) -> Tally:
        """Of all names so far, this one too."""
        return self._before + self.score

    def guess(self, token: int, chances: ndarray, step: int) -> Guess:
        """The player says `token`; the model, trained for `step` steps, gives `chances` (V,) after the
        same `context`. Raises ValueError if the name is over, or for what is no token."""
        if self.over:
            raise ValueError("this name is over")
        if not 0 <= token < self._tokenizer.vocab_size:
            raise ValueError(f"tokens go from 0 to {self._tokenizer.vocab_size - 1}, got {token}")
        made = Guess(self.read, token, self._document[len(self.context)], chances, step)
        self.guesses.append(made)
        self.names += self.over
        return made


def _identity(experiment: Experiment) -> tuple:
    """What must stay the same for a game to go on. The digest stands for the list of names."""
    return experiment.digest, experiment.config.block_size, experiment.settings.seed
