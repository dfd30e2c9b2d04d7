"""What rung 5 shows of its steps: how long they are, and how long they would be without decay."""

from ....charts import Lines, Series
from ....charts.format import count, number
from .model import StepLengths


def lengths(kept: StepLengths, steps: int) -> Lines | None:
    """Over a schedule of so many steps; None before the first."""
    n = len(kept.taken)
    if not n:
        return None
    return Lines(
        series=(
            Series("with decay", kept.taken.means(n), kept.taken.losses(n)),
            Series("without", kept.without_decay.means(n), colour=4),
        ),
        x_limit=steps,
        y_label="length of a step",
        y_zero=True,
    )


def lengths_told(kept: StepLengths, learning_rate: float) -> str:
    """The learning rate of the last step, found from how far it went, and the mean lengths of late."""
    n = len(kept.taken)
    if not n:
        return ""
    last, full = kept.taken.losses(n)[-1], kept.without_decay.losses(n)[-1]
    rate = f"{number(learning_rate * last / full)}" if full else "not known, as the gradient was 0"
    many = f"the last {min(n, 100)} steps" if n > 1 else "the step"
    return (
        f"Step {count(n)}: the learning rate began at {number(learning_rate)} and is {rate}. Mean length of {many}: "
        f"{number(kept.taken.mean(n) or 0)}; without decay {number(kept.without_decay.mean(n) or 0)}."
    )
