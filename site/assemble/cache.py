"""Keeps .cache/ from growing for ever: of each kind of thing only the newest stay."""

import shutil
from pathlib import Path

from assemble.paths import CACHE

KEPT = {
    "checkpoints-*": 6,
    "engine-*": 6,
    "bytecode-*": 2,
    "ours-*": 6,
    "npm-*": 2,
    "kernels-*": 6,
    "gzip/*": 60,
    "sealed/*": 20,
    "locks/*": 20,
}
"""Pattern below the cache → how many. Several checkouts of a branch or two come and go within these."""


def prune(root: Path = CACHE) -> None:
    """Remove all but the newest of each kind, by when they were made."""
    for pattern, count in KEPT.items():
        made = sorted(root.glob(pattern), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in made[count:]:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
