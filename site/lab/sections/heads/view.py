"""The table of what the heads look at, and what is said about it; all of it pure."""

from collections.abc import Callable
from html import escape
from math import isfinite

from microgpt.evaluate.heads import HeadMeasures

from ...charts.format import counted, fixed, percent
from ...core.heads import Analysis


def _bits(value: float) -> str:
    return fixed(value, 2)


# Each measure: name of the column, and how its values read
COLUMNS: dict[str, tuple[str, Callable[[float], str]]] = {
    "bos": ("[BOS]", percent),
    "previous": ("letter before", percent),
    "current": ("itself", percent),
    "vowels": ("vowels", percent),
    "entropy": ("spread, bits", _bits),
    "repeat": ("copy of the next", percent),
}
# What a head can be found to attend to: as a role, and as what it leans towards
WORDS = {
    "bos": ("rests on [BOS]", "[BOS]"),
    "previous": ("looks at the letter before", "the letter before"),
    "current": ("looks at itself", "itself"),
    "repeat": ("looks for copies of the next letter", "copies of the next letter"),
    "vowels": ("looks at vowels", "vowels"),
    "consonants": ("looks at consonants", "consonants"),
    "uniform": ("looks everywhere alike", ""),
}
FAR = 99  # standard errors: beyond, nobody needs the number
AT_FIRST = "The names are drawn at random, by the seed. Training goes on meanwhile, and is not changed by it."


def about(analysis: Analysis | None, step: int) -> str:
    """Of which moment the measures are, and whether the model has gone on since."""
    if analysis is None or not analysis.done:
        return "Nothing is measured yet."
    since = step - analysis.step
    ago = f", {since:,} {'step' if since == 1 else 'steps'} ago" if since > 0 else ""
    return f"Measured at step {analysis.step:,}{ago}, on {counted(analysis.done, 'name')}."


def status(analysis: Analysis | None) -> str:
    if analysis is None:
        return AT_FIRST
    if analysis.running:
        return f"Measuring {analysis.count:,} names …"
    if analysis.cancelled:
        return f"Cancelled after {analysis.done:,} of {analysis.count:,} names."
    all_heads = [(i, j) for i, row in enumerate(analysis.statistics.each.bos) for j in range(len(row))]
    unclear = [at for at in all_heads if not analysis.role(*at)]
    leaning = sum(bool(found and found.reliable) for found in (analysis.leaning(*at) for at in unclear))
    told = f"Done: {len(all_heads) - len(unclear)} of {counted(len(all_heads), 'head')} have a clear role"
    lean = "leans" if leaning == 1 else "lean"
    return f"{told}, {leaning} more {lean} towards something." if unclear else f"{told}."


def habit(analysis: Analysis, layer: int, head: int) -> str:
    """What one head does, in words: its role, or else where it leans and how sure that is."""
    role = analysis.role(layer, head)
    if role:
        return WORDS[role][0]
    leaning = analysis.leaning(layer, head)
    if leaning is None:
        return "no clear role, and leans nowhere"
    where, z = WORDS[leaning.towards][1], leaning.z
    if not leaning.reliable:
        return f"no clear role; leans towards {where} by {z:.1f} standard errors only, nothing to rely on"
    far = f"{z:.0f}" if z <= FAR else f"more than {FAR}"
    return f"leans towards {where}, {far} standard errors from chance"


def table(analysis: Analysis) -> str:
    """Every head and measure as number and bar: pooled by the heads' numbers, then layer by layer."""
    each, together = analysis.statistics.each, analysis.statistics.pooled
    layers, heads = each.bos.shape
    habits = [[habit(analysis, layer, head) for head in range(heads)] for layer in range(layers)]
    chance, ends = analysis.chance, scale_ends(analysis)
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name, _ in COLUMNS.values())
    parts = [
        '<table class="habits"><caption class="visually-hidden">Six measures of each head, pooled over '
        'layers and layer by layer</caption><thead><tr><th scope="col">head</th>'
        f'{head}<th scope="col">what it does</th></tr></thead>'
    ]
    pooled = [
        _row(f"head {j + 1}", together.at(j), chance, ends, "<br>".join(_by_layer(habits, j))) for j in range(heads)
    ]
    parts.append(_group("all layers pooled", pooled))
    for i in range(layers):
        rows = [_row(f"head {j + 1}", each.at(i, j), chance, ends, habits[i][j]) for j in range(heads)]
        parts.append(_group(f"layer {i + 1}", rows, ' data-level="advanced"'))
    by_chance = "".join(f"<td>{escape(text(getattr(chance, name)))}</td>" for name, (_, text) in COLUMNS.items())
    parts.append(f'<tfoot><tr><th scope="row">chance</th>{by_chance}<td></td></tr></tfoot></table>')
    return "".join(parts)


def scale_ends(analysis: Analysis) -> dict[str, float]:
    """Where each measure's bars end: shares at 1, bits a little above the greatest there is."""
    greatest = [*analysis.statistics.each.entropy.ravel(), analysis.chance.entropy]
    bits = max((float(value) for value in greatest if isfinite(value)), default=1.0) or 1.0
    bits *= 1.1  # chance is often the greatest: its line must not stand at the edge of the column
    return dict.fromkeys(COLUMNS, 1.0) | {"entropy": bits}


def _by_layer(habits: list[list[str]], head: int) -> list[str]:
    if len(habits) == 1:
        return [habits[0][head]]
    return [f"layer {i + 1}: {row[head]}" for i, row in enumerate(habits)]


def _group(name: str, rows: list[str], attributes: str = "") -> str:
    heading = f'<tr><th scope="rowgroup" colspan="{len(COLUMNS) + 2}">{name}</th></tr>'
    return f"<tbody{attributes}>{heading}{''.join(rows)}</tbody>"


def _row(name: str, head: HeadMeasures[float], chance: HeadMeasures[float], ends: dict[str, float], habit: str) -> str:
    cells = "".join(
        f"<td>{escape(text(value))}{bar(value, by_chance, ends[key])}</td>"
        for (key, (_, text)), value, by_chance in zip(COLUMNS.items(), head, chance, strict=True)
    )
    return f'<tr><th scope="row">{name}</th>{cells}<td>{habit}</td></tr>'


def bar(value: float, chance: float, end: float) -> str:
    """A value as a bar of up to 100 units, chance as a line across. The number beside it says the same."""
    if not isfinite(value):
        return ""
    line = f'<path d="M{100 * chance / end:.1f} 0v10"/>' if isfinite(chance) else ""
    return (
        '<svg class="habit" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect y="2" width="{100 * min(value / end, 1):.1f}" height="6"/>{line}</svg>'
    )
