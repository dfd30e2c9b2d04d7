"""What the page is looking at: a name, and a place in it."""

from dataclasses import dataclass

from microgpt.experiment import Experiment
from microgpt.tokenizer import UnknownCharacter, shortened


class BadName(ValueError):
    """This text can't be read as a name; the message says what to do."""


@dataclass(frozen=True)
class Focus:
    """Every section that shows one name, one position, one head shows this one."""

    name: str  # only letters the model knows, and short enough
    position: int | None = None  # 0 is START, 1 the first letter …; None: the last one, whatever the name
    layer: int | None = None  # None: the mean of all
    head: int | None = None  # None: the mean of all

    @property
    def at(self) -> int:
        """The position, as an index of the tokens [BOS] letters."""
        return len(self.name) if self.position is None else self.position

    @property
    def read(self) -> str:
        """The letters the model has read at the position."""
        return self.name[: self.at]

    def exists(self, experiment: Experiment) -> bool:
        """Whether its name can be read there, and has the position, layer and head."""
        try:
            read_name(self.name, experiment)
        except BadName:
            return False
        config = experiment.config
        limits = (self.position, len(self.name) + 1), (self.layer, config.n_layer), (self.head, config.n_head)
        return all(value is None or 0 <= value < n for value, n in limits)


def further_on(name: str, by: int, experiment: Experiment) -> str:
    """The name `by` further on in the list the model learns from, and round again, as far as the model can read it;
    the first one for a name that is not there."""
    names = experiment.split.train
    index = names.index(name) + by if name in names else 0
    return names[index % len(names)][: experiment.config.max_letters]


def read_name(text: str, experiment: Experiment) -> str:
    """Text as typed → a name the model can read, spelled as the list is (see `CharTokenizer.normalise`);
    outer blanks dropped.

    Raises BadName for a letter the model does not know or a name that is too long.
    """
    name = experiment.tokenizer.normalise(text).strip()
    try:
        experiment.tokenizer.encode(name)
    except UnknownCharacter as error:
        raise BadName(
            f"The model has never seen “{error.character}”. It knows these letters: "
            f"{shortened(experiment.tokenizer.alphabet)}"
        ) from None
    limit = experiment.config.max_letters
    if len(name) > limit:
        raise BadName(f"That is {len(name)} letters; this model reads at most {limit}. Take some away.")
    return name
