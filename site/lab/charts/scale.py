"""From values to places on the page: a linear scale, and the round numbers that go beside it."""

from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

_NICE_STEPS = (1, 2, 2.5, 5, 10)
_NICE_ENDS = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)


@dataclass(frozen=True)
class Linear:
    """The straight line that takes `lo` to `start` and `hi` to `end`. Works on arrays too."""

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
    """Round values `step` apart; `lo` and `hi` are the first and the last of them."""

    step: float
    values: tuple[float, ...]

    @property
    def lo(self) -> float:
        return self.values[0]

    @property
    def hi(self) -> float:
        return self.values[-1]


def _round_up(value: float, choices: tuple[float, ...]) -> float:
    """The least `choice × 10^k` that is not below `value` > 0."""
    power = 10.0 ** floor(log10(value))
    # The tolerance keeps 0.3 / 0.1 = 2.9999… and its like from jumping to the next choice.
    # Next to the smallest float there is, 10^k itself underflows; the value must then do.
    return next((c * power for c in choices if c * power >= value * (1 - 1e-9)), value)


def nice_end(value: float) -> float:
    """A round number at or a little above `value` > 0: where an axis may end."""
    return _round_up(value, _NICE_ENDS)


def nice_ticks(lo: float, hi: float, count: int) -> Ticks:
    """About `count` round steps that cover `lo` to `hi`, ends included.

    Equal ends are widened, since a flat line still needs an axis.
    """
    if not (isfinite(lo) and isfinite(hi) and lo <= hi):
        raise ValueError(f"ticks need finite lo <= hi, got {lo!r} and {hi!r}")
    if count < 1:
        raise ValueError(f"ticks need a count of at least 1, got {count!r}")
    if hi - lo <= 1e-9 * max(abs(lo), abs(hi)):
        margin = abs(lo) / 2 or 0.5
        lo, hi = lo - margin, hi + margin
    step = _round_up((hi - lo) / count, _NICE_STEPS)
    # 15 digits: multiples such as 3 × 0.1 must come out as 0.3, not as 0.30000000000000004.
    values = (float(f"{i * step:.15g}") for i in range(floor(lo / step + 1e-9), ceil(hi / step - 1e-9) + 1))
    return Ticks(step, tuple(values))
