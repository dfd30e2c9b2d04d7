"""How fast to train: so many steps (or, in slow motion, stages of a step) a second, or flat out."""

import math

SPEEDS = {"slow": 1.25, "watch": 5.0, "fast": 100.0, "max": math.inf}  # a second: stages in slow motion, else steps
MOST_BEHIND = 90.0  # seconds that may be caught up: a tab hidden for long gets one timer a minute


class RateLimiter:
    """Says when the next step is due, so that speed never touches what a step does."""

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self._next = -math.inf

    def wait(self, now: float) -> float:
        """Seconds until the next step is due; 0 if it is."""
        return max(0.0, self._next - now)

    def stepped(self, now: float, catch_up: bool = False) -> None:
        """A step was taken. A pace that has fallen behind does not try to catch up in a burst, unless
        asked to: where timers fire but once a second or a minute, nothing else keeps it up."""
        behind = now - self._next
        start = self._next if behind <= (MOST_BEHIND if catch_up else 0.1) else now - 0.1
        self._next = start + 1 / self.rate
