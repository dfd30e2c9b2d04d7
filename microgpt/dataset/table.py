"""Lines that are a table: which sign stands between the cells, and which column holds the names.

Everything is judged by the first lines, and reported, so that a wrong guess is seen and overruled.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .options import DataError, ReadOptions
from .report import Table

SAMPLE = 500  # lines to judge by
_TOP = 5  # credits stand in the first so many lines
_HEADINGS = frozenset(
    "name names first_name firstname given_name forename last_name lastname surname title word words term smiles "
    "formula label nom prénom nombre nome naam namn navn vorname nachname wort имя фамилия название слово όνομα "
    "الاسم اسم نام नाम ชื่อ 名前 氏名 名字 姓名 名 이름 성명".split()
)
_COUNT_HEADINGS = frozenset(
    "count counts n number freq frequency occurrences total weight anzahl häufigkeit nombre_de effectif".split()
)
_CREDITS = ("#", "//", "/*", "©", "(c) ", "source:", "source ", "quelle:", "copyright", "license", "licence", "credits")


class Cell(NamedTuple):
    line: int  # counts from 1
    text: str
    weight: str | None  # what stands in the column of counts


@dataclass(frozen=True)
class Layout:
    """Where the names stand in the lines. `column` and `counts` are indices from 0."""

    table: Table | None
    credits: tuple[int, ...]  # numbers of the lines above the list
    heading: int | None  # number of the line that holds the headings
    column: int = 0
    counts: int | None = None


def find(lines: Sequence[str], options: ReadOptions) -> Layout:
    """Look at the first lines, as far as the options leave anything open.

    Raises DataError for a column that is not there.
    """
    numbered = [(number, line) for number, line in enumerate(lines[: 4 * SAMPLE], start=1) if line.strip()]
    numbered = numbered[: SAMPLE + _TOP]
    if not numbered:
        return Layout(None, (), None)
    if options.skip is not None:
        credits = tuple(number for number, _ in numbered if number <= options.skip)
        sample = numbered[len(credits) :]
        delimiter = _delimiter([line for _, line in sample], options)
    else:
        first = [line for _, line in numbered]
        delimiter = _delimiter(first, options)
        n = _n_credits(first, delimiter)
        credits, sample = tuple(number for number, _ in numbered[:n]), numbered[n:]
    if not sample:
        return Layout(None, credits, None)
    rows = [row for _, row in cells(sample, delimiter)]
    width = max(map(len, rows))
    columns = [[row[i].strip() if i < len(row) else "" for row in rows] for i in range(width)]
    has_heading = _has_heading(columns) if options.header is None else options.header
    header = tuple(cell.strip("# ") for cell in rows[0]) if has_heading else None
    heading = sample[0][0] if has_heading else None
    if delimiter is None:
        if options.column not in (None, 1, "1"):
            raise DataError(f"there is no column {options.column!r}: no delimiter was found, so each line is one name")
        if options.weights:
            raise DataError("there are no counts to repeat names by: no delimiter was found, so each line is one name")
        return Layout(None, credits, heading)
    bodies = [column[1:] if has_heading else column for column in columns]
    column = _pick(bodies, header) if options.column is None else _resolve(options.column, header, width)
    counts = _counts(bodies, header, column, options.weights)
    shown = tuple(tuple(body[:5]) for body in bodies)
    return Layout(Table(delimiter, header, column + 1, shown), credits, heading, column, counts)


def read(lines: Sequence[str], layout: Layout) -> Iterator[Cell]:
    """The cell of every line that is neither blank nor above the list; "" where a row is too short."""
    left_out = {*layout.credits, layout.heading}
    numbered = ((number, line) for number, line in enumerate(lines, start=1) if number not in left_out and line.strip())
    if layout.table is None:
        yield from (Cell(number, line, None) for number, line in numbered)
        return
    at, counts = layout.column, layout.counts
    for number, row in cells(numbered, layout.table.delimiter):
        count = row[counts] if counts is not None and counts < len(row) else None
        yield Cell(number, row[at] if at < len(row) else "", count)


def cells(numbered: Iterable[tuple[int, str]], delimiter: str | None) -> Iterator[tuple[int, list[str]]]:
    """Each line with its cells. A quoted cell ends with its line: a stray quote spoils one name, not all."""
    for number, line in numbered:
        if delimiter is None:
            yield number, [line]
        elif '"' not in line:
            yield number, line.split(delimiter) if delimiter else [line]
        else:
            try:
                yield number, next(csv.reader([line], delimiter=delimiter or "\0", skipinitialspace=True))
            except csv.Error:  # a cell of more than 128 kB
                yield number, line.split(delimiter) if delimiter else [line]


def _delimiter(lines: list[str], options: ReadOptions) -> str | None:
    """None: no table. "": a table of one column, in quotes."""
    if options.delimiter is not None:
        return options.delimiter or None
    below = _below(lines)
    for candidate in "\t;|,":
        width, share = _width(below, candidate)
        if width < 2 or share < 0.9 or len(below) < 2 or _width(lines, candidate)[0] != width:
            continue
        if not (candidate == "," and _is_inverted(below, width)):
            return candidate
    quoted = sum(len(line.strip()) > 2 and line.strip()[0] == '"' == line.strip()[-1] for line in lines)
    return "" if quoted > 0.9 * len(lines) else None


def _below(lines: list[str]) -> list[str]:
    """Without the first lines, which may be credits."""
    return lines[min(_TOP, len(lines) // 2) :]


def _width(lines: list[str], delimiter: str) -> tuple[int, float]:
    """The most frequent number of cells, and the share of lines that have it."""
    widths = Counter(len(row) for _, row in cells(list(enumerate(lines)), delimiter))
    width, times = widths.most_common(1)[0] if widths else (1, 1)
    return width, times / max(1, len(lines))


def _is_inverted(lines: list[str], width: int) -> bool:
    """“Eyck, Jan van” is one name, not two columns: words on both sides of one comma and a space."""
    halves = [line.split(", ") for line in lines]
    return width == 2 and all(len(half) == 2 and not any(map(_is_number, half)) for half in halves)


def _n_credits(lines: list[str], delimiter: str | None) -> int:
    """How many of the first lines say something about the list instead of belonging to it."""
    if len(lines) < 3:
        return 0
    below = _below(lines)
    width = _width(below, delimiter)[0] if delimiter else 1
    words = sorted(len(line.split()) for line in below)
    usual = words[len(words) * 95 // 100]  # all but a few have at most so many
    n = 0
    for number, line in enumerate(lines[:_TOP], start=1):
        small = line.strip().lower()
        if delimiter:
            strange = credit = len(next(cells([(0, line)], delimiter))[1]) != width
        else:
            strange = len(small.split()) > max(3, usual + 1)  # it may be a name all the same
            credit = small.startswith(_CREDITS) or "://" in small or (strange and len(below) >= 10)
        if credit:
            n = number
        elif not strange:
            break
    return n


def _is_number(cell: str) -> bool:
    """Digits and signs, in any script, but no letters: 12, 3.5 %, 1 000, ٪٣."""
    return any(map(str.isdigit, cell)) and not any(map(str.isalpha, cell))


def _plain(heading: str) -> str:
    return heading.strip("\ufeff#\"' ").lower().replace(" ", "_")


def _has_heading(columns: list[list[str]]) -> bool:
    """A first line with a known heading, or one that is not a number above numbers (or the reverse: a
    list that begins with how many names it holds)."""
    if len(columns[0]) < 2:
        return False
    if any(_plain(column[0]) in _HEADINGS for column in columns):
        return True
    for column in columns:
        numbers = sum(map(_is_number, column[1:]))
        if column[0] and not _is_number(column[0]) and numbers >= 0.9 * len(column[1:]):
            return True
    return len(columns) == 1 and _is_number(columns[0][0]) and not any(map(_is_number, columns[0][1:]))


def _pick(columns: list[list[str]], header: tuple[str, ...] | None) -> int:
    """The column that looks most like names: words, not numbers, and few repeats. The first one wins a tie."""

    def likeness(i: int) -> float:
        column = [cell for cell in columns[i] if cell]
        if not column:
            return -1.0
        words = sum(any(map(str.isalpha, c)) and not any(map(str.isdigit, c)) and "://" not in c for c in column)
        known = header is not None and i < len(header) and _plain(header[i]) in _HEADINGS
        return (words / len(column)) * (0.3 + 0.7 * len(set(column)) / len(columns[i])) + known

    # a tenth more is no reason to prefer a later column: surnames repeat a little less than first names
    scores = [round(likeness(i), 1) for i in range(len(columns))]
    return scores.index(max(scores))


def _resolve(column: str | int | bool, header: tuple[str, ...] | None, width: int) -> int:
    """A heading or a number from 1 → an index from 0."""
    if header and isinstance(column, str):
        headings = [_plain(heading) for heading in header]
        if _plain(column) in headings:
            return headings.index(_plain(column))
    number = int(column) if isinstance(column, int) or (column.isascii() and column.isdigit()) else 0
    if not 1 <= number <= width:
        known = f" or {', '.join(heading for heading in header if heading)}" if header else ""
        raise DataError(f"there is no column {column!r}: name one of 1 to {width}{known}")
    return number - 1


def _counts(
    columns: list[list[str]], header: tuple[str, ...] | None, names: int, wanted: bool | str | int
) -> int | None:
    """The column of counts, if names are to be repeated by them."""
    if wanted is False:
        return None
    if wanted is not True:
        return _resolve(wanted, header, len(columns))
    found = [i for i, column in enumerate(columns) if i != names and _may_count(column)]
    for i in found:
        if header and i < len(header) and _plain(header[i]) in _COUNT_HEADINGS:
            return i
    if len(found) != 1:
        raise DataError(f"{len(found)} columns may be the counts to repeat names by: say which of 1 to {len(columns)}")
    return found[0]


def _may_count(column: list[str]) -> bool:
    """Numbers, but not 1, 2, 3 … down the list."""
    filled = [cell for cell in column if cell]
    if not filled or sum(map(_is_number, filled)) < 0.8 * len(filled):
        return False
    return [cell.strip() for cell in filled] != [str(i) for i in range(1, len(filled) + 1)]
