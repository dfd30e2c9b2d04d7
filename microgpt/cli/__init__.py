"""Train, sample, evaluate and export from a terminal, on the very code the page runs.

python -m microgpt train --out dinosaurs.npz
python -m microgpt sample dinosaurs.npz --prefix tyran
python -m microgpt eval dinosaurs.npz
"""

import argparse
import sys
from collections.abc import Sequence

from .. import __version__
from . import evaluate, export, sample, train
from .stopping import Stopped
from .terminal import BROKEN_PIPE, abandon_output, complain, prepare_streams, say

COMMANDS = (train, sample, evaluate, export)  # each has add_parser(commands), and a function run(options)


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="microgpt", description="A GPT small enough to read.")
    top.add_argument("--version", action="version", version=__version__)
    commands = top.add_subparsers(
        dest="command", required=True, metavar="train | sample | eval | export", help="each explains itself with --help"
    )
    for command in COMMANDS:
        command.add_parser(commands).set_defaults(run=command.run)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code: 0, 1 for an error, which is told in one line on the standard
    error, or 128 + the number of the signal that ended it. Wrong usage raises SystemExit(2)."""
    prepare_streams()
    options = parser().parse_args(arguments)
    try:
        code: int = options.run(options)
        sys.stdout.flush()  # here, where an error can still be told
        return code
    except Stopped as stopped:
        return stopped.exit_code
    except KeyboardInterrupt:
        say("\nstopped")
        return 130
    except BrokenPipeError:  # as in `… | head -1`: whoever read the output has enough
        abandon_output()
        return BROKEN_PIPE
    except ValueError as error:  # every error of ours is one, with a message
        complain(str(error))
        return 1
    except MemoryError:
        complain("there is not enough memory for this")
        return 1
    except OSError as error:  # files have errors of ours, so this is the output itself, such as a full disk
        complain(f"can't write the output: {error.strerror or error}")
        abandon_output()
        return 1
