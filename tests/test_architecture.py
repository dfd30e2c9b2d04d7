"""The rules of the code's layout, read from the source: who may import whom, and what a file may be."""

import ast
import functools
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from microgpt.config import GPTConfig

ROOT = Path(__file__).resolve().parents[1]
MAX_LINES = 350
TEXT = {".py", ".html", ".css", ".js", ".mjs", ".md", ".txt", ".toml", ".json", ".svg"}
NOT_OURS = {".git", ".cache", ".venv", "dist", "node_modules", "test-results", "__pycache__"}

# The only files that touch the browser. Everything else is run and tested by plain Python.
BROWSER_FILES = {"site/main.py", "site/lab/ui/dom.py"}
BROWSER = {"js", "pyodide", "pyodide_js", "pyscript", "_pyodide"}


@functools.cache
def imports(source: str, package: str) -> list[str]:
    """Every module that `source` imports, in full; for `from a import b` both a and a.b.

    `package` is where the source stands, such as "lab.core": relative imports count from there.
    """
    return list(_imports(source, package))


def _imports(source: str, package: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([base] if base else [])])
            yield base
            yield from (f"{base}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called in ("__import__", "import_module"):
                yield str(node.args[0].value)


def within(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(package + ".") for package in packages)


# One function a rule: what is imported, and by which file → whether that is a breach.


def engine_breach(module: str, path: str) -> bool:
    """microgpt/: NumPy and the standard library only; no browser, no loop, no clock."""
    if within(module, "time") and path.startswith("microgpt/cli/"):
        return False
    allowed = sys.stdlib_module_names | {"numpy", "microgpt"}
    return module.split(".")[0] not in allowed or within(module, "asyncio", "time", "datetime")


def core_breach(module: str, path: str) -> bool:
    """site/lab/core/: knows the engine, and nothing of what is drawn."""
    allowed = ("lab.core", "microgpt", "numpy")
    ours = within(module, "lab") and module != "lab"
    return within(module, *BROWSER) or (ours and not within(module, *allowed))


def charts_breach(module: str, path: str) -> bool:
    """site/lab/charts/: takes plain numbers; knows neither the lab's state nor the engine."""
    return within(module, "lab.core", "lab.sections", "microgpt")


def ui_breach(module: str, path: str) -> bool:
    """site/lab/ui/: lies below charts and sections, and does not look up at them. Only Section writes figures."""
    if path == "site/lab/ui/section.py" and within(module, "lab.charts.format"):
        return False
    return within(module, "lab.charts", "lab.sections")


def browser_breach(module: str, path: str) -> bool:
    """Only BROWSER_FILES import the browser."""
    return within(module, *BROWSER) and path not in BROWSER_FILES


RULES: dict[str, tuple[str, Callable[[str, str], bool]]] = {
    "engine": ("microgpt", engine_breach),
    "core": ("site/lab/core", core_breach),
    "charts": ("site/lab/charts", charts_breach),
    "ui": ("site/lab/ui", ui_breach),
    "browser": ("site", browser_breach),
}


def files(*folders: str) -> list[str]:
    found = [path.relative_to(ROOT) for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return sorted(str(path) for path in found if not NOT_OURS & set(path.parts))


def package_of(path: str) -> str:
    return ".".join(Path(path.removeprefix("site/")).parent.parts)


def breaches(rule: str, source: str, path: str) -> list[str]:
    broken = RULES[rule][1]
    return sorted({module for module in imports(source, package_of(path)) if broken(module, path)})


def wrong(paths: list[str], check: Callable[[str], Any]) -> dict[str, Any]:
    """What `check` finds wrong with each of these files. There must be some files: else nothing is checked."""
    assert paths
    return {path: found for path in paths if (found := check(path))}


@functools.cache
def text_of(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


@pytest.mark.parametrize("rule", RULES)
def test_imports_keep_the_rule_of(rule: str) -> None:
    folder, broken = RULES[rule]
    assert wrong(files(folder), lambda path: breaches(rule, text_of(path), path)) == {}, broken.__doc__


@pytest.mark.parametrize(
    ("rule", "path", "source"),
    [
        ("engine", "microgpt/model.py", "import js"),
        ("engine", "microgpt/model.py", "def f():\n    from pyodide.ffi import create_proxy"),
        ("engine", "microgpt/model.py", "import scipy.special"),
        ("engine", "microgpt/model.py", "from lab.core import lab"),
        ("engine", "microgpt/trainer.py", "import asyncio"),
        ("engine", "microgpt/trainer.py", "from time import perf_counter"),
        ("engine", "microgpt/trainer.py", "__import__('js')"),
        ("core", "site/lab/core/run.py", "import js"),
        ("core", "site/lab/core/run.py", "from ..ui import dom"),
        ("core", "site/lab/core/run.py", "from .. import charts"),
        ("core", "site/lab/core/run.py", "import lab.sections.training"),
        ("charts", "site/lab/charts/line.py", "from microgpt.model import GPT"),
        ("charts", "site/lab/charts/line.py", "from ..core.snapshot import Snapshot"),
        ("charts", "site/lab/charts/line.py", "from .. import core"),
        ("ui", "site/lab/ui/frame.py", "from ..sections.game.section import Guessing"),
        ("ui", "site/lab/ui/section.py", "from ..charts.line_chart import LineChart"),
        ("ui", "site/lab/ui/frame.py", "from lab.charts import line"),
        ("browser", "site/lab/sections/training.py", "import js"),
        ("browser", "site/lab/app.py", "from pyodide.ffi import to_js"),
        ("browser", "site/lab/app.py", "import importlib\nimportlib.import_module('js')"),
    ],
)
def test_a_breach_is_found(rule: str, path: str, source: str) -> None:
    assert breaches(rule, source, path)


@pytest.mark.parametrize(
    ("rule", "path", "source"),
    [
        (
            "engine",
            "microgpt/model.py",
            "import math\nimport numpy as np\nfrom . import rng",
        ),
        ("engine", "microgpt/cli/progress.py", "import time"),
        (
            "core",
            "site/lab/core/run.py",
            "from microgpt.model import GPT\nfrom .signal import Signal",
        ),
        ("charts", "site/lab/charts/line.py", "import numpy\nfrom ..ui import dom\nfrom . import svg"),
        ("ui", "site/lab/ui/frame.py", "import time\nfrom . import dom"),
        ("ui", "site/lab/ui/section.py", "from ..charts.format import figure_text"),
        ("browser", "site/lab/ui/dom.py", "import js\nfrom pyodide.ffi import create_proxy"),
        ("browser", "site/lab/app.py", "import json"),
    ],
)
def test_what_is_allowed_is_not_taken_for_a_breach(rule: str, path: str, source: str) -> None:
    assert breaches(rule, source, path) == []


# These put something on the page, for which they need a browser. Every other file of the lab is pure: plain Python
# imports and runs it.
ON_THE_PAGE = re.compile(
    r"site/lab/(ui/(ask|canvas|checkpoints|choices|clipboard|dom|files|frame|places|screen|section|schedule_over|storage|tasks)\.py|frame/(?!view).*|charts/(chart|explorer|loss_slider|\w+_chart)\.py|sections/.*\b(section|rung)\.py)"
)
PURE = [path for path in files("site/lab") if not ON_THE_PAGE.fullmatch(path)]


def file_of(module: str) -> str | None:
    """The file of a module of ours; None for any other, and for a name that stands in a module."""
    for path in (f"site/{module.replace('.', '/')}.py", f"site/{module.replace('.', '/')}/__init__.py"):
        if (ROOT / path).is_file():
            return path
    return None


def way_to_the_browser(path: str) -> list[str]:
    """The imports, anywhere in the code, that lead from this file to a module of the browser; [] if none do."""
    ways = [[path]]
    seen = {path}
    for way in ways:
        for module in imports(text_of(way[-1]), package_of(way[-1])):
            if within(module, *BROWSER):
                return [*way, module]
            above = module.split(".")
            # a module's packages are run before it
            for package in (".".join(above[: i + 1]) for i in range(len(above))):
                file = file_of(package)
                if file and file not in seen:
                    seen.add(file)
                    ways.append([*way, file])
    return []


def test_what_needs_no_browser_reaches_none() -> None:
    assert wrong(PURE, way_to_the_browser) == {}


def test_a_way_to_the_browser_is_found() -> None:
    assert way_to_the_browser("site/lab/sections/ladder/rung3/section.py")[-2:] == ["site/lab/ui/dom.py", "js"]
    assert way_to_the_browser("site/lab/ui/tasks.py") == ["site/lab/ui/tasks.py", "site/lab/ui/dom.py", "js"]


# What is not an import: names that belong to one side, and how the page comes to quote source text.

_SHAPES = GPTConfig(bias=True, gain=True).shapes()
WEIGHTS = {name.rpartition(".")[2] for name in _SHAPES} - {"gain"}  # a word of plain English too
WEIGHTS |= {name.removeprefix("attn_").removeprefix("mlp_") for name in WEIGHTS}
READING = {"read_text", "read_bytes", "getsource", "getsourcelines", "resources"}


def weights_named(source: str) -> list[str]:
    return sorted({word for word in re.findall(r"\w+", source) if word in WEIGHTS})


def ways_to_read(source: str) -> list[str]:
    """How this code gets at the text of files by itself, by name."""
    names = (getattr(node, "attr", getattr(node, "id", None)) for node in ast.walk(ast.parse(source)))
    parts = (part for module in imports(source, "lab") for part in module.split("."))
    return sorted(READING & {*names, *parts})


def test_charts_know_no_weight_by_its_name() -> None:
    assert wrong(files("site/lab/charts"), lambda path: weights_named(text_of(path))) == {}


def test_the_page_has_source_lines_from_the_engine_and_looks_for_none_itself() -> None:
    """`microgpt.graph.source` and `microgpt.inspect.where` find them in the syntax tree."""
    assert wrong(files("site/lab"), lambda path: ways_to_read(text_of(path))) == {}


def test_names_of_weights_and_ways_to_read_are_found() -> None:
    assert weights_named('strip("layer0.attn_wq", "through wo") + mlp_fc1') == ["attn_wq", "mlp_fc1", "wo"]
    assert weights_named("two = wove") == []
    assert ways_to_read("from importlib.resources import files") == ["resources"]
    assert ways_to_read("text = Path(__file__).read_text()") == ["read_text"]


# What a section would use to touch the page by another way than the kit (`lab/ui/section.py`).
RAW = set(
    "activeElement addEventListener appendChild classList contentRect createElement currentTarget dispatchEvent "
    "element getAttribute getBoundingClientRect innerHTML insertAdjacentHTML nextElementSibling parentElement "
    "preventDefault querySelector querySelectorAll removeAttribute removeChild scrollIntoView scrollLeft scrollTop "
    "setAttribute textContent toggleAttribute".split()
)


def touches(source: str, package: str) -> list[str]:
    """The raw members of the DOM in a section's source, and the module over it if that is imported."""
    members = {node.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)} & RAW
    return sorted(members) + [module for module in imports(source, package) if within(module, "lab.ui.dom")]


def test_a_section_touches_the_page_through_the_kit_only() -> None:
    assert wrong(files("site/lab/sections"), lambda path: touches(text_of(path), package_of(path))) == {}


@pytest.mark.parametrize(
    "source",
    [
        "self.ui.name.element.value = 1",
        "box.querySelector('p')",
        "from ...ui import dom",
        "from ...ui.dom import listen",
    ],
)
def test_a_section_that_touches_the_page_is_found(source: str) -> None:
    assert touches(source, "lab.sections.loss")


def test_a_file_is_short_enough_to_be_read() -> None:
    """Those that are not are to be split by idea."""

    def too_many(path: str) -> int:
        count = len(text_of(path).splitlines())
        return count if count >= MAX_LINES else 0

    assert wrong(files("microgpt", "site"), too_many) == {}


def texts() -> list[str]:
    found = []
    for path in ROOT.rglob("*"):
        inside = path.relative_to(ROOT)
        if not NOT_OURS & set(inside.parts) and path.is_file() and path.suffix in TEXT:
            found.append(str(inside))
    return sorted(found)


def faults(data: bytes) -> str | None:
    """What is wrong with these bytes as text."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"not UTF-8 at byte {error.start + 1}"
    at = text.find(chr(0xFFFD))
    return None if at < 0 else f"a character was lost in line {text.count(chr(10), 0, at) + 1}"


def test_text_is_sound_utf8() -> None:
    assert wrong(texts(), lambda path: faults((ROOT / path).read_bytes())) == {}


def test_broken_text_is_found() -> None:
    assert faults(b"caf\xe9") == "not UTF-8 at byte 4"
    assert faults(b"a\nb" + b"\xef\xbf\xbd") == "a character was lost in line 2"
    assert faults("é".encode()) is None


def test_ruff_finds_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format", "concise", "."],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
