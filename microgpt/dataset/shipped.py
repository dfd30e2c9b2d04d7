"""The list of names that comes with the package."""

from pathlib import Path


def default_list() -> Path:
    """The file of 1,829 dinosaurs, one name a line: what `microgpt train` reads without `--data`.

    An installed package carries it as `microgpt/data/dinosaurs.txt`. In a checkout it stands beside
    the package, in the repository's `data/`.
    """
    package = Path(__file__).resolve().parents[1]
    installed = package / "data" / "dinosaurs.txt"
    return installed if installed.is_file() else package.parent / "data" / "dinosaurs.txt"
