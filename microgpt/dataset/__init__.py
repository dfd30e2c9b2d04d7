"""A file of names in, a clean list out, with a report of every kind of change.

    names, report = dataset.load("names.csv", ReadOptions(column="name", fold_case=False))
    print(report)              # one line; dataset.describe(report, examples=2) gives a list of lines

`load` takes a path or bytes, `read` bytes, `clean` text. All raise DataError with a message for a person.
"""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

from .cleaning import Cleaned, clean, cleaning, drain
from .counting import Split, Statistics, split, statistics
from .encoding import ENCODINGS, Decoded, decode
from .normal import is_clean, normalise
from .options import MAX_LETTERS, MIN_NAMES, PLAIN, DataError, ReadOptions
from .report import Encoding, Example, Kind, Report, Table, Weights, cut_to_fit, describe
from .shipped import default_list

__all__ = [
    "ENCODINGS",
    "MAX_LETTERS",
    "MIN_NAMES",
    "PLAIN",
    "DataError",
    "Decoded",
    "Encoding",
    "Example",
    "Kind",
    "ReadOptions",
    "Report",
    "Split",
    "Statistics",
    "Table",
    "Weights",
    "clean",
    "cut_to_fit",
    "decode",
    "default_list",
    "describe",
    "is_clean",
    "load",
    "normalise",
    "read",
    "reading",
    "split",
    "statistics",
]


def read(data: bytes, options: ReadOptions = ReadOptions()) -> Cleaned:  # noqa: B008 (it is frozen)
    """The bytes of a file → names in their order, and what was done. Raises DataError."""
    return drain(reading(data, options))


def reading(data: bytes, options: ReadOptions) -> Generator[float, None, Cleaned]:
    """What `read` does, a few lines at a time: yields the share that is done, returns names and report."""
    decoded = decode(data, options.encoding)
    try:
        names, report = yield from cleaning(decoded.text, options)
    except DataError as error:
        report_so_far = error.report and replace(error.report, encoding=decoded.encoding)
        raise DataError(str(error), report_so_far) from None
    return names, replace(report, encoding=decoded.encoding)


def load(source: str | Path | bytes, options: ReadOptions = ReadOptions()) -> Cleaned:  # noqa: B008
    """Read and clean a file of names, or the bytes of one. Raises DataError, with the path, if it can't
    be read or holds too few."""
    if isinstance(source, bytes):
        return read(source, options)
    try:
        data = Path(source).read_bytes()
    except OSError as error:
        raise DataError(f"can't read {source}: {error.strerror}") from None
    except ValueError as error:  # a zero byte in the path
        raise DataError(f"can't read {source!r}: {error}") from None
    try:
        return read(data, options)
    except DataError as error:
        raise DataError(f"{source}: {error}", error.report) from None
