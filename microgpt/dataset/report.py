"""What became of a file of names: data that a terminal prints and a page draws."""

from dataclasses import dataclass
from typing import Literal

Sure = Literal["given", "certain", "guess"]

SAYS = {
    "credits": "left out as lines above the list",
    "heading": "left out as the heading",
    "empty": "dropped as empty",
    "repeat": "dropped as repeats",
    "folded": "dropped as repeats but for capitals",
    "unprintable": "dropped for an unprintable character",
    "long": "dropped as longer than {limit} letters",
    "cut": "cut to {limit} letters",
    "split": "split into pieces of at most {limit} letters",
    "blanks": "with other blanks or invisible characters tidied",
    "accents": "with accents written the standard way",
    "case": "written in small letters",
    "no count": "taken once for want of a count",
}
DROPS = frozenset({"credits", "heading", "empty", "repeat", "folded", "unprintable", "long"})


@dataclass(frozen=True)
class Example:
    """What became of one line: `after` is None where it was dropped. Lines count from 1."""

    line: int
    before: str
    after: str | None


@dataclass(frozen=True)
class Kind:
    """One thing that was done to lines, how many lines, and the first few of them."""

    key: str  # one of SAYS
    says: str
    count: int
    examples: tuple[Example, ...]

    @property
    def drops(self) -> bool:
        return self.key in DROPS


@dataclass(frozen=True)
class Encoding:
    """`sample` is the first line with a character that is not ASCII: it shows whether a guess is right."""

    name: str
    sure: Sure
    sample: str = ""


@dataclass(frozen=True)
class Table:
    """How lines were taken apart. Columns count from 1."""

    delimiter: str
    header: tuple[str, ...] | None  # the headings, where there are any
    column: int  # the one taken
    columns: tuple[tuple[str, ...], ...]  # the first few cells of each, to choose from

    def name(self, column: int) -> str:
        """What to call a column: its heading and its number."""
        heading = self.header[column - 1] if self.header and column <= len(self.header) else ""
        return f"column {column}" + (f" ({heading})" if heading else "")


@dataclass(frozen=True)
class Weights:
    """Names are repeated as often as a column says; scaled down where that makes too long a list."""

    column: int
    total: int  # names in the list, with repeats
    scale: float  # 1: just as often as it says


@dataclass(frozen=True)
class Report:
    read: int  # lines that were not blank
    kept: int  # names, those of a line that was split each, repeated names once unless they were asked for
    kinds: tuple[Kind, ...] = ()  # the most frequent first
    encoding: Encoding | None = None  # None: it came as text
    table: Table | None = None  # None: one name a line
    weights: Weights | None = None

    @property
    def dropped(self) -> int:
        """Lines that nothing was taken from."""
        return sum(kind.count for kind in self.kinds if kind.drops)

    def count(self, key: str) -> int:
        """How many lines one kind of change was made to; 0 for a kind that did not happen."""
        return next((kind.count for kind in self.kinds if kind.key == key), 0)

    @property
    def folded(self) -> int:
        """Lines that are repeats only because capitals were made small."""
        return self.count("folded")

    def __str__(self) -> str:
        return "; ".join(describe(self))


DELIMITERS = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "bars", "": "nothing: quoted lines"}


def describe(report: Report, examples: int = 0) -> list[str]:
    """The report in short statements, the counts first; with some examples each, if wanted."""
    split = report.count("split") > 0
    said = [
        f"{report.kept:,} names from {report.read:,} lines"
        if split
        else f"{report.kept:,} of {report.read:,} names kept"
    ]
    for kind in report.kinds:
        shown = [_shown(example) for example in kind.examples[:examples]]
        said.append(f"{kind.count:,} {kind.says}" + (f" ({', '.join(shown)})" if shown else ""))
    if report.encoding and report.encoding.sure == "guess":
        sample = f", which makes “{_short(report.encoding.sample)}”" if report.encoding.sample else ""
        said.append(f"read as {report.encoding.name}, a guess{sample}")
    if report.table:
        table = report.table
        delimiter = DELIMITERS.get(table.delimiter, repr(table.delimiter))
        said.append(f"{table.name(table.column)} of {len(table.columns)}, between {delimiter}")
    if report.weights:
        scaled = "" if report.weights.scale == 1 else f", scaled by {report.weights.scale:.3g}"
        said.append(f"repeated by the counts in column {report.weights.column}{scaled}: {report.weights.total:,} names")
    return said


def _shown(example: Example) -> str:
    after = "" if example.after is None else f" → “{_short(example.after)}”"
    return f"line {example.line:,} “{_short(example.before)}”{after}"


def _short(text: str) -> str:
    """Never raw control characters, and no more than a glance takes in."""
    plain = "".join(character if character.isprintable() else "·" for character in text[:41])
    return plain if len(plain) <= 40 else plain[:40] + "…"


def cut_to_fit(names: list[str] | tuple[str, ...], max_letters: int) -> str:
    """What a model with room for `max_letters` letters does not see of these names; "" if it sees all."""
    cut = sum(len(name) > max_letters for name in names)
    if not cut:
        return ""
    return (
        f"{cut:,} of {len(names):,} names are longer than the {max_letters} letters that fit the model: it reads their "
        "beginnings and never their ends, so its losses do not compare with those of another block_size"
    )
