"""A comparison of two versions of a source: the lines that are new, changed or gone.

A sign marks each line as well as a colour. Classes alone hide or show lines, so the reader's choice of what
to see needs no script.
"""

from difflib import SequenceMatcher
from html import escape
from itertools import pairwise
from typing import NamedTuple

from . import code

NEAR = 1  # how many lines before and after a new line are shown with it
FOLDED = 3  # the least number of unchanged lines in a row that is folded away
_ALIKE = 0.5  # the least likeness to the line it replaces with which a line counts as changed and not as new
_SPOKEN = {"new": "new: ", "changed": "changed: ", "gone": "gone: "}


class Line(NamedTuple):
    """`kind` is same, new, changed or gone. `number` counts from 1 and `index` from 0, in the newer version, or in
    the older one for a line that is gone."""

    kind: str
    index: int
    text: str

    @property
    def number(self) -> int:
        return self.index + 1


def compare(before: str | None, after: str) -> list[Line]:
    """All lines of `after`, each with its kind, and the lines of `before` that are gone, at their old places.
    Without `before` every line is the same."""
    new = after.splitlines()
    old = new if before is None else before.splitlines()
    lines: list[Line] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            lines += [Line("same", i, new[i]) for i in range(c, d)]
            continue
        lines += [Line("gone", i, old[i]) for i in range(a, b)]
        lines += [Line(_kind(new[i], old[a:b]), i, new[i]) for i in range(c, d)]
    return lines


def _kind(line: str, replaced: list[str]) -> str:
    if not line.strip():
        return "same"  # a blank line is no news
    likeness = (SequenceMatcher(None, one.strip(), line.strip(), autojunk=False).ratio() for one in replaced)
    return "changed" if max(likeness, default=0.0) >= _ALIKE else "new"


def counts(lines: list[Line]) -> dict[str, int]:
    """The number of lines of each kind, without blank lines."""
    return {
        kind: sum(line.kind == kind and bool(line.text.strip()) for line in lines)
        for kind in ("same", "new", "changed", "gone")
    }


def listing(before: str | None, after: str, name: str) -> str:
    """The lines of `after` as a numbered list, with the lines that are gone between them, without numbers.
    A line stands for each run of unchanged lines that is folded away, and says how many they are."""
    lines = compare(before, after)
    markup = {"gone": code.lines(before or ""), "here": code.lines(after)}
    near = _near(lines)
    rows, skipped, end = [], 0, 0  # `end` is where the current run of folded lines ends
    for i, line in enumerate(lines):
        far = line.kind == "same" and not near[i]
        if skipped and not far and line.kind != "gone":  # a line that is gone may be hidden, so it ends no run
            rows.insert(end, _gap(skipped))
            skipped = 0
        html = markup["gone" if line.kind == "gone" else "here"][line.index]
        kind = "far" if far else line.kind
        value = "" if line.kind == "gone" else f' value="{line.number}"'
        spoken = f'<span class="visually-hidden">{_SPOKEN[kind]}</span>' if kind in _SPOKEN else ""
        rows.append(f'<li class="{kind}"{value}>{spoken}<code>{html or " "}</code></li>')
        if far:
            skipped, end = skipped + 1, len(rows)
    if skipped:
        rows.insert(end, _gap(skipped))
    return (
        f'<div class="code" role="region" tabindex="0" aria-label="{escape(name)}"><ol>' + "".join(rows) + "</ol></div>"
    )


def _near(lines: list[Line]) -> list[bool]:
    """Whether each line is shown although it is unchanged: it is next to a new line, or one of a few lines between
    two of those. Lines that are gone do not count, since they may be hidden."""
    here = [i for i, line in enumerate(lines) if line.kind != "gone"]
    news = [at for at, i in enumerate(here) if lines[i].kind in ("new", "changed")]
    close = {at + by for at in news for by in range(-NEAR, NEAR + 1)}
    edges = [-1, *sorted(at for at in close if 0 <= at < len(here)), len(here)]
    for a, b in pairwise(edges):
        if b - a - 1 < FOLDED:
            close |= set(range(a + 1, b))
    near = {here[at] for at in close if 0 <= at < len(here)}
    return [line.kind == "gone" or i in near for i, line in enumerate(lines)]


def _gap(lines: int) -> str:
    return f'<li class="gap">{lines} {"line" if lines == 1 else "lines"} as before</li>'
