"""What every rung of the ladder shows of its training; all of it pure."""

from html import escape

from ...charts import Baseline, Lines, Series
from ...charts.format import count, number
from .rungs import Place, RungRun
from .variables import Variable

BASELINES = {"uniform": "guessing evenly", "bigram": "counting"}


def where(run: RungRun) -> str:
    steps = run.rung.step_count
    text = f"step {count(steps)}" + (f" of {count(run.rung.steps)}" if run.number else "")
    if run.loss is None:
        return f"{text}, untrained"
    many = min(len(run.history), 100)
    mean = f"mean loss of the last {many} names" if many > 1 else "loss"
    return f"{text}, {mean} {number(run.loss)}" + (" (the end of its schedule)" if run.finished else "")


def wrap(place: Place) -> str:
    """The rule by which the next name is found, in numbers."""
    turn = "for the first time" if place.turn == 1 else f"turn {count(place.turn)} through the list"
    return (
        f"<code>{count(place.step)} % {count(place.names)} = {count(place.index)}</code>, so next comes name "
        f"{count(place.index)}, counted from 0: <b>{escape(place.name)}</b>, {turn}"
    )


def curve(run: RungRun, baselines: dict[str, float]) -> Lines | None:
    """What the loss chart of a rung draws; None before the first step."""
    steps = len(run.history)
    if not steps:
        return None
    return Lines(
        series=(Series("mean of 100 names", run.history.means(steps), run.history.losses(steps)),),
        baselines=tuple(Baseline(text, baselines[name]) for name, text in BASELINES.items()),
        x_limit=200,
    )


def listed(found: list[Variable], run: RungRun) -> str:
    """The variables as rows of a table: those that the rung below has not are marked."""
    rows = [Variable("document", f"list of {len(run.document)}", ", ".join(map(str, map(int, run.document))), False)]
    steps = len(run.history)
    if steps:
        rows.append(
            Variable("loss", "float", f"{number(float(run.history.losses(steps)[-1]), 6)}, of the last step", False)
        )
    return "".join(
        f'<tr{" class=new" if one.is_new else ""}><th scope="row"><code>{escape(one.name)}</code>'
        f"{' <b>new</b>' if one.is_new else ''}<span>{escape(one.kind)}</span></th><td>{escape(one.value)}</td></tr>"
        for one in (*found, *rows)
    )
