"""What the page says about the kernels."""

from types import SimpleNamespace

import pytest

from lab.kernels import check
from lab.kernels.connection import Connection
from lab.sections.kernels import view
from lab.sections.kernels.model import Speeds, measure
from microgpt import ops
from microgpt.experiment import Experiment


def connection(monkeypatch: pytest.MonkeyPatch) -> Connection:
    monkeypatch.setattr(check, "everything", lambda found: None)
    found = Connection()
    found.connect(SimpleNamespace(**dict.fromkeys(ops.NUMPY, lambda *_args: False)))
    return found


@pytest.mark.feature("X15")
def test_it_says_what_runs_and_why(monkeypatch: pytest.MonkeyPatch) -> None:
    none = Connection()
    none.connect()
    assert view.state(none) == "This page is running on NumPy alone. This Python comes without them."
    some = connection(monkeypatch)
    assert view.state(some).startswith("This page is running on its kernels.")
    some.choose(False)
    assert view.state(some) == "This page is running on NumPy alone, as you asked."


@pytest.mark.feature("X15")
def test_speeds_are_told_with_their_ratio() -> None:
    speeds = Speeds(0.00024, 0.0011)
    assert view.told(speeds).startswith(
        "A step of this model takes 0.24 ms on the kernels and 1.1 ms on NumPy alone: 4.6 "
    )
    assert 'width="100.0"' in view.rows(speeds) and 'width="21.8"' in view.rows(speeds)


@pytest.mark.feature("X15")
@pytest.mark.parametrize("running", [True, False])
def test_measuring_leaves_the_choice_as_it_was(
    monkeypatch: pytest.MonkeyPatch, experiment: Experiment, running: bool
) -> None:
    kernels = connection(monkeypatch)
    kernels.choose(running)
    now = iter(range(10**6))
    pieces = measure(experiment, kernels, lambda: next(now))  # of a clock by which each step takes a second
    shares = []
    while True:
        try:
            shares.append(next(pieces))
        except StopIteration as done:
            speeds = done.value
            break
        assert kernels.running is running
    assert shares[-1] == 1 and shares == sorted(shares)
    assert speeds == Speeds(1, 1)
    kernels.choose(False)
