"""Names for cached things: a hash of all that went in."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def of_bytes(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def of_files(files: Iterable[Path], root: Path, *extra: str) -> str:
    """Hash of the names (relative to `root`) and bytes of `files`, whatever order they come in."""
    total = hashlib.sha256()
    for text in extra:
        total.update(text.encode() + b"\0")
    for file in sorted(files):
        total.update(file.relative_to(root).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def sources(folder: Path, *suffixes: str) -> list[Path]:
    """The files under `folder` (with one of the suffixes, if given), without caches, sorted."""
    return sorted(
        file
        for file in folder.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts and (not suffixes or file.suffix in suffixes)
    )
