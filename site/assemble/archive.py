"""Zip archives and wheels whose bytes depend on nothing but their content."""

import base64
import hashlib
import io
import zipfile
from collections.abc import Mapping

from assemble import compressed

_PURE = b"Wheel-Version: 1.0\nGenerator: assemble\nRoot-Is-Purelib: true\nTag: py3-none-any\n"

EPOCH = (2020, 1, 1, 0, 0, 0)
"""Every member's time stamp. Zip cannot go without one; the real one would change every build."""


def pack(files: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of `files` in the order of their names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression, compresslevel=9) as archive:
        for name in sorted(files):
            member = zipfile.ZipInfo(name, EPOCH)
            member.compress_type = compression
            member.create_system = 3  # else Windows and Linux write different bytes
            member.external_attr = 0o644 << 16
            archive.writestr(member, files[name])
    return out.getvalue()


def loosened(data: bytes) -> bytes:
    """The same archive with its members uncompressed, so that compression of the whole archive does better."""
    return pack(unpack(data), zipfile.ZIP_STORED)


def solid(data: bytes) -> bytes:
    """The same archive loosened, and gzip over all of it: smaller, and a browser undoes it in one go."""
    return compressed.gzipped(loosened(data))


def unpack(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


def wheel(name: str, version: str, files: Mapping[str, bytes]) -> bytes:
    """A pure-Python wheel that Pyodide unpacks at boot: `files` and the least metadata that is valid."""
    info = f"{name}-{version}.dist-info"
    content = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode(),
        f"{info}/WHEEL": _PURE,
    }
    content[f"{info}/RECORD"] = record(content, f"{info}/RECORD")
    return pack(content)


def record(files: Mapping[str, bytes], own_name: str) -> bytes:
    """A wheel's list of its files with their hashes; the list itself stands in it without one."""
    lines = []
    for name, data in sorted(files.items()):
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(data)}")
    return "\n".join([*lines, f"{own_name},,", ""]).encode()
