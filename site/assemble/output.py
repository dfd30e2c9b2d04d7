"""Writing dist/: only what changed is touched, and what no longer belongs there goes.

An unchanged file keeps its time stamp; a running server never sees half a file.
"""

import os
from pathlib import Path

from assemble import compressed, hashing


class Output:
    def __init__(self, root: Path) -> None:
        self.root = root
        self._sizes: dict[str, int] = {}

    def write(self, name: str, data: bytes) -> None:
        """Put `data` at `name`, a path relative to the root with forward slashes."""
        target = self.root / name
        self._sizes[name] = len(data)
        if target.exists() and target.stat().st_size == len(data) and target.read_bytes() == data:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f"{target.name}.{os.getpid()}.part")
        part.write_bytes(data)
        part.replace(target)  # a server never sees half a file

    def copy(self, source: Path, name: str) -> None:
        self.write(name, source.read_bytes())

    @property
    def names(self) -> list[str]:
        """What this build has written so far."""
        return list(self._sizes)

    def read(self, name: str) -> bytes:
        return (self.root / name).read_bytes()

    def finish(self) -> None:
        """Remove the files that this build did not write."""
        for file in hashing.sources(self.root):
            if file.relative_to(self.root).as_posix() not in self._sizes and file.suffix != ".part":
                file.unlink(missing_ok=True)
        for folder in sorted((path for path in self.root.rglob("*") if path.is_dir()), reverse=True):
            if not any(folder.iterdir()):
                folder.rmdir()

    def total(self) -> int:
        return sum(self._sizes.values())

    def boot_manifest(self, packages: list[str]) -> dict[str, list[int]]:
        """What the browser fetches to start: name → [bytes, bytes when the host compresses them]."""
        first = ("pyodide/", "pyscript/")
        ours = {*packages, "python.mjs", "main.py", "data/dinosaurs.txt"}
        names = [name for name in self._sizes if name.startswith(first) or name in ours]
        return {name: [self._sizes[name], len(compressed.gzipped(self.read(name)))] for name in sorted(names)}
