"""A training run in one `.npz` file: weights, optimiser, settings, losses. Never a pickle.

The file is a plain zip of arrays: each weight matrix under its own name, what the optimiser
keeps, such as Adam's averages `adam.m` and `adam.v`, the losses so far, and the rest as a JSON text in `about`.
"""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy import ndarray

from . import engine, files
from .changes import Change, checked, in_force
from .checkpoint_check import CheckpointError, check, check_shape, matrices, require
from .config import ConfigError, GPTConfig
from .engine import Model
from .experiment import Experiment, Settings
from .files import WriteError, check_writable
from .foreign import describe
from .memory import require_room, training_bytes
from .optim import optimizer
from .tokenizer import CharTokenizer
from .trainer import Trainer

__all__ = ["Checkpoint", "CheckpointError", "WriteError", "check_writable", "load", "save", "save_elsewhere"]

FORMAT = 1
MAX_BYTES = 256 * 2**20  # unpacked, of what is more than its model takes: a small zip can fill the memory


@dataclass(frozen=True)
class Checkpoint:
    """One moment of a run. `flat` and the arrays of `state` are (n_params,); `losses` is (step,)."""

    settings: Settings
    config: GPTConfig
    alphabet: str
    digest: str  # of the list of names, see Experiment.digest
    step: int
    flat: ndarray
    state: dict[str, ndarray]  # of the optimiser, see Optimizer.state
    losses: ndarray
    held_out: dict[int, float] = field(default_factory=dict)  # step → loss on held-out names
    changes: tuple[Change, ...] = ()  # of the settings, on the way

    @classmethod
    def capture(
        cls,
        experiment: Experiment,
        trainer: Trainer,
        losses: ndarray,
        held_out: dict[int, float] | None = None,
    ) -> "Checkpoint":
        """Copies, so that later training leaves the checkpoint as it is. Raises ValueError unless
        there is one loss for each step."""
        if len(losses) != trainer.step_count:
            raise ValueError(f"{len(losses)} losses given for {trainer.step_count} steps")
        return cls(
            experiment.settings,
            experiment.config,
            experiment.tokenizer.alphabet,
            experiment.digest,
            trainer.step_count,
            trainer.model.flat.copy(),
            {name: array.copy() for name, array in trainer.optimizer.state.items()},
            np.array(losses, trainer.model.flat.dtype),
            dict(held_out or {}),
            trainer.changes,
        )

    @property
    def model(self) -> Model:
        return engine.model(self.config, self.flat.copy())

    @property
    def tokenizer(self) -> CharTokenizer:
        return CharTokenizer(self.alphabet)

    def resume(self, experiment: Experiment) -> Trainer:
        """A trainer that goes on from here. Raises CheckpointError if the names or the settings
        are not the ones this run was made with: it would silently become another run."""
        if self.digest != experiment.digest:
            raise CheckpointError("this run was trained on another list of names")
        if (self.settings, self.changes) != (experiment.settings, experiment.changes):
            raise CheckpointError("this run was made with other settings")
        trainer = experiment.trainer(self.flat.dtype.type)
        trainer.restore(self.flat, self.state, self.step)
        return trainer

    @property
    def steps(self) -> int:
        """The length of the schedule, at this step."""
        return in_force(self.settings, self.changes, self.step).steps

    @property
    def finished(self) -> bool:
        """All steps of the schedule have been taken."""
        return self.step >= self.steps

    def extended(self, steps: int) -> "Checkpoint":
        """This moment of a run whose schedule is `steps` long from here on; see `changes.Change` for what the
        learning rate becomes. Raises CheckpointError for fewer steps than have been taken."""
        if steps == self.steps:
            return self
        if steps < self.step:
            raise CheckpointError(f"this run has taken {self.step} steps already: {steps} in all are too few")
        return replace(self, changes=checked(self.settings, [*self.changes, Change(self.step, "steps", steps)]))


def save(checkpoint: Checkpoint, file: str | Path | BinaryIO, compressed: bool = True) -> None:
    """Write to a path, just as it is given, or into an open file. Not `compressed` is several times as fast, and
    somewhat larger.

    A path is replaced whole or not at all. Raises CheckpointError for what `load` would refuse, such
    as a run that has diverged, and WriteError if the path can't be written.
    """
    packed = _packed(checkpoint, compressed)
    if isinstance(file, (str, Path)):
        files.write(file, packed)
    else:
        file.write(packed)


def save_elsewhere(checkpoint: Checkpoint) -> Path:
    """Save to a new temporary file and return its path: for a run whose own file can't be written.

    Raises CheckpointError as `save` does, and WriteError if there is no place at all.
    """
    return files.write_elsewhere(f"microgpt-step-{checkpoint.step}-", ".npz", _packed(checkpoint))


def _packed(checkpoint: Checkpoint, compressed: bool = True) -> bytes:
    check(checkpoint)
    about = {
        "format": FORMAT,
        "settings": asdict(checkpoint.settings),
        "config": asdict(checkpoint.config),
        "alphabet": checkpoint.alphabet,
        "digest": checkpoint.digest,
        "step": checkpoint.step,
        "held_out": checkpoint.held_out,
        "changes": checkpoint.changes,
    }
    arrays: dict[str, Any] = {"about": np.array(json.dumps(about)), "losses": checkpoint.losses}
    arrays |= checkpoint.state | matrices(checkpoint)
    packed = io.BytesIO()  # given a path, NumPy would add ".npz" where it is missing
    (np.savez_compressed if compressed else np.savez)(packed, **arrays)
    return packed.getvalue()


def load(file: str | Path | BinaryIO) -> Checkpoint:
    """Read a checkpoint, from a path or an open file.

    Weights may be float16, float32 or float64 in any byte order; float16 becomes float32. Raises
    CheckpointError for anything that is not a whole, sound checkpoint, and says what it is instead.
    """
    if isinstance(file, (str, Path)):
        try:
            with open(file, "rb") as opened:
                return load(opened)
        except OSError as error:
            raise CheckpointError(f"can't read the file: {error.strerror or error}: {file}") from None
    try:
        return _unpacked(file)
    except CheckpointError:
        raise
    except KeyError as error:
        raise CheckpointError(f"this is not a whole checkpoint: {error.args[0]}") from None
    except Exception as error:  # zip, zlib, NumPy and JSON each fail in ways of their own
        reason = str(error) or type(error).__name__
        raise CheckpointError(f"this is not a sound checkpoint file ({reason})") from None


def _unpacked(file: BinaryIO) -> Checkpoint:
    start = file.read(256)
    file.seek(0)
    if not zipfile.is_zipfile(file):
        raise CheckpointError(describe(start))
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
    names = list(sizes)
    if not {"about.npy", "wte.npy"} & set(names):
        inside = f"in it: {', '.join(names[:3]):.60}" if names else "it is empty"
        raise CheckpointError(f"this is a zip file, but not a checkpoint: there is no about.npy ({inside})")
    _check_size(sizes.get("about.npy", 0), 0)
    file.seek(0)
    with np.load(file, allow_pickle=False) as arrays:
        return _read(arrays, sum(sizes.values()))


def _check_size(size: int, expected: int) -> None:
    require(size <= expected + MAX_BYTES, f"this file unpacks to {size // 2**20:,} MB, far more than its model takes")


def _read(arrays: Mapping[str, Any], size: int) -> Checkpoint:
    """`size`: bytes of all arrays together."""
    about = json.loads(str(arrays["about"]))
    require(isinstance(about, dict), f"what it says about itself is not a table but {about!r:.40}")
    if about["format"] != FORMAT:
        raise CheckpointError(f"this checkpoint has format {about['format']!r}; this version reads {FORMAT}")
    try:
        settings, config = Settings(**about["settings"]), GPTConfig(**about["config"])
        changes = checked(settings, [Change(*change) for change in about.get("changes", ())])
        require_room(config, config.max_letters)
    except ConfigError as error:
        raise CheckpointError(f"its settings can't work: {error}") from None
    held_out = {int(at): loss for at, loss in about["held_out"].items()}
    _check_size(size, training_bytes(config, 0, itemsize=8))
    # before a list of all shapes is made: a short text can claim a billion layers
    require(config.n_layer <= len(arrays), f"{config.n_layer} layers are not all there")
    weights = []
    for name, shape in config.shapes().items():
        weights.append(_array(arrays, name))
        check_shape(name, weights[-1], shape)
    checkpoint = Checkpoint(
        settings,
        config,
        about["alphabet"],
        about["digest"],
        about["step"],
        flat=np.concatenate([matrix.ravel() for matrix in weights]),
        state={name: _array(arrays, name) for name in optimizer(settings, np.empty(0)).state},
        losses=_array(arrays, "losses"),
        held_out=held_out,
        changes=changes,
    )
    require(len({array.dtype for array in weights}) == 1, "its arrays are of different precision")
    check(checkpoint)
    return checkpoint


def _array(arrays: Mapping[str, Any], name: str) -> ndarray:
    """One array as float32 or float64, in this machine's byte order and C order."""
    array = arrays[name]
    require(isinstance(array, ndarray), f"{name} is not an array")
    require(
        array.dtype.kind == "f" and array.dtype.itemsize in (2, 4, 8),
        f"{name} holds {array.dtype}, not numbers of 16, 32 or 64 bits",
    )
    return np.asarray(array, np.float64 if array.dtype.itemsize == 8 else np.float32, order="C")
