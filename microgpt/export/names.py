"""Names that a run makes up, as a text."""

from ..checkpoint import Checkpoint
from ..rng import stream
from ..sampling import names


def names_text(checkpoint: Checkpoint, count: int = 100, temperature: float = 0.8, seed: int = 42) -> str:
    """One name a line: those of `microgpt sample` with the same count, temperature and seed."""
    rng = stream(seed, "sampling")
    made = names(checkpoint.model, checkpoint.tokenizer, rng, count, temperature=temperature)
    return "".join(f"{name.text}\n" for name in made if name is not None)
