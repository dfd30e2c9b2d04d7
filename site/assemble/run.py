"""Run other programs: quiet when they succeed, their last words when they fail."""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from assemble.console import BuildError

_NOT_OURS = {"PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP"}
"""Of whoever builds: what they have there for other programs must not get into the environment's Python."""


def quietly(command: Sequence[str | Path], **options) -> str:
    """Run `command` and return its standard output. Raises BuildError with the end of its output.

    Options: problem, fix, cwd, env, timeout, as for `_run`.
    """
    return _run(command, subprocess.PIPE, **options)


def aloud(command: Sequence[str | Path], **options) -> None:
    """As `quietly`, but let it print its progress."""
    _run(command, None, **options)


def _run(
    command: Sequence[str | Path],
    stdout: int | None,
    *,
    problem: str,
    fix: str = "",
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float | None = None,
) -> str:
    with _explained(command, problem, fix):
        done = subprocess.run(
            [str(word) for word in command],
            cwd=cwd,
            env={**{name: value for name, value in os.environ.items() if name not in _NOT_OURS}, **(env or {})},
            timeout=timeout,
            stdout=stdout,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
        )
    if done.returncode != 0:
        raise BuildError(f"{problem}:\n{_last_words((done.stdout or '') + done.stderr)}", fix)
    return done.stdout or ""


@contextmanager
def _explained(command: Sequence[str | Path], problem: str, fix: str) -> Iterator[None]:
    name = Path(command[0]).name
    try:
        yield
    except FileNotFoundError:
        raise BuildError(f"{problem}: {name} was not found.", fix) from None
    except PermissionError:
        raise BuildError(f"{problem}: {name} may not be run.", fix) from None
    except subprocess.TimeoutExpired as error:
        raise BuildError(f"{problem}: {name} did not finish within {error.timeout:.0f} s.", fix) from None


def _shorten(line: str, limit: int = 300) -> str:
    """Node shows the line of a program that failed, and a packed program is one line of a megabyte."""
    return line if len(line) <= limit else f"{line[:limit]} …"


def _last_words(output: str, lines: int = 12) -> str:
    frames = re.findall(r'^\s+File "([^"]+)", line (\d+)', output, re.MULTILINE)
    kept = [line for line in output.splitlines() if line.strip()][-lines:]
    if frames and "Traceback (most recent call last)" in output:
        kept = [f"{':'.join(frames[-1])}: {kept[-1]}"]  # where and what; the way there is for debuggers
    return "\n".join(f"    {_shorten(line)}" for line in kept) or "    (it printed nothing)"
