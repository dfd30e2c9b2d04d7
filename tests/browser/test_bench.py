"""The benchmark runs to its end and finds something for every row. What it finds is for `build.py bench` to say."""

import json
import os
import subprocess
import sys
from pathlib import Path

from assemble.paths import ROOT, SITE

PARTS = {"lab_tab_ms", "large_limit_ms", "ratios", "js_over_tab", "growth", "using", "startup", "bytes"}


def test_the_benchmark_runs(tmp_path: Path) -> None:
    program = ROOT / "tests" / "bench" / "run.py"
    done = subprocess.run(
        [sys.executable, program, "--quick", "--json", tmp_path / "found.json"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(SITE), str(ROOT)])},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads((tmp_path / "found.json").read_text("utf-8"))
    assert found.keys() >= PARTS
    assert found["js_same_losses"] is True
    assert found["using"]["run_seconds"]["minimal"] > 0
    assert found["startup"]["one file"]["ready"] > 0
    assert 0 < found["bytes"]["lab"] < found["bytes"]["stock"] + 400_000
