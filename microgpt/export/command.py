"""A run as the command that makes it again in a terminal."""

import shlex

from ..dataset.options import MAX_LETTERS
from ..settings import FIELDS, Settings

EXACTLY = "--encoding utf-8 --delimiter none --no-header --skip 0 --no-fold-case --keep-repeats".split()


def list_options(data: str | None, longest: int | None = None) -> list[str]:
    """The options that take every line of the file `data` for a name, just as it stands there; none for the dinosaurs
    (None). `longest`: letters of the longest name."""
    if data is None:
        return []
    limit = ["--limit", str(longest)] if longest is not None and longest > MAX_LETTERS else []
    return ["--data", data, *EXACTLY, *limit]


def command(
    settings: Settings,
    data: str | None = None,
    stop: int | None = None,
    out: str | None = None,
    longest: int | None = None,
) -> str:
    """The line to type, quoted for a POSIX shell, with the settings that are not the default ones.

    `data` is a file that holds just the names, one a line (None: the dinosaurs), the longest of which has `longest`
    letters; `stop` a step before the schedule ends, `out` the file to save the run in.
    """
    words = ["microgpt", "train", *list_options(data, longest)]
    for field in FIELDS:
        value = getattr(settings, field.name)
        if value == field.default or not field.matters(settings):
            continue
        if field.kind is bool:
            words.append(field.option if value else f"--no-{field.option[2:]}")
        else:
            words += [field.option, str(value)]
    if stop is not None:
        words += ["--stop", str(stop)]
    if out is not None:
        words += ["--out", out]
    return shlex.join(words)
