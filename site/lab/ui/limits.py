"""A typed number, checked against its limits."""

import math


def within(name: str, text: str, low: float, high: float) -> float:
    """The number called `name`, as typed. Raises ValueError with what to do."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        raise ValueError(f"{name[:1].upper()}{name[1:]} is a number from {low:g} to {high:g}.")
    return value
