"""What would become of a list of names: worked out a piece at a time, and nothing is changed by it."""

import re
from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from microgpt import dataset, memory
from microgpt.config import ConfigError, GPTConfig
from microgpt.dataset import DataError, ReadOptions, Report
from microgpt.experiment import Experiment, Settings

MAX_BYTES = 20_000_000  # of a file: some two million names
MAX_NAMES = 400_000  # in a list, repeats and all: the lists of their tokens take some 100 MB
FIRST = 8  # lines shown as they would be read
AT_ONCE = 20_000  # names between two yields
INSIDE = re.compile(r"[\w)\]=#+]")  # before a capital: it stands inside a word or a formula
SIGNS = re.compile(r"[=#()\[\]]")


@dataclass(frozen=True)
class Source:
    """A list as it came. `title` is what to call it; `fold_case` None: look whether capitals carry something."""

    title: str
    data: bytes
    fold_case: bool | None = None
    encoding: str | None = None  # where it is known
    plain: bool = False  # it has been cleaned already: one name a line, as it stands


class Found(NamedTuple):
    """What a list would become under these options. Where `problem` is not empty, it can't be learnt."""

    source: Source
    options: ReadOptions
    problem: str = ""
    report: Report | None = None  # None: it could not be read at all
    first: tuple[str, ...] = ()  # the first lines, as read
    names: Sequence[str] = ()
    letters: str = ""  # all of them, the most frequent first
    lengths: tuple[int, ...] = ()  # the shortest, the middle one, the longest
    config: GPTConfig | None = None  # of the model that would learn it
    too_long: int = 0  # names that this model reads only in part


def looking(source: Source, options: ReadOptions | None, settings: Settings) -> Generator[float, None, Found]:
    """Read the list, a few lines at a time: yields the share that is done, returns what was found. `options` None:
    those that suit the list best."""
    if len(source.data) > MAX_BYTES:
        size, most = len(source.data) / 1e6, MAX_BYTES / 1e6
        problem = f"it has {size:,.0f} MB, and a tab has room for {most:.0f}. Take a part of it"
        return Found(source, options or ReadOptions(), problem)
    yield 0.0
    options = options or ReadOptions(encoding=source.encoding)
    try:
        decoded = dataset.decode(source.data, options.encoding)
    except DataError as error:
        return Found(source, options, str(error))
    yield 0.02
    first = first_lines(decoded.text)
    try:
        names, report = yield from _shares(dataset.reading(source.data, options), 0.02, 0.8)
    except DataError as error:
        report = error.report and replace(error.report, encoding=decoded.encoding)
        return Found(source, options, said(error), report, first)
    found = Found(source, options, "", report, first, names)
    if len(names) > MAX_NAMES:
        return found._replace(
            problem=f"these are {len(names):,} names, and the lab has room for {MAX_NAMES:,}. Take a part"
        )
    return (yield from _measured(found, settings))


def _measured(found: Found, settings: Settings) -> Generator[float, None, Found]:
    letters: Counter[str] = Counter()
    lengths: Counter[int] = Counter()
    for start in range(0, len(found.names), AT_ONCE):
        part = found.names[start : start + AT_ONCE]
        letters.update("".join(part))
        lengths.update(map(len, part))
        yield 0.8 + 0.2 * start / len(found.names)
    longest = max(lengths)
    found = found._replace(
        letters="".join(letter for letter, _ in letters.most_common()), lengths=_quartet(lengths, len(found.names))
    )
    try:
        config = settings.config(len(letters) + 1, longest)
        memory.require_room(config, longest)
    except ConfigError as error:
        return found._replace(problem=str(error))
    too_long = sum(n for length, n in lengths.items() if length > config.max_letters)
    return found._replace(config=config, too_long=too_long)


def _quartet(lengths: Counter[int], count: int) -> tuple[int, int, int]:
    """The shortest length, the middle one (half of the names are no longer), the longest."""
    seen = 0
    for length in sorted(lengths):
        seen += lengths[length]
        if 2 * seen >= count:
            return min(lengths), length, max(lengths)
    return 0, 0, 0


def _shares(steps: Generator[float, None, tuple], low: float, high: float) -> Generator[float, None, tuple]:
    """The steps with their shares squeezed between `low` and `high`."""
    while True:
        try:
            done = next(steps)
        except StopIteration as end:
            return end.value
        yield low + (high - low) * done


def suited(source: Source) -> ReadOptions:
    """The options that suit a list, before anybody has chosen: capitals stay where they carry something, and long
    lines are split where most are long. What can't be read gets the usual ones."""
    if source.plain:
        return replace(dataset.PLAIN, encoding="utf-8", fold_case=False, keep_repeats=True)
    options = ReadOptions(encoding=source.encoding)
    try:
        text = dataset.decode(source.data, source.encoding).text[:200_000]
    except DataError:
        return replace(options, fold_case=source.fold_case is not False)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    fold = not capitals_matter(lines) if source.fold_case is None else source.fold_case
    long = sum(len(line) > options.limit for line in lines)
    return replace(options, fold_case=fold, long="split" if 2 * long > len(lines) else options.long)


def capitals_matter(lines: Sequence[str]) -> bool:
    """Whether capitals stand where names have none: inside a word that has small letters or signs too."""
    return 0.15 * len(lines) < sum(map(_is_formula, lines))


def _is_formula(line: str) -> bool:
    """CC(=O)O, ClCCl and McCoy; but not SMITH, Van Gogh or J. (Jim) Smith."""
    if line == line.lower() or (line == line.upper() and (" " in line or not SIGNS.search(line))):
        return False
    return any(letter.isupper() and INSIDE.match(before) for before, letter in pairwise(line))


def first_lines(text: str) -> tuple[str, ...]:
    """The first lines that are not blank, cut where a glance ends."""
    lines = (line.strip() for line in text[:20_000].splitlines())
    return tuple(line[:80] for line in lines if line)[:FIRST]


def said(error: DataError) -> str:
    """An error without the options of the terminal: the page has these choices below the message."""
    return re.sub(r" \(--[^)]*\)", "", str(error))


def preparing(names: Sequence[str], settings: Settings) -> Generator[float, None, Experiment]:
    """An experiment, and all that the page will ask of it at once, so that no later moment takes long. Raises
    ConfigError."""
    experiment = yield from _shares(Experiment.preparing(names, settings), 0.0, 0.6)
    _ = experiment.baselines
    yield 0.8
    _ = experiment.novelty
    yield 1.0
    return experiment
