"""What the engine's tests share. `models.py` beside this file makes small random models."""

from pathlib import Path

import pytest

from microgpt import dataset
from microgpt.cli import main
from microgpt.experiment import Experiment, Settings

ROOT = Path(__file__).resolve().parents[2]
DINOSAURS = ROOT / "data" / "dinosaurs.txt"
SMALL_RUN = ["--n-layer", "1", "--n-embd", "8", "--n-head", "2", "--steps", "30", "--seed", "5"]


@pytest.fixture(scope="session")
def names() -> list[str]:
    """The real list."""
    return dataset.load(DINOSAURS)[0]


@pytest.fixture(scope="session")
def lab(names: list[str]) -> Experiment:
    """The experiment the page opens with."""
    return Experiment(names)


@pytest.fixture(scope="session")
def few(names: list[str]) -> list[str]:
    """Sixty real names: enough to train on, quick to go through."""
    return names[::30][:60]


@pytest.fixture(scope="session")
def tiny(few: list[str]) -> Experiment:
    """A run that takes a few milliseconds from its first step to its last."""
    return Experiment(few, Settings(n_layer=1, n_embd=8, n_head=2, steps=40, seed=7))


@pytest.fixture
def data(tmp_path: Path, few: list[str]) -> str:
    path = tmp_path / "names.txt"
    path.write_text("\n".join(few), "utf-8")
    return str(path)


@pytest.fixture
def saved(tmp_path: Path, data: str, capsys: pytest.CaptureFixture[str]) -> str:
    """A run trained to its end."""
    out = str(tmp_path / "whole.npz")
    assert main(["train", "--data", data, *SMALL_RUN, "--out", out]) == 0
    capsys.readouterr()
    return out
