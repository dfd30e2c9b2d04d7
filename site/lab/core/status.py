"""What the lab is doing, for the page to say."""

from dataclasses import dataclass
from typing import NamedTuple

from .jobs import Job


@dataclass(frozen=True)
class Status:
    """`state` is what the page states on its root: ready, training or paused."""

    state: str = "ready"
    message: str = ""
    speed: str = "max"
    rate: float | None = None  # steps a second, while training
    finished: bool = False  # the schedule is over
    can_undo: bool = False


class LongJob(NamedTuple):
    """A job that has taken so long that the page says so."""

    job: Job
    progress: float | None  # the part done, 0 … 1, where it is known
