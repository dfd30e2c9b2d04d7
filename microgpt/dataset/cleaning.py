"""Text in, a clean list of names out, with a report of what was done to the lines."""

from collections.abc import Generator, Iterator

from . import pieces, table
from .normal import compose, fold, is_clean, tidy
from .options import MIN_NAMES, DataError, ReadOptions
from .report import SAYS, Example, Kind, Report, Weights

EXAMPLES = 5  # of each kind
MAX_REPEATED = 200_000  # names in a list that is repeated by counts
AT_ONCE = 2_000  # lines between two yields: some 10 ms, in a browser tab 50


class _Notes:
    """Counts each kind of change, and keeps the first few lines of it."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._counts: dict[str, int] = {}
        self._examples: dict[str, list[Example]] = {}

    def add(self, key: str, line: int, before: str, after: str | None = None) -> None:
        self._counts[key] = self._counts.get(key, 0) + 1
        examples = self._examples.setdefault(key, [])
        if len(examples) < EXAMPLES:
            examples.append(Example(line, before[:200], after))  # a line may be a whole book

    def kinds(self) -> tuple[Kind, ...]:
        most = sorted(self._counts, key=lambda key: -self._counts[key])
        said = {key: SAYS[key].format(limit=self._limit) for key in most}
        return tuple(Kind(key, said[key], self._counts[key], tuple(self._examples[key])) for key in most)


Cleaned = tuple[list[str], Report]


def clean(text: str, options: ReadOptions = ReadOptions()) -> Cleaned:  # noqa: B008 (it is frozen)
    """Text → names in their order, and what was done to its lines.

    Raises DataError, with the report, if fewer than MIN_NAMES different names are left; and for a
    column that is not there.
    """
    return drain(cleaning(text, options))


def drain(steps: Generator[float, None, Cleaned]) -> Cleaned:
    """Run steps to their end, for what they return."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            return done.value  # type: ignore[no-any-return]


def cleaning(text: str, options: ReadOptions) -> Generator[float, None, Cleaned]:
    """What `clean` does, a few lines at a time, so that a page can show how far it is and answer meanwhile:
    yields the share of the lines that is done, 0 … 1, and returns the names and the report."""
    lines = text.replace("\r\r\n", "\n").splitlines()
    if options.long == "split":
        lines = pieces.unwrapped(lines)
    notes = _Notes(options.limit)
    layout = table.find(lines, options)
    for number in layout.credits:
        notes.add("credits", number, lines[number - 1].strip())
    if layout.heading is not None:
        notes.add("heading", layout.heading, lines[layout.heading - 1].strip())
    names: dict[str, float] = {}  # name → how often; a dict keeps the order and finds repeats at once
    repeated: list[str] = []  # every name, as often as it stands there
    spelled: set[str] = set()  # names as they were before their capitals went, where they had any
    for nth, cell in enumerate(table.read(lines, layout)):
        if nth % AT_ONCE == 0:
            yield cell.line / len(lines)
        times = 1.0
        if layout.counts is not None:
            times = _number(cell.weight or "") or 0.0
            if not times:
                notes.add("no count", cell.line, cell.text.strip(), cell.text.strip())
                times = 1.0
        for name in _names(cell.line, cell.text, options, names, spelled, notes):
            names[name] = names.get(name, 0.0) + times
            if options.keep_repeats:
                repeated.append(name)
    read = sum(not (not line or line.isspace()) for line in lines)
    weights = None
    found = list(names)
    if layout.counts is not None:
        found, scale = _repeat(names)
        weights = Weights(layout.counts + 1, len(found), scale)
    elif options.keep_repeats:
        found = repeated
    kept = len(repeated) if options.keep_repeats else len(names)
    report = Report(read, kept, notes.kinds(), table=layout.table, weights=weights)
    if len(names) < MIN_NAMES:
        raise DataError(_too_few(len(names), report), report)
    return found, report


def _names(
    line: int, cell: str, options: ReadOptions, seen: dict[str, float], spelled: set[str], notes: _Notes
) -> Iterator[str]:
    """The names in one cell: one, or none, or several where it is split; noted in any case."""
    before = cell.strip()
    tidied = tidy(before).strip()
    composed = compose(tidied).strip()
    if not composed:
        return notes.add("empty", line, before)
    if not is_clean(composed):
        return notes.add("unprintable", line, before)
    name = fold(composed).strip() if options.fold_case else composed
    if len(name) > options.limit:
        if options.long == "drop":
            return notes.add("long", line, before)
        if options.long == "split":
            parts = [part for part in pieces.split(name, options.limit) if part]
            notes.add("split", line, before, parts[0])
            for part in parts:
                if part not in seen or options.keep_repeats:
                    yield part
            return
        name = pieces.cut(name, options.limit)
        notes.add("cut", line, before, name)
    exact = composed if name != composed else name
    if name in seen and not options.keep_repeats and not options.weights:
        known = exact in spelled
        spelled.add(exact)
        return notes.add("repeat" if known else "folded", line, before)
    spelled.add(exact)
    if tidied != before:
        notes.add("blanks", line, before, name)
    if composed != tidied:
        notes.add("accents", line, before, name)
    if options.fold_case and name != composed and composed != composed.lower():
        notes.add("case", line, before, name)
    yield name


def _number(cell: str) -> float | None:
    """A count as people write it, 1,234 or 1 234 or 3.5 %; None for what is no number above 0."""
    digits = "".join(character for character in cell if character.isdigit() or character in ".,")
    whole, _, part = digits.replace(",", ".").rpartition(".")
    if len(part) == 3 and whole:  # a thousands separator, not a decimal point
        whole, part = whole + part, ""
    elif not whole:
        whole, part = part, ""
    try:
        value = float(f"{whole.replace('.', '')}.{part or 0}")
    except ValueError:
        return None
    return value if 0 < value < 1e15 else None


def _repeat(names: dict[str, float]) -> tuple[list[str], float]:
    """Every name as often as it counts, at least once, in all about MAX_REPEATED at most."""
    total, least = sum(names.values()), min(names.values(), default=1.0)
    scale = min(1 / least if least < 1 else 1.0, MAX_REPEATED / total if total else 1.0)
    return [name for name, times in names.items() for _ in range(max(1, round(times * scale)))], scale


def _too_few(found: int, report: Report) -> str:
    said = f"at least {MIN_NAMES} different names are needed, one a line; found {found}"
    reasons = [f"{kind.count:,} {kind.says}" for kind in report.kinds if kind.drops]
    if reasons:
        said += f" in {report.read:,} {'line' if report.read == 1 else 'lines'}: {', '.join(reasons)}"
    if report.count("long"):
        said += ". Lines that are too long can be cut, or split into sentences (--long cut, --long split)"
    if report.table:
        others = f"another of its {len(report.table.columns)} columns, or no table at all, can be chosen"
        said += f". Names were taken from {report.table.name(report.table.column)}; {others} (--column, --delimiter)"
    return said
