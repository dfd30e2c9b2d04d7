"""microgpt: a GPT small enough to read, on nothing but NumPy and the standard library.

Start reading at `value.py` (a number that remembers where it came from) and `scalar_gpt.py`
(the whole model, one number at a time); `model.py` is the same mathematics on arrays.

`__all__` lists the public names. Each one loads its module when it is first used, so that `import
microgpt` costs nothing. `docs/api.md` describes them and all modules.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import checkpoint, dataset, evaluate, export, inspect, ladder
    from .checkpoint import Checkpoint, CheckpointError
    from .config import ConfigError, GPTConfig
    from .dataset import DataError
    from .evaluate.held_out import held_out_loss
    from .experiment import Experiment
    from .model import GPT
    from .rng import stream
    from .sampling import complete
    from .scalar_gpt import ScalarGPT
    from .settings import PRESETS, Settings
    from .tensor import Tensor
    from .tensor_gpt import TensorGPT
    from .tokenizer import CharTokenizer, UnknownCharacter
    from .trainer import Trainer
    from .value import Value

__version__ = "0.1.0"

__all__ = [
    "GPT",
    "PRESETS",
    "CharTokenizer",
    "Checkpoint",
    "CheckpointError",
    "ConfigError",
    "DataError",
    "Experiment",
    "GPTConfig",
    "ScalarGPT",
    "Settings",
    "Tensor",
    "TensorGPT",
    "Trainer",
    "UnknownCharacter",
    "Value",
    "__version__",
    "checkpoint",
    "complete",
    "dataset",
    "evaluate",
    "export",
    "held_out_loss",
    "inspect",
    "ladder",
    "stream",
]

_HOMES = {
    "GPT": "model",
    "PRESETS": "settings",
    "CharTokenizer": "tokenizer",
    "Checkpoint": "checkpoint",
    "CheckpointError": "checkpoint",
    "ConfigError": "config",
    "DataError": "dataset",
    "Experiment": "experiment",
    "GPTConfig": "config",
    "ScalarGPT": "scalar_gpt",
    "Settings": "settings",
    "Tensor": "tensor",
    "TensorGPT": "tensor_gpt",
    "Trainer": "trainer",
    "UnknownCharacter": "tokenizer",
    "Value": "value",
    "complete": "sampling",
    "held_out_loss": "evaluate.held_out",
    "stream": "rng",
}

if not TYPE_CHECKING:  # a type checker knows the names from the imports above, and should miss all others

    def __getattr__(name: str) -> object:
        """Called for a name that is not here yet: imports it, and keeps it."""
        if name in _HOMES:
            found = getattr(import_module(f".{_HOMES[name]}", __name__), name)
        elif name in __all__:
            found = import_module(f".{name}", __name__)
        else:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
