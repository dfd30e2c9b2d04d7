"""Where functions and loops are in a source text."""

import ast
from functools import lru_cache
from typing import NamedTuple


class Loop(NamedTuple):
    """A `for` or `while` loop. `lines` runs from its head to the last line of its body."""

    lines: range
    head: str  # as it is written: "for i, p in enumerate(parameters):"


@lru_cache(maxsize=32)
def loops_of(source: str) -> tuple[Loop, ...]:
    """All loops, in order of their first line, outer before inner. Raises SyntaxError if it is not Python."""
    lines = source.splitlines()
    found = [
        Loop(_lines(node), _head(node, lines))
        for node in ast.walk(ast.parse(source))
        if isinstance(node, (ast.For, ast.While))
    ]
    return tuple(sorted(found, key=lambda loop: (loop.lines.start, -loop.lines.stop)))


def _head(node: ast.For | ast.While, lines: list[str]) -> str:
    """The head up to its colon, without a comment after it."""
    last = node.iter if isinstance(node, ast.For) else node.test
    line = lines[node.lineno - 1].encode()  # columns count bytes
    colon = line.find(b":", last.end_col_offset) if last.end_lineno == node.lineno else -1
    return line[node.col_offset : colon + 1 or None].decode()


@lru_cache(maxsize=32)
def functions_of(source: str) -> dict[int, range]:
    """The lines of each function and method, decorators included, keyed by its first line, which is the
    `co_firstlineno` of its code object."""
    ranges = [
        _lines(node)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    return {lines.start: lines for lines in ranges}


def _lines(node: ast.For | ast.While | ast.FunctionDef | ast.AsyncFunctionDef) -> range:
    first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
    return range(first, (node.end_lineno or first) + 1)
