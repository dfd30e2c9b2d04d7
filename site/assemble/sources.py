"""Pieces of the engine's own source, as the page's prose quotes them: `{{source.value.Value.backward}}`.

They are taken from the files at build, so a quotation can't go out of date; one of something that is
not there any more fails the build.
"""

import ast
import re
import textwrap
from collections.abc import Mapping
from pathlib import Path

from assemble.console import BuildError
from lab.charts import code

ASKED_OF_KERNELS = re.compile(r"\{\{\s*(kernel\.\w+\.\w+)\s*\}\}")
ASKED = re.compile(r"\{\{\s*(source\.[\w.]+)\s*\}\}")


def quotations(sections: Path, package: Path, remarks: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Placeholder → listing, for all that the prose in `sections` asks for and `package` has.

    `remarks`: what to say beside its lines, for each function by a piece of the line. Raises BuildError
    for a remark whose line is not there, or not the only one, and for one on what nobody quotes.
    """
    asked = {name for file in sections.rglob("prose.html") for name in ASKED.findall(file.read_text("utf-8"))}
    idle = {f"source.{name}" for name in remarks} - asked
    if idle:
        raise BuildError(f"site/annotations.toml: nothing quotes {', '.join(sorted(idle))}.")
    names = sorted(name.removeprefix("source.") for name in asked)
    found = {f"source.{name}": _quote(name, package, remarks.get(name, {})) for name in names}
    return {name: markup for name, markup in found.items() if markup}


def kernels(sections: Path, folder: Path) -> dict[str, str]:
    """The same for functions of the kernels: `{{kernel.products.dot}}` is `dot` in products.ts, and the comment that
    stands over it."""
    prose = (file.read_text("utf-8") for file in sections.rglob("prose.html"))
    asked = {name for text in prose for name in ASKED_OF_KERNELS.findall(text)}
    return {name: markup for name in sorted(asked) if (markup := _quote_kernel(name, folder))}


def _quote_kernel(name: str, folder: Path) -> str | None:
    _, module, function = name.split(".")
    file = folder / f"{module}.ts"
    source = file.read_text("utf-8") if file.is_file() else ""
    comment, body = r"(?:(?://|/\*\*).*\n)*", rf"(?:export )?function {function}\b(?s:.*?)^\}}$"
    found = re.search(f"^{comment}{body}", source, re.MULTILINE)
    if not found:
        return None
    first = source.count("\n", 0, found.start()) + 1
    last = source.count("\n", 0, found.end()) + 1
    title = f"{function}, lines {first} to {last} of site/kernels/{file.name}"
    return code.listing(found[0], first, name=title, script=True).replace("{{", "{&#123;")


def _quote(name: str, package: Path, remarks: Mapping[str, str]) -> str | None:
    """A function, class or method as a listing, with the line numbers of its file."""
    file, path = _file(name.split("."), package)
    if not file or not path:
        return None
    source = file.read_text("utf-8")
    node = ast.parse(source)
    for part in path:
        node = next((one for one in getattr(node, "body", []) if getattr(one, "name", None) == part), None)
        if node is None:
            return None
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    text = textwrap.dedent("\n".join(source.splitlines()[first - 1 : node.end_lineno]))
    shown = f"{package.name}/{file.relative_to(package).as_posix()}"
    title = f"{'.'.join(path)}, lines {first} to {node.end_lineno} of {shown}"
    notes = {_line(text, anchor, name) + first: remark for anchor, remark in remarks.items()}
    listing = code.listing(text, first, name=title, notes=notes)
    return listing.replace("{{", "{&#123;")  # or it would look like a placeholder itself


def _line(text: str, anchor: str, name: str) -> int:
    """Which line of `text`, from 0, holds the anchor."""
    found = [i for i, line in enumerate(text.splitlines()) if anchor in line]
    if len(found) != 1:
        raise BuildError(
            f"site/annotations.toml: {anchor!r} is in {len(found)} lines of {name}, and must be in one.",
            "The source has changed: say there what it does now.",
        )
    return found[0]


def _file(parts: list[str], package: Path) -> tuple[Path | None, list[str]]:
    """The file that the first parts name, and the parts left over."""
    for count in range(len(parts), 0, -1):
        file = package.joinpath(*parts[:count]).with_suffix(".py")
        if file.is_file():
            return file, parts[count:]
    return None, []
