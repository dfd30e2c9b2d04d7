"""The build among others: two at once, a cache that has been tampered with, an odd shell."""

import contextlib
import dataclasses
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from assemble import commands, compressed, files, run, runtime, server
from assemble.console import BuildError
from assemble.output import Output

DATA = os.urandom(1000) * 400


def test_what_is_kept_compressed_is_made_anew_where_it_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compressed, "CACHE", tmp_path)
    packed = compressed.gzipped(DATA)
    [memo] = (tmp_path / "gzip").iterdir()
    for damaged in (packed[: len(packed) // 2], b"", compressed._gzip(b"something else")):
        memo.write_bytes(damaged)
        assert compressed.gzipped(DATA) == packed
        assert memo.read_bytes() == packed


def test_a_folder_of_the_cache_is_known_by_what_is_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    assert not files.intact(folder)
    folder.mkdir()
    (folder / "a").write_bytes(b"one")
    files.seal(folder)
    assert files.intact(folder)
    (folder / "a").write_bytes(b"two")
    assert not files.intact(folder)
    (folder / "a").unlink()
    assert not files.intact(folder)


def test_a_wheel_cut_short_is_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "CACHE", tmp_path)
    monkeypatch.setattr(runtime, "_from_release", lambda _wheel: b"the whole")
    monkeypatch.setattr(
        runtime, "NUMPY", dataclasses.replace(runtime.NUMPY, sha256=runtime.hashing.of_bytes(b"the whole"))
    )
    home = runtime.numpy_wheel()
    home.write_bytes(b"the wh")
    assert runtime.numpy_wheel().read_bytes() == b"the whole"


def test_two_builds_that_write_the_same_file_do_not_meet(tmp_path: Path) -> None:
    program = "import sys; from pathlib import Path; from assemble import files\n"
    program += "for _ in range(200): files.write(Path(sys.argv[1]), b'x' * 5000)"
    site = Path(files.__file__).parents[1]
    both = [
        subprocess.Popen(
            [sys.executable, "-c", program, tmp_path / "file"], env={**os.environ, "PYTHONPATH": str(site)}
        )
        for _ in range(2)
    ]
    assert [one.wait() for one in both] == [0, 0]
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def test_one_build_waits_for_the_other(tmp_path: Path) -> None:
    order = []

    def second() -> None:
        with files.alone(tmp_path / "lock"):
            order.append("second")

    with files.alone(tmp_path / "lock"):
        waiting = threading.Thread(target=second)
        waiting.start()
        waiting.join(0.05)
        order.append("first")
    waiting.join()
    assert order == ["first", "second"]


def test_a_server_may_read_what_a_careful_shell_has_built(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        out = Output(tmp_path / "site")
        out.write("data/a.txt", b"a")
        out.finish()
    finally:
        os.umask(before)
    mode = {path: stat.S_IMODE(path.stat().st_mode) for path in (out.root, *out.root.rglob("*"))}
    assert all(rights & 0o004 for rights in mode.values()), mode
    assert all(rights & 0o001 for path, rights in mode.items() if path.is_dir()), mode


def test_what_the_shell_has_for_other_programs_stays_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('not the json you know')", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert run.quietly([sys.executable, "-c", "import json; print(json.dumps(1))"], problem="") == "1\n"


@pytest.mark.parametrize("port", ["99999", "-1", "http"])
def test_a_port_that_is_none_is_said(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        commands.main(["serve", f"--port={port}"])
    assert "a port is a number from 0 to 65535" in capsys.readouterr().err


def test_no_port_beyond_the_last_is_tried(tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):  # it does as well if somebody else has the last port
            stack.enter_context(server.Server(("127.0.0.1", server.LAST_PORT), server.Handler))
        with pytest.raises(BuildError, match="65535"):
            server.make(tmp_path, port=server.LAST_PORT, tries=20)
