"""Python's library and NumPy as bytecode, trimmed.

Compiling their sources in the tab is half of what a cold start costs.
"""

import json
import tempfile
from collections.abc import Callable
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


@dataclass(frozen=True)
class Runtime:
    """The compiled archives, and the lock file that vouches for NumPy's."""

    stdlib: bytes
    numpy: bytes
    lock: bytes


def compiled(pyodide: Path, numpy_wheel: Path) -> Runtime:
    """Both archives as bytecode, from the cache if their inputs and this code have not changed."""
    stdlib = pyodide / "python_stdlib.zip"
    recipe = [_HERE / name for name in ("bytecode.py", "compile.mjs", "trim.py", "archive.py")]
    inputs = [hashing.of_bytes(file.read_bytes()) for file in (stdlib, numpy_wheel)]
    key = hashing.of_files(recipe, _HERE, *inputs)
    home = CACHE / f"bytecode-{key[:16]}"
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
    numpy = (home / "numpy").read_bytes()
    return Runtime((home / "stdlib").read_bytes(), numpy, _lock(pyodide, numpy))


def _compile(source: Path, keeps: Callable[[str], bool], prefix: str, pyodide: Path, work: Path) -> dict[str, bytes]:
    """The members of an archive that are kept, with `mod.pyc` in place of each `mod.py`."""
    members = {name: data for name, data in archive.unpack(source.read_bytes()).items() if keeps(name)}
    python = {name: data for name, data in members.items() if name.endswith(".py")}
    (work / "in.zip").write_bytes(archive.pack(python))
    run.quietly(
        [runtime.node(), _HERE / "compile.mjs", pyodide, work / "in.zip", prefix, work / "out.zip"],
        problem="Python's library could not be compiled",
        fix="Is Node.js at least version 18? Delete .cache/ and run again.",
        timeout=300,
    )
    bytecode = archive.unpack((work / "out.zip").read_bytes())
    if len(bytecode) != len(python):
        raise BuildError(f"{source.name}: {len(python)} modules went in, {len(bytecode)} came out.")
    return {name: data for name, data in members.items() if name not in python} | bytecode


def _with_record(files: dict[str, bytes]) -> bytes:
    own = f"{NUMPY.name}-{NUMPY.version}.dist-info/RECORD"
    return archive.pack({**files, own: archive.record(files, own)})


def _lock(pyodide: Path, numpy: bytes) -> bytes:
    """Pyodide's lock file cut down to NumPy, with the hash the archive has now: Pyodide insists on it."""
    lock = json.loads((pyodide / "pyodide-lock.json").read_text("utf-8"))
    entry = lock["packages"][NUMPY.name]
    if (entry["version"], entry["file_name"]) != (NUMPY.version, NUMPY.file):
        raise BuildError(
            f"This Pyodide wants {entry['file_name']}, and site/assemble/pins.py names {NUMPY.file}.",
            "Change both together.",
        )
    lock["packages"] = {NUMPY.name: {**entry, "sha256": hashing.of_bytes(numpy)}}
    return json.dumps(lock, separators=(",", ":")).encode()
