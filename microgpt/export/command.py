"""A run as the command that makes it again in a terminal."""

import shlex

from ..settings import FIELDS, Settings


def command(settings: Settings, data: str | None = None, stop: int | None = None, out: str | None = None) -> str:
    """The line to type, quoted for a POSIX shell, with the settings that are not the default ones.

    `data` is the file of names (None: the dinosaurs), `stop` a step before the schedule ends, `out` the file
    to save the run in.
    """
    words = ["microgpt", "train"]
    if data is not None:
        words += ["--data", data]
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
