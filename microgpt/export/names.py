"""Names that a run makes up, as a text."""

from collections.abc import Generator

from ..checkpoint import Checkpoint
from ..rng import stream
from ..sampling import names


def names_text(checkpoint: Checkpoint, count: int = 100, temperature: float = 0.8, seed: int = 42) -> str:
    """One name a line: those of `microgpt sample` with the same count, temperature and seed."""
    pieces = names_text_in_pieces(checkpoint, count, temperature, seed)
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            return str(end.value)


def names_text_in_pieces(
    checkpoint: Checkpoint, count: int = 100, temperature: float = 0.8, seed: int = 42
) -> Generator[float, None, str]:
    """The same a letter at a time: yields the share that is done, 0 … 1, and returns the text."""
    made: list[str] = []
    for name in names(checkpoint.model, checkpoint.tokenizer, stream(seed, "sampling"), count, temperature=temperature):
        if name is not None:
            made.append(f"{name.text}\n")
        yield len(made) / count
    return "".join(made)
