"""How a file of names is to be read: one set of choices for the terminal and the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from .report import Report

MAX_LETTERS = 63
MIN_NAMES = 4  # three to learn from, one to be tested on

Long = Literal["drop", "cut", "split"]


class DataError(ValueError):
    """The data can't be used; the message says why and is meant for a person.

    `report` says what became of the lines, where they were read at all.
    """

    def __init__(self, message: str, report: Report | None = None) -> None:
        super().__init__(message)
        self.report = report


@dataclass(frozen=True)
class ReadOptions:
    """What a person may choose; None: look at the data and guess. Raises DataError for what can't be.

    The defaults suit a list of names. `PLAIN` reads lines as they are, without any guess.
    """

    encoding: str | None = None  # see encoding.ENCODINGS; any text encoding that Python knows will do
    delimiter: str | None = None  # "": no table, the whole line is a name
    header: bool | None = None  # whether the first line is a heading
    column: str | int | None = None  # of a table: its heading, or its number from 1
    skip: int | None = None  # lines above the list (credits, comments) to leave out
    fold_case: bool = True  # off where capitals mean something, as in chemical formulas
    long: Long = "drop"  # what becomes of a line with more than `limit` letters
    limit: int = MAX_LETTERS
    keep_repeats: bool = False
    weights: bool | str | int = False  # repeat each name as often as a column says; True: guess which

    def __post_init__(self) -> None:
        if self.delimiter is not None and len(self.delimiter) > 1:
            raise DataError(f"delimiter must be one character (or none, for no table), not {self.delimiter!r}")
        if self.long not in get_args(Long):
            raise DataError(f"long must be drop, cut or split, not {self.long!r}")
        for name, value, least in (("limit", self.limit, 1), ("skip", self.skip, 0)):
            if value is not None and (not isinstance(value, int) or value < least):
                raise DataError(f"{name} must be a whole number of at least {least}, not {value!r}")


PLAIN = ReadOptions(delimiter="", header=False, skip=0)
