"""What the table of experiments shows: cells, curves, the code that a change is, and what came of it in words."""

from collections.abc import Sequence
from html import escape
from textwrap import dedent
from typing import NamedTuple

from microgpt import settings
from microgpt.config import GPTConfig
from microgpt.experiment import Experiment
from microgpt.inspect.one_setting import reading

from ...charts import Lines, Series, diff
from ...charts.format import count, fixed, number, signed
from ...charts.line_data import SERIES_COLOURS
from ..training.view import mark
from .model import Row, Table, Trial, first_difference, identical, pairs_in_order, resampled
from .recipes import AS_IT_IS, Recipe, settings_of

GROUPS = {"": "Nothing changed", **settings.GROUPS}
FIRST_NAMES = 3  # in a row of the table; all of them stand below it
AXES = {"steps": "step", "seconds": "milliseconds", "arithmetic": "million multiplications"}
_MILLION = 1_000_000
NONE = "–"


class Cells(NamedTuple):
    """One row of the table, as text; `names` is markup."""

    steps: str
    held_out: str
    against: str
    parameters: str
    seconds: str
    differs: str
    names: str


def config_of(recipe: Recipe, experiment: Experiment) -> GPTConfig:
    chosen = settings_of(recipe, experiment.settings, experiment.settings.steps)
    return chosen.config(experiment.config.vocab_size, max(map(len, experiment.names)))


def stroke(row: Row) -> tuple[int, bool]:
    """The colour of its curve, from 1, and whether it is thin."""
    return row.stroke % SERIES_COLOURS + 1, row.stroke >= SERIES_COLOURS


def cells(row: Row, table: Table, n_params: int) -> Cells:
    trial, base = row.trial, _base(table)
    if trial is None:
        return Cells(NONE, NONE, NONE, count(n_params), NONE, NONE, NONE)
    held_out = NONE if trial.held_out is None else fixed(trial.held_out, 3)
    if trial.failed:
        held_out = "ran away"
    against = NONE
    if base and base is not trial and trial.held_out is not None and base.held_out is not None:
        against = _gap(trial.held_out - base.held_out)
    return Cells(
        count(trial.step_count),
        held_out,
        against,
        count(n_params),
        fixed(trial.seconds, 1),
        NONE if base is None or base is trial else differs(trial, base),
        ", ".join(escape(sample.name) or "(nothing)" for sample in trial.names[:FIRST_NAMES]) or NONE,
    )


def _gap(gap: float) -> str:
    return "±0.000" if abs(gap) < 0.0005 else ("+" if gap > 0 else "") + fixed(gap, 3)


def _base(table: Table) -> Trial | None:
    row = table.row(AS_IT_IS.key)
    return row.trial if row else None


def differs(trial: Trial, base: Trial) -> str:
    """Where its losses part from those of the run as it is."""
    step = first_difference(trial, base)
    if step is not None:
        return f"from step {count(step)} on"
    if trial.finished and identical(trial, base):
        return "no difference"
    return NONE if not trial.step_count else "nowhere yet"


def parting(row: Row, table: Table) -> str:
    """The same in a sentence, with the size of the first difference."""
    trial, base = row.trial, _base(table)
    if trial is None or base is None or base is trial or not trial.step_count:
        return ""
    step = first_difference(trial, base)
    if step is None:
        if trial.finished and identical(trial, base):
            return (
                f"No difference: all {count(trial.step_count)} losses and all {count(trial.learner.n_params)} weights "
                "are those of the run as it is, to the last bit."
            )
        return f"So far no difference: the first {count(trial.step_count)} losses are the same to the last bit."
    losses = [float(each.history.losses(step)[-1]) for each in (trial, base)]
    return (
        f"Its losses part from those of the run as it is at step {count(step)}: {number(losses[0], 7)} there, "
        f"and {number(losses[1], 7)} as it is."
    )


def curves(table: Table, axis: str) -> Lines | None:
    """The smoothed losses of the rows that are ticked, over steps or over what was spent; None before the first."""
    rows = [row for row in table.rows if row.shown and row.steps]
    if not rows or table.basis is None:
        return None
    series, limit = [], 1
    for row in rows:
        means = row.trial.history.means(row.steps)
        if axis != "steps":
            means = resampled(_spent(row.trial, axis), means, _unit(axis))
        colour, thin = stroke(row)
        series.append(Series(row.recipe.title, means, colour=colour, thin=thin))
        limit = max(limit, len(means))
    return Lines(
        tuple(series), x_limit=table.basis.steps if axis == "steps" else limit, x_label=AXES[axis], y_label="loss"
    )


def _spent(trial: Trial, axis: str) -> Sequence[float]:
    return trial.times if axis == "seconds" else trial.work_done


def _unit(axis: str) -> float:
    return 0.001 if axis == "seconds" else _MILLION


def code(recipe: Recipe, base: Experiment) -> str:
    """Markup: the function that this change is in, with its lines: − as it is and + as it becomes."""
    if not recipe.name:
        return ""
    before, after = (reading(recipe.name, value) for value in (getattr(base.settings, recipe.name), recipe.value))
    return diff.listing(dedent(before.text), dedent(after.text), f"{before.function}, before and after")


def change(recipe: Recipe, base: Experiment) -> str:
    """What is changed, in a sentence or two."""
    if not recipe.name:
        return "Nothing is changed: the same settings and the same seed."
    now, place = getattr(base.settings, recipe.name), reading(recipe.name, recipe.value)
    params = config_of(recipe, base).n_params - base.config.n_params
    if params:
        size = f"That makes {count(abs(params))} parameters {'more' if params > 0 else 'fewer'}."
    else:
        size = "The number of parameters stays the same."
    return (
        f"{recipe.name} = {_value(recipe.value)} in place of {_value(now)}. This is the place in the code that asks "
        f"for it, {place.function} in {place.file.rpartition('/')[2]}, as it would read. {size}"
    )


def _value(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def names(row: Row | None) -> str:
    """List items: all that it has made up, each with its verdict."""
    made = row.trial.names if row and row.trial else []
    items = [
        f"<li><b>{escape(sample.name) or '(nothing: END came first)'}{'' if sample.finished else '…'}</b> "
        f"{mark(sample)}</li>"
        for sample in made
    ]
    return "".join(items) or '<li class="empty">Once it has learnt.</li>'


def progress(table: Table, running: bool) -> str:
    """How far it is, in words."""
    waiting = sum(not row.done for row in table.rows)
    if running:
        return f"{round(100 * table.progress)} % of all steps done, {_runs(waiting)} under way"
    if not table.begun:
        return f"{_runs(len(table.rows))} to train."
    return f"Stopped: {_runs(waiting)} not done." if waiting else f"All {_runs(len(table.rows))} are done."


def _runs(number: int) -> str:
    return f"{number} run{'' if number == 1 else 's'}"


def trained_with(table: Table, now: Experiment, steps: int) -> str:
    """The names, seed and steps of the results, and whether the next ones would have others."""
    if table.basis is None:
        return ""
    then = table.basis.experiment
    told = (
        f"Trained on {count(len(then.split.train))} names, seed {then.settings.seed}, {count(table.basis.steps)} "
        f"steps each; held-out loss on {count(len(then.split.held_out))} other names."
    )
    if table.basis.same_as(type(table.basis)(now, steps)):
        return told
    return f"{told} The settings are others by now: training again clears these results and begins anew."


def outcome(table: Table) -> str:
    """What came of it, once all are done: measured, not promised."""
    if not table.finished:
        return ""
    texts = [f"{_quoted(row)} ran away: its loss is no number any more." for row in table.rows if row.trial.failed]
    ranked = [row for row in table.ranked() if not row.trial.failed]
    base = _base(table)
    if len(ranked) > 1:
        best = ranked[0]
        texts.append(f"The lowest held-out loss is that of {_quoted(best)}: {fixed(best.trial.held_out, 3)}.")
    if base and base.held_out is not None and len(ranked) > 1:
        gaps = {row: row.trial.held_out - base.held_out for row in ranked if row.trial is not base}
        worst = max(gaps, key=gaps.__getitem__)
        better = sum(gap < 0 for gap in gaps.values())
        if gaps[worst] > 0:
            texts.append(f"The change that costs most is {_quoted(worst)}: {signed(gaps[worst], 3)}.")
        texts.append(f"{better} of {len(gaps)} changes came out below the run as it is.")
    return " ".join(texts)


def _quoted(row: Row) -> str:
    return f"“{row.recipe.title}”"


def verdict(table: Table) -> str:
    """How good the bet was."""
    if not table.bet or not table.finished:
        return ""
    truth = [row.recipe.key for row in table.ranked()]
    right, pairs = pairs_in_order(table.bet, truth)
    if not pairs:
        return ""
    coin = f"{pairs / 2:.0f}" if pairs % 2 == 0 else f"{pairs // 2} or {pairs // 2 + 1}"
    text = f"Your bet: of {pairs} pairs of runs, {right} stand in the right order. Tossing a coin gets about {coin}."
    first, last = (table.row(truth[at]) for at in (0, -1))
    for row, at, what in ((first, 0, "lowest"), (last, -1, "highest")):
        hit = table.bet[at] == row.recipe.key
        text += f" The {what} is {_quoted(row)}, {'as you said' if hit else 'which you did not expect'}."
    return text


def bet_place(row: Row, table: Table) -> str:
    """Its place in the bet: of the one that stands, or of the one that is being made."""
    order = table.bet or tuple(one.recipe.key for one in table.rows)
    return str(order.index(row.recipe.key) + 1) if row.recipe.key in order else NONE


def options(recipes: Sequence[Recipe]) -> str:
    """Markup: what can be changed, by group."""
    parts = []
    for group, title in GROUPS.items():
        inside = "".join(
            f'<option value="{escape(recipe.key)}">{escape(recipe.title)}</option>'
            for recipe in (AS_IT_IS, *recipes)
            if recipe.group == group
        )
        parts.append(f'<optgroup label="{escape(title)}">{inside}</optgroup>' if inside else "")
    return "".join(parts)


def rows(shown: Sequence[Row], betting: bool, movable: bool) -> str:
    """Markup of the table's rows. What changes while they train are the parts `name:key`; see `Cells`."""
    return "".join(_row(row, at, len(shown), betting, movable) for at, row in enumerate(shown))


def _row(row: Row, at: int, of: int, betting: bool, movable: bool) -> str:
    key, title = escape(row.recipe.key), escape(row.recipe.title)
    colour, thin = stroke(row)
    tick = f'<input type="checkbox" value="{key}" aria-label="curve of {title}"{" checked" if row.shown else ""}>'
    bet = ""
    if betting:
        moves = ""
        if movable:
            moves = (
                f'<button type="button" value="up {key}" data-part="up:{key}" aria-label="{title}: expect it better"'
                f"{' disabled' if at == 0 else ''}>↑</button>"
                f'<button type="button" value="down {key}" data-part="down:{key}" aria-label="{title}: expect it worse"'
                f"{' disabled' if at == of - 1 else ''}>↓</button>"
            )
        bet = f'<td class="trial-bet"><span data-part="bet:{key}"></span>{moves}</td>'
    filled = "".join(f'<td data-part="{name}:{key}">{NONE}</td>' for name in Cells._fields)
    remove = ""
    if row.recipe.key != AS_IT_IS.key:
        remove = f'<button type="button" value="remove {key}" aria-label="Remove {title}">×</button>'
    return (
        f'<tr><th scope="row"><span class="trial-name">{tick}'
        f'<span class="trial-key key-{colour}{" thin" if thin else ""}"></span>'
        f'<button type="button" class="trial-title" value="look {key}" data-part="look:{key}">{title}</button>'
        f"</span></th>{bet}{filled}<td>{remove}</td></tr>"
    )
