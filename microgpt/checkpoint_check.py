"""The one check of a checkpoint, made when it is saved and when it is loaded, so that no run is saved in vain."""

import math
import unicodedata
from typing import TYPE_CHECKING

import numpy as np
from numpy import ndarray

from .config import GPTConfig
from .optim import optimizer
from .settings import Settings
from .tokenizer import CharTokenizer

if TYPE_CHECKING:
    from .checkpoint import Checkpoint

LARGEST = float(np.finfo(np.float32).max)
# what a terminal obeys instead of showing: categories of characters, and switches of direction
UNPRINTABLE = {"Cc", "Cs", "Zl", "Zp"}
DIRECTIONS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


class CheckpointError(ValueError):
    """A checkpoint can't be read or saved; the message says why and is meant for a person."""


def check(checkpoint: "Checkpoint") -> None:
    """Raises CheckpointError, with the fault, unless all of a checkpoint makes sense."""
    settings, config, step = checkpoint.settings, checkpoint.config, checkpoint.step
    try:
        shape = _shape(settings, config)
    except ValueError as error:
        raise CheckpointError(f"its settings can't work: {error}") from None
    require(shape == config, "its settings and its model do not fit together")
    _check_alphabet(checkpoint.alphabet)
    require(len(checkpoint.alphabet) + 1 == config.vocab_size, "its alphabet does not fit its model")
    require(isinstance(checkpoint.digest, str), f"its digest is not a text but {checkpoint.digest!r:.40}")
    require(_is_whole(step) and 0 <= step <= checkpoint.steps, f"it can't stand at step {step!r}")
    for at, loss in checkpoint.held_out.items():
        require(
            _is_whole(at) and 0 <= at <= step, f"it holds a held-out loss of step {at!r}, but stands at step {step}"
        )
        require(isinstance(loss, float) and math.isfinite(loss), f"it holds {loss!r:.40} as a held-out loss")
    kept = set(optimizer(settings, np.empty(0)).state)
    require(set(checkpoint.state) == kept, f"its optimiser keeps {sorted(kept)}, not {sorted(checkpoint.state)}")
    vectors = {"the weights": checkpoint.flat, **checkpoint.state}
    for name, array in vectors.items():
        check_shape(name, array, (config.n_params,))
    check_shape("losses", checkpoint.losses, (step,))
    for name, array in (matrices(checkpoint) | checkpoint.state | {"losses": checkpoint.losses}).items():
        _check_numbers(name, array, step)
    require(len({array.dtype for array in vectors.values()}) == 1, "its arrays are of different precision")
    squares = checkpoint.state.get("adam.v", np.empty(0))
    require(bool((squares >= 0).all()), "adam.v, a mean of squares, is negative somewhere")


def check_shape(name: str, array: ndarray, shape: tuple[int, ...]) -> None:
    require(array.shape == shape, f"{name} has the shape {array.shape}, not {shape}")


def _check_numbers(name: str, array: ndarray, step: int) -> None:
    require(array.dtype in (np.float32, np.float64), f"{name} holds {array.dtype}, not float32 or float64")
    require(
        bool(np.isfinite(array).all()),
        f"this run has diverged: at step {step}, {name} holds something that is not a finite number. "
        "A lower learning rate keeps it together",
    )
    fits = array.dtype == np.float32 or bool((np.abs(array) <= LARGEST).all())
    require(fits, f"{name} holds numbers that are too large for single precision")


def _check_alphabet(alphabet: str) -> None:
    require(isinstance(alphabet, str), f"its alphabet is not a text but {alphabet!r:.40}")
    for character in alphabet:
        require(
            unicodedata.category(character) not in UNPRINTABLE
            and unicodedata.bidirectional(character) not in DIRECTIONS,
            f"its alphabet holds the control character U+{ord(character):04X}, which a terminal would obey",
        )
    try:
        CharTokenizer(alphabet)
    except ValueError as error:
        raise CheckpointError(f"its alphabet can't work: {error}") from None


def matrices(checkpoint: "Checkpoint") -> dict[str, ndarray]:
    """`flat` as the named matrices of the model."""
    shapes = checkpoint.config.shapes()
    ends = np.cumsum([rows * columns for rows, columns in shapes.values()])
    parts = np.split(checkpoint.flat, ends[:-1])
    return {name: part.reshape(shape) for (name, shape), part in zip(shapes.items(), parts, strict=True)}


def _shape(settings: Settings, config: GPTConfig) -> GPTConfig:
    """The shape these settings ask for; what depends on the names is taken over from `config`."""
    return settings.config(config.vocab_size, longest=config.max_letters)


def _is_whole(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)


def require(condition: bool, message: str) -> None:
    if not condition:
        raise CheckpointError(message)
