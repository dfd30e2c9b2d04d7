"""The chapters of the page: their sections' HTML, the navigation between them, and which of it a link opens."""

import ast
import html
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from assemble.console import BuildError

LEVELS = ["minimal", "focused", "advanced"]
"""The page's modes; an element's `data-level` is the least of them that shows it."""

_SECTION = re.compile(r"<section\b[^>]*>", re.IGNORECASE)
_HEADING = "<h1>"
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass(frozen=True)
class Fragment:
    """One section's HTML. `slug` is its id, `title` what the navigation calls it, `level` the least of
    the page's modes that shows it."""

    slug: str
    title: str
    html: str
    level: str = LEVELS[0]


@dataclass(frozen=True)
class Leaf:
    """What is open at a time."""

    parts: Sequence[Fragment]

    @property
    def slug(self) -> str:
        return self.parts[0].slug

    @property
    def level(self) -> str:
        return _least(part.level for part in self.parts)


@dataclass(frozen=True)
class Chapter:
    title: str
    leaves: Sequence[Leaf]

    @property
    def slug(self) -> str:
        return f"chapter-{self.title.lower().replace(' ', '-')}"

    @property
    def parts(self) -> list[Fragment]:
        return [part for leaf in self.leaves for part in leaf.parts]

    @property
    def level(self) -> str:
        return _least(part.level for part in self.parts)


def _least(levels: Iterator[str]) -> str:
    """The least mode that shows any of it."""
    return min(levels, key=LEVELS.index)


def outline(file: Path) -> dict[str, list[list[str]]]:
    """The rooms of each chapter, leaf by leaf: the literal CHAPTERS of lab/chapters.py, read not run."""
    found = _literal(file, "CHAPTERS")
    return {title: entries if isinstance(entries[0], list) else [entries] for title, entries in found.items()}


def _literal(file: Path, name: str) -> dict[str, Any]:
    if not file.exists():
        return {}
    for node in ast.parse(file.read_text("utf-8"), str(file)).body:
        target, value = _assignment(node)
        if target == name:
            try:
                return dict(ast.literal_eval(value))
            except ValueError:
                raise BuildError(
                    f"{file}:{node.lineno}: {name} must be plain lists and texts: the build reads it, unrun."
                ) from None
    return {}


def _assignment(node: ast.stmt) -> tuple[str, ast.expr] | tuple[None, None]:
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id, node.value
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
        return node.target.id, node.value
    return None, None


def chapters(lab: Path) -> list[Chapter]:
    """The sections' HTML in page order. Raises BuildError where a file or its head is not as agreed."""
    return [
        Chapter(title, [Leaf([_fragment(_room(lab, name) / "prose.html") for name in names]) for names in leaves])
        for title, leaves in outline(lab / "chapters.py").items()
    ]


def tour(lab: Path, chapters: Sequence[Chapter]) -> str:
    """The items of the tour: a link to each section of TOUR, and what to do there. Raises BuildError for a section
    that is not there."""
    parts = {part.slug: part for chapter in chapters for part in chapter.parts}
    stops = _literal(lab / "chapters.py", "TOUR")
    if gone := stops.keys() - parts.keys():
        raise BuildError(f"{lab / 'chapters.py'}: TOUR stops at {', '.join(sorted(gone))}, which no chapter has.")
    return "".join(
        f'<li hidden><b>Stop {n} of {len(stops)}</b> <a href="#{slug}">{html.escape(parts[slug].title)}</a> '
        f"{html.escape(text)}</li>"
        for n, (slug, text) in enumerate(stops.items(), 1)
    )


def section_styles(lab: Path) -> list[Path]:
    """The style sheets that sections bring along, in page order."""
    names = [name for leaves in outline(lab / "chapters.py").values() for leaf in leaves for name in leaf]
    sheets = [_room(lab, name) / "style.css" for name in names]
    return [sheet for sheet in sheets if sheet.exists()]


def _room(lab: Path, name: str) -> Path:
    return lab.joinpath("sections", *name.split("."))


def _fragment(file: Path) -> Fragment:
    if not file.exists():
        raise BuildError(f"{file}: missing, but CHAPTERS lists it.", "Write it, or take the name out of CHAPTERS.")
    text = file.read_text("utf-8")
    head = _SECTION.search(text)
    if not head:
        raise BuildError(f"{file}:1: no <section> in it.")
    slug, title = _attribute(head[0], "id"), _attribute(head[0], "data-title")
    if not slug or not title:
        line = text.count("\n", 0, head.start()) + 1
        raise BuildError(f"{file}:{line}: the <section> needs both an id and a data-title.")
    return Fragment(slug, title, text, _attribute(head[0], "data-level") or LEVELS[0])


def _attribute(tag: str, name: str) -> str | None:
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    return html.unescape(found[1]) if found else None


# --- as HTML


def bar(chapters: Sequence[Chapter]) -> str:
    """The items of the bar at the top, one a chapter."""
    return "\n".join(_entry(chapter) for chapter in chapters)


def contents(chapters: Sequence[Chapter]) -> str:
    """The items of the list of all parts."""
    return "\n".join(
        f'<li{_from(chapter.level)}><a class="contents-chapter" href="#{chapter.slug}">{html.escape(chapter.title)}</a>'
        f"<ol>{''.join(map(_entry, chapter.parts))}</ol></li>"
        for chapter in chapters
    )


def body(chapters: Sequence[Chapter]) -> str:
    """All chapters, one below the other. One whose first section brings the page's <h1> needs no head of its own."""
    return "\n".join(_article(chapter, n, len(chapters)) for n, chapter in enumerate(chapters, 1))


def _article(chapter: Chapter, number: int, of: int) -> str:
    heading = f'<h1 id="{chapter.slug}" tabindex="-1">'
    leaves = "\n".join(
        f'<div class="leaf" id="leaf-{leaf.slug}">\n{"".join(part.html for part in leaf.parts)}</div>'
        for leaf in chapter.leaves
    )
    title = f"<p>Chapter {number} of {of}</p>{heading}{html.escape(chapter.title)}</h1>"
    head = f'<header class="chapter-head">{title}</header>'
    if _HEADING in leaves:
        leaves, head = leaves.replace(_HEADING, heading, 1), ""
    return (
        f'<article class="chapter" aria-labelledby="{chapter.slug}"{_from(chapter.level)}>\n{head}{_rail(chapter)}\n'
        f"{leaves}\n</article>"
    )


def _rail(chapter: Chapter) -> str:
    """The parts of a chapter, beside it where there is room."""
    entries = "".join(
        f'<li{_from(part.level)}><a href="#{part.slug}"><span>{html.escape(part.title)}</span></a></li>'
        for part in chapter.parts
    )
    return f'<nav class="rail" aria-label="Parts of {html.escape(chapter.title)}"><ol>{entries}</ol></nav>'


def _entry(one: Chapter | Fragment) -> str:
    return f'<li{_from(one.level)}><a href="#{one.slug}">{html.escape(one.title)}</a></li>'


def _from(level: str) -> str:
    return "" if level == LEVELS[0] else f' data-level="{level}"'


# --- for what opens them


def rules(chapters: Sequence[Chapter]) -> str:
    """Style rules: of `<html data-leaf="…">` only that leaf is there; without the attribute, all are."""
    return "\n".join(
        f':root[data-leaf="{leaf.slug}"] :is(.leaf:not(#leaf-{leaf.slug}), '
        f'.chapter:not([aria-labelledby="{chapter.slug}"])) {{ display: none; }}'
        for chapter in chapters
        for leaf in chapter.leaves
    )


def index(chapters: Sequence[Chapter]) -> str:
    """For each leaf its chapter, title and level, and the level of every id in it: where a link leads. JSON, to stand
    in a script element."""
    found = [
        {
            "leaf": leaf.slug,
            "chapter": chapter.slug,
            "title": chapter.title,
            "part": "" if len(chapter.leaves) == 1 else leaf.parts[0].title,
            "level": leaf.level,
            "ids": {**({chapter.slug: leaf.level} if leaf is chapter.leaves[0] else {}), **_ids(leaf)},
        }
        for chapter in chapters
        for leaf in chapter.leaves
    ]
    return json.dumps(found, separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")


def _ids(leaf: Leaf) -> dict[str, str]:
    reader = _Ids()
    for part in leaf.parts:
        reader.feed(part.html)
    return reader.found


class _Ids(HTMLParser):
    """Each id, and the least mode in which it and all that it stands in are shown."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._open: list[tuple[str, str]] = [("", LEVELS[0])]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        level = max(values.get("data-level") or LEVELS[0], self._open[-1][1], key=LEVELS.index)
        if values.get("id"):
            self.found[values["id"]] = level
        if tag not in _VOID:
            self._open.append((tag, level))

    def handle_endtag(self, tag: str) -> None:
        while len(self._open) > 1 and self._open.pop()[0] != tag:
            pass
