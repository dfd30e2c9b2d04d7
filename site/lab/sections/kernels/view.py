"""What this page says about the kernels."""

from html import escape

from ...charts.format import number
from ...kernels.connection import Connection
from .model import Speeds

_NAMES = {"kernels": "on the kernels", "numpy": "on NumPy alone"}


def state(kernels: Connection) -> str:
    """What does the sums now, and why."""
    if not kernels.available:
        return f"This page is running on NumPy alone. {kernels.problem}"
    if kernels.running:
        return "This page is running on its kernels. They passed their test when it opened."
    return "This page is running on NumPy alone, as you asked."


def rows(speeds: Speeds) -> str:
    """Rows of a table: each with its time as a bar and as a number."""
    most = max(speeds)
    return "".join(
        f'<tr><th scope="row">{escape(_NAMES[name])}</th><td><svg viewBox="0 0 100 8" preserveAspectRatio="none" '
        f'aria-hidden="true"><rect{" class=lit" if name == "kernels" else ""} width="{100 * seconds / most:.1f}" '
        f'height="8"/></svg>{milliseconds(seconds)}</td></tr>'
        for name, seconds in speeds._asdict().items()
    )


def milliseconds(seconds: float) -> str:
    return f"{number(1000 * seconds, 2)} ms"


def told(speeds: Speeds | None, measuring: bool = False) -> str:
    """Both speeds in a sentence; before they are known, how to get them."""
    if measuring:
        return "Measuring …"
    if speeds is None:
        return "Measure, and see how long a step takes either way on your computer."
    return (
        f"A step of this model takes {milliseconds(speeds.kernels)} on the kernels and {milliseconds(speeds.numpy)} on "
        f"NumPy alone: {number(speeds.times, 2)} times as long. Medians, measured here, in turns."
    )
