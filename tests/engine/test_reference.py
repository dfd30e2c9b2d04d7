"""docs/api.md says what the code says, and its first example runs."""

import ast
import os
import subprocess
import sys
from importlib import util
from pathlib import Path
from types import ModuleType

import pytest

from tests.engine.conftest import ROOT


@pytest.fixture(scope="module")
def api() -> ModuleType:
    """docs/api.py."""
    spec = util.spec_from_file_location("api", ROOT / "docs" / "api.py")
    assert spec and spec.loader
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.feature("H9")
def test_the_reference_is_that_of_the_code(api: ModuleType) -> None:
    assert api.PAGE.read_text("utf-8") == api.page(), "the public names changed: run python docs/api.py"


def test_every_public_function_and_class_stands_in_the_reference(api: ModuleType) -> None:
    page = api.page()
    missing = []
    for path in (ROOT / "microgpt").rglob("*.py"):
        if path.parent.name == "cli":
            continue
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
                start = f"### `class {node.name}" if isinstance(node, ast.ClassDef) else f"### `{node.name}("
                missing += [] if start in page else [f"{path}: {node.name}"]
    assert missing == []


@pytest.mark.feature("H9")
def test_the_first_example_makes_a_name_up(api: ModuleType, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", api.example()],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().isalpha()
