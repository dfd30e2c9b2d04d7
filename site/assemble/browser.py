"""A Chromium for the tests: one that is there, else one that can be installed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from assemble import run
from assemble.console import BuildError, say
from assemble.paths import CACHE

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
_USUAL_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
_PLAYWRIGHTS_OWN = CACHE / "playwright-chromium"
"""Exists once Playwright has installed a Chromium of its own."""

_QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",
]


def find() -> Path | None:
    """The Chromium on this machine, or None, which means Playwright's own. $CHROME comes first."""
    named = os.environ.get("CHROME")
    if named:
        if not Path(named).exists():
            raise BuildError(f"$CHROME names {named}, which does not exist.", "Correct or unset it.")
        return Path(named)
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    return next((Path(place) for place in _USUAL_PLACES if Path(place).exists()), None)


def launch_options() -> dict:
    """What Playwright's `launch` needs to start that browser quietly."""
    found = find()
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    options: dict = {"args": [*_QUIET, *(["--no-sandbox"] if root else [])]}
    return {**options, "executable_path": str(found)} if found else options


def ensure(python: Path) -> None:
    """Make sure there is a browser. `python` is the environment's, which has Playwright."""
    if find() or _PLAYWRIGHTS_OWN.exists():
        return
    say("No Chromium on this machine: installing one for the tests (once)")
    for attempt in (_by_playwright, _by_package_manager):
        try:
            attempt(python)
        except BuildError as error:
            say(str(error))
            continue
        return
    raise BuildError(
        "There is no browser for the tests, and none could be installed.",
        "Install Chromium or Chrome by hand, or set CHROME=/path/to/it, and run again.",
    )


def _by_playwright(python: Path) -> None:
    with_system_libraries = ["--with-deps"] if _root_on_linux() else []
    run.aloud(
        [python, "-m", "playwright", "install", *with_system_libraries, "chromium"],
        problem="Playwright could not install Chromium",
        timeout=300,
    )
    CACHE.mkdir(exist_ok=True)
    _PLAYWRIGHTS_OWN.touch()


def _by_package_manager(_python: Path) -> None:
    if not (_root_on_linux() and shutil.which("apt-get")):
        raise BuildError("The system's package manager was not tried: that needs root and apt-get.")
    environment = {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
        run.quietly(
            ["apt-get", *arguments],
            env=environment,
            problem=f"apt-get {arguments[0]} failed",
            timeout=600,
        )
    if not find():
        raise BuildError("apt-get installed chromium, but no browser of that name is there.")


def _root_on_linux() -> bool:
    return sys.platform == "linux" and os.geteuid() == 0


def version() -> str:
    """What the browser calls itself, for reports."""
    found = find()
    if not found:
        return "Playwright's Chromium"
    done = subprocess.run([found, "--version"], capture_output=True, text=True, timeout=20)
    return done.stdout.strip() or found.name
