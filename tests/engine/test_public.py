"""What `import microgpt` offers: every public name, each loaded when it is first used."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import microgpt
from tests.engine.conftest import ROOT


def typed() -> Iterator[tuple[str, str]]:
    """(name, module) of what a type checker finds in microgpt/__init__.py."""
    tree = ast.parse(Path(microgpt.__file__).read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            yield from ((name.name, node.module or "") for name in node.names)


@pytest.mark.feature("H9")
@pytest.mark.parametrize(("name", "module"), list(typed()))
def test_a_public_name_is_what_its_module_defines(name: str, module: str) -> None:
    expected = getattr(import_module(f"microgpt.{module}"), name) if module else import_module(f"microgpt.{name}")
    assert getattr(microgpt, name) is expected


def test_a_type_checker_finds_just_the_public_names() -> None:
    assert sorted([*dict(typed()), "__version__"]) == sorted(microgpt.__all__)


def test_other_names_are_missing() -> None:
    with pytest.raises(AttributeError, match="module 'microgpt' has no attribute 'Modle'"):
        microgpt.Modle  # noqa: B018


def test_importing_the_package_alone_loads_none_of_its_modules_and_not_numpy() -> None:
    program = (
        "import sys, microgpt; print(*sorted(name for name in sys.modules if name.startswith(('microgpt', 'numpy'))))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["microgpt"]
