"""The command line as a process of its own: with real signals, pipes and terminals."""

import fcntl
import os
import signal
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.engine.conftest import ROOT

COMMAND = [sys.executable, "-m", "microgpt"]
# the environment of a system that knows no letters but those of English
ASCII = os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def default_signals() -> None:
    """Whatever started the tests may ignore some: their children should not."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


@contextmanager
def started(*arguments: str, prepare: Any = default_signals, **more: Any) -> Iterator[subprocess.Popen[str]]:
    """The command under way, its output in pipes; ended in any case."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more
    process = subprocess.Popen(
        [*COMMAND, *arguments], cwd=ROOT, text=True, encoding="utf-8", preexec_fn=prepare, **pipes
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def read_until(process: subprocess.Popen[str], word: str) -> str:
    """The output up to the first line that holds the word."""
    assert process.stdout is not None
    lines: list[str] = []
    while not lines or word not in lines[-1]:
        lines.append(process.stdout.readline())
        assert lines[-1], f"it ended without {word!r}: {lines}, {process.stderr and process.stderr.read()}"
    return "".join(lines)


def finished(*arguments: str, **more: Any) -> "subprocess.CompletedProcess[bytes]":
    """The command run to its end."""
    more = {"capture_output": True} | more
    return subprocess.run([*COMMAND, *arguments], cwd=ROOT, timeout=120, **more)


class Terminal:
    """A terminal of its own that the command runs in, until it is closed."""

    def __init__(self, *arguments: str, env: dict[str, str] | None = None) -> None:
        self._screen, inside = os.openpty()

        def prepare() -> None:
            default_signals()
            fcntl.ioctl(inside, termios.TIOCSCTTY, 0)  # closing it then sends SIGHUP

        self.process = subprocess.Popen(
            [*COMMAND, *arguments],
            cwd=ROOT,
            stdin=inside,
            stdout=inside,
            stderr=inside,
            start_new_session=True,
            preexec_fn=prepare,
            env=(os.environ | env) if env else None,
        )
        os.close(inside)

    def read_until(self, word: bytes) -> bytes:
        shown = b""
        while word not in shown:
            shown += os.read(self._screen, 4096)
        return shown

    def read_all(self) -> bytes:
        shown = b""
        try:
            while piece := os.read(self._screen, 4096):
                shown += piece
        except OSError:  # Linux says so when the last process has left
            pass
        return shown

    def close(self) -> None:
        os.close(self._screen)
