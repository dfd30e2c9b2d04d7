"""Putting finished things in their place, also when somebody else's build does so at the same time."""

from pathlib import Path


def move(source: Path, target: Path) -> None:
    """Rename a folder into place; if another build was quicker, its result is as good."""
    try:
        source.rename(target)
    except OSError:
        if not target.exists():
            raise
