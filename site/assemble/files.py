"""Putting finished things in their place, also when somebody else's build does so at the same time, and knowing
whether they are still what they were."""

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from assemble import hashing

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None


def move(source: Path, target: Path) -> None:
    """Rename a folder into place; if another build was quicker, its result is as good."""
    try:
        source.rename(target)
    except OSError:
        if not target.exists():
            raise


def write(target: Path, data: bytes) -> None:
    """Write a file that nobody ever sees half of, and that everybody may read, as a web server must."""
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    part.write_bytes(data)
    part.chmod(0o644)
    part.replace(target)


def seal(folder: Path, *patterns: str) -> None:
    """Note, not far from the folder, what its files (those of the patterns) are; `intact` compares them with that."""
    _seal_of(folder).parent.mkdir(exist_ok=True)
    write(_seal_of(folder), json.dumps(_hashes(folder, patterns)).encode())


def intact(folder: Path, *patterns: str) -> bool:
    """Whether the folder is there as it was sealed. One that an older build has made is sealed now."""
    if not folder.is_dir():
        return False
    if not _seal_of(folder).exists():
        seal(folder, *patterns)
    try:
        return json.loads(_seal_of(folder).read_text("utf-8")) == _hashes(folder, patterns)
    except ValueError:
        return False


def _seal_of(folder: Path) -> Path:
    return folder.parent / "sealed" / f"{folder.name}.json"


def _hashes(folder: Path, patterns: tuple[str, ...]) -> dict[str, str]:
    found = {file for pattern in patterns or ("**/*",) for file in folder.glob(pattern) if file.is_file()}
    return {file.relative_to(folder).as_posix(): hashing.of_bytes(file.read_bytes()) for file in sorted(found)}


@contextlib.contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Only one build at a time gets past this; the others wait. Let go of by the system when a build dies."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as held:
        if fcntl:
            fcntl.flock(held, fcntl.LOCK_EX)
        yield
