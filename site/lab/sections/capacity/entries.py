"""What learners side by side have to show: curves, measures, names. For any number of entries."""

from collections.abc import Sequence
from html import escape

from ...charts import Baseline, Lines, Series
from ...charts.format import count, fixed, number
from ...core.side_by_side import Entry
from ..training.view import BASELINES, mark

Measure = tuple[str, list[str]]  # its name, and the text of each entry


def curves(entries: Sequence[Entry], baselines: dict[str, float]) -> Lines | None:
    """All smoothed losses over one another; None before anybody's first step."""
    if not any(entry.step_count for entry in entries):
        return None
    return Lines(
        series=tuple(
            Series(entry.title, entry.history.means(entry.step_count), colour=colour)
            for colour, entry in enumerate(entries, start=1)
        ),
        baselines=tuple(Baseline(text, baselines[name]) for name, text in BASELINES.items()),
        x_limit=max(entry.learner.steps for entry in entries),
    )


def reading(entries: Sequence[Entry], step: int) -> str:
    """What the curves say at a step, in words."""
    texts = [f"{entry.title} {entry.history.mean(step):.3f}" for entry in entries if 1 <= step <= entry.step_count]
    return f"step {step:,}, mean of up to 100 steps before: {', '.join(texts)}"


def measures(entries: Sequence[Entry]) -> list[Measure]:
    """Everything that can be put into one number, entry beside entry."""
    rows = {
        "parameters": lambda entry: count(entry.learner.n_params),
        "steps taken": lambda entry: f"{entry.step_count:,} of {entry.learner.steps:,}",
        "seconds used": lambda entry: fixed(entry.seconds, 1),
        "milliseconds a step": _milliseconds,
        "mean of the last 100 losses": lambda entry: _loss(entry.loss),
        "loss on held-out names": lambda entry: _loss(entry.held_out),
    }
    return [(name, [text(entry) for entry in entries]) for name, text in rows.items()]


def _milliseconds(entry: Entry) -> str:
    return number(1000 * entry.seconds / entry.step_count) if entry.step_count else "–"


def _loss(loss: float | None) -> str:
    return "–" if loss is None else fixed(loss, 3)


def names(entry: Entry) -> str:
    """List items: what it has made up so far, each with its verdict."""
    items = [
        f"<li><b>{escape(sample.name) or '(nothing: END came first)'}{'' if sample.finished else '…'}</b> "
        f"{mark(sample)}</li>"
        for sample in entry.names
    ]
    return "".join(items) or '<li class="empty">Once it has learnt.</li>'


def progress(entry: Entry) -> str:
    """Where it is, in words."""
    if entry.failed:
        return f"ran away at step {entry.step_count:,}: its loss is no number any more"
    if entry.finished:
        return f"done: {entry.learner.steps:,} steps in {fixed(entry.seconds, 1)} s"
    if entry.step_count == entry.learner.steps:
        return "examined on the held-out names" if entry.held_out is None else "making names up"
    return f"step {entry.step_count:,} of {entry.learner.steps:,}"


def short(entry: Entry) -> str:
    """Its title without what stands in brackets."""
    return entry.title.partition(" (")[0]


def verdict(a: Entry, b: Entry) -> str:
    """Two that are done, compared in a sentence or two."""
    if a.held_out is None or b.held_out is None:
        return ""
    small, large = sorted((a, b), key=lambda entry: entry.learner.n_params)
    times = large.learner.n_params / small.learner.n_params
    if times == 1:
        text = f"{short(a)} and {short(b)} have equally many parameters"
    else:
        text = f"{short(large)} has {number(times, 2)} times as many parameters as {short(small)}"
    if small.seconds and large.seconds:
        text += f" and took {number(large.seconds / small.seconds, 2)} times as long"
    gap = abs(a.held_out - b.held_out)
    if gap < 0.005:
        return f"{text}. On held-out names, both are equally good."
    better, worse = sorted((a, b), key=lambda entry: entry.held_out)
    return f"{text}. On held-out names, {short(better)}’s loss is {fixed(gap, 2)} lower than {short(worse)}’s."
