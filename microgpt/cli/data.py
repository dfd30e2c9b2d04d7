"""Where the names come from: the options that say so, and the reading."""

import argparse
import sys
from dataclasses import fields
from pathlib import Path

from .. import dataset
from ..dataset import ReadOptions

SIGNS = {"tab": "\t", "none": ""}  # delimiters that are hard to type


def add_options(parser: argparse.ArgumentParser) -> None:
    """`--data`, and one option for each field of ReadOptions, None where it is not given."""
    group = parser.add_argument_group("The list of names")
    group.add_argument(
        "--data",
        metavar="FILE",
        default=dataset.default_list(),
        help="the names, one a line or in a table; - reads the standard input (default: the dinosaurs)",
    )
    add = group.add_argument
    add("--encoding", help=f"such as {', '.join(dataset.ENCODINGS[:5])} (default: as it looks)")
    add("--column", type=_column, help="of a table: its heading, or its number from 1 (default: what looks like names)")
    add("--delimiter", type=_delimiter, help="between cells: a character, tab, or none for no table")
    add("--header", action=argparse.BooleanOptionalAction, help="whether the first line is a heading")
    add("--skip", type=int, metavar="N", help="leave out so many lines above the list")
    add(
        "--weights",
        type=_column,
        nargs="?",
        const=True,
        metavar="COLUMN",
        help="repeat each name as often as a column says (default of COLUMN: what looks like counts)",
    )
    add("--fold-case", action=argparse.BooleanOptionalAction, help="capitals become small letters (default: yes)")
    add("--keep-repeats", action="store_true", default=None, help="do not drop repeated names")
    add("--long", choices=["drop", "cut", "split"], help="what becomes of a name that is too long (default: drop)")
    add("--limit", type=int, metavar="N", help=f"the most letters of a name (default: {dataset.MAX_LETTERS})")


def load(options: argparse.Namespace) -> tuple[list[str], dataset.Report]:
    """The names that the options ask for. Raises DataError."""
    given = {field.name: getattr(options, field.name) for field in fields(ReadOptions)}
    how = ReadOptions(**{name: value for name, value in given.items() if value is not None})
    if options.data == "-":
        try:
            return dataset.read(sys.stdin.buffer.read(), how)
        except dataset.DataError as error:
            raise dataset.DataError(f"the standard input: {error}", error.report) from None
    try:
        return dataset.load(options.data, how)
    except dataset.DataError as error:
        if Path(options.data).exists():
            raise
        raise dataset.DataError(f"{error}; name a list of your own, one name a line, with --data") from None


def _column(text: str) -> str | int:
    return int(text) if text.isdecimal() else text


def _delimiter(text: str) -> str:
    return SIGNS.get(text, text)
