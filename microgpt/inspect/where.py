"""Where a number comes from: the file, the function and the lines that compute it.

It finds a statement in the syntax tree of the running source by what the statement does: the name it
assigns, the function it calls, the weight it reads. So it follows the code when lines move, and raises
LookupError, rather than give a wrong line, when no statement does that.
"""

import ast
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

Statement = ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Return | ast.Expr
Test = Callable[[ast.stmt], bool]


class Place(NamedTuple):
    """Some lines of one function."""

    file: str  # from the root of the project, as "microgpt/model.py"
    function: str  # qualified name, as "GPT.forward"
    code: tuple[tuple[int, str], ...]  # each line's number and text, in order

    @property
    def line(self) -> int:
        """The number of the first of them."""
        return self.code[0][0]


def place(function: Callable[..., Any], *tests: Test) -> Place:
    """The statements of `function` that pass each of the tests in turn; without tests, all of it.

    `function` may also be a method or a property. Raises LookupError unless exactly one statement
    passes each test.
    """
    function = getattr(function, "fget", function)  # that of a property
    source = source_of(function)
    tree = function_tree(source, function.__qualname__)
    found: list[ast.stmt] = [] if tests else [tree]
    for test in tests:
        passed = [node for node in ast.walk(tree) if isinstance(node, Statement) and test(node)]
        if len(passed) != 1:
            raise LookupError(
                f"{len(passed)} statements of {function.__qualname__} pass {test.__qualname__}, not one: "
                f"its code has changed, so change where it is looked for"
            )
        found += passed
    numbers = sorted({n for node in found for n in range(node.lineno, (node.end_lineno or node.lineno) + 1)})
    lines = source.splitlines()
    return Place(
        function.__module__.replace(".", "/") + ".py",
        function.__qualname__,
        tuple((number, lines[number - 1]) for number in numbers),
    )


def source_of(function: Callable[..., Any]) -> str:
    """The text of the file that defines it."""
    return _read(sys.modules[function.__module__].__file__ or "")


@lru_cache(maxsize=8)
def _read(path: str) -> str:
    return Path(path).read_text("utf-8")


@lru_cache(maxsize=64)
def function_tree(source: str, qualified_name: str) -> ast.FunctionDef:
    """The function or method of this name. Raises LookupError if it is not there."""
    node: Any = _parse(source)
    for part in qualified_name.split("."):
        inner = [one for one in node.body if getattr(one, "name", None) == part]
        if not inner:
            raise LookupError(f"this source has no {qualified_name}")
        node = inner[-1]
    if not isinstance(node, ast.FunctionDef):
        raise LookupError(f"{qualified_name} is no function")
    return node


@lru_cache(maxsize=8)
def _parse(source: str) -> ast.Module:
    return ast.parse(source)


# What a statement does


def assigns(name: str) -> Test:
    """Gives a value to this local name."""

    def test(statement: ast.stmt) -> bool:
        return any(
            isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
            for node in ast.walk(statement)
        )

    return test


def calls(name: str) -> Test:
    """Calls a function or method of this name, anywhere in it."""
    return lambda statement: any(_called(node) == name for node in ast.walk(statement))


def result_of(name: str) -> Test:
    """Takes or returns what a call of this name gives, with nothing done to it."""
    return lambda statement: _called(getattr(statement, "value", None)) == name


def reads(weight: str) -> Test:
    """Has the name of this weight in it, as a string."""
    return lambda statement: any(isinstance(n, ast.Constant) and n.value == weight for n in ast.walk(statement))


def returns() -> Test:
    """Ends the function with a result."""
    return lambda statement: isinstance(statement, ast.Return)


def _called(node: ast.AST | None) -> str | None:
    if not isinstance(node, ast.Call):
        return None
    return getattr(node.func, "attr", None) or getattr(node.func, "id", None)
