"""offline.js: the whole site in one classic script, for a page opened from disk without a network."""

import base64
import functools
import json
import posixpath
import re
from collections.abc import Mapping

from assemble import compressed
from assemble.console import BuildError

_DYNAMIC = re.compile(r"(?<![.\w$])import\((?!\s*\))")
_STATIC = re.compile(r"""\bfrom\s*"(\./[^"]+)\"""")
_SAFE = str.maketrans("<>&", ",:.")
_MODULE = (".js", ".mjs")


def pack(unpacker: str, files: Mapping[str, bytes]) -> str:
    """`unpacker` (site/offline.js) with `files` put in, their modules made ready for blob: addresses."""
    modules = {name: data.decode() for name, data in files.items() if name.endswith(_MODULE)}
    ready = {**files, **{name: rewrite(text).encode() for name, text in modules.items()}}
    payload = {name: as_text(compressed.gzipped(data)) for name, data in ready.items()}
    for mark, value in (("PAYLOAD", payload), ("MODULE_ORDER", import_order(modules))):
        if unpacker.count(f"{mark};") != 1:
            raise BuildError(f"site/offline.js: needs the mark {mark} once.")
        unpacker = unpacker.replace(f"{mark};", f"{json.dumps(value, separators=(',', ':'))};")
    return unpacker


@functools.cache
def as_text(data: bytes) -> list:
    """[length, text]: four bytes in five characters, which saves a sixteenth of what base64 would take. The
    alphabet is Python's for base85, but for the three characters that mean something in HTML."""
    return [len(data), base64.b85encode(data, pad=True).decode().translate(_SAFE)]


def rewrite(module: str) -> str:
    """Send dynamic imports through `boot.import`: a blob: module cannot resolve relative addresses."""
    return _DYNAMIC.sub("boot.import(import.meta.url,", module)


def import_order(modules: Mapping[str, str]) -> list[str]:
    """Module names, each after those it imports statically. Raises BuildError on circles and gaps."""
    order: list[str] = []
    path: list[str] = []

    def visit(name: str) -> None:
        if name in order:
            return
        if name in path or name not in modules:
            raise BuildError(f"offline.js cannot carry the import {' → '.join([*path, name])}.")
        path.append(name)
        for target in _STATIC.findall(modules[name]):
            visit(posixpath.normpath(posixpath.join(posixpath.dirname(name), target)))
        order.append(path.pop())

    for name in sorted(modules):
        visit(name)
    return order
