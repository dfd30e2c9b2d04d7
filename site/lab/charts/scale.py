"""A linear scale from values to places in a drawing, and the round numbers beside it."""

from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

_NICE_STEPS = (1, 2, 2.5, 5, 10)
_NICE_ENDS = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)


@dataclass(frozen=True)
class Linear:
    """The linear map from `lo`…`hi` to `start`…`end`. It takes arrays too. Raises ValueError unless lo < hi."""

    lo: float
    hi: float
    start: float
    end: float

    def __post_init__(self) -> None:
        if not (isfinite(self.lo) and isfinite(self.hi) and self.lo < self.hi):
            raise ValueError(f"a scale needs lo < hi, got {self.lo!r} and {self.hi!r}")

    def __call__(self, value):
        return self.start + (value - self.lo) * ((self.end - self.start) / (self.hi - self.lo))

    def invert(self, place: float) -> float:
        return self.lo + (place - self.start) * ((self.hi - self.lo) / (self.end - self.start))


@dataclass(frozen=True)
class Ticks:
    """Round values, `step` apart. `lo` is the first and `hi` the last."""

    step: float
    values: tuple[float, ...]

    @property
    def lo(self) -> float:
        return self.values[0]

    @property
    def hi(self) -> float:
        return self.values[-1]


def _round_up(value: float, choices: tuple[float, ...]) -> float:
    """The smallest `choice × 10^k` at or above `value` > 0."""
    power = 10.0 ** floor(log10(value))
    # Without the tolerance, quotients such as 0.3 / 0.1 = 2.9999… would jump to the next choice.
    # Near the smallest float 10^k underflows to 0; then the value itself is used.
    return next((c * power for c in choices if c * power >= value * (1 - 1e-9)), value)


def nice_end(value: float) -> float:
    """A round number at or a little above `value` > 0, at which an axis can end."""
    return _round_up(value, _NICE_ENDS)


def nice_ticks(lo: float, hi: float, count: int) -> Ticks:
    """Round values in about `count` steps, from at or below `lo` to at or above `hi`.

    Equal ends are widened, since a flat line needs an axis too.
    """
    if not (isfinite(lo) and isfinite(hi) and lo <= hi):
        raise ValueError(f"ticks need finite lo <= hi, got {lo!r} and {hi!r}")
    if count < 1:
        raise ValueError(f"ticks need a count of at least 1, got {count!r}")
    if hi - lo <= 1e-9 * max(abs(lo), abs(hi)):
        margin = abs(lo) / 2 or 0.5
        lo, hi = lo - margin, hi + margin
    step = _round_up((hi - lo) / count, _NICE_STEPS)
    # Rounding to 15 digits makes 3 × 0.1 come out as 0.3 and not as 0.30000000000000004.
    values = (float(f"{i * step:.15g}") for i in range(floor(lo / step + 1e-9), ceil(hi / step - 1e-9) + 1))
    return Ticks(step, tuple(values))
