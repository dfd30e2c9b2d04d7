"""Letters ↔ numbers: one token a character, and one special token, [BOS], around every name."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from .dataset.normal import fold, normalise

SHOWN = 60  # letters that a message lists; a list in Chinese may have thousands


class UnknownCharacter(ValueError):
    """A character that is not in the alphabet, and where it stands (counting from 0)."""

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
        """The alphabet of just the characters these names use, sorted."""
        return cls("".join(sorted(set("".join(names)))))

    @cached_property
    def folds_case(self) -> bool:
        """Whether capitals are to be made small: the alphabet has none, so nothing else could be read."""
        return all(fold(letter) == letter for letter in self.alphabet)

    def normalise(self, text: str) -> str:
        """Text as it is typed → spelled as the list was that the alphabet comes from: accents joined to
        their letters, blanks plain, and small letters if the list has no others. Outer blanks stay."""
        return normalise(text, self.folds_case)

    def encode(self, text: str) -> list[int]:
        """Letters to ids, without [BOS]. Raises UnknownCharacter."""
        try:
            return [self._ids[character] for character in text]
        except KeyError as error:
            character = error.args[0]
            raise UnknownCharacter(character, text.index(character), self.alphabet) from None

    def document(self, name: str, block_size: int | None = None) -> list[int]:
        """[BOS] letters [BOS]: n letters make n + 1 predictions.

        A model with `block_size` positions makes at most that many, so a longer name is cut there
        (and such a name never shows the model its END).
        """
        tokens = [self.bos, *self.encode(name), self.bos]
        return tokens if block_size is None else tokens[: block_size + 1]

    def decode(self, tokens: Sequence[int]) -> str:
        """Ids to letters; [BOS] is left out. Raises ValueError for what is no id, as `label` does."""
        return "".join(self.label(token) for token in tokens if token != self.bos)

    def label(self, token: int) -> str:
        """The letter of an id, or [BOS]."""
        if not 0 <= token < self.vocab_size:
            raise ValueError(f"token ids go from 0 to {self.bos}, not {token}")
        return self.BOS if token == self.bos else self.alphabet[token]


def pairs(document: Sequence[int]) -> Iterator[tuple[tuple[int, ...], int]]:
    """What a model is asked about one document: (the tokens read, the token to guess), in order.

    [BOS], n letters and [BOS] make n + 1 pairs. The tokens read only ever grow.
    """
    for n in range(1, len(document)):
        yield tuple(document[:n]), document[n]
