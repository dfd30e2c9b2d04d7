"""A small web server for dist/, for looking at it and for tests. It answers as a static host does."""

import contextlib
import errno
import hashlib
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from assemble.console import BuildError, say

LAST_PORT = 65535


class Handler(SimpleHTTPRequestHandler):
    """Files below `base`, with an ETag of their content and the order to ask again each time.

    `max-age=0` rather than `no-store`: the browser may keep a file, and with it WebAssembly it has compiled.
    """

    protocol_version = "HTTP/1.1"
    extensions_map = {  # noqa: RUF012 - the base class's own attribute
        ".html": "text/html; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".mjs": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".webmanifest": "application/manifest+json",
        ".svg": "image/svg+xml",
        ".png": "image/png",
        ".wasm": "application/wasm",
        ".whl": "application/zip",
        ".zip": "application/zip",
        ".py": "text/x-python; charset=utf-8",
        ".txt": "text/plain; charset=utf-8",
        ".md": "text/plain; charset=utf-8",
        "": "application/octet-stream",
    }

    def __init__(self, *args, base: str, before_page: Callable[[], None] | None, **kwargs) -> None:
        self.base = base
        self.before_page = before_page
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def _answer(self, *, body: bool) -> None:
        path = self.path.partition("?")[0].partition("#")[0]
        if path == self.base.rstrip("/") and path:
            self._redirect(self.base)
            return
        if not path.startswith(self.base):
            self.send_error(HTTPStatus.NOT_FOUND, f"The site is at {self.base}")
            return
        file = Path(self.translate_path("/" + path.removeprefix(self.base)))
        if file.is_dir():
            file /= "index.html"
        if self.before_page and file.name == "index.html":
            self.before_page()
        try:
            data = file.read_bytes()
        except OSError:
            self.send_error(HTTPStatus.NOT_FOUND, "No such file")
            return
        tag = f'"{hashlib.sha256(data).hexdigest()[:24]}"'
        unchanged = self.headers.get("If-None-Match") == tag
        self.send_response(HTTPStatus.NOT_MODIFIED if unchanged else HTTPStatus.OK)
        self.send_header("ETag", tag)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "max-age=0, must-revalidate")
        if not unchanged:
            self.send_header("Content-Type", self.guess_type(str(file)))
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if body and not unchanged:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.wfile.write(data)

    def _redirect(self, target: str) -> None:
        self.send_response(HTTPStatus.MOVED_PERMANENTLY)
        self.send_header("Location", target)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet: the browser's own tools show requests better."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address) -> None:
        """A browser that hangs up is no news."""


def make(
    dist: Path,
    base: str = "/",
    port: int = 0,
    *,
    tries: int = 1,
    before_page: Callable[[], None] | None = None,
) -> tuple[Server, str]:
    """A server that listens already, and its address. A port in use makes it try the `tries - 1` after it.

    `before_page` is called before each answer with the page itself.
    """
    base = "/" + base.strip("/") + "/" if base.strip("/") else "/"
    handler = partial(Handler, directory=str(dist), base=base, before_page=before_page)
    tries = min(tries, LAST_PORT - port + 1)
    for attempt in range(tries):
        try:
            server = Server(("127.0.0.1", port + attempt), handler)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            if attempt == 0 and tries > 1:
                say(f"Port {port} is in use: trying the next ones")
            continue
        return server, f"http://127.0.0.1:{server.server_port}{base}"
    raise BuildError(
        f"The ports {port} to {port + tries - 1} are all in use.",
        "Choose another with --port, or --port 0 for any.",
    )


@contextlib.contextmanager
def serve(dist: Path, base: str = "/", port: int = 0) -> Iterator[str]:
    """Serve `dist` in a thread for the length of a `with` block; gives the address."""
    server, address = make(dist, base, port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield address
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
