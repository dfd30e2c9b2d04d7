"""What a first visit fetches, compressed as a host would: the lab beside bare Pyodide with NumPy from stock files."""

import json
import re

from assemble import compressed, runtime
from assemble.paths import DIST
from assemble.pins import NUMPY

_STOCK = ("pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
_PAGE = ("index.html", "styles.css", "favicon.svg")
_MANIFEST = re.compile(r'id="boot-manifest">(.*?)</script>', re.DOTALL)


def measure() -> dict[str, int]:
    """Bytes: "stock" and "lab"."""
    pyodide = runtime.node_modules() / "pyodide"
    stock = [pyodide / name for name in _STOCK] + [runtime.numpy_wheel()]
    started = json.loads(_MANIFEST.search((DIST / "index.html").read_text("utf-8"))[1])
    lab = [DIST / name for name in (*_PAGE, *(name for name, (*_, first) in started.items() if first))]
    return {name: sum(map(_size, files)) for name, files in (("stock", stock), ("lab", lab))}


def _size(file) -> int:
    data = file.read_bytes()
    return min(len(data), len(compressed.gzipped(data)))


def print_found(found: dict[str, int]) -> None:
    print(f"A first visit, compressed: {found['lab'] / 1e6:.2f} MB; Pyodide with NumPy {NUMPY.version}, stock files:")
    print(f"  {found['stock'] / 1e6:.2f} MB, so {(found['lab'] - found['stock']) / 1e3:+.0f} kB")
