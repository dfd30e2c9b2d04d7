"""The losses of a run as a table and as JSON."""

import csv
import io
import json
import math
from dataclasses import asdict

from ..checkpoint import Checkpoint


def losses_csv(checkpoint: Checkpoint) -> str:
    """A row a step: step, loss, and the held-out loss where it was measured, all in nats."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["step", "loss", "held_out"])
    steps = range(0 if 0 in checkpoint.held_out else 1, checkpoint.step + 1)
    for step in steps:
        # str of a NumPy number has just the digits that make it what it is, in its own precision
        loss = str(checkpoint.losses[step - 1]) if step else ""
        table.writerow([step, loss, checkpoint.held_out.get(step, "")])
    return text.getvalue()


def losses_json(checkpoint: Checkpoint) -> str:
    """Settings, shape of the model, all losses, and the held-out losses by step."""
    return (
        json.dumps(
            {
                "settings": asdict(checkpoint.settings),
                "config": asdict(checkpoint.config),
                "alphabet": checkpoint.alphabet,
                "data": checkpoint.digest,
                "step": checkpoint.step,
                "losses": [float(str(loss)) if math.isfinite(loss) else None for loss in checkpoint.losses],
                "held_out": {str(step): loss for step, loss in sorted(checkpoint.held_out.items())},
            },
            ensure_ascii=False,
        )
        + "\n"
    )
