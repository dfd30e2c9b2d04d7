"""The types that the sources declare, held by a type checker."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def check(*arguments: str) -> subprocess.CompletedProcess[str]:
    """mypy, as pyproject.toml sets it up."""
    return subprocess.run(
        [sys.executable, "-m", "mypy", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=300
    )


def test_mypy_finds_nothing() -> None:
    done = check()
    assert done.returncode == 0, done.stdout + done.stderr
