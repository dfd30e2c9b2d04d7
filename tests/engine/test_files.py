"""A file is written whole or not at all, and whether it can be is known beforehand."""

import os
import resource
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from microgpt.files import WriteError, check_writable, write, write_elsewhere
from tests.engine.conftest import ROOT


@contextmanager
def disk_that_fills_after(size: int) -> Iterator[None]:
    """No file of this process can grow beyond `size` bytes: the system then fails as for a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def ordinary_user() -> Iterator[None]:
    """The superuser may write anywhere, so it steps down."""
    superuser = os.geteuid() == 0
    if superuser:
        os.seteuid(65534)
    try:
        yield
    finally:
        if superuser:
            os.seteuid(0)


def both_refuse(path: Path, message: str) -> None:
    for attempt in (lambda: check_writable(path), lambda: write(path, b"new")):
        with pytest.raises(WriteError, match=message) as caught:
            attempt()
        assert str(caught.value).startswith(f"can't write {path}: ")


def test_writes_and_replaces(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    for content in (b"first", b"second, which is longer", b""):
        check_writable(path)
        write(str(path), content)
        assert path.read_bytes() == content
        assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("size", [0, 1, 1000])
def test_a_disk_that_is_full_leaves_the_old_file_and_no_rest(tmp_path: Path, size: int) -> None:
    path = tmp_path / "run.npz"
    path.write_bytes(b"a run of three hours")
    with disk_that_fills_after(size), pytest.raises(WriteError, match=f"can't write {path}: File too large"):
        write(path, bytes(5000))
    assert path.read_bytes() == b"a run of three hours"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_found_out_beforehand(tmp_path: Path) -> None:
    with disk_that_fills_after(0), pytest.raises(WriteError, match="can't write"):
        check_writable(tmp_path / "run.npz")
    assert list(tmp_path.iterdir()) == []


def test_looking_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    path.write_bytes(b"old")
    before = path.stat()
    check_writable(path)
    check_writable(tmp_path / "other.npz")
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert list(tmp_path.iterdir()) == [path]


def test_places_where_no_file_can_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    both_refuse(tmp_path, "folder|directory")
    both_refuse(tmp_path / "file" / "run.npz", "Not a directory")
    both_refuse(tmp_path / "missing" / "run.npz", "there is no folder|No such file")
    with pytest.raises(WriteError, match=r"there is no folder .*missing; make it first"):
        check_writable(tmp_path / "missing" / "run.npz")


def test_a_folder_nobody_may_write_in(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o555)
    with ordinary_user():
        both_refuse(folder / "run.npz", "Permission denied")


def test_a_read_only_file_is_refused_beforehand(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(WriteError, match="the file is read-only"):
        check_writable(path)


def test_the_mode_of_a_file_is_kept_and_that_of_a_new_one_is_the_usual(tmp_path: Path) -> None:
    old, new, usual = tmp_path / "old", tmp_path / "new", tmp_path / "usual"
    old.write_bytes(b"")
    old.chmod(0o640)
    usual.write_bytes(b"")
    for path in (old, new):
        write(path, b"run")
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert stat.S_IMODE(new.stat().st_mode) == stat.S_IMODE(usual.stat().st_mode)


@pytest.mark.parametrize("there", [True, False])
def test_a_symbolic_link_stays_one(tmp_path: Path, there: bool) -> None:
    (tmp_path / "runs").mkdir()
    target, link = tmp_path / "runs" / "run.npz", tmp_path / "latest.npz"
    if there:
        target.write_bytes(b"old")
    link.symlink_to(target)
    check_writable(link)
    write(link, b"new")
    assert link.is_symlink() and target.read_bytes() == b"new"


def test_a_link_that_goes_in_circles(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    both_refuse(tmp_path / "a", "symbolic links")


def test_a_device_that_is_always_full() -> None:
    both_refuse(Path("/dev/full"), "always full|No space left")
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)  # it was not replaced


def test_a_device_that_takes_all() -> None:
    check_writable("/dev/null")
    write("/dev/null", b"run")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_a_pipe_is_written_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    check_writable(pipe)  # does not wait for a reader
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write(pipe, b"run")
    reader.join()
    assert read == [b"run"]
    assert list(tmp_path.iterdir()) == [pipe]


def test_the_programs_own_output_is_written_after_what_is_there(tmp_path: Path) -> None:
    program = "import sys; from microgpt.files import *; print('first', flush=True); "
    program += "check_writable('/dev/stdout'); write('/dev/stdout', b'run'); print('last')"
    command = [sys.executable, "-c", program]
    assert subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout == b"first\nrunlast\n"
    for mode, before in (("wb", b""), ("ab", b"first\nrunlast\n")):  # as by > and by >>
        with open(tmp_path / "output", mode) as output:
            subprocess.run(command, cwd=ROOT, check=True, stdout=output)
        assert (tmp_path / "output").read_bytes() == before + b"first\nrunlast\n"
    assert [path.name for path in tmp_path.iterdir()] == ["output"]


def test_an_interrupted_write_leaves_no_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "run.npz"
    path.write_bytes(b"old")
    for name in ("fsync", "replace"):
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(os, name, interrupted)
            write(path, b"new")
        assert path.read_bytes() == b"old"
        assert list(tmp_path.iterdir()) == [path]


def test_elsewhere_is_the_first_place_that_takes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    monkeypatch.setenv("HOME", str(home))
    found = write_elsewhere("microgpt-", ".npz", b"run")
    assert found.parent == home and found.name.startswith("microgpt-") and found.suffix == ".npz"
    assert found.read_bytes() == b"run"
    monkeypatch.setenv("HOME", str(tmp_path / "gone"))
    monkeypatch.chdir(home)
    with disk_that_fills_after(2), pytest.raises(WriteError, match=f"can't write {tmp_path}/gone: .*; .*{home}: "):
        write_elsewhere("microgpt-", ".npz", b"run")
    assert list(home.iterdir()) == [found]
