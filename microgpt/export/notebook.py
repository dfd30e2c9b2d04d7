"""A run as a Jupyter notebook that makes it again, and checks that it comes out the same."""

import json
from collections.abc import Sequence
from dataclasses import fields

import numpy as np

from .. import __version__
from ..checkpoint import Checkpoint
from ..experiment import Experiment

CLOSE = 20  # steps whose losses are compared one by one
SMOOTH = 100  # steps whose mean loss is compared at the end
_CHANGE = "from microgpt.changes import Change\n"


def notebook(checkpoint: Checkpoint, names: Sequence[str]) -> str:
    """The JSON of a notebook (nbformat 4.5) that holds the names, the settings and the losses to compare.

    Raises ValueError unless `names` are those the run was trained on.
    """
    experiment = Experiment(names, checkpoint.settings)
    if experiment.digest != checkpoint.digest:
        raise ValueError("the notebook needs the names that the run was trained on; this is another list")
    cells = [_cell(i, text.strip()) for i, text in enumerate(_texts(checkpoint, names))]
    python = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": python, "language_info": {"name": "python"}}
    return json.dumps(
        {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, ensure_ascii=False, indent=1
    )


def _cell(number: int, text: str) -> dict[str, object]:
    """A cell of code, or of Markdown where the text begins with a heading."""
    cell: dict[str, object] = {"id": f"cell-{number}", "metadata": {}, "source": text.splitlines(keepends=True)}
    if text.startswith("# "):
        return cell | {"cell_type": "markdown"}
    return cell | {"cell_type": "code", "execution_count": None, "outputs": []}


def _texts(checkpoint: Checkpoint, names: Sequence[str]) -> list[str]:
    settings, step, dtype = checkpoint.settings, checkpoint.step, checkpoint.flat.dtype.name
    chosen = "".join(f"    {field.name}={getattr(settings, field.name)!r},\n" for field in fields(settings))
    losses = [float(str(loss)) for loss in checkpoint.losses]
    texts = [
        f"""
# The same run again

{step:,} steps on {len(names):,} names, first made by microgpt {__version__}, which has to be installed here.

On the same machine all losses are the same to the last digit. Other machines round differently in the last digits,
and training magnifies that: the first {CLOSE} losses still agree to three decimals, later ones in their mean. Only
at a high learning rate, where a rounding error can change the course of a run, may its end come out otherwise.
""",
        f'names = """\n{_quoted(names)}\n""".strip("\\n").split("\\n")\nlen(names)',
        f"""
import numpy as np

from microgpt import Experiment, Settings, complete, held_out_loss, stream
{_CHANGE if checkpoint.changes else ""}
settings = Settings(
{chosen})
experiment = Experiment(names, settings{_changes(checkpoint)})
assert experiment.digest == {checkpoint.digest!r}, "this is another list of names"
experiment.config
""",
        f"""
trainer = experiment.trainer(np.{dtype})
losses = [trainer.step().loss for _ in range({step})]
""",
    ]
    if losses:
        texts.append(f"""
expected = {losses[:CLOSE]}
difference = float(np.abs(np.subtract(losses[:{CLOSE}], expected)).max())
assert difference < 1e-3, difference
difference
""")
    if len(losses) > CLOSE:
        texts.append(f"""
expected_at_the_end = {float(np.mean(losses[-SMOOTH:])):.6g}  # mean of the last {SMOOTH} losses
at_the_end = float(np.mean(losses[-{SMOOTH}:]))
assert abs(at_the_end - expected_at_the_end) < 0.05, at_the_end
at_the_end
""")
    if step in checkpoint.held_out:
        texts.append(f"""
expected_held_out = {checkpoint.held_out[step]:.6g}
held_out = held_out_loss(trainer.model, experiment.held_out_documents)
assert abs(held_out - expected_held_out) < 0.05, held_out
held_out
""")
    texts.append(f"""
rng = stream({settings.seed}, "sampling")
[complete(trainer.model, experiment.tokenizer, rng, temperature=0.8) for _ in range(10)]
""")
    return texts


def _changes(checkpoint: Checkpoint) -> str:
    """Those that the settings have gone through, as a further argument."""
    return f", [{', '.join(map(repr, checkpoint.changes))}]" if checkpoint.changes else ""


def _quoted(names: Sequence[str]) -> str:
    """One name a line, to stand between three quotation marks."""
    return "\n".join(names).replace("\\", "\\\\").replace('"', '\\"')
