"""The forms in which a run is taken home, and how each is made: in pieces, so that the page answers meanwhile."""

import io
import re
import shlex
from collections.abc import Callable, Generator, Sequence
from typing import NamedTuple

from microgpt import export
from microgpt.checkpoint import Checkpoint, CheckpointError, load, save
from microgpt.experiment import Experiment

from ...core.snapshot import Snapshot

NAMES = 100  # so many are made up for the list
MAX_BYTES = 64 * 2**20  # of a file that is opened as a run

Making = Generator[float, None, bytes]


class Form(NamedTuple):
    """`ending` of the file's name; `media` is its type, as the web calls it."""

    ending: str
    media: str
    make: Callable[[Checkpoint, Sequence[str]], Making]


def _in_one(make: Callable[[Checkpoint, Sequence[str]], str | bytes]) -> Callable[[Checkpoint, Sequence[str]], Making]:
    def making(checkpoint: Checkpoint, names: Sequence[str]) -> Making:
        yield 0
        made = make(checkpoint, names)
        return made if isinstance(made, bytes) else made.encode()

    return making


def _run(checkpoint: Checkpoint, _names: Sequence[str]) -> bytes:
    file = io.BytesIO()
    save(checkpoint, file)
    return file.getvalue()


def _made_up(checkpoint: Checkpoint, _names: Sequence[str]) -> Making:
    text = yield from export.names_text_in_pieces(checkpoint, NAMES)
    return text.encode()


FORMS = {
    "run": Form(".npz", "application/octet-stream", _in_one(_run)),
    "losses": Form("-losses.csv", "text/csv", _in_one(lambda checkpoint, _: export.losses_csv(checkpoint))),
    "made-up": Form("-made-up.txt", "text/plain", _made_up),
    "list": Form("-list.txt", "text/plain", _in_one(lambda _, names: "".join(f"{name}\n" for name in names))),
    "weights": Form(".safetensors", "application/octet-stream", _in_one(lambda one, _: export.safetensors(one))),
    "program": Form(".py", "text/x-python", _in_one(lambda checkpoint, _: export.standalone(checkpoint))),
    "notebook": Form(".ipynb", "application/x-ipynb+json", _in_one(export.notebook)),
}


def making(form: str, checkpoint: Checkpoint, names: Sequence[str]) -> Making:
    """Make the file: yields the share that is done, and returns its bytes. Raises CheckpointError for a run that
    can't be saved, such as one whose weights are no numbers any more."""
    if form in ("run", "list"):
        return FORMS[form].make(checkpoint, names)
    return _sound(form, checkpoint, names)


def _sound(form: str, checkpoint: Checkpoint, names: Sequence[str]) -> Making:
    """What is made of a run that no file could hold would be no use either."""
    save(checkpoint, io.BytesIO())
    return (yield from FORMS[form].make(checkpoint, names))


def file_name(form: str, title: str | None, step: int) -> str:
    """Such as "microgpt-dinosaurs-step-500.npz". `title` is what the list is called; None: the dinosaurs."""
    called = re.sub(r"\.\w{1,5}$", "", title or "dinosaurs").lower()
    called = re.sub(r"[^\w]+", "-", called).strip("-")[:40] or "list"
    at = "" if form == "list" else f"-step-{step}"
    return f"microgpt-{called}{at}{FORMS[form].ending}"


def command(snapshot: Snapshot, longest: int, own: str | None, saved: str) -> str:
    """The line for a terminal that makes this run again, up to its step. `own` is the file of the list, if the list is
    not the dinosaurs, and `longest` its longest name; `saved` is the file of the run. A run whose settings changed on
    its way is one that no command makes from the start: then the line goes on from the file."""
    if snapshot.changes:
        return shlex.join(["microgpt", "train", "--resume", saved, *export.list_options(own, longest)])
    stop = snapshot.step if 0 < snapshot.step < snapshot.settings.steps else None
    return export.command(snapshot.settings, own, stop, "again.npz", longest)


def opened(data: bytes, experiment: Experiment) -> Checkpoint:
    """The run in a file. Raises CheckpointError, which says what the file is instead, or why it can't go on here."""
    checkpoint = load(io.BytesIO(data))
    if checkpoint.digest != experiment.digest:
        letters = checkpoint.alphabet if len(checkpoint.alphabet) <= 40 else f"{checkpoint.alphabet[:40]}…"
        raise CheckpointError(
            f"this run was trained on another list of names, with the letters {letters}. "
            "Open that list first, under Names, and then the run again"
        )
    return checkpoint
