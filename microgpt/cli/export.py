"""`microgpt export`: a saved run in another form."""

import argparse
import sys
from pathlib import Path

from .. import checkpoint, export, files
from ..checkpoint import Checkpoint
from . import data

ENDINGS = {
    ".safetensors": "safetensors",
    ".py": "python",
    ".ipynb": "notebook",
    ".csv": "csv",
    ".json": "json",
    ".txt": "names",
}


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    parser = commands.add_parser(
        "export",
        help="a saved run as safetensors, Python program, notebook, table of losses, or names",
        description="The ending of FILE says what is written: .safetensors: the weights. .py: a program that makes "
        "names up with Python alone. .ipynb: a notebook that makes the run again and compares. .csv, .json: the "
        "losses. .txt: names.",
    )
    parser.add_argument("model", help="a file saved by train --out, or downloaded from the page")
    parser.add_argument("file", metavar="FILE", help="- is the standard output, and needs --to")
    parser.add_argument("--to", choices=ENDINGS.values(), help="what to write, whatever FILE is called")
    parser.add_argument("-n", type=int, default=100, help="how many names, for .txt (default: %(default)s)")
    parser.add_argument("--temperature", type=float, default=0.8, help="of names (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=42, help="of names (default: %(default)s)")
    data.add_options(parser)
    return parser


def run(options: argparse.Namespace) -> int:
    kind = options.to or ENDINGS.get(Path(options.file).suffix)
    if kind is None:
        raise ValueError(f"{options.file} does not say what to write: end it in {', '.join(ENDINGS)}, or use --to")
    files.require_different({"the model": options.model, "--data": options.data, "the file to write": options.file})
    content = _content(kind, checkpoint.load(options.model), options)
    if options.file == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
    else:
        files.write(options.file, content)
        print(f"written as {options.file}: {len(content):,} bytes")
    return 0


def _content(kind: str, saved: Checkpoint, options: argparse.Namespace) -> bytes:
    if kind == "safetensors":
        return export.safetensors(saved)
    if kind == "notebook":
        return export.notebook(saved, data.load(options)[0]).encode()
    if kind == "names":
        return export.names_text(saved, options.n, options.temperature, options.seed).encode()
    written = {"python": export.standalone, "csv": export.losses_csv, "json": export.losses_json}[kind]
    return written(saved).encode()
