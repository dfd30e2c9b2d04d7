"""Numbers as text, as in a book: with true minus signs, without false precision, and never "nan"."""

from math import floor, isfinite, log10

MINUS = "\N{MINUS SIGN}"
THIN = "\N{NARROW NO-BREAK SPACE}"
MISSING = "\N{EN DASH}"  # shown where there is no number to show


def _minus(text: str) -> str:
    """The text with a true minus sign, and without one on "-0.00"."""
    if text.startswith("-") and not any(digit in text for digit in "123456789"):
        text = text[1:]
    return text.replace("-", MINUS)


def fixed(value: float, decimals: int) -> str:
    """With `decimals` digits after the point: 2.3 → "2.30", 12345.6 → "12,346"."""
    return _minus(f"{value:,.{decimals}f}") if isfinite(value) else MISSING


def number(value: float, digits: int = 3) -> str:
    """`digits` significant digits at any size: 2.3057 → "2.31", −0.03142 → "−0.0314"."""
    if not isfinite(value):
        return MISSING
    if value == 0:
        return "0"
    size = abs(value)
    if not 1e-4 <= size < 1e7:
        mantissa, power = f"{value:.{digits - 1}e}".split("e")
        return f"{_minus(mantissa)}e{_minus(str(int(power)))}"
    # Round first, so that 0.9996 counts as 1.00 and not as 1.000.
    rounded = float(f"{size:.{digits - 1}e}")
    return fixed(value, max(0, digits - 1 - floor(log10(rounded))))


def signed(value: float, digits: int = 3) -> str:
    """Like `number`, with a plus sign before positive values."""
    return f"+{number(value, digits)}" if isfinite(value) and value > 0 else number(value, digits)


def count(value: float) -> str:
    """A whole number: 26880 → "26,880"."""
    return fixed(value, 0)


def percent(share: float) -> str:
    """A share of 1 as a percentage. A small share is never rounded to 0, and a large one never to 100.

    0.127 → "13 %", 0.042 → "4.2 %", 0.0001 → "<0.1 %", 0.99996 → ">99.9 %".
    """
    if not isfinite(share):
        return MISSING
    if 0 < share < 0.0005:
        return f"<0.1{THIN}%"
    if 0.9995 <= share < 1:
        return f">99.9{THIN}%"
    near_the_ends = 0 < share < 0.0995 or 0.995 <= share < 1
    return f"{fixed(100 * share, 1 if near_the_ends else 0)}{THIN}%"


def tick(value: float, step: float) -> str:
    """The number beside a tick. All ticks of an axis, `step` apart, get the same number of decimals."""
    if max(abs(value), step) >= 1e7 or step < 1e-6:
        return number(value)
    decimals = 0
    while decimals < 7 and abs(step * 10**decimals - round(step * 10**decimals)) > 1e-6:
        decimals += 1
    return fixed(value, decimals)


def short(value: float, digits: int = 4) -> str:
    """At most `digits` significant digits, without trailing zeros: 8.0 → "8", 2/3 → "0.6667"."""
    text, e, power = number(value, digits).partition("e")
    return (text.rstrip("0").rstrip(".") if "." in text else text) + e + power


def counted(number: int, noun: str) -> str:
    """The number and what it counts: "1 head", "4 heads"."""
    return f"{count(number)} {noun}{'' if number == 1 else 's'}"


def figure_text(name: str, value: float | str) -> str:
    """A figure in the prose. Its name says what kind of number it is. The build writes figures in the same way."""
    if isinstance(value, str):
        return value
    if name.endswith(("_chance", "_share")):
        return percent(value)
    if name.endswith("_mean_loss"):
        return fixed(value, 4)
    return fixed(value, 2) if name.endswith("_loss") else count(int(value))
