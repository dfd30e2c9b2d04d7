"""What `patterns` shows of the counts of a list, as bars and words; all of it pure."""

from html import escape

from microgpt.experiment import Experiment

from ...charts import Bars
from ...charts.format import count, percent
from . import model as patterns
from .model import Tally


def bars(counted: Tally, glow: int | None, label_name: str) -> Bars:
    labels, counts = counted.labels, counted.counts
    return Bars(labels, counts, format=count, glow=glow, label_name=label_name, value_name="names")


def described(counted: Tally, i: int, verb: str) -> str:
    n, total = counted.counts[i], sum(counted.counts)
    return f"{count(n)} of {count(total)} names {verb} {counted.labels[i]} ({percent(n / total)})"


def standing(name: str, experiment: Experiment, by_letter: Tally, by_length: Tally) -> str:
    """One sentence of markup on the current name: what it is, and how common its kind is."""
    first, length = by_letter.bar_of(name[:1]), by_length.bar_of(len(name))
    firsts = by_letter.counts[first] if first is not None else 0
    lengths = by_length.counts[length] if length is not None else 0
    return (
        f"<b>{escape(name)}</b> is {patterns.standing(name, experiment)}. "
        f"<b>{count(firsts)}</b> of all names begin with <b>{escape(name[:1])}</b>, "
        f"and <b>{count(lengths)}</b> have <b>{len(name)}</b> {'letter' if len(name) == 1 else 'letters'}."
    )


def between(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"


def options(names: list[str]) -> str:
    return "".join(f'<option value="{escape(name)}"></option>' for name in names)
