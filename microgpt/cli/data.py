"""Where the names come from: the options that say so, and the reading."""

import argparse
import sys
from pathlib import Path

from .. import dataset


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data",
        metavar="FILE",
        default=dataset.default_list(),
        help="the names, one a line; - reads the standard input (default: the dinosaurs)",
    )


def load(options: argparse.Namespace) -> tuple[list[str], dataset.Report]:
    """The names that the options ask for. Raises DataError."""
    if options.data == "-":
        try:
            return dataset.read(sys.stdin.buffer.read())
        except dataset.DataError as error:
            raise dataset.DataError(f"the standard input: {error}", error.report) from None
    try:
        return dataset.load(options.data)
    except dataset.DataError as error:
        if Path(options.data).exists():
            raise
        raise dataset.DataError(f"{error}; name a list of your own, one name a line, with --data") from None
