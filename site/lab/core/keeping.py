"""The run of this tab outlives a reload: put away while it goes on, brought back when the page opens again."""

import io
import json
from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple, Protocol

from microgpt.checkpoint import Checkpoint, CheckpointError, load, save
from microgpt.config import ConfigError
from microgpt.experiment import Experiment

from .lab import Lab
from .signal import Signal

EVERY = 3.0  # seconds at least between two times that the run is put away
SHARE = 0.02  # of the time at most, for large models

FORMAT = 1


class Storage(Protocol):
    """Where this tab keeps one value, and the page's other tabs one each. All raise OSError with a message."""

    async def get(self) -> bytes | None: ...
    async def put(self, value: bytes) -> None: ...
    async def clear(self) -> None:
        """Forget this tab's value and those of all other tabs."""


class Kept(NamedTuple):
    """What is kept now. `keeping`: the run is being kept, from its first step on."""

    step: int | None = None  # of the run that is kept; None: nothing is
    keeping: bool = True
    trouble: str = ""  # why nothing can be kept


class Keeper:
    """Puts the run away every few seconds while it changes, and at once where `hurry` is called."""

    def __init__(
        self,
        lab: Lab,
        storage: Storage,
        clock: Callable[[], float],
        spawn: Callable[[Coroutine[Any, Any, None]], object],
        opened_by: str = "",
    ) -> None:
        """`opened_by`: the link that set the lab up. A run is brought back only where the same one did."""
        self._opened_by = opened_by
        self._lab, self._storage, self._clock, self._spawn = lab, storage, clock, spawn
        self._next = 0.0  # not before this time
        self._busy = False
        self._saved: object = None  # the snapshot that is kept
        self.kept = Signal(Kept())

    def watch(self) -> None:
        """From now on, keep what the lab shows."""
        self._saved = self._lab.snapshot.get()
        self._lab.snapshot.watch(lambda _snapshot: self._consider())
        self._lab.status.watch(lambda _status: self._consider())

    async def bring_back(self) -> bool:
        """Put the run that was kept into the lab. False if there is none that this lab can go on with."""
        try:
            packed = await self._storage.get()
        except OSError as error:
            self.kept.set(Kept(keeping=False, trouble=str(error)))
            return False
        if packed is None:
            return False
        try:
            opened_by, title, names, checkpoint = unpack(packed)
            if opened_by != self._opened_by:
                return False
            if checkpoint.digest != self._lab.run.experiment.digest:
                self._lab.begin(Experiment(names, checkpoint.settings, checkpoint.changes), title)
            self._lab.load(checkpoint, source="live")
        except (CheckpointError, ConfigError, ValueError, KeyError, TypeError, MemoryError):
            return False  # of an older version of the page, or damaged: the page opens as it always does
        self._lab.note(f"your run is back, at step {checkpoint.step:,}")
        self.kept.set(Kept(checkpoint.step))
        return True

    def hurry(self) -> None:
        """The page may be gone in a moment."""
        self._next = 0.0
        self._consider()

    def forget(self) -> None:
        """Throw away what is kept, of other tabs too, and keep nothing until `keep`."""
        self.kept.set(Kept(keeping=False))
        self._spawn(self._clear())

    def keep(self) -> None:
        """Keep the run again."""
        self.kept.set(Kept())
        self._saved = None
        self.hurry()

    def _consider(self) -> None:
        snapshot = self._lab.snapshot.get()
        kept = self.kept.get()
        if self._busy or not kept.keeping or snapshot is self._saved:
            return
        if kept.step is None and snapshot.step == 0:
            return  # nothing has been done yet that could be lost
        if self._clock() < self._next and self._lab.status.get().state == "training":
            return
        self._busy = True
        self._spawn(self._put())

    async def _put(self) -> None:
        began = self._clock()
        try:
            self._saved, step = self._lab.snapshot.get(), self._lab.run.step_count
            await self._storage.put(pack(self._lab, self._opened_by))
            if self.kept.get().keeping:  # or the reader has said "forget" meanwhile
                self.kept.set(Kept(step))
            else:
                await self._storage.clear()
        except CheckpointError:
            pass  # it has diverged: what was kept before stays
        except OSError as error:
            self.kept.set(Kept(keeping=False, trouble=str(error)))
        finally:
            now = self._clock()
            self._next = now + max(EVERY, (now - began) / SHARE)
            self._busy = False
        self._consider()

    async def _clear(self) -> None:
        try:
            await self._storage.clear()
        except OSError as error:
            self.kept.set(Kept(keeping=False, trouble=str(error)))


def pack(lab: Lab, opened_by: str) -> bytes:
    """The lab's run with its list and its link, as one value. Raises CheckpointError for a run that has diverged."""
    experiment = lab.run.experiment
    about = {
        "format": FORMAT,
        "opened_by": opened_by,
        "title": lab.title,
        "names": experiment.names,
    }
    head = json.dumps(about).encode()
    packed = io.BytesIO()
    packed.write(len(head).to_bytes(4, "little") + head)
    file = io.BytesIO()
    save(lab.run.checkpoint(), file, compressed=False)  # in haste: every few seconds, while it trains
    packed.write(file.getvalue())
    return packed.getvalue()


def unpack(packed: bytes) -> tuple[str, str | None, list[str], Checkpoint]:
    """The link, the title of the list, its names, and the run. Raises ValueError or CheckpointError for all else."""
    size = 4 + int.from_bytes(packed[:4], "little")
    about = json.loads(packed[4:size])
    if about["format"] != FORMAT:
        raise ValueError(f"format {about['format']}")
    return about["opened_by"], about["title"], list(about["names"]), load(io.BytesIO(packed[size:]))
