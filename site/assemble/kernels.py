"""The kernels of site/kernels, from AssemblyScript to WebAssembly."""

import tempfile
from pathlib import Path

from assemble import files, hashing, run, runtime
from assemble.console import step
from assemble.paths import CACHE, ROOT, SITE

SOURCES = SITE / "kernels"
_OPTIONS = ("-O3", "--enable", "simd", "--importMemory", "--noExportMemory", "--runtime", "stub", "--noAssert")
_NO_IMPORTS = ("--use", "abort=")


def compiled(entry: Path = SOURCES / "index.ts") -> bytes:
    """The module that `entry` makes of them, from the cache if neither the sources nor the compiler have changed."""
    wanted = {*hashing.sources(SOURCES, ".ts"), entry, SITE / "package-lock.json", Path(__file__)}
    name = entry.relative_to(ROOT).as_posix()
    kept = CACHE / f"kernels-{hashing.of_files(wanted, ROOT, name)[:16]}.wasm"
    if not kept.exists():
        compiler = runtime.node_modules() / "assemblyscript" / "bin" / "asc.js"
        with step("Compiling the kernels"), tempfile.TemporaryDirectory(dir=CACHE) as scratch:
            made = Path(scratch, "kernels.wasm")
            run.quietly(
                [runtime.node(), compiler, name, "--outFile", made, *_OPTIONS, *_NO_IMPORTS],
                cwd=ROOT,
                problem="The kernels could not be compiled",
                timeout=300,
            )
            files.move(made, kept)
    return kept.read_bytes()
