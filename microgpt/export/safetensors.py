"""A run's weights in the safetensors format (https://github.com/huggingface/safetensors), in a few lines.

Eight bytes with the length of the header, a JSON header with the name, type, shape and place of each
tensor, and then the numbers themselves, little-endian.
"""

import json
from dataclasses import asdict
from typing import Any

from .. import __version__
from ..checkpoint import Checkpoint
from ..checkpoint_check import matrices

DTYPES = {"float32": "F32", "float64": "F64"}


def safetensors(checkpoint: Checkpoint) -> bytes:
    """Each weight matrix under its own name. The metadata, texts all of them, hold what is needed to use it:
    the alphabet and the shape of the model, and where the weights come from."""
    tensors = {
        name: matrix.astype(matrix.dtype.newbyteorder("<"), order="C") for name, matrix in matrices(checkpoint).items()
    }
    metadata = {
        "format": "microgpt",
        "version": __version__,
        "alphabet": checkpoint.alphabet,
        "config": json.dumps(asdict(checkpoint.config)),
        "settings": json.dumps(asdict(checkpoint.settings)),
        "step": str(checkpoint.step),
        "data": checkpoint.digest,
    }
    header: dict[str, Any] = {"__metadata__": metadata}
    end = 0
    for name, matrix in tensors.items():
        start, end = end, end + matrix.nbytes
        header[name] = {"dtype": DTYPES[matrix.dtype.name], "shape": matrix.shape, "data_offsets": [start, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)  # so that the numbers begin at a multiple of 8
    return len(text).to_bytes(8, "little") + text + b"".join(matrix.tobytes() for matrix in tensors.values())
