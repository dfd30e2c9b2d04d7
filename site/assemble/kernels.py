"""The kernels of site/kernels, from AssemblyScript to WebAssembly."""

import tempfile
from pathlib import Path

from assemble import files, hashing, run, runtime
from assemble.console import step
from assemble.paths import CACHE, SITE

SOURCES = SITE / "kernels"
_OPTIONS = ("-O3", "--enable", "simd", "--importMemory", "--noExportMemory", "--runtime", "stub", "--noAssert")
_NO_IMPORTS = ("--use", "abort=")


def compiled() -> bytes:
    """The module, from the cache if neither its sources nor its compiler have changed."""
    wanted = [*hashing.sources(SOURCES, ".ts"), SITE / "package-lock.json", Path(__file__)]
    kept = CACHE / f"kernels-{hashing.of_files(wanted, SITE)[:16]}.wasm"
    if not kept.exists():
        compiler = runtime.node_modules() / "assemblyscript" / "bin" / "asc.js"
        with step("Compiling the kernels"), tempfile.TemporaryDirectory(dir=CACHE) as scratch:
            made = Path(scratch, "kernels.wasm")
            run.quietly(
                [runtime.node(), compiler, "index.ts", "--outFile", made, *_OPTIONS, *_NO_IMPORTS],
                cwd=SOURCES,
                problem="The kernels could not be compiled",
                timeout=300,
            )
            files.move(made, kept)
    return kept.read_bytes()
