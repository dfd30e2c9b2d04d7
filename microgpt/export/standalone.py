"""A run as one Python file that makes names up on a bare interpreter: no NumPy, no microgpt."""

import base64
import textwrap
from importlib.resources import files
from typing import Any

from .. import __version__
from ..checkpoint import Checkpoint

HEAD = '''"""Makes names up, with a GPT of {count:,} numbers that stand at the end of this file.

    python THIS_FILE -n 10 --temperature 0.8 --prefix {prefix} --seed 42

It needs nothing but Python 3.10 or later. Written by microgpt {version}, from a run of {step:,} steps.
"""
'''


def standalone(checkpoint: Checkpoint) -> str:
    """The text of a program that holds the weights, and makes the names that `microgpt sample` makes.

    Its logits are those of the model in double precision, to rounding; so where a draw falls within a
    rounding error of a letter's end, a name may differ.
    """
    about: dict[str, Any] = {
        "step": checkpoint.step,
        "dtype": checkpoint.flat.dtype.name,
        "alphabet": checkpoint.alphabet,
        "config": {name: getattr(checkpoint.config, name) for name in checkpoint.config.__dataclass_fields__},
        "shapes": checkpoint.config.shapes(),
    }
    head = HEAD.format(
        count=checkpoint.flat.size, prefix=checkpoint.alphabet[0], version=__version__, step=checkpoint.step
    )
    code = files(__package__).joinpath("plain.py").read_text("utf-8")
    code = code[code.index("import argparse") :]  # its docstring is of no use there
    entries = "".join(f"    {key!r}: {value!r},\n" for key, value in about.items())
    little = checkpoint.flat.astype(checkpoint.flat.dtype.newbyteorder("<"))
    weights = "\n".join(textwrap.wrap(base64.b64encode(little.tobytes()).decode(), 100))
    end = 'if __name__ == "__main__":\n    main(ABOUT, WEIGHTS)\n'
    return f'{head}\n{code}\n\nABOUT = {{\n{entries}}}\n\nWEIGHTS = """\n{weights}\n"""\n\n{end}'
