"""Python as bytecode, for a tab that would else compile it all at every start: half of what that costs.

Of Python's library and NumPy the trimmed bytecode goes in place of the sources. Of our own packages it comes
beside them, where Python itself would have kept it.
"""

import json
import re
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from assemble import archive, files, hashing, run, runtime, trim
from assemble.console import BuildError, step
from assemble.paths import CACHE
from assemble.pins import NUMPY

_HERE = Path(__file__).parent
_LIBRARY = "/lib/python313.zip/"
_PACKAGES = "/lib/python3.13/site-packages/"
"""Where Pyodide keeps the one and the other: what tracebacks show."""

_CACHED = re.compile(r"([^/]+)\.pyc$")


@dataclass(frozen=True)
class Runtime:
    """The compiled archives, and a lock file."""

    stdlib: bytes
    numpy: bytes
    lock: bytes


def compiled(pyodide: Path, numpy_wheel: Path) -> Runtime:
    """Both archives as bytecode, from the cache if their inputs and this code have not changed."""
    stdlib = pyodide / "python_stdlib.zip"
    home = CACHE / f"bytecode-{_key(stdlib.read_bytes(), numpy_wheel.read_bytes())}"
    if not home.exists():
        with step("Compiling Python's library and NumPy to bytecode (once)"):
            with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
                made = Path(scratch, "made")
                made.mkdir()
                work = Path(scratch)
                library = _compile(stdlib, trim.keeps_stdlib, _LIBRARY, pyodide, work)
                packages = _compile(numpy_wheel, trim.keeps_numpy, _PACKAGES, pyodide, work)
                (made / "stdlib").write_bytes(archive.pack(library))
                (made / "numpy").write_bytes(_with_record(packages))
                files.move(made, home)
    return Runtime((home / "stdlib").read_bytes(), (home / "numpy").read_bytes(), _lock(pyodide))


def beside(wheels: Iterable[bytes], pyodide: Path) -> dict[str, bytes]:
    """The bytecode of all modules in `wheels`, by the names of the files in which Python looks for it."""
    python: dict[str, bytes] = {}
    for wheel in wheels:
        python |= _python(archive.unpack(wheel))
    kept = CACHE / f"ours-{_key(archive.pack(python))}.zip"
    if not kept.exists():
        with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
            made = _bytecode(python, _PACKAGES, pyodide, Path(scratch), docstrings="kept")
            part = Path(scratch, "made")
            part.write_bytes(archive.pack(made))
            files.move(part, kept)
    return {_CACHED.sub(r"__pycache__/\1.cpython-313.pyc", name): data for name, data in _unpacked(kept).items()}


def _key(*inputs: bytes) -> str:
    recipe = [_HERE / name for name in ("bytecode.py", "compile.mjs", "trim.py", "archive.py")]
    return hashing.of_files(recipe, _HERE, *map(hashing.of_bytes, inputs))[:16]


def _unpacked(file: Path) -> dict[str, bytes]:
    return archive.unpack(file.read_bytes())


def _python(members: dict[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in members.items() if name.endswith(".py")}


def _compile(source: Path, keeps: Callable[[str], bool], prefix: str, pyodide: Path, work: Path) -> dict[str, bytes]:
    """The members of an archive that are kept, with `mod.pyc` in place of each `mod.py`."""
    members = {name: data for name, data in _unpacked(source).items() if keeps(name)}
    python = _python(members)
    bytecode = _bytecode(python, prefix, pyodide, work, docstrings="emptied")
    return {name: data for name, data in members.items() if name not in python} | bytecode


def _bytecode(python: dict[str, bytes], prefix: str, pyodide: Path, work: Path, *, docstrings: str) -> dict[str, bytes]:
    """`mod.pyc` for each `mod.py`."""
    (work / "in.zip").write_bytes(archive.pack(python))
    run.quietly(
        [runtime.node(), _HERE / "compile.mjs", pyodide, work / "in.zip", prefix, docstrings, work / "out.zip"],
        problem="Python could not be compiled to bytecode",
        fix="Is Node.js at least version 20? Delete .cache/ and run again.",
        timeout=300,
    )
    bytecode = _unpacked(work / "out.zip")
    if len(bytecode) != len(python):
        raise BuildError(f"{len(python)} modules went in to be compiled, {len(bytecode)} came out.")
    return bytecode


def _with_record(files: dict[str, bytes]) -> bytes:
    own = f"{NUMPY.name}-{NUMPY.version}.dist-info/RECORD"
    return archive.pack({**files, own: archive.record(files, own)})


def _lock(pyodide: Path) -> bytes:
    """Pyodide's lock file without a package: python.mjs brings them. Raises BuildError if it asks for another
    NumPy than ours."""
    lock = json.loads((pyodide / "pyodide-lock.json").read_text("utf-8"))
    entry = lock["packages"][NUMPY.name]
    if (entry["version"], entry["file_name"]) != (NUMPY.version, NUMPY.file):
        raise BuildError(
            f"This Pyodide wants {entry['file_name']}, and site/assemble/pins.py names {NUMPY.file}.",
            "Change both together.",
        )
    lock["packages"] = {}
    return json.dumps(lock, separators=(",", ":")).encode()
