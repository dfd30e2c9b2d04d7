"""gzip, remembered by content: the WebAssembly alone takes seconds, and it never changes."""

import gzip
import zlib

from assemble import files, hashing
from assemble.paths import CACHE

_MAGIC = b"\x1f\x8b"
_LARGE = 200_000
"""Smaller files are zipped anew each time, so that the cache does not fill with every edit of a source."""


def gzipped(data: bytes) -> bytes:
    """`data` as gzip, always the same bytes for the same data. What is gzip already stays as it is."""
    if data.startswith(_MAGIC):
        return data
    if len(data) < _LARGE:
        return _gzip(data)
    memo = CACHE / "gzip" / hashing.of_bytes(data)[:24]
    known = memo.read_bytes() if memo.exists() else b""
    if _undone(known) != data:  # not there, or no longer what it was
        memo.parent.mkdir(parents=True, exist_ok=True)
        known = _gzip(data)
        files.write(memo, known)
    return known


def _undone(packed: bytes) -> bytes | None:
    try:
        return gzip.decompress(packed)
    except (OSError, EOFError, zlib.error):
        return None


def _gzip(data: bytes) -> bytes:
    packed = bytearray(gzip.compress(data, 9, mtime=0))
    packed[9] = 255  # "unknown system": the one byte in which Python versions differ
    return bytes(packed)
