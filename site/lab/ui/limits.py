"""Numbers as readers type them: the one place that reads what a number field hands over.

A browser lets more through than its limits and steps say: exponents as in 1e3, nothing at all, and with some
keyboards blanks and a comma for the point.
"""

import math


def number(text: str) -> float:
    """What was typed, as a number. Raises ValueError for what is none, or is not finite."""
    value = float("".join(text.split()).replace(",", "."))
    if not math.isfinite(value):
        raise ValueError(f"{text} is not finite")
    return value


def within(name: str, text: str, low: float, high: float) -> float:
    """The number called `name`, as typed. Raises ValueError with what to do."""
    try:
        value = number(text)
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        raise ValueError(f"{_capital(name)} is a number from {low:g} to {high:g}.")
    return value


def whole(name: str, text: str, low: int, high: int) -> int:
    """The whole number called `name`, as typed. Raises ValueError with what to do."""
    try:
        value = number(text)
    except ValueError:
        value = math.nan
    if not (low <= value <= high and value == int(value)):
        raise ValueError(f"{_capital(name)} is a whole number from {low:,} to {high:,}.")
    return int(value)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
