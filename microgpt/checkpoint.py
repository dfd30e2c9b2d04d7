"""A training run in one `.npz` file: weights, optimiser, settings, losses. Never a pickle.

The file is a plain zip of arrays: each weight matrix under its own name, the optimiser's two
averages as `adam.m` and `adam.v`, the losses so far, and the rest as a JSON text in `about`.
"""

import io
import json
import math
import zipfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy import ndarray

from .config import ConfigError, GPTConfig
from .experiment import Experiment, Settings
from .model import GPT
from .tokenizer import CharTokenizer
from .trainer import TrainConfig, Trainer

FORMAT = 1
MAX_BYTES = 256 * 2**20  # unpacked; a small zip can hold a file that fills the memory


class CheckpointError(ValueError):
    """The file can't be used; the message says why and is meant for a person."""


@dataclass(frozen=True)
class Checkpoint:
    """One moment of a run. `flat`, `m`, `v` are (n_params,); `losses` is (step,)."""

    settings: Settings
    config: GPTConfig
    alphabet: str
    digest: str  # of the list of names, see Experiment.digest
    step: int
    flat: ndarray
    m: ndarray
    v: ndarray
    losses: ndarray
    held_out: dict[int, float] = field(default_factory=dict)  # step → loss on held-out names

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
            trainer.optimizer.m.copy(),
            trainer.optimizer.v.copy(),
            np.array(losses, np.float32),
            dict(held_out or {}),
        )

    @property
    def model(self) -> GPT:
        return GPT(self.config, self.flat.copy())

    @property
    def tokenizer(self) -> CharTokenizer:
        return CharTokenizer(self.alphabet)

    def resume(self, experiment: Experiment) -> Trainer:
        """A trainer that goes on from here. Raises CheckpointError if the names or the settings
        are not the ones this run was made with: it would silently become another run."""
        if self.digest != experiment.digest:
            raise CheckpointError("this run was trained on another list of names")
        if self.settings != experiment.settings:
            raise CheckpointError("this run was made with other settings")
        trainer = experiment.trainer(self.flat.dtype.type)
        trainer.restore(self.flat, self.m, self.v, self.step)
        return trainer


def save(checkpoint: Checkpoint, file: str | Path | BinaryIO) -> None:
    """Write to a path, just as it is given, or into an open file. Raises CheckpointError for a run that
    has diverged: nothing could go on from it."""
    if not all(np.isfinite(array).all() for array in (checkpoint.flat, checkpoint.m, checkpoint.v, checkpoint.losses)):
        raise CheckpointError(
            f"this run has diverged: at step {checkpoint.step} not all of its numbers are finite any more, so there is "
            "nothing to save. A lower learning rate keeps it together"
        )
    about = {
        "format": FORMAT,
        "settings": asdict(checkpoint.settings),
        "config": asdict(checkpoint.config),
        "alphabet": checkpoint.alphabet,
        "digest": checkpoint.digest,
        "step": checkpoint.step,
        "held_out": checkpoint.held_out,
    }
    params = checkpoint.model.params
    weights = {name: params[name] for name in checkpoint.config.shapes()}
    packed = io.BytesIO()  # given a path, NumPy would add ".npz" where it is missing
    np.savez_compressed(
        packed,
        about=np.array(json.dumps(about)),
        losses=checkpoint.losses,
        **{"adam.m": checkpoint.m, "adam.v": checkpoint.v},
        **weights,
    )
    if isinstance(file, (str, Path)):
        Path(file).write_bytes(packed.getvalue())
    else:
        file.write(packed.getvalue())


def load(file: str | Path | BinaryIO) -> Checkpoint:
    """Read a checkpoint. Raises CheckpointError for anything that is not a whole, sound one."""
    try:
        with zipfile.ZipFile(file) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_BYTES:
                raise CheckpointError(f"this file unpacks to more than {MAX_BYTES // 2**20} MB")
        if hasattr(file, "seek"):
            file.seek(0)
        with np.load(file, allow_pickle=False) as arrays:
            return _read(arrays)
    except CheckpointError:
        raise
    except ConfigError as error:
        raise CheckpointError(f"its settings can't work: {error}") from None
    except OSError as error:
        raise CheckpointError(f"can't read the file: {error.strerror or error}") from None
    except KeyError as error:
        raise CheckpointError(f"this is not a whole checkpoint: {error.args[0]}") from None
    except Exception as error:  # zip, zlib, NumPy and JSON each fail in ways of their own
        reason = str(error) or type(error).__name__
        raise CheckpointError(f"this is not a sound checkpoint file ({reason})") from None


def _read(arrays) -> Checkpoint:
    about = json.loads(str(arrays["about"]))
    _require(isinstance(about, dict), f"what it says about itself is not a table but {about!r:.40}")
    if about["format"] != FORMAT:
        raise CheckpointError(f"this checkpoint has format {about['format']!r}; this version reads {FORMAT}")
    settings, config = Settings(**about["settings"]), GPTConfig(**about["config"])
    alphabet, digest, step = about["alphabet"], about["digest"], about["step"]
    held_out = {int(at): loss for at, loss in about["held_out"].items()}
    TrainConfig(settings.steps, settings.learning_rate, seed=settings.seed)  # raises if these can't work
    _require(_shape(settings, config) == config, "its settings and its model do not fit together")
    _require(isinstance(alphabet, str), f"its alphabet is not a text but {alphabet!r}")
    _require(CharTokenizer(alphabet).vocab_size == config.vocab_size, "its alphabet does not fit its model")
    _require(isinstance(digest, str), f"its digest is not a text but {digest!r}")
    _require(isinstance(step, int) and 0 <= step <= settings.steps, f"it can't stand at step {step!r}")
    for loss in held_out.values():
        _require(isinstance(loss, float) and math.isfinite(loss), f"it holds {loss!r:.40} as a held-out loss")
    # before a list of all shapes is made: a short text can claim a billion layers
    _require(config.n_layer <= len(arrays.files), f"{config.n_layer} layers are not all there")
    shapes, n = config.shapes(), config.n_params
    weights = [_array(arrays, name, shape) for name, shape in shapes.items()]
    m, v = _array(arrays, "adam.m", (n,)), _array(arrays, "adam.v", (n,))
    _require(len({array.dtype for array in (*weights, m, v)}) == 1, "its arrays are of different precision")
    _require(bool((v >= 0).all()), "adam.v, a mean of squares, is negative somewhere")
    flat = np.concatenate([matrix.ravel() for matrix in weights])
    losses = _array(arrays, "losses", (step,))
    return Checkpoint(settings, config, alphabet, digest, step, flat, m, v, losses, held_out)


def _shape(settings: Settings, config: GPTConfig) -> GPTConfig:
    """The shape these settings ask for; what depends on the names is taken over from `config`."""
    return settings.config(config.vocab_size, longest=config.max_letters)


def _array(arrays, name: str, shape: tuple[int, ...]) -> ndarray:
    array = arrays[name]
    _require(isinstance(array, ndarray), f"{name} is not an array")
    _require(array.shape == shape, f"{name} has the shape {array.shape}, not {shape}")
    _require(
        array.dtype in (np.float32, np.float64) and bool(np.isfinite(array).all()),
        f"{name} holds something that is not a finite number",
    )
    return array


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise CheckpointError(message)
