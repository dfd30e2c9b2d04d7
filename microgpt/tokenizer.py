"""Letters ↔ numbers: one token a character, and one special token, [BOS], around every name."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from .dataset.normal import fold, normalise

SHOWN = 60  # letters that a message lists; a list in Chinese may have thousands


class UnknownCharacter(ValueError):
    """A character that is not in the alphabet. `position` is its place in the text, from 0."""

    def __init__(self, character: str, position: int, alphabet: str) -> None:
        super().__init__(f"{character!r} is not one of the letters this model knows: {shortened(alphabet)}")
        self.character = character
        self.position = position


def shortened(alphabet: str) -> str:
    """An alphabet as a message shows it: whole, or its beginning and how many letters are left."""
    if len(alphabet) <= SHOWN:
        return alphabet
    return f"{alphabet[:SHOWN]} … and {len(alphabet) - SHOWN:,} more"


class CharTokenizer:
    """Token ids 0 … len(alphabet) − 1 are the letters in order; the next one is [BOS].

    [BOS] opens every name (START) and, when the model predicts it, closes it (END).
    """

    BOS = "[BOS]"

    def __init__(self, alphabet: str) -> None:
        if not alphabet or len(set(alphabet)) != len(alphabet):
            raise ValueError(f"an alphabet needs characters, each once, not {alphabet!r}")
        self.alphabet = alphabet
        self.bos = len(alphabet)
        self.vocab_size = len(alphabet) + 1
        self._ids = {character: i for i, character in enumerate(alphabet)}

    @classmethod
    def from_names(cls, names: Iterable[str]) -> "CharTokenizer":
        """A tokenizer whose alphabet is the sorted set of the characters in these names."""
        return cls("".join(sorted(set("".join(names)))))

    @cached_property
    def folds_case(self) -> bool:
        """Whether to fold capitals: the alphabet has none, so the model could not read them."""
        return all(fold(letter) == letter for letter in self.alphabet)

    def normalise(self, text: str) -> str:
        """Typed text → the spelling of the list that the alphabet comes from: accents joined to their
        letters, plain spaces, and small letters if the list has no capitals. Outer spaces stay."""
        return normalise(text, self.folds_case)

    def encode(self, text: str) -> list[int]:
        """Letters to ids, without [BOS]. Raises UnknownCharacter."""
        try:
            return [self._ids[character] for character in text]
        except KeyError as error:
            character = error.args[0]
            raise UnknownCharacter(character, text.index(character), self.alphabet) from None

    def document(self, name: str, block_size: int | None = None) -> list[int]:
        """The ids of [BOS], the letters and [BOS]: n letters make n + 1 predictions.

        A model makes at most `block_size` predictions. A longer name is cut there, so that it does not
        show the model its END. Raises UnknownCharacter.
        """
        tokens = [self.bos, *self.encode(name), self.bos]
        return tokens if block_size is None else tokens[: block_size + 1]

    def decode(self, tokens: Sequence[int]) -> str:
        """Ids to letters, without [BOS]. Raises ValueError for a number that is not an id."""
        return "".join(self.label(token) for token in tokens if token != self.bos)

    def label(self, token: int) -> str:
        """The letter of an id, or "[BOS]". Raises ValueError for a number that is not an id."""
        if not 0 <= token < self.vocab_size:
            raise ValueError(f"token ids go from 0 to {self.bos}, not {token}")
        return self.BOS if token == self.bos else self.alphabet[token]


def pairs(document: Sequence[int]) -> Iterator[tuple[tuple[int, ...], int]]:
    """The predictions of one document, in order: (the tokens so far, the token to predict).

    [BOS], n letters and [BOS] make n + 1 pairs.
    """
    for n in range(1, len(document)):
        yield tuple(document[:n]), document[n]
