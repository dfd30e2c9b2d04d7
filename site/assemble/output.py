"""Writing dist/: only what changed is touched, and only what a build has put there is ever removed.

A folder that builds may write to carries a marker, which lists the files they put there. Any other folder that
holds something is refused, for it holds somebody's work. An unchanged file keeps its time stamp; a running server
never sees half a file.
"""

import base64
import hashlib
from pathlib import Path, PurePosixPath

from assemble import files
from assemble.console import BuildError
from assemble.paths import ROOT

MARKER = ".microgpt-build"
_HEAD = "# Made by build.py. A build removes or replaces the files listed here, and no others."


class Output:
    """The folder `root`. Raises BuildError, before anything is touched, if builds may not write there."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._sizes: dict[str, int] = {}
        self._marker = self.root / MARKER
        _refuse_what_is_not_ours(self.root)
        if not self.root.exists():
            self.root.mkdir(parents=True)
            self.root.chmod(0o755)
        if not self._marker.exists():
            self._marker.write_text(_HEAD + "\n", "utf-8")
        self._listed = self._read_list()

    def write(self, name: str, data: bytes) -> None:
        """Put `data` at `name`, a path relative to the root with forward slashes."""
        target = self._inside(name)
        self._claim(name, target)
        self._sizes[name] = len(data)
        if target.exists() and target.stat().st_size == len(data) and target.read_bytes() == data:
            return
        self._make_folder(target.parent)
        files.write(target, data)

    def copy(self, source: Path, name: str) -> None:
        self.write(name, source.read_bytes())

    @property
    def names(self) -> list[str]:
        """What this build has written so far."""
        return list(self._sizes)

    def read(self, name: str) -> bytes:
        return (self.root / name).read_bytes()

    def finish(self) -> None:
        """Remove the files that earlier builds wrote and this one did not, and the folders that this empties."""
        for name in sorted(self._read_list() - self._sizes.keys()):
            file = self._inside(name)
            file.unlink(missing_ok=True)
            self._remove_empty(file.parent)
        files.write(self._marker, "\n".join([_HEAD, *sorted(self._sizes), ""]).encode())

    def total(self) -> int:
        return sum(self._sizes.values())

    def boot_manifest(self, packages: list[str]) -> dict[str, list]:
        """What the page fetches: name → [bytes, sha256 in base64, 1 if it needs the file to start]."""
        first = {*packages, "python.mjs", "main.py", "data/dinosaurs.txt"}
        first |= {name for name in self._sizes if name.startswith(("pyodide/", "pyscript/", "kernels/"))}
        names = first | {name for name in self._sizes if name.startswith(("checkpoints/", "data/"))}
        return {name: [self._sizes[name], self._hash(name), int(name in first)] for name in sorted(names)}

    def _hash(self, name: str) -> str:
        return base64.b64encode(hashlib.sha256(self.read(name)).digest()).decode()

    def _read_list(self) -> set[str]:
        lines = self._marker.read_text("utf-8").splitlines()
        return {line for line in lines if line and not line.startswith("#")}

    def _claim(self, name: str, target: Path) -> None:
        """Put `name` on the list before the file is there, so that a build cut short leaves nothing unlisted."""
        if name in self._listed:
            return
        self._listed = self._read_list()  # another build may be at work on the same folder
        if name in self._listed:
            return
        if target.exists():
            raise BuildError(f"{target} would be replaced, and no build made it.", "Move it away and run again.")
        with self._marker.open("a", encoding="utf-8") as marker:
            marker.write(name + "\n")
        self._listed.add(name)

    def _inside(self, name: str) -> Path:
        """Where `name` lies. Raises BuildError if that is outside the root, as by `..` or a link to a folder."""
        target = self.root / PurePosixPath(name)
        if not target.parent.resolve().is_relative_to(self.root) or target.name in ("", ".."):
            raise BuildError(f"{name} leads out of {self.root}.", f"Delete {self.root} and run again.")
        return target

    def _make_folder(self, folder: Path) -> None:
        """With leave for a server to look into it, whatever this shell's umask is."""
        if folder != self.root and not folder.exists():
            self._make_folder(folder.parent)
            folder.mkdir(exist_ok=True)
            folder.chmod(0o755)

    def _remove_empty(self, folder: Path) -> None:
        while folder != self.root and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent


def _refuse_what_is_not_ours(root: Path) -> None:
    if ROOT.is_relative_to(root):
        what = "the project itself" if root == ROOT else "a folder that the project lies in"
        raise BuildError(f"{root} is {what}: a build would mix its files with yours.", _ELSEWHERE)
    if root.exists() and not root.is_dir():
        raise BuildError(f"{root} is a file, not a folder.", _ELSEWHERE)
    if root.is_dir() and any(root.iterdir()) and not (root / MARKER).is_file():
        raise BuildError(
            f"{root} holds files, and no build made it: it has no {MARKER}.",
            "Name a new or empty folder, or move those files away, and run again.",
        )


_ELSEWHERE = "Name a new or empty folder, as in: build.py build --out site-built"
