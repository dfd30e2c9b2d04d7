"""Rebuilding while serving: a page that is asked for after a source has changed is built first."""

import threading

from assemble import hashing, pipeline
from assemble.console import BuildError, report
from assemble.paths import DATA, ENGINE, ROOT, SITE


class Watch:
    """Call it before answering with the page. A build that fails is reported; the last good one is served."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen = _fingerprint()

    def __call__(self) -> None:
        with self._lock:
            now = _fingerprint()
            if now == self._seen:
                return
            self._seen = now
            try:
                pipeline.build()
            except (BuildError, OSError) as error:
                report(error)


def _fingerprint() -> int:
    """Changes whenever a source is written, added, removed or renamed."""
    files = [file for folder in (SITE, ENGINE, DATA) for file in hashing.sources(folder)]
    return hash(tuple((str(file), file.stat().st_mtime_ns) for file in (*files, ROOT / "pyproject.toml")))
