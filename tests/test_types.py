"""The types that the sources declare, held by a type checker."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def check(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mypy", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)


def test_mypy_finds_nothing() -> None:
    """As pyproject.toml sets it up."""
    done = check()
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_is_strict_and_no_module_is_exempt() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mypy"]
    assert config == {"strict": True, "packages": ["microgpt", "lab.core"], "mypy_path": "site"}


@pytest.mark.feature("H9")
def test_whoever_uses_the_package_has_its_types() -> None:
    program = """
from microgpt import Settings
reveal_type(Settings().n_embd)
Settings(n_embd="32")
from microgpt import Setings
"""
    found = check("--strict", "--config-file=", "-c", program).stdout
    assert '<string>:3: note: Revealed type is "int"' in found
    assert '<string>:4: error: Argument "n_embd" to "Settings" has incompatible type "str"; expected "int"' in found
    assert '<string>:5: error: Module "microgpt" has no attribute "Setings"' in found
