"""What `opening` shows: how the model of this moment spells a name, and the newest names; all of it pure."""

from html import escape
from math import isfinite
from typing import NamedTuple

from microgpt.experiment import Experiment

from ...charts.format import percent
from ...core.snapshot import Sample, Snapshot

EXAMPLE = "rex"
NEWEST = 5
NUMBERS = "no one two three four five six seven eight nine ten eleven twelve".split()
BAR = 100  # width of a full bar, in units of its own small drawing


class Row(NamedTuple):
    read: str  # the letters so far; START for none
    answer: str  # the letter that is right; END behind the last
    chance: float  # what the model gives it, 0 … 1
    top: str  # what the model thinks most likely
    top_chance: float


def spelling(snapshot: Snapshot, document: list[int], label) -> list[Row]:
    """One row for each token of the document that the model has to guess."""
    rows = []
    for position, chances in enumerate(snapshot.model.forward(document[:-1]).probabilities):
        read = "".join(map(label, document[1 : position + 1])) or "START"
        target, top = document[position + 1], int(chances.argmax())
        target_label, top_label = ("END" if token == document[0] else label(token) for token in (target, top))
        rows.append(Row(read, target_label, float(chances[target]), top_label, float(chances[top])))
    return rows


def example(experiment: Experiment, name: str) -> str:
    """The name that is spelled: rex, where names of the list have it in them, or else the name looked at."""
    return EXAMPLE if any(EXAMPLE in one for one in experiment.names) else name


def in_words(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def gibberish(step: int) -> str:
    return "Gibberish? Press Train." if step == 0 else "The newest stands first."


def when(step: int) -> str:
    if step == 0:
        return "before any training"
    return f"after {step:,} step{'s' if step > 1 else ''} of training"


def _markup(row: Row) -> str:
    return (
        f"<tr><td>{escape(row.read)}</td><td>{escape(row.answer)}</td><td>"
        f'<span class="spelling-chance"><svg class="spelling-bar" viewBox="0 0 {BAR} 8" preserveAspectRatio="none" '
        f'aria-hidden="true"><rect width="{(row.chance if isfinite(row.chance) else 0) * BAR:.1f}" height="8"/></svg>'
        f"{percent(row.chance)}</span></td><td>{escape(row.top)} {percent(row.top_chance)}</td></tr>"
    )


def newest(samples: tuple[Sample, ...]) -> str:
    """List items of the last few names, newest first."""
    items = [
        f'<li><span>{escape(sample.name) or "–"}</span><span class="stamp">step {sample.step:,}</span></li>'
        for sample in reversed(samples[-NEWEST:])
    ]
    return "".join(items) or '<li class="empty">Here they come.</li>'
