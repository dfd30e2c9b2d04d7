"""A host on which one file is amiss, in each of the ways that hosts and networks have."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from assemble import server

PAGE = b"<!doctype html><title>Not here</title><p>This host answers everything with a page of its own."


@dataclass
class Host:
    """`url` is where the site is. `fault` says what is wrong with `file`, a part of a path; "" for nothing."""

    url: str = ""
    file: str = ""
    fault: str = ""
    asked: list[str] = field(default_factory=list)  # the paths, in order
    released: threading.Event = field(default_factory=threading.Event)  # lets go of what hangs

    def break_(self, file: str, fault: str) -> None:
        self.file, self.fault = file, fault
        self.asked.clear()
        self.released.clear()

    def mend(self) -> None:
        self.fault = ""
        self.released.set()


class _Handler(server.Handler):
    def __init__(self, *args, host: Host, **kwargs) -> None:
        self.host = host
        super().__init__(*args, **kwargs)

    def _answer(self, *, body: bool) -> None:
        self.host.asked.append(self.path)
        if not self.host.fault or self.host.file not in self.path:
            super()._answer(body=body)
            return
        path = Path(self.translate_path("/" + self.path.removeprefix(self.base)))
        with contextlib.suppress(OSError):
            FAULTS[self.host.fault](self, path.read_bytes())

    def send(self, data: bytes, kind: str = "", *, length: int | None = None, age: int = 0) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind or self.guess_type(self.path))
        self.send_header("Content-Length", str(len(data) if length is None else length))
        self.send_header("Cache-Control", f"max-age={age}")
        self.end_headers()
        self.wfile.write(data)

    def hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(2)


def _missing(host: _Handler, data: bytes) -> None:
    host.send_error(404)


def _truncated(host: _Handler, data: bytes) -> None:
    host.send(data[: len(data) // 2])


def _corrupt(host: _Handler, data: bytes) -> None:
    half = len(data) // 2
    host.send(data[:half] + bytes([data[half] ^ 1]) + data[half + 1 :])


def _kept(host: _Handler, data: bytes) -> None:
    """Corrupt, and the browser is told that it may keep it."""
    host.send(data[:-1] + b"\n\n", age=3600)


def _a_page(host: _Handler, data: bytes) -> None:
    host.send(PAGE, "text/html; charset=utf-8")


def _wrong_type(host: _Handler, data: bytes) -> None:
    host.send(data, "text/plain")


def _cut_off(host: _Handler, data: bytes) -> None:
    host.send(data[: len(data) // 2], length=len(data))
    host.hang_up()


def _reset(host: _Handler, data: bytes) -> None:
    host.hang_up()


def _hanging(host: _Handler, data: bytes) -> None:
    host.host.released.wait()
    host.send(data)


FAULTS: dict[str, Callable[[_Handler, bytes], None]] = {
    "missing": _missing,
    "truncated": _truncated,
    "corrupt": _corrupt,
    "kept": _kept,
    "a page": _a_page,
    "wrong type": _wrong_type,
    "cut off": _cut_off,
    "reset": _reset,
    "hanging": _hanging,
}


@contextlib.contextmanager
def serve(dist: Path) -> Iterator[Host]:
    host = Host()
    handler = partial(_Handler, directory=str(dist), base="/lab/", before_page=None, host=host)
    listening = server.Server(("127.0.0.1", 0), handler)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    host.url = f"http://127.0.0.1:{listening.server_port}/lab/"
    try:
        yield host
    finally:
        host.mend()
        listening.shutdown()
        listening.server_close()
