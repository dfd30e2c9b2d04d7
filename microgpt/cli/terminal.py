"""What the command line must know about the streams it writes to: encoding, colour, readers that leave."""

import contextlib
import io
import os
import sys
from typing import TextIO

BROKEN_PIPE = 141  # what a shell reports for a program that SIGPIPE ended: 128 + 13


def prepare_streams() -> None:
    """A file or a pipe gets UTF-8 on every system; a terminal keeps its own encoding, and shows "?" for what
    that lacks. An encoding asked for by PYTHONIOENCODING stays."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and "PYTHONIOENCODING" not in os.environ:
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8", errors="replace")


def abandon_output() -> None:
    """Nobody reads the output any more, or it can't be written. Python writes what is left of it when it
    ends, and would complain; so point the stream at nothing."""
    with contextlib.suppress(OSError, ValueError, io.UnsupportedOperation):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)


def say(text: str) -> None:
    """A line on the standard error, which may be closed as well: then it is lost, and nothing else is."""
    with contextlib.suppress(OSError, ValueError):
        print(text, file=sys.stderr, flush=True)


def complain(text: str) -> None:
    """The one line that says what went wrong."""
    say(f"{paint('microgpt:', RED, sys.stderr)} {text}")


RED, CYAN = "31", "36"


def paint(text: str, colour: str, stream: TextIO) -> str:
    """The text in a colour, if the stream is a terminal and nobody asked for none (no-color.org)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not stream.isatty():
        return text
    return f"\x1b[{colour}m{text}\x1b[0m"
