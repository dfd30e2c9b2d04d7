"""The kernels, in the page's own Python, outside a browser: Node runs it as it does for the build."""

import json
from pathlib import Path

import pytest

from assemble import run, runtime
from assemble.paths import DIST, ROOT, SITE


def in_node(module: str, out: Path) -> None:
    """`python -m module out`, in the built site's Python."""
    inside = SITE / "assemble" / "inside.mjs"
    run.quietly([runtime.node(), inside, DIST, ROOT, out, module], problem=f"{module} did not run through")


@pytest.mark.feature("X15")
def test_ten_thousand_cases_come_out_as_numpys(tmp_path: Path) -> None:
    """Shapes, strides, precisions, alignments, numbers that are none: whatever a kernel refuses NumPy does, and nothing
    is ever written beside an array."""
    in_node("tests.kernels.fuzz", tmp_path)
    found = json.loads((tmp_path / "fuzz.json").read_text())
    assert found["problem"] == ""
    assert found["faults"] == []
    assert found["cases"] == 10_000
    assert 0.1 < found["refused"] / found["cases"] < 0.9
