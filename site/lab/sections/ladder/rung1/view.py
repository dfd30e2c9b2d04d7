"""What rung 1 says about its slopes."""

from collections.abc import Sequence
from html import escape

from ....charts.format import count, number, signed
from ....charts.scatter import Scatter
from ....charts.slope import Slope


def options(names: Sequence[str]) -> str:
    return "".join(f'<option value="{i}">{escape(name)}</option>' for i, name in enumerate(names))


def next_move(what: str, name: str, slope: Slope, rate: float, after: float | None) -> str:
    """What the slope at the point means for the step that comes. `after`: where that step, tried on a
    copy of the rung, has put the score; None while the point stands elsewhere."""
    if after is None:
        return f"You have put {what} at {signed(slope.at)}; in the rung it is still what it was. The name is {name}."
    if slope.slope == 0:
        return f"The name {name} does not use {what}: its slope is 0, and the next step leaves it alone."
    way = "down" if slope.slope > 0 else "up"
    return (
        f"The next name is {name}. On it, {what} has the slope {signed(slope.slope, 4)}, so the next step moves "
        f"it {way}: by {number(rate)} times that, from {signed(slope.at, 4)} to {signed(after, 4)}."
    )


def apart(checked: Scatter | None) -> str:
    """How far the two ways lie apart, in words."""
    if checked is None:
        return ""
    used = int((checked.y != 0).sum())
    return (
        f"{count(len(checked.x))} slopes measured, {count(used)} of them not 0. Measured and worked out differ "
        f"by at most {number(checked.apart, 2)}."
    )
