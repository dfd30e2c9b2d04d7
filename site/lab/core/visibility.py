"""What training does while the tab is hidden: it goes on, or waits, as the reader has chosen."""

from .lab import Lab
from .run import Run

WAITS = "waits while this tab is hidden"


class Visibility:
    """Tell it of each leaving and coming back."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self.goes_on = True  # the choice
        self._left: tuple[Run, int] | None = None  # the run that was left training, and its step
        self._stops: tuple[int | None, float | None] | None = None  # of a run that waits

    def left(self) -> None:
        """The tab has been hidden."""
        self._lab.unseen = True
        if self._lab.status.get().state != "training":
            return
        self._left = (self._lab.run, self._lab.run.step_count)
        if not self.goes_on:
            self._stops = self._lab.stops
            self._lab.pause(WAITS)

    def back(self) -> None:
        """It is seen again: what waited goes on, and the status says what was done meanwhile."""
        lab, left, stops = self._lab, self._left, self._stops
        lab.unseen = False
        self._left = self._stops = None
        if left is None or lab.run is not left[0]:
            return
        step = left[1]
        if stops is None:
            lab.note(f"went on from step {step:,} to {lab.run.step_count:,} while the tab was hidden")
        else:
            lab.train(*stops)
            lab.note(f"waited at step {step:,} while the tab was hidden")


def title(state: str, step: int, waits: bool) -> str:
    """What the tab says of itself while it is hidden."""
    doing = "training, " if state == "training" else "waiting, " if waits else ""
    return f"{doing}step {step:,} · microgpt lab"
