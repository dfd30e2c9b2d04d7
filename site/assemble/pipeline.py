"""From sources to dist/: everything the page needs, and nothing else."""

import json
import os
import shutil
from pathlib import Path

from assemble import (
    archive,
    bytecode,
    cache,
    chapters,
    checks,
    environment,
    files,
    glossary,
    hashing,
    inline,
    kernels,
    offline,
    onefile,
    page,
    run,
    runtime,
    styles,
    wheels,
)
from assemble.console import say
from assemble.output import Output
from assemble.paths import CACHE, DATA, DIST, ENGINE, LAB, ROOT, SITE
from assemble.pins import NUMPY

STYLES = SITE / "styles"
_BYTECODE = "bytecode"
_PACKED = ".packed"
"""What the page takes in place of a wheel: the same, packed for a browser, under a name that no filter minds."""
_OUR_PYTHON = {"PYTHONPATH": os.pathsep.join([str(SITE), str(ROOT)]), "PYTHONDONTWRITEBYTECODE": "1"}
"""So that the environment's Python finds `microgpt`, `lab` and `assemble`."""


def build(dist: Path = DIST) -> Path:
    """Build the whole site into `dist` and return it. What has not changed is not written again."""
    out = Output(dist)
    environment.ensure("build")
    numpy = _runtime(out)
    packages = [f"pyodide/{_packed(NUMPY.file)}", *_wheels(out)]
    out.copy(ROOT / "LICENSE", "LICENSE.txt")
    out.write("NOTICE.txt", _notice(numpy).encode())
    out.write(".nojekyll", b"")  # GitHub Pages serves the files as they are
    shell, names = page.join_styles((SITE / "index.html").read_text("utf-8"))
    sheets = [*(STYLES / name for name in names), *chapters.section_styles(LAB)]
    out.write("styles.css", styles.joined(sheets, chapters.rules(chapters.chapters(LAB))))
    for file in hashing.sources(DATA):
        out.copy(file, f"data/{file.relative_to(DATA).as_posix()}")
    for name in ("python.mjs", "main.py", "favicon.svg"):
        out.copy(SITE / name, name)
    out.copy(kernels.SOURCES / "connect.mjs", "kernels/connect.mjs")
    out.write("kernels/kernels.wasm", kernels.compiled())
    facts = _facts(_checkpoints(out))
    out.write("offline.js", _offline(out).encode())
    few = [name for name in packages if not name.startswith(_BYTECODE)]  # small before quick: it is sent by mail
    alone = _index(shell, few, {}, {**facts, "one_file": ""})
    one_file = _one_file(out, alone, _offline(out, without=_BYTECODE))
    out.write("microgpt-lab.html", one_file.encode())
    facts["one_file"] = f"{len(one_file) / 1e6:.0f} MB"
    out.write("index.html", _index(shell, packages, out.boot_manifest(packages), facts).encode())
    out.finish()
    checks.site(out.root, out.names, SITE)
    cache.prune()
    say(f"Built {out.root} ({out.total() / 1e6:.1f} MB)")
    return out.root


def _runtime(out: Output) -> bytes:
    """PyScript, Pyodide and its library; NumPy, which is returned."""
    modules = runtime.node_modules()
    pyscript = modules / "@pyscript" / "core" / "dist"
    for file in sorted([pyscript / "core.js", *pyscript.glob("core-*.js"), *pyscript.glob("error-*.js")]):
        out.copy(file, f"pyscript/{file.name}")
    pyodide = modules / "pyodide"
    for name in ("pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm"):
        out.copy(pyodide / name, f"pyodide/{name}")
    ready = bytecode.compiled(pyodide, runtime.numpy_wheel())
    out.write("pyodide/python_stdlib.zip", ready.stdlib)
    out.write("pyodide/pyodide-lock.json", ready.lock)
    out.write(f"pyodide/{_packed(NUMPY.file)}", archive.solid(ready.numpy))
    return ready.numpy


def _packed(wheel: str) -> str:
    return wheel.removesuffix(".whl") + _PACKED


def _wheels(out: Output) -> list[str]:
    made = [wheels.engine(), wheels.lab()]
    bytecode_of = bytecode.beside([data for _, data in made], runtime.node_modules() / "pyodide")
    made.append(wheels.plain(_BYTECODE, bytecode_of))
    for name, data in made:
        out.write(_packed(name), archive.solid(data))
    return [_packed(name) for name, _ in made]


def _checkpoints(out: Output) -> Path:
    """Models trained here by the page's own Python, with the package and the kernels it runs: to the last bit what a
    run in the page comes to. Cached by all that has a part in it. Returns the folder they are in."""
    here = SITE / "assemble"
    folders = (ENGINE, LAB / "core", LAB / "kernels", kernels.SOURCES)
    code = [file for folder in folders for file in hashing.sources(folder)]
    inputs = [here / "checkpoints.py", here / "inside.mjs", here / "pins.py", *code, DATA / "dinosaurs.txt"]
    home = CACHE / f"checkpoints-{hashing.of_files(inputs, ROOT)[:16]}"
    with files.alone(CACHE / "locks" / home.name):
        if not files.intact(home):
            shutil.rmtree(home, ignore_errors=True)
            part = home.with_suffix(f".{os.getpid()}.part")
            part.mkdir(parents=True)
            say("Training the checkpoints (again only when the engine, the kernels, site/lab/core/ or the list change)")
            run.aloud(
                [runtime.node(), here / "inside.mjs", out.root, ROOT, part, "assemble.checkpoints"],
                problem="The checkpoints could not be trained",
            )
            files.move(part, home)
            files.seal(home)
    for file in hashing.sources(home):
        out.copy(file, f"checkpoints/{file.relative_to(home).as_posix()}")
    return home


def _facts(checkpoints: Path) -> dict[str, str]:
    """Every figure that stands in the prose, computed from code, data and checkpoints."""
    printed = run.quietly(
        [environment.PYTHON, "-m", "assemble.facts", checkpoints],
        cwd=ROOT,
        env=_OUR_PYTHON,
        problem="The figures of the prose could not be computed",
    )
    return json.loads(printed)


def _notice(numpy_wheel: bytes) -> str:
    """NOTICE, and the licences that ask for their full text to come along."""
    pyscript = (runtime.node_modules() / "@pyscript" / "core" / "LICENSE").read_text("utf-8")
    numpy = archive.unpack(numpy_wheel)[f"numpy-{NUMPY.version}.dist-info/LICENSE.txt"].decode()
    texts = [("PyScript", pyscript), ("NumPy", numpy)]
    rule = "=" * 110
    parts = [f"{rule}\n{name}\n{rule}\n\n{text.strip()}\n" for name, text in texts]
    return "\n".join([(ROOT / "NOTICE").read_text("utf-8"), *parts])


def _offline(out: Output, without: str | None = None) -> str:
    """The script for a page opened from disk: all that the page would fetch or import, but for the wheel
    whose name begins with `without`."""
    folders = ("pyodide/", "pyscript/", "kernels/", "data/", "checkpoints/")
    needed = [name for name in out.names if name.startswith(folders) or name.endswith((_PACKED, ".py", ".mjs"))]
    if without:
        needed = [name for name in needed if not name.startswith(without)]
    needed.remove("data/names.txt")  # the largest list by far: a page on a disk has the others
    unpacker = (SITE / "offline.js").read_text("utf-8")
    files = {name: out.read(name) for name in needed}
    library = "pyodide/python_stdlib.zip"
    return offline.pack(unpacker, {**files, library: archive.loosened(files[library])})


def _one_file(out: Output, index: str, packed: str) -> str:
    files = {name: out.read(name) for name in ("styles.css", "favicon.svg")}
    return onefile.combine(index, files, packed, out.read("NOTICE.txt").decode())


def _index(shell: str, packages: list[str], manifest: dict[str, list], facts: dict[str, str]) -> str:
    values = {
        **facts,
        **glossary.terms(SITE / "glossary.html"),
        "version": wheels.version(),
        "pyscript_config": page.pyscript_config(packages),
        "mpy_config": page.mpy_config(),
        "boot_manifest": json.dumps(manifest, separators=(",", ":")),
    }
    parts = chapters.chapters(LAB)
    shell = shell.replace("<!-- tour -->", chapters.tour(LAB, parts))
    shell = shell.replace("<!-- glossary -->", (SITE / "glossary.html").read_text("utf-8"))
    return inline.scripts(page.compose(shell, parts, values), SITE)
