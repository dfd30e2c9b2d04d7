"""What `training` shows: the loss curves, the phases of learning, and the names made on the way; all of it pure."""

from collections.abc import Mapping
from html import escape
from math import isfinite

from ...charts import Baseline, Lines, Points, Series
from ...charts.format import fixed
from ...core.snapshot import Sample, Snapshot
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
        f'<span class="stamp" data-room="since step 10,000 · held-out: step 10,000">{stamp}</span></li>'
    )


def standing(snapshot: Snapshot, baselines: Mapping[str, float], since: Mapping[str, int]) -> str:
    """Where the loss is now: to the next line, and from the names trained on to those never seen."""
    if snapshot.loss is None:
        return "Not a step taken yet."
    if not isfinite(snapshot.loss):
        return "The run has diverged: its mean is no number any more. Reset it, and lower the learning rate."
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


SHOWN_SAMPLES = 40
BASELINES = {"uniform": "guessing evenly", "unigram": "common letters", "bigram": "bigram", "trigram": "trigram"}


def curves(
    snapshot: Snapshot, baselines: dict[str, float], schedule: int, single: bool = False, root: bool = False
) -> Lines | None:
    """What the loss chart draws; None before the first step. `single`: the loss of every name, too, which makes the
    axis of the loss much longer. `root`: the early steps wider than the late ones."""
    if snapshot.step == 0:
        return None
    history = snapshot.history
    held_out = [(step, loss) for step, loss in snapshot.held_out if step <= snapshot.step]
    return Lines(
        series=(
            Series(
                "mean of 100 steps", history.means(snapshot.step), history.losses(snapshot.step) if single else None
            ),
        ),
        points=(Points("held-out names", *zip(*held_out, strict=True)),) if held_out else (),
        baselines=tuple(Baseline(text, baselines[name]) for name, text in BASELINES.items()),
        x_limit=min(schedule, 200),
        root=root,
    )


def reading(snapshot: Snapshot, step: int) -> str:
    """What the curve says at a step, in words."""
    step = max(1, min(step, snapshot.step))
    window = min(step, 100)
    mean = snapshot.history.mean(step)
    which = f"mean of the {window} steps before" if window > 1 else "loss of the one step before"
    text = f"step {step:,}: {which} {mean:.3f}"
    exams = [(at, loss) for at, loss in snapshot.held_out if at <= step]
    return f"{text}; held-out {exams[-1][1]:.3f} at step {exams[-1][0]:,}" if exams else text


def stream(samples: tuple[Sample, ...]) -> str:
    """List items, newest first."""
    items = []
    for sample in reversed(samples[-SHOWN_SAMPLES:]):
        name = escape(sample.name) or "(nothing: END came first)"
        cut = "" if sample.finished else "…"
        stamp = f"step {sample.step:,} · T {sample.temperature:g}"
        items.append(f'<li><b>{name}{cut}</b> {mark(sample)} <span class="stamp">{stamp}</span></li>')
    return "".join(items) or '<li class="empty">Nothing yet.</li>'


def mark(sample: Sample) -> str:
    """The verdict on a name, as a small label that names the real name it is close to."""
    kind, nearest, distance = sample.verdict
    if kind == "copy":
        return '<span class="mark mark-copy">a copy</span>'
    if kind == "near":
        letters = "letter" if distance == 1 else "letters"
        return f'<span class="mark mark-near">{distance} {letters} from {escape(nearest)}</span>'
    return '<span class="mark mark-new">new</span>'
