"""FEATURES.md has a line for each feature that a test says it proves, and for no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parent


def listed() -> list[str]:
    return re.findall(r"^\| ([A-Z][\d-]+) \| \S", (TESTS / "FEATURES.md").read_text("utf-8"), re.MULTILINE)


def marked(source: str) -> Iterator[str]:
    """The ids in every `pytest.mark.feature(...)`, on a test or in a module's `pytestmark`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.feature":
            yield from (ast.literal_eval(argument) for argument in node.args)


def test_the_list_has_just_the_features_that_tests_name() -> None:
    named = {feature for file in TESTS.rglob("test_*.py") for feature in marked(file.read_text("utf-8"))}
    assert sorted(listed()) == sorted(named)
