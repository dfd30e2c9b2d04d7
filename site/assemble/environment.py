"""The virtual environment: made once, and added to only when the list of requirements changes."""

import importlib.util
import os
import shutil
import sys
import tomllib
import venv
from pathlib import Path

from assemble import files, hashing, run
from assemble.console import BuildError, step
from assemble.paths import CACHE, ROOT, VENV

_BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = _BIN / ("python.exe" if os.name == "nt" else "python")

OFFLINE_FIX = "Check the network connection (the first run downloads; later ones work offline) and run again."


def program(name: str) -> Path:
    """Where the environment keeps a program, whether or not it is installed."""
    return _BIN / (f"{name}.exe" if os.name == "nt" else name)


def ensure(*groups: str) -> Path:
    """The environment's Python, with the named groups of pyproject.toml installed."""
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    for group in groups:
        install(group, wanted[group])
    return PYTHON


def install(label: str, requirements: list[str]) -> None:
    """Install `requirements` unless this very list is installed already."""
    stamp = VENV / f".installed-{label}"
    key = hashing.of_bytes("\n".join([*requirements, sys.version]).encode())
    if _has(stamp, key):
        return
    with files.alone(CACHE / "locks" / "environment"):  # another build may be at it
        if not _has(stamp, key):
            _create()
            _fetch(requirements)
            stamp.write_text(key)


def _has(stamp: Path, key: str) -> bool:
    return PYTHON.exists() and stamp.exists() and stamp.read_text() == key


def _fetch(requirements: list[str]) -> None:
    with step(f"Installing {', '.join(_names(requirements))} into .venv (once)"):
        run.quietly(
            [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--retries", "2",
             *requirements],
            problem=f"pip could not install {', '.join(_names(requirements))}",
            fix=OFFLINE_FIX,
        )  # fmt: skip


def _names(requirements: list[str]) -> list[str]:
    return [requirement.split()[0].split("==")[0] for requirement in requirements]


def _create() -> None:
    made = VENV / ".made-by"
    if VENV.is_dir() and any(VENV.iterdir()) and not made.exists():
        raise BuildError(
            f"{VENV} was not made by this build, which would have to replace it.",
            "Move it away, or give it another name, and run again.",
        )
    if PYTHON.exists() and made.exists() and made.read_text() == sys.version:
        return
    if importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise BuildError(
            "This Python cannot make virtual environments: its `ensurepip` module is missing.",
            f"On Debian or Ubuntu: sudo apt install python{version}-venv. Elsewhere: install Python from python.org.",
        )
    with step("Making a virtual environment in .venv (once)"):
        try:
            shutil.rmtree(VENV, ignore_errors=True)
            VENV.mkdir(exist_ok=True)
            made.write_text("unfinished")  # first of all: what is cut short here is ours to replace
            venv.create(VENV, with_pip=True, symlinks=os.name != "nt")
        except Exception as error:
            raise BuildError(
                f"The virtual environment could not be made: {error}",
                "Check that the folder can be written to and the disk is not full, then run again.",
            ) from error
    made.write_text(sys.version)
