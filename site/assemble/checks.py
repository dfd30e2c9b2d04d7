"""Checks on the finished site. A fault is one line, `file:line: what is wrong`; any fault fails the build."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

from assemble import hashing
from assemble.console import BuildError

TEXT = {".html", ".css", ".js", ".mjs", ".py", ".md", ".txt", ".json", ".svg", ".webmanifest"}
_ORIGIN = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
_IN_CSS = re.compile(r"""(?:url\(\s*|@import\s+)["']?([^"')\s;]+)""")
_IN_JS = re.compile(r"""(?:\bfrom|\bimport|\bimport\(|\bfetch\()\s*["'`]([^"'`]+)["'`]""")
_IN_PY = re.compile(r"""\b(?:fetch|pyfetch|open_url)\(\s*["']([^"']+)["']""")
_LOADS = {".css": _IN_CSS, ".svg": _IN_CSS, ".js": _IN_JS, ".mjs": _IN_JS, ".py": _IN_PY}
_THIRD_PARTY = ("pyodide/", "pyscript/")


def site(dist: Path, built: Iterable[str], sources: Path) -> None:
    """Check the `built` files of the site in `dist`, and the sources behind it. Raises BuildError listing every
    fault."""
    faults = [
        *(fault for file in _texts(sources, hashing.sources(sources)) for fault in encoding(file)),
        *(
            fault
            for file in _texts(dist, [dist / name for name in built])
            for fault in (*encoding(file), *foreign(file))
        ),
        *links(dist / "index.html"),
    ]
    if faults:
        raise BuildError("The site has faults:\n" + "\n".join(f"    {fault}" for fault in faults))


def _texts(root: Path, files: Iterable[Path]) -> list[Path]:
    return [
        file
        for file in sorted(files)
        if file.suffix in TEXT
        and not file.relative_to(root).as_posix().startswith(_THIRD_PARTY)
        and "node_modules" not in file.parts
        and file.name not in ("offline.js", "microgpt-lab.html")  # built from what has been checked already
    ]


def encoding(file: Path) -> list[str]:
    """Faults of a file that is not UTF-8 or holds U+FFFD, the mark of text broken on the way."""
    data = file.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return [f"{file}:{line}: not UTF-8"]
    return [f"{file}:{number}: U+FFFD, broken text" for number, line in _lines(text) if "\ufffd" in line]


def foreign(file: Path) -> list[str]:
    """Faults of a file that loads something from another origin. Links a reader may follow are none."""
    text = file.read_text("utf-8")
    if file.suffix == ".html":
        loaded = [(line, target) for line, tag, target in _references(text) if tag != "a"]
    else:
        pattern = _LOADS.get(file.suffix)
        if not pattern:
            return []
        loaded = [(number, target) for number, line in _lines(text) for target in pattern.findall(line)]
    return [f"{file}:{line}: loads {target} from another origin" for line, target in loaded if _ORIGIN.match(target)]


def links(index: Path) -> list[str]:
    """Faults of relative links, sources and anchors of the page that lead nowhere, of absolute paths, and of ids and
    names of regions that stand there twice."""
    parser = _read(index.read_text("utf-8"))
    faults = [f"{index}:{line}: {what} is used twice" for line, what in parser.repeated]
    for line, _, target in parser.references:
        if _ORIGIN.match(target) or target.startswith(("data:", "mailto:")):
            continue
        path, anchor = urldefrag(target)
        if path.startswith("/"):
            faults.append(f"{index}:{line}: {target} is absolute, so it breaks under /any-repo/")
        elif path and not (index.parent / unquote(path.partition("?")[0])).exists():
            faults.append(f"{index}:{line}: {target} is not in the site")
        elif not path and anchor and unquote(anchor) not in parser.ids:
            faults.append(f"{index}:{line}: no element has the id {anchor!r}")
    return faults


def _lines(text: str) -> list[tuple[int, str]]:
    return list(enumerate(text.splitlines(), 1))


class _Page(HTMLParser):
    """Collects ids and everything that names another resource."""

    def __init__(self) -> None:
        super().__init__()
        self.references: list[tuple[int, str, str]] = []
        self.ids: set[str] = set()
        self.regions: set[str] = set()  # by their names, which a screen reader lists
        self.repeated: list[tuple[int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self.getpos()[0]
        region = dict(attrs).get("aria-label") if ("role", "region") in attrs else None
        if region in self.regions:
            self.repeated.append((line, f"the region name {region!r}"))
        if region:
            self.regions.add(region)
        for name, value in attrs:
            if name == "id" and value:
                if value in self.ids:
                    self.repeated.append((line, f"id {value!r}"))
                self.ids.add(value)
            elif name in ("src", "href", "poster", "data", "action") and value:
                self.references.append((line, tag, value))


def _read(text: str) -> _Page:
    parser = _Page()
    parser.feed(text)
    return parser


def _references(text: str) -> list[tuple[int, str, str]]:
    return _read(text).references
