"""Our own Python, as the page gets it: the `microgpt` wheel and the lab's. They hold sources: the page shows
them, and they are byte for byte the repository's."""

import re
from collections.abc import Mapping
from pathlib import Path

from assemble import archive, hashing
from assemble.console import BuildError
from assemble.paths import ENGINE, LAB


def version() -> str:
    """The one version number, read from microgpt/__init__.py."""
    source = (ENGINE / "__init__.py").read_text("utf-8")
    found = re.search(r'^__version__ = "([^"]+)"', source, re.MULTILINE)
    if not found:
        raise BuildError('microgpt/__init__.py has no line __version__ = "…".', "Add one.")
    return found[1]


def engine() -> tuple[str, bytes]:
    """(file name, bytes) of the engine's wheel. The one to install elsewhere, which pyproject.toml describes,
    also carries the list of names; the page fetches that by itself, so here it would cost 15 kB twice."""
    return _package("microgpt", ENGINE)


def lab() -> tuple[str, bytes]:
    """(file name, bytes) of the app's wheel. Its HTML fragments are in index.html, so not in here."""
    return _package("lab", LAB)


def _package(name: str, folder: Path) -> tuple[str, bytes]:
    return plain(
        name, {file.relative_to(folder.parent).as_posix(): file.read_bytes() for file in hashing.sources(folder, ".py")}
    )


def plain(name: str, files: Mapping[str, bytes]) -> tuple[str, bytes]:
    """(file name, bytes) of a wheel that just holds these files."""
    return f"{name}-{version()}-py3-none-any.whl", archive.wheel(name, version(), files)
