"""Writing a file so that a failure never costs the one that was there before."""

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path

OPEN_FILE = re.compile(r"/dev/std(?P<name>out|err)|/(dev|proc/self)/fd/(?P<number>\d+)")
ALWAYS_FULL = (1, 7)  # device numbers of Linux's /dev/full
TRIAL = b"\0" * 4096  # one block: an empty file fits even on a full disk


class WriteError(ValueError):
    """A file can't be written; the message says why and is meant for a person."""


def check_writable(path: str | Path) -> None:
    """Find out now whether `write` will be able to write `path` later.

    The file itself is not touched. Raises WriteError for a folder, a missing folder, a read-only
    file, a folder nobody may write in, a disk that is full, and /dev/full.
    """
    try:
        if Path(path).is_dir():
            raise WriteError(f"can't write {path}: it is a folder; give the name of a file in it")
        found = _stat(path)
        if found and _is_direct(path, found):
            if stat.S_ISCHR(found.st_mode) and (os.major(found.st_rdev), os.minor(found.st_rdev)) == ALWAYS_FULL:
                raise WriteError(f"can't write {path}: this device is always full")
            if not os.access(path, os.W_OK):
                raise WriteError(f"can't write {path}: it is not yours to write")
            return
        target = _resolved(path)
        # the mode is asked too, because to the superuser every file is writable
        if found and not (found.st_mode & 0o222 and os.access(target, os.W_OK)):
            raise WriteError(f"can't write {path}: the file is read-only")
        if not target.parent.is_dir():
            raise WriteError(f"can't write {path}: there is no folder {target.parent}; make it first")
        os.unlink(_written_beside(target, TRIAL))
    except OSError as error:
        raise _write_error(path, error) from None


def require_different(paths: Mapping[str, str | Path | None]) -> None:
    """Raises WriteError if two of these are one file, which the second would overwrite. A key says what the path is
    for; None and "-" are no files, and devices and pipes can't be overwritten."""
    uses: dict[str, str] = {}
    for use, path in paths.items():
        if path is None or path == "-" or (os.path.exists(path) and not os.path.isfile(path)):
            continue
        other = uses.setdefault(os.path.realpath(path), use)
        if other != use:
            raise WriteError(f"{other} and {use} can't both be {path}: give each a file of its own")


def write(path: str | Path, data: bytes) -> None:
    """Write the whole file, or leave what was there as it was.

    The data goes into a temporary file in the same folder, which then takes the place of the old
    one. A symbolic link stays one (the file it names is replaced), and the file keeps its mode.
    Devices and pipes can't be replaced, so they are written directly. Raises WriteError.
    """
    try:
        found = _stat(path)
        if found and _is_direct(path, found):
            _write_directly(path, data)
            return
        target = _resolved(path)
        temporary = _written_beside(target, data)
        try:
            os.chmod(temporary, stat.S_IMODE(found.st_mode) if found else 0o666 & ~_umask())
            os.replace(temporary, target)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise _write_error(path, error) from None


def write_elsewhere(prefix: str, suffix: str, data: bytes) -> Path:
    """Write a new file to the first place that takes it: the folder for temporary files, the home
    folder, or the current one. Raises WriteError if none does."""
    import tempfile

    refused = []
    for folder in (Path(tempfile.gettempdir()), Path.home(), Path.cwd()):
        try:
            temporary = _written_beside(folder / "unnamed", data, prefix, suffix)
        except OSError as error:
            refused.append(str(_write_error(folder, error)))
        else:
            return temporary
    raise WriteError("; ".join(refused))


def _stat(path: str | Path) -> os.stat_result | None:
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None


def _is_direct(path: str | Path, found: os.stat_result) -> bool:
    """Whether the bytes have to go through `path` itself, which can't be replaced."""
    return not stat.S_ISREG(found.st_mode) or _open_already(path) is not None


def _open_already(path: str | Path) -> int | None:
    """The number of an open file of this process that `path` stands for, such as /dev/stdout.

    A shell may have sent it into a regular file; it is still this process's output.
    """
    match = OPEN_FILE.fullmatch(os.path.abspath(path))
    return None if match is None else int(match["number"] or {"out": 1, "err": 2}[match["name"]])


def _resolved(path: str | Path) -> Path:
    return Path(os.path.realpath(path))


def _write_directly(path: str | Path, data: bytes) -> None:
    number = _open_already(path)
    with open(path if number is None else os.dup(number), "wb") as file:
        file.write(data)


def _written_beside(target: Path, data: bytes, prefix: str = ".microgpt-", suffix: str = ".tmp") -> Path:
    """A new file in the folder of `target` with this content, safely on the disk. None is left behind
    if that fails."""
    import tempfile  # here, since the page writes no files and should not wait for it

    descriptor, name = tempfile.mkstemp(suffix, prefix, target.parent)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        os.unlink(name)
        raise
    return Path(name)


def _umask() -> int:
    """The permissions that new files do not get; it can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _write_error(path: str | Path, error: OSError) -> WriteError:
    return WriteError(f"can't write {path}: {error.strerror or error}")
