"""Two versions of a source, one below the other: what is new, what has changed, what is gone.

Every line is marked by a sign as well as by colour, and hidden or shown by classes alone, so that the
choice of what to see needs no script.
"""

from difflib import SequenceMatcher
from html import escape
from itertools import pairwise
from typing import NamedTuple

from . import code

NEAR = 1  # lines around what is new that are shown with it
FOLDED = 3  # fewer lines in a row that are the same are not worth folding away
_ALIKE = 0.5  # of a line and the one it stands in for: from here on it has changed, below it is new
_SPOKEN = {"new": "new: ", "changed": "changed: ", "gone": "gone: "}


class Line(NamedTuple):
    """`kind`: same, new, changed or gone. `number` and `index` count from 1 and from 0 in the version
    the line stands in: the newer one, unless it is gone."""

    kind: str
    index: int
    text: str

    @property
    def number(self) -> int:
        return self.index + 1


def compare(before: str | None, after: str) -> list[Line]:
    """All lines of `after`, each with its kind, and those of `before` that are gone, where they
    stood. None for `before`: there is nothing to compare with, and every line is the same."""
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
    """How many lines there are of each kind; blank ones do not count."""
    return {
        kind: sum(line.kind == kind and bool(line.text.strip()) for line in lines)
        for kind in ("same", "new", "changed", "gone")
    }


def listing(before: str | None, after: str, name: str) -> str:
    """The lines of `after` as a numbered list; those that are gone stand between them without a
    number. Runs of lines that are the same end in a line that says how many they are."""
    lines = compare(before, after)
    markup = {"gone": code.lines(before or ""), "here": code.lines(after)}
    near = _near(lines)
    rows, skipped, end = [], 0, 0  # `end`: where the run of far lines has ended so far
    for i, line in enumerate(lines):
        far = line.kind == "same" and not near[i]
        if skipped and not far and line.kind != "gone":  # what is gone may not be shown, and ends no run
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
    """For each line: whether it is shown with what is new, because it stands beside some or is one of
    only a few between. Lines that are gone do not count: they may not be shown."""
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
