"""Versions of what the browser runs, in one place with `site/package.json`.

NumPy for WebAssembly is built against one Pyodide release: change both together, or neither.
"""

import json
from dataclasses import dataclass

from assemble.paths import SITE


@dataclass(frozen=True)
class Wheel:
    name: str
    version: str
    file: str
    sha256: str
    url: str
    """Pyodide's own release."""
    mirror: str
    """A package on the Python index that carries the same bytes, for when the release is out of reach."""


NUMPY = Wheel(
    name="numpy",
    version="2.2.5",
    file="numpy-2.2.5-cp313-cp313-pyodide_2025_0_wasm32.whl",
    sha256="2ca46b70661caea8f9f8089d22495c7a24c120fc5881e68934ac3a04d3fc8a02",
    url="https://cdn.jsdelivr.net/pyodide/v0.29.0/full/numpy-2.2.5-cp313-cp313-pyodide_2025_0_wasm32.whl",
    mirror="gbdraw==0.14.2",
)


def npm_version(package: str) -> str:
    """The exact version of an npm package that `site/package.json` asks for."""
    wanted = json.loads((SITE / "package.json").read_text("utf-8"))
    return {**wanted["dependencies"], **wanted["devDependencies"]}[package]
