"""The phases of learning as the training section lists them: tied to the loss, and to no clock."""

from collections.abc import Mapping
from html import escape

from ...charts.format import fixed
from ...core.snapshot import Snapshot
from .model import held_out_since, lines, phase

START = "It guesses blindly", "Its weights are random numbers, and so are its guesses."
NOTES = {
    "uniform": (
        "Better than guessing evenly",
        "Some answers come up more often than others. It has begun to notice.",
    ),
    "unigram": (
        "It knows more than which letters are common",
        "Letter counts alone can’t do this. It goes by what it has read, or how far the name has got.",
    ),
    "bigram": (
        "It knows more than pairs",
        "The last letter alone no longer explains what it knows: it must be using more.",
    ),
    "trigram": (
        "It knows more than triples",
        "Counting what follows each two letters can’t keep up any more.",
    ),
}
GAP = 0.05  # a smaller difference of the two means is as good as none


def phases(snapshot: Snapshot, baselines: Mapping[str, float], since: Mapping[str, int]) -> str:
    """List items, the start first. `since`: line → the step at which the mean came below it."""
    exams = [exam for exam in snapshot.held_out if exam[0] <= snapshot.step]
    items = [_item(*START, "step 0", True, not since)]
    for name, value in lines(baselines):
        title, note = NOTES[name]
        learnt, examined = since.get(name), held_out_since(exams, value)
        stamps = [] if learnt is None else [f"since step {learnt:,}"]
        stamps += [] if examined is None else [f"held-out: step {examined:,}"]
        now = learnt is not None and len(since) == _place(name, baselines)
        items.append(_item(title, note, " · ".join(stamps) or "not yet", learnt is not None, now, value))
    return "".join(items)


def _place(name: str, baselines: Mapping[str, float]) -> int:
    return 1 + [line for line, _ in lines(baselines)].index(name)


def _item(title: str, note: str, stamp: str, reached: bool, now: bool, value: float | None = None) -> str:
    below = "" if value is None else f' <span class="phase-line">below {fixed(value, 2)}</span>'
    sign, said = ("✓", "reached: ") if reached else ("○", "not reached: ")
    current = ' aria-current="step"' if now else ""
    return (
        f'<li{current} class="{"phase-reached" if reached else "phase-ahead"}">'
        f'<span class="phase-sign" aria-hidden="true">{sign}</span>'
        f'<span><span class="visually-hidden">{said}</span><b>{escape(title)}</b>{below}<br>{escape(note)}</span>'
        f'<span class="stamp">{stamp}</span></li>'
    )


def standing(snapshot: Snapshot, baselines: Mapping[str, float], since: Mapping[str, int]) -> str:
    """Where the loss is now: to the next line, and from the names trained on to those never seen."""
    if snapshot.loss is None:
        return "Not a step taken yet."
    order = lines(baselines)
    done = phase(snapshot.loss, baselines)
    text = f"The mean is now {fixed(snapshot.loss, 2)}"
    if done < len(order):
        name, value = order[done]
        which = "a line it has been below: a hundred other names, another mean" if name in since else "the next line"
        text += f", {fixed(snapshot.loss - value, 2)} above {which}."
    else:
        text += ", below all the lines."
    exams = [loss for step, loss in snapshot.held_out if 0 < step <= snapshot.step]
    if not exams:
        return text
    gap = exams[-1] - snapshot.loss
    if gap > GAP:
        return (
            f"{text} On the names it never sees it was {fixed(exams[-1], 2)} when last tried, {fixed(gap, 2)} more: "
            "part of what it knows is true of its own names only."
        )
    return f"{text} On the names it never sees it was {fixed(exams[-1], 2)} when last tried: no worse to speak of."
