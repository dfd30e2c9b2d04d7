"""What the race of the rungs has to show: curves, table, and what came of it, in words."""

from collections.abc import Collection, Sequence
from html import escape
from itertools import pairwise

import numpy as np

from microgpt.experiment import Experiment

from ...charts import Baseline, Lines, Points, Series
from ...charts.format import count, fixed
from ..training.view import mark
from .model import Race, Racer

BASELINES = {"uniform": "guessing evenly", "bigram": "bigram", "trigram": "trigram"}
KINDS = {"held-out": "loss on held-out names", "training": "loss in training"}


def curves(race: Race, kind: str, shown: Collection[int]) -> Lines:
    """The curves of the rungs that are `shown`, by number, over one another; `kind` is one of KINDS.

    Held-out: a point at each exam, a mean over all held-out names; the exam before the first step is
    left out once there is another, since it would press all others into a corner. Training: the mean
    of 100 steps.
    """
    racers = [racer for racer in race.racers if racer.number in shown]
    started = all(len(racer.marks) > 1 or racer.finished for racer in race.racers)
    names = ("bigram", "trigram") if started and kind == "held-out" else tuple(BASELINES)
    series, points = [], []
    for racer in racers:
        colour = racer.number + 1
        if kind == "held-out":
            marks = {step: loss for step, loss in racer.marks.items() if step or not started}
            points.append(Points(racer.title, np.array([*marks], float), np.array([*marks.values()], float), colour))
        else:
            series.append(Series(racer.title, racer.history.means(racer.step_count), colour=colour))
    return Lines(
        tuple(series),
        tuple(points),
        tuple(Baseline(BASELINES[name], race.experiment.baselines[name]) for name in names),
        x_limit=race.steps,
        y_label=KINDS[kind],
    )


def reading(race: Race, kind: str, shown: Collection[int], step: int) -> str:
    """What the curves say at a step, in words; of the exams, the last one up to there."""
    values = []
    for racer in race.racers:
        if racer.number not in shown:
            continue
        if kind == "training":
            value = racer.history.mean(step) if 1 <= step <= racer.step_count else None
        else:
            value = next((racer.marks[at] for at in reversed(racer.marks) if at <= step), None)
        if value is not None:
            values.append(f"{racer.title} {fixed(value, 3)}")
    what = "mean of up to 100 steps before" if kind == "training" else "held-out, at the last exam"
    return f"step {count(step)}, {what}: {', '.join(values) or 'no curve'}"


def rows(racers: Sequence[Racer]) -> str:
    """Table rows, rung by rung."""
    best = lowest(racers)
    return "".join(_row(racer, racer is best) for racer in racers)


def _row(racer: Racer, best: bool) -> str:
    loss = "–" if racer.held_out is None else fixed(racer.held_out, 3)
    if racer.failed:
        loss = "ran away"
    elif best:
        loss = f"<b>{loss}</b> <span>lowest</span>"
    names = " ".join(
        f"<li><b>{escape(sample.name) or '(nothing)'}{'' if sample.finished else '…'}</b>"
        f"{'' if sample.verdict.kind == 'new' else f' {mark(sample)}'}</li>"
        for sample in racer.names
    )
    return (
        f'<tr><th scope="row"><span class="race-key key-{racer.number + 1}"></span>{escape(racer.title)}</th>'
        f"<td>{loss}</td><td>{count(racer.learner.n_params)}</td>"
        f"<td>{count(racer.step_count)}</td><td>{fixed(racer.seconds, 1)}</td>"
        f"<td>{f'<ul>{names}</ul>' if names else '–'}</td></tr>"
    )


def lowest(racers: Sequence[Racer]) -> Racer | None:
    """The rung with the lowest held-out loss at its last exam; None while there is nothing to compare."""
    marked = [racer for racer in racers if racer.step_count and racer.held_out is not None and not racer.failed]
    return min(marked, key=lambda racer: racer.held_out) if len(marked) > 1 else None


def progress(race: Race, running: bool) -> str:
    """How far it is, in words."""
    if race.finished:
        return f"All have arrived after {count(race.steps)} steps."
    if not running:
        return f"Stopped at step {count(race.step)} of {count(race.steps)}."
    if not race.step:
        return "On their marks: each rung takes the exam before its first step."
    left = race.seconds_left()
    time = "" if left is None else f", about {_about(left)} left"
    return f"step {count(race.step)} of {count(race.steps)}{time}"


def _about(seconds: float) -> str:
    if seconds >= 90:
        return f"{seconds / 60:.0f} minutes"
    return f"{max(1, round(seconds / 5) * 5 if seconds > 10 else round(seconds)):.0f} s"


def outcome(race: Race) -> str:
    """What came of it, once all have arrived: measured, not promised."""
    if not race.finished:
        return ""
    texts = [f"{racer.title} ran away: its steps were too large." for racer in race.racers if racer.failed]
    best = lowest(race.racers)
    if best is not None:
        texts.append(f"The lowest held-out loss is that of {best.title}: {fixed(best.held_out, 3)}.")
    climbs = [
        (below.held_out - above.held_out, below, above)
        for below, above in pairwise(race.racers)
        if not below.failed and not above.failed
    ]
    if climbs:
        drop, below, above = max(climbs, key=lambda climb: climb[0])
        texts.append(f"The largest step down leads from {below.title} to {above.title}: {fixed(drop, 2)}.")
    for drop, below, above in climbs:
        if drop < -0.0005:
            texts.append(f"From {below.title} to {above.title} it went up by {fixed(-drop, 3)}.")
    return " ".join(texts)


def raced_with(race: Race, now: Experiment) -> str:
    """The names and the seed of the race, and whether the lab has moved on since."""
    then = race.experiment
    told = (
        f"Raced with {count(len(then.split.train))} names to learn from and {count(len(then.split.held_out))} "
        f"held out, seed {then.settings.seed}."
    )
    if race.left_out:
        first, last = race.left_out[0], race.left_out[-1]
        told += f" Rungs {first} to {last} are not in it: their tables have no room for so many letters."
    if (then.digest, then.settings) == (now.digest, now.settings):
        return told
    return f"{told} The lab has other names or settings by now: the next race will use those."
