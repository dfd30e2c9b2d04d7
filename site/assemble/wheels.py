"""Our own Python, as the page gets it: the `microgpt` wheel and the lab's. They hold sources: the page shows
them, and they are byte for byte the repository's."""

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from assemble import archive, hashing, run
from assemble.console import BuildError
from assemble.environment import PYTHON
from assemble.paths import CACHE, ENGINE, LAB, ROOT


def version() -> str:
    """The one version number, read from microgpt/__init__.py."""
    source = (ENGINE / "__init__.py").read_text("utf-8")
    found = re.search(r'^__version__ = "([^"]+)"', source, re.MULTILINE)
    if not found:
        raise BuildError('microgpt/__init__.py has no line __version__ = "…".', "Add one.")
    return found[1]


def engine() -> tuple[str, bytes]:
    """(file name, bytes) of the microgpt wheel, built by flit as anyone else would build it."""
    inputs = [*hashing.sources(ENGINE), ROOT / "pyproject.toml", ROOT / "LICENSE"]
    home = CACHE / f"engine-{hashing.of_files(inputs, ROOT)[:16]}"
    if not home.exists():
        with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
            run.quietly(
                [PYTHON, "-m", "flit_core.wheel", "--outdir", scratch, ROOT],
                env={"SOURCE_DATE_EPOCH": "1577836800"},
                problem="The microgpt wheel could not be built",
            )
            made = next(Path(scratch).glob("*.whl"))
            home.mkdir(parents=True, exist_ok=True)
            made.replace(home / made.name)
    made = next(home.glob("*.whl"))
    return made.name, made.read_bytes()


def lab() -> tuple[str, bytes]:
    """(file name, bytes) of the app's wheel. Its HTML fragments are in index.html, so not in here."""
    sources = hashing.sources(LAB, ".py")
    files = {file.relative_to(LAB.parent).as_posix(): file.read_bytes() for file in sources}
    return plain("lab", files)


def plain(name: str, files: Mapping[str, bytes]) -> tuple[str, bytes]:
    """(file name, bytes) of a wheel that just holds these files."""
    return f"{name}-{version()}-py3-none-any.whl", archive.wheel(name, version(), files)
