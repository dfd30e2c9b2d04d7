"""index.html, composed from the shell, the sections' fragments and figures computed from the code."""

import ast
import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assemble.console import BuildError

PLUGINS = ["codemirror", "deprecations-manager", "donkey", "error", "py-editor", "py-game", "py-terminal"]
"""All of PyScript's plugins. The lab needs none; each one left on costs requests and start-up time."""

LEVELS = ["minimal", "focused", "advanced"]
"""The page's modes; an element's `data-level` is the least of them that shows it."""

_STYLES = re.compile(r'(?:<link rel="stylesheet" href="\./styles/[^"]+">\n)+')
_STYLE = re.compile(r'href="\./styles/([^"]+)"')
_PLACEHOLDER = re.compile(r"\{\{\s*([\w.-]+)\s*\}\}")
_SECTION = re.compile(r"<section\b[^>]*>", re.IGNORECASE)


@dataclass(frozen=True)
class Fragment:
    """One section's HTML. `slug` is its id, `title` what the navigation calls it, `level` the least of
    the page's modes that shows it."""

    slug: str
    title: str
    html: str
    level: str = LEVELS[0]


@dataclass(frozen=True)
class Chapter:
    title: str
    parts: Sequence[Fragment]

    @property
    def slug(self) -> str:
        return f"chapter-{self.title.lower().replace(' ', '-')}"

    @property
    def level(self) -> str:
        """The least mode that shows any of it."""
        return min((part.level for part in self.parts), key=LEVELS.index)


def outline(file: Path) -> dict[str, list[str]]:
    """The rooms of each chapter, in page order: the literal CHAPTERS of lab/chapters.py, read not run."""
    if not file.exists():
        return {}
    for node in ast.parse(file.read_text("utf-8"), str(file)).body:
        target, value = _assignment(node)
        if target == "CHAPTERS":
            try:
                return dict(ast.literal_eval(value))
            except ValueError:
                raise BuildError(
                    f"{file}:{node.lineno}: CHAPTERS must be plain lists of names: the build reads it, unrun."
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
        Chapter(title, [_fragment(_room(lab, name) / "prose.html") for name in names])
        for title, names in outline(lab / "chapters.py").items()
    ]


def section_styles(lab: Path) -> list[Path]:
    """The style sheets that sections bring along, in page order."""
    sheets = [_room(lab, name) / "style.css" for names in outline(lab / "chapters.py").values() for name in names]
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


def join_styles(shell: str) -> tuple[str, list[str]]:
    """The shell with one link in place of its run of style sheets, and their names in order: a browser
    waits for all of them before it paints anything, and one is sooner there than many."""
    runs = _STYLES.findall(shell)
    if len(runs) != 1:
        raise BuildError(f"index.html: the style sheets must stand in one run of lines, not in {len(runs)}.")
    return shell.replace(runs[0], '<link rel="stylesheet" href="./styles.css">\n'), _STYLE.findall(runs[0])


def compose(shell: str, chapters: Sequence[Chapter], values: Mapping[str, str]) -> str:
    """The finished page. `values` fill the `{{name}}` placeholders and must be HTML already."""
    page = shell.replace("<!-- chapters -->", "\n".join(_entry(chapter) for chapter in chapters))
    page = page.replace("<!-- contents -->", "\n".join(_contents(chapter) for chapter in chapters))
    page = page.replace("<!-- sections -->", "\n".join(map(_chapter, chapters)))
    return fill(page, values)


def _entry(one: Chapter | Fragment) -> str:
    return f'<li{_from(one.level)}><a href="#{one.slug}">{html.escape(one.title)}</a></li>'


def _contents(chapter: Chapter) -> str:
    parts = "".join(map(_entry, chapter.parts))
    return f"<li{_from(chapter.level)}><b>{html.escape(chapter.title)}</b><ol>{parts}</ol></li>"


def _chapter(chapter: Chapter) -> str:
    """Where a chapter begins there is something to go to, whichever of its parts the mode shows."""
    mark = f'<p class="chapter" id="{chapter.slug}"{_from(chapter.level)}>{html.escape(chapter.title)}</p>'
    return "\n".join([mark, *(part.html for part in chapter.parts)])


def _from(level: str) -> str:
    return "" if level == LEVELS[0] else f' data-level="{level}"'


def fill(text: str, values: Mapping[str, str]) -> str:
    """Replace every placeholder. Raises BuildError naming those that nothing fills."""
    unknown = sorted({name for name in _PLACEHOLDER.findall(text) if name not in values})
    if unknown:
        raise BuildError(
            f"index.html asks for {', '.join(unknown)} in double braces, which nothing computes.",
            "Add it to facts() in site/assemble/facts.py, or correct the name.",
        )
    filled = _PLACEHOLDER.sub(lambda found: values[found[1]], text)
    if "{{" in filled:
        line = filled.count("\n", 0, filled.index("{{")) + 1
        raise BuildError(f"index.html:{line}: a '{{{{' is left that is no placeholder.")
    return filled


def pyscript_config(packages: Sequence[str]) -> str:
    """The `config` attribute of the PyScript tag, ready to stand between double quotes.

    "passthrough" hands the packages, files of ours, to the interpreter: that is Pyodide by way of python.mjs,
    which unpacks them. Micropip is not needed.
    """
    config = {
        "interpreter": "./python.mjs",
        "packages_cache": "passthrough",
        "index_urls": [],
        "packages": [f"./{name}" for name in packages],
        "plugins": _no_plugins(),
    }
    return html.escape(json.dumps(config, separators=(",", ":")))


def mpy_config() -> str:
    """The same for the MicroPython that is not used: PyScript reads both, and loads plugins for either."""
    return json.dumps({"plugins": _no_plugins()}, separators=(",", ":"))


def _no_plugins() -> list[str]:
    return [f"!{name}" for name in PLUGINS]
