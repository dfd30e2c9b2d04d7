"""What the tests of the lab share. `desk.py` beside this file drives a Lab without a browser."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from microgpt import dataset
from microgpt.experiment import Experiment, Settings
from tests.core.desk import Desk

DINOSAURS = Path(__file__).resolve().parents[2] / "data" / "dinosaurs.txt"
SMALL = Settings(n_layer=1, n_embd=8, n_head=2, steps=400, seed=7)


@pytest.fixture(scope="session")
def all_names() -> list[str]:
    return dataset.load(DINOSAURS)[0]


@pytest.fixture(scope="session")
def names(all_names: list[str]) -> list[str]:
    """Sixty real names: enough to train on, quick to go through."""
    return all_names[::30][:60]


@pytest.fixture(scope="session")
def small_experiment(names: list[str]) -> Experiment:
    return Experiment(names, SMALL)


@pytest.fixture
def new_desk(names: list[str]) -> Iterator[Callable[..., Desk]]:
    """Makes a lab with a run of its own each time it is called; settings and names may be others."""
    desks = []

    def make(settings: Settings = SMALL, names: Sequence[str] = tuple(names)) -> Desk:
        desks.append(Desk(names, settings))
        return desks[-1]

    yield make
    for desk in desks:
        desk.close()


@pytest.fixture
def desk(new_desk: Callable[..., Desk]) -> Desk:
    return new_desk()


@pytest.fixture(scope="session")
def losses(small_experiment: Experiment) -> list[float]:
    """Of every step of the run, by the engine alone: what any lab must reach, however it is used."""
    trainer = small_experiment.trainer()
    return [trainer.step().loss for _ in range(SMALL.steps)]
