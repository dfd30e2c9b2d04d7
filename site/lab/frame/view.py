"""The text of the bars around the sections. All functions are pure."""

from collections.abc import Sequence
from html import escape

from microgpt.experiment import Experiment

from ..charts import sparkline
from ..charts.format import counted, fixed, percent
from ..core.snapshot import Snapshot
from ..core.status import LongJob, Status


def work(jobs: Sequence[LongJob]) -> str:
    """The name of the first job, its progress, and the number of other jobs."""
    first = jobs[0]
    far = "" if first.progress is None else f" {percent(first.progress)}"
    more = f", and {len(jobs) - 1} more" if len(jobs) > 1 else ""
    return f"{first.job.name}{far}{more}"


def where(snapshot: Snapshot) -> str:
    return f"step {snapshot.step:,} of {snapshot.settings.steps:,}"


def train(snapshot: Snapshot, status: Status) -> tuple[str, str]:
    """What the button to train says, and what it says more to whoever can't see the bar."""
    if status.finished:
        return "Go on", f"Go on with {snapshot.first_settings.steps:,} more steps"
    return "Train", "Train"


def how(snapshot: Snapshot, status: Status) -> str:
    """Loss, speed and further remarks."""
    parts = ["untrained" if snapshot.loss is None else f"loss {fixed(snapshot.loss, 2)}"]
    if snapshot.held_out:
        at, exam = snapshot.held_out[-1]
        parts.append(f"held-out {fixed(exam, 2)}" + (f" at {at:,}" if at != snapshot.step else ""))
    if status.rate:
        parts.append(f"{status.rate:,.0f} steps/s")
    if status.message or status.finished:
        parts.append(status.message or "finished")
    if status.finished:
        parts.append(f"Go on adds {counted(snapshot.first_settings.steps, 'step')}")
    return " · ".join(parts)


def curve(snapshot: Snapshot, experiment: Experiment) -> str:
    """The loss so far, and the line of a bigram, as a small drawing."""
    means = snapshot.history.means(snapshot.step)
    return sparkline.svg(means, snapshot.settings.steps, experiment.baselines["bigram"])


def newest(snapshot: Snapshot) -> str:
    """The newest name of the model's own, or a dash."""
    return next((sample.name for sample in reversed(snapshot.samples) if sample.name), "–")


def spoken(status: Status, step: int, loss: float | None) -> str:
    """What a screen reader says when training begins or stops, and now and then between."""
    parts = ["finished" if status.finished else status.state, f"step {step:,}"]
    return ", ".join(parts if loss is None else [*parts, f"loss {fixed(loss, 2)}"])


def chips(name: str) -> str:
    """Radio buttons, for START and then each letter, with one tab stop; the arrow keys move along them."""
    letters = ["START", *name]
    return "".join(
        f'<label class="chip"><input type="radio" name="position" value="{i}" '
        f'aria-label="{escape(letter)}, position {i}"><span aria-hidden="true">{escape(letter)}</span></label>'
        for i, letter in enumerate(letters)
    )
