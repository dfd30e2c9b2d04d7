"""Wherever the page lets a reader choose a temperature, it takes the same ones."""

import re

from assemble.paths import LAB

FIELD = re.compile(r'<input [^>]*data-part="temperature(?:-box)?"[^>]*>')


def test_every_temperature_goes_from_0_to_3() -> None:
    prose = [file.read_text("utf-8") for file in (LAB / "sections").rglob("prose.html")]
    found = [field for text in prose for field in FIELD.findall(text)]
    assert len(found) == 7
    assert [field for field in found if 'min="0" max="3"' not in field] == []
