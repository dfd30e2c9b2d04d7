"""Writes docs/api.md from the sources of microgpt/: their signatures, fields and docstrings.

    python docs/api.py

A test holds the page equal to what this makes, so run it after a change to a public name. It reads the
sources without importing them; README.md gives the first example.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "api.md"

# The order of the page. Modules that are not named here follow at the end.
CHAPTERS = {
    "A run, from names to names": "experiment settings dataset tokenizer trainer sampling checkpoint rng",
    "The model": "config engine model ops optim parameters",
    "The model as a graph, and with every variation": "graph interpreter tensor tensor_gpt activations",
    "The lesson, one number at a time": "value scalar_gpt",
    "How good it is, and what it does": "evaluate evaluate.*",
    "Looking inside": "inspect inspect.*",
    "Seven rungs": "ladder ladder.*",
    "A run in other forms": "export export.*",
}
_NOT_DESCRIBED = ("microgpt.cli", "microgpt.__main__")  # programs: `microgpt --help` describes them

Node = ast.ClassDef | ast.FunctionDef | ast.Assign | ast.AnnAssign


class Module:
    """A source file: its docstring, the names it defines, and those it imports from other modules of ours."""

    def __init__(self, path: Path) -> None:
        inside = path.relative_to(ROOT).with_suffix("")
        self.is_package = inside.name == "__init__"
        parts = inside.parts[:-1] if self.is_package else inside.parts
        self.name = ".".join(parts)
        self.lines = path.read_text("utf-8").splitlines()
        tree = ast.parse("\n".join(self.lines))
        self.doc = ast.get_docstring(tree) or ""
        self.own: dict[str, Node] = {}
        for node in tree.body:
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
                self.own[node.name] = node
            elif isinstance(node, ast.AnnAssign):
                self.own[ast.unparse(node.target)] = node
            elif isinstance(node, ast.Assign):
                self.own |= {ast.unparse(target): node for target in node.targets}
        listed = self.own.get("__all__")
        passed_on: list[str] = []
        self.imported: dict[str, str] = {}  # name → the module of ours that it comes from
        for each in ast.walk(tree):
            if isinstance(each, ast.ImportFrom) and each.level:
                above = parts[: len(parts) - each.level + self.is_package]
                home = ".".join([*above, *filter(None, [each.module])])
                self.imported |= {name.asname or name.name: home for name in each.names}
                passed_on += [name.name for name in each.names if name.name == name.asname]
        if isinstance(listed, ast.Assign):
            self.exported: list[str] = ast.literal_eval(listed.value)
        else:
            self.exported = [*self.own, *(passed_on if self.is_package else [])]


def modules() -> dict[str, Module]:
    """The modules of the library, by name."""
    found = {module.name: module for module in map(Module, sorted((ROOT / "microgpt").rglob("*.py")))}
    return {name: module for name, module in found.items() if not name.startswith(_NOT_DESCRIBED)}


def chapters(names: list[str]) -> dict[str, list[str]]:
    """Title → names of modules, each in one chapter."""
    left = [name for name in names if name != "microgpt"]
    made: dict[str, list[str]] = {}
    for title, wanted in CHAPTERS.items():
        made[title] = []
        for pattern in wanted.split():
            expression = re.compile(f"microgpt.{pattern}".replace(".", r"\.").replace("*", ".+"))
            made[title] += [name for name in left if expression.fullmatch(name)]
            left = [name for name in left if name not in made[title]]
    made["What these are made of"] = left
    return made


def page() -> str:
    """The text of docs/api.md."""
    known = modules()
    titles = chapters(list(known))
    described: set[tuple[str, str]] = set()
    text = ["# The API of microgpt", "", "Made from the sources by `docs/api.py`; a test holds it against them.", ""]
    text += ["```python", example(), "```", "", *_public(known["microgpt"]), ""]
    for title, names in titles.items():
        text += ["", f"# {title}"] if names else []
        for name in names:
            text += _module(known[name], known, described)
    trimmed = re.sub(r" +$", "", "\n".join(text), flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", trimmed).strip() + "\n"


def example() -> str:
    """The start in README.md."""
    found = re.search(r"```python\n(.*?)\n```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert found, "README.md has no example in Python"
    return found[1]


def _public(top: Module) -> Iterator[str]:
    yield "`from microgpt import …` offers:"
    yield ""
    for name in top.exported:
        if home := top.imported.get(name):
            home = f"microgpt.{name}" if home == "microgpt" else home
            yield f"- `{name}`: see [`{home}`](#{home.replace('.', '')})"


def _module(module: Module, known: dict[str, Module], described: set[tuple[str, str]]) -> list[str]:
    text = ["", f"## {module.name}", "", module.doc, ""]
    start = len(text)
    for name in sorted(module.exported, key=lambda name: not _is_constant(name)):
        home = module
        while name not in home.own and home.imported.get(name) in known:
            home = known[home.imported[name]]
        node = home.own.get(name)
        if node is None or name.startswith("_") or (home.name, name) in described:
            continue
        described.add((home.name, name))
        text += _described(name, node, home)
    return text if len(text) > start or module.is_package else []


def _described(name: str, node: Node, home: Module) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef):
        yield from ("", f"### `{_signature(node)}`", "", ast.get_docstring(node) or "")
    elif isinstance(node, ast.ClassDef):
        yield from _class(node, home)
    elif _is_constant(name) and node.value is not None:
        value, comment = ast.unparse(node.value), _comment(node, home)
        yield f"- `{f'{name} = {value}' if len(value) < 60 else name}`{comment and f': {comment}'}"


def _is_constant(name: str) -> bool:
    return name.isidentifier() and name.isupper() and len(name) > 1


def _class(node: ast.ClassDef, home: Module) -> Iterator[str]:
    start = next((each for each in node.body if isinstance(each, ast.FunctionDef) and each.name == "__init__"), None)
    bases = ", ".join(map(ast.unparse, node.bases))
    yield from ("", f"### `class {node.name}{f'({bases})' if bases else ''}`", "")
    if start:
        yield from (f"`{node.name}({_arguments(start)})`", "")
    yield from (ast.get_docstring(node) or "", "", (start and ast.get_docstring(start)) or "", "")
    for member in node.body:
        if isinstance(member, ast.AnnAssign) and isinstance(member.target, ast.Name):
            yield _field(member.target.id, member, home)
        elif isinstance(member, ast.FunctionDef) and not member.name.startswith("_"):
            yield _method(member)


def _field(name: str, node: ast.AnnAssign, home: Module) -> str:
    default, about = node.value, _comment(node, home)
    if isinstance(default, ast.Call) and ast.unparse(default.func) == "_row":  # a row of the table of settings
        default, _label, words, *_ = default.args
        about = ast.literal_eval(words)
    value = ast.unparse(default) if default else ""
    shown = f"{name}: {ast.unparse(node.annotation)}{f' = {value}' if value and len(value) < 30 else ''}"
    return f"- `{shown}`{about and f': {about}'}"


def _method(node: ast.FunctionDef) -> str:
    is_property = bool({"property", "cached_property"} & {ast.unparse(each) for each in node.decorator_list})
    result = f": {ast.unparse(node.returns)}" if node.returns else ""
    doc = (ast.get_docstring(node) or "").replace("\n", "\n  ")
    return f"- `{node.name + result if is_property else _signature(node)}`{doc and f': {doc}'}"


def _signature(node: ast.FunctionDef) -> str:
    return f"{node.name}({_arguments(node)}){f' -> {ast.unparse(node.returns)}' if node.returns else ''}"


def _arguments(node: ast.FunctionDef) -> str:
    return re.sub(r"^(self|cls)(, |$)", "", ast.unparse(node.args))


def _comment(node: ast.stmt, home: Module) -> str:
    """The comment behind the last line of a statement."""
    line = home.lines[(node.end_lineno or 0) - 1].encode()[node.end_col_offset or 0 :].decode()
    return line.partition("#")[2].strip()


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8", newline="\n")
