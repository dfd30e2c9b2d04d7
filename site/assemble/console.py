"""What the build says: progress lines, and errors that tell the reader what to do."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class BuildError(Exception):
    """Something the person at the terminal can act on. `fix` is one sentence that says how."""

    def __init__(self, problem: str, fix: str = "") -> None:
        super().__init__(f"{problem}\n  → {fix}" if fix else problem)


def say(text: str) -> None:
    print(f"· {text}", flush=True)


def report(error: BaseException) -> None:
    """Print an error on stderr, without a traceback."""
    sys.stdout.flush()
    print(f"✗ {error}", file=sys.stderr, flush=True)


@contextmanager
def step(text: str) -> Iterator[None]:
    """Announce something long before it starts, and say how long it took."""
    print(f"· {text} … ", end="", flush=True)
    start = time.monotonic()
    try:
        yield
    except BaseException:
        print("failed", flush=True)
        raise
    print(f"{time.monotonic() - start:.1f} s", flush=True)
