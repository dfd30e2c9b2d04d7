"""index.html, composed from the shell, the sections' fragments and figures computed from the code."""

import html
import json
import re
from collections.abc import Mapping, Sequence

from assemble import captions, chapters
from assemble.chapters import Chapter
from assemble.console import BuildError

PLUGINS = ["codemirror", "deprecations-manager", "donkey", "error", "py-editor", "py-game", "py-terminal"]
"""All of PyScript's plugins. The lab needs none; each one left on costs requests and start-up time."""

_STYLES = re.compile(r'(?:<link rel="stylesheet" href="\./styles/[^"]+">\n)+')
_STYLE = re.compile(r'href="\./styles/([^"]+)"')
_PLACEHOLDER = re.compile(r"\{\{\s*([\w.-]+)\s*\}\}")
_LIVE = re.compile(r"<span data-live=[^>]*>(.*?)</span>")


def join_styles(shell: str) -> tuple[str, list[str]]:
    """The shell with one link in place of its run of style sheets, and their names in order: a browser
    waits for all of them before it paints anything, and one is sooner there than many."""
    runs = _STYLES.findall(shell)
    if len(runs) != 1:
        raise BuildError(f"index.html: the style sheets must stand in one run of lines, not in {len(runs)}.")
    return shell.replace(runs[0], '<link rel="stylesheet" href="./styles.css">\n'), _STYLE.findall(runs[0])


def compose(shell: str, parts: Sequence[Chapter], values: Mapping[str, str]) -> str:
    """The finished page. `values` fill the `{{name}}` placeholders and must be HTML already."""
    page = shell.replace("<!-- chapters -->", chapters.bar(parts))
    page = page.replace("<!-- contents -->", chapters.contents(parts))
    page = page.replace("<!-- outline -->", chapters.index(parts))
    page = page.replace("<!-- sections -->", captions.named(chapters.body(parts)))
    return fill(page, values)


def fill(text: str, values: Mapping[str, str]) -> str:
    """Replace every placeholder. Raises BuildError naming those that nothing fills."""
    unknown = sorted({name for name in _PLACEHOLDER.findall(text) if name not in values})
    if unknown:
        raise BuildError(
            f"index.html asks for {', '.join(unknown)} in double braces, which nothing computes.",
            "Add it to facts() in site/assemble/facts.py, or correct the name.",
        )
    filled = _PLACEHOLDER.sub(lambda found: _in_place(values[found[1]], text[: found.start()]), text)
    if "{{" in filled:
        line = filled.count("\n", 0, filled.index("{{")) + 1
        raise BuildError(f"index.html:{line}: a '{{{{' is left that is no placeholder.")
    return filled


def _in_place(value: str, before: str) -> str:
    """A value as it can stand there: inside a tag, without markup."""
    return _LIVE.sub(r"\1", value) if before.rfind("<") > before.rfind(">") else value


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
