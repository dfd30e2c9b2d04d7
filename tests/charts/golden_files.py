"""Golden drawings: one small SVG file a case. UPDATE_GOLDEN=1 writes them anew: look at them before you keep them."""

import os
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree


def check(folder: Path, name: str, drawn: str) -> None:
    """`drawn` is well-formed and, character for character, what the file holds."""
    drawn += "\n"
    ElementTree.fromstring(drawn)
    file = folder / f"{name}.svg"
    if os.environ.get("UPDATE_GOLDEN"):
        folder.mkdir(exist_ok=True)
        file.write_text(drawn, encoding="utf-8")
    assert drawn == file.read_text(encoding="utf-8")


def check_none_left_over(folder: Path, names: Iterable[str]) -> None:
    assert {file.stem for file in folder.iterdir()} == set(names)
