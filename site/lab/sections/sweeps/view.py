"""What the two sweeps show: dots, and what they say in words."""

import numpy as np

from ...charts.format import count, fixed, percent, short
from ...charts.sweep import Sweep
from ..experiments.model import Table
from ..experiments.view import config_of
from .model import held_out, straight_part

CLEAR = 0.02  # a smaller difference of two held-out losses may be luck


def rate_curve(table: Table) -> Sweep:
    return Sweep([row.recipe.value for row in table.rows], held_out(table), "learning rate")


def size_curve(table: Table) -> Sweep:
    x, y = parameters(table), held_out(table)
    line = straight_part(x, y) if _whole(table) else None
    fit, of = (None, range(0)) if line is None else (line(x), line.of)
    return Sweep(x, y, "parameters", y_log=True, fit=fit, fitted=of)


def parameters(table: Table) -> np.ndarray:
    """Of each run (n,)."""
    return np.array([config_of(row.recipe, table.basis.experiment).n_params for row in table.rows], float)


def _whole(table: Table) -> bool:
    return table.finished and not any(row.trial.failed for row in table.rows)


def rates_said(table: Table) -> str:
    """What came of the learning rates, once all are done."""
    if not table.finished:
        return ""
    done = [row for row in table.rows if row.trial.held_out is not None]
    gone = [row for row in table.rows if row.trial.failed]
    texts = [f"At {row.recipe.value:g} the run ran away: its loss is no number any more." for row in gone]
    if not done:
        return " ".join(texts)
    best = min(done, key=lambda row: row.trial.held_out)
    own = table.basis.experiment.settings.learning_rate
    texts.append(
        f"The lowest held-out loss, {fixed(best.trial.held_out, 3)}, is at the rate {best.recipe.value:g}"
        f"{', which is the lab’s own' if best.recipe.value == own else f'; the lab’s own is {own:g}'}."
    )
    slow, fast = done[0], done[-1]
    if slow.trial.held_out - best.trial.held_out > CLEAR:
        texts.append(
            f"At {slow.recipe.value:g} it is {fixed(slow.trial.held_out, 3)}: with steps as small as that, "
            f"{count(table.basis.steps)} of them do not get far enough."
        )
    if fast.trial.held_out - best.trial.held_out > CLEAR:
        texts.append(f"At {fast.recipe.value:g} it is {fixed(fast.trial.held_out, 3)}: the steps are too large.")
    return " ".join(texts)


def sizes_said(table: Table) -> str:
    """What came of the sizes, once all are done: the line, and how far it can be trusted."""
    if not table.finished:
        return ""
    if not _whole(table):
        return "A run ran away, so there is no line to draw."
    x, y = parameters(table), held_out(table)
    line = straight_part(x, y)
    if line is None:
        return "No three neighbouring dots lie on a line to within a hundredth of their height: no law to be read here."
    first, last = line.of[0], line.of[-1]
    which = "All" if len(line.of) == len(x) else f"The {len(line.of)} dots"
    where = "" if len(line.of) == len(x) else f" from {count(x[first])} to {count(x[last])} parameters"
    falls = 1 - 2**line.power
    change = f"lowers the loss by {percent(falls)}" if falls > 0 else f"raises the loss by {percent(-falls)}"
    return (
        f"{which}{where} lie on a line to within a hundredth of their height: the loss goes like the number of "
        f"parameters to the power {short(line.power, 2)}. Twice as many parameters, and that {change}. "
        f"It is a line through {len(line.of)} dots of one seed, {count(table.basis.steps)} steps each. It says nothing "
        f"about models below {count(x[first])} or above {count(x[last])} parameters."
    )
