"""What is taken home, as it is made, and what is opened again."""

import io
from dataclasses import replace

import numpy as np
import pytest

from lab.core.run import Run
from lab.sections.take_home import view
from lab.sections.take_home.model import FORMS, command, file_name, making, opened
from microgpt.changes import Change
from microgpt.checkpoint import CheckpointError, load
from microgpt.experiment import Experiment, Settings

NAMES = "tyrannosaurus triceratops diplodocus stegosaurus iguanodon allosaurus spinosaurus oviraptor".split()


@pytest.fixture
def run() -> Run:
    run = Run(Experiment(NAMES, Settings(n_layer=1, n_embd=8, n_head=2, steps=30)))
    for _ in range(5):
        run.step()
    return run


def made(form: str, run: Run) -> bytes:
    steps = making(form, run.checkpoint(), run.experiment.names)
    while True:
        try:
            assert 0 <= next(steps) <= 1
        except StopIteration as end:
            return end.value


@pytest.mark.feature("X8", "H10")
@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_made(run: Run, form: str) -> None:
    data = made(form, run)
    sign = {
        "run": b"PK",
        "losses": b"step,loss,held_out\n",
        "list": b"tyrannosaurus\ntriceratops\n",
        "program": b'"""',
        "notebook": b"{",
    }
    assert data.startswith(sign.get(form, data[:1]))
    if form == "made-up":
        assert len(data.decode().splitlines()) == 100


@pytest.mark.feature("X8")
def test_a_run_that_is_opened_again_goes_on_as_if_it_had_never_stopped(run: Run) -> None:
    experiment = Experiment(NAMES, run.experiment.settings)
    again = Run(experiment, opened(made("run", run), experiment))
    assert [again.step().loss for _ in range(5)] == [run.step().loss for _ in range(5)]
    assert np.array_equal(again.trainer.model.flat, run.trainer.model.flat)


@pytest.mark.feature("X8")
def test_what_is_opened_must_be_a_run_of_this_list(run: Run) -> None:
    other = Experiment([*NAMES, "protoceratops"], run.experiment.settings)
    with pytest.raises(
        CheckpointError, match=r"another list of names, with the letters acdegilnoprstuvy\. Open that list first"
    ):
        opened(made("run", run), other)
    with pytest.raises(CheckpointError, match="text"):
        opened(b"not a run at all", run.experiment)


@pytest.mark.feature("X8")
@pytest.mark.parametrize("form", ["run", "weights", "program", "losses"])
def test_a_run_that_has_diverged_is_refused_in_every_form(run: Run, form: str) -> None:
    run.trainer.model.flat[3] = np.nan
    with pytest.raises(CheckpointError):
        made(form, run)


@pytest.mark.parametrize(
    ("form", "title", "name"),
    [
        ("run", None, "microgpt-dinosaurs-step-5.npz"),
        ("losses", "Greek Names.csv", "microgpt-greek-names-step-5-losses.csv"),
        ("list", "имена.txt", "microgpt-имена-list.txt"),
        ("program", "../../../etc/passwd", "microgpt-etc-passwd-step-5.py"),
        ("run", "…", "microgpt-list-step-5.npz"),
    ],
)
def test_files_are_called_after_their_list(form: str, title: str | None, name: str) -> None:
    assert file_name(form, title, 5) == name


@pytest.mark.feature("X5")
def test_the_command_makes_the_run_or_goes_on_from_its_file(run: Run) -> None:
    snapshot = run.snapshot()
    size = "microgpt train --n-layer 1 --n-embd 8 --n-head 2 --steps 30"
    assert command(snapshot, 13, None, "run.npz") == f"{size} --stop 5 --out again.npz"
    changed = replace(snapshot, changes=(Change(5, "steps", 60),))
    assert command(changed, 13, None, "run.npz") == "microgpt train --resume run.npz"
    assert command(changed, 80, "my list.txt", "run.npz") == (
        "microgpt train --resume run.npz --data 'my list.txt' --encoding utf-8 --delimiter none --no-header --skip 0 "
        "--no-fold-case --keep-repeats --limit 80"
    )


def test_it_says_what_would_be_taken(run: Run) -> None:
    weights = f"{run.trainer.model.flat.size:,}"
    assert view.standing(run.snapshot(), 8, None) == (
        f"This is what you would take now: {weights} weights, after step 5 of 30, on 8 dinosaurs."
    )
    assert "8 names of kings.txt" in view.standing(run.snapshot(), 8, "kings.txt")
    assert load(io.BytesIO(made("run", run))).step == 5
