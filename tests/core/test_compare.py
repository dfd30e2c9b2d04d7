"""Moments side by side: copies that stay as they are, names that can be made again, honest marks."""

import io
from dataclasses import replace

import numpy as np
import pytest

from lab.core import compare
from lab.core.compare import KEPT, Recipe, Shelf
from lab.core.run import Run
from lab.core.snapshot import Sample
from microgpt import checkpoint
from microgpt.checkpoint import CheckpointError
from microgpt.cli import main
from microgpt.evaluate.held_out import held_out_loss
from microgpt.evaluate.novelty import Verdict
from microgpt.experiment import Experiment

RECIPE = Recipe(0.8, 42)


def run_to(experiment: Experiment, step: int) -> Run:
    run = Run(experiment)
    while run.step_count < step:
        run.step()
    return run


def names(capture, recipe: Recipe = RECIPE) -> list[str]:
    return [sample.name for sample in compare.naming(capture, recipe) if sample]


@pytest.fixture
def capture_now(desk):
    """Captures the desk's lab at this moment, each time it is called."""
    shelf = Shelf()
    return lambda *in_use: shelf.capture(desk.lab.snapshot.get(), desk.lab.experiment.get(), in_use)[0]


@pytest.mark.feature("S1-16")
def test_later_training_leaves_a_capture_as_it_is(desk, capture_now):
    desk.train_to(60)
    capture = capture_now()
    weights, made = capture.model.flat.tobytes(), names(capture)
    desk.train_to(200)
    desk.lab.reset()
    desk.finish()
    assert (capture.step, capture.title) == (60, "capture 1: step 60")
    assert capture.model.flat.tobytes() == weights
    assert names(capture) == made


@pytest.mark.feature("S1-16")
def test_making_names_never_changes_training(desk, new_desk, capture_now):
    other = new_desk()
    other.train_to(80)
    desk.train_to(40)
    capture = capture_now()
    assert len(names(capture)) == compare.COUNT
    held_out_loss(capture.model, capture.experiment.held_out_documents)
    desk.train_to(80)
    assert desk.weights == other.weights


@pytest.mark.feature("S1-16")
def test_untrained_is_the_model_at_step_0(desk, small_experiment):
    capture = compare.untrained(small_experiment)
    assert (capture.step, capture.title, capture.source) == (0, "untrained", "live")
    assert np.array_equal(capture.model.flat, small_experiment.trainer().model.flat)
    assert names(capture) == names(
        Shelf().capture(desk.lab.snapshot.get(), desk.lab.experiment.get())[0],
    )


@pytest.mark.feature("S1-13", "S1-16")
def test_a_saved_moment_is_the_run_stopped_there(small_experiment):
    run = run_to(small_experiment, 50)
    list(run.evaluation().pieces)
    file = io.BytesIO()
    checkpoint.save(run.checkpoint(), file)
    file.seek(0)
    capture = compare.saved(checkpoint.load(file), small_experiment)
    assert (capture.key, capture.step, capture.source) == ("step-50", 50, "precomputed")
    assert np.array_equal(capture.model.flat, run.trainer.model.flat)
    assert capture.held_out == run.held_out[50]


def test_a_saved_moment_of_another_run_is_refused(small_experiment, names):
    saved = run_to(small_experiment, 1).checkpoint()
    other_settings = Experiment(names, replace(small_experiment.settings, seed=8))
    other_names = Experiment(names[1:], small_experiment.settings)
    with pytest.raises(CheckpointError, match="other settings"):
        compare.saved(saved, other_settings)
    with pytest.raises(CheckpointError, match="another list of names"):
        compare.saved(saved, other_names)


@pytest.mark.feature("S1-16", "X5")
def test_the_same_seed_and_temperature_make_the_names_that_the_terminal_makes(small_experiment, tmp_path, capsys):
    run = run_to(small_experiment, 50)
    capture, _ = Shelf().capture(run.snapshot(), small_experiment)
    file = tmp_path / "run.npz"
    checkpoint.save(run.checkpoint(), file)
    command = ["sample", str(file), "-n", str(compare.COUNT), "--temperature", "0.8", "--seed", "42"]
    assert main(command) == 0
    assert names(capture) == names(capture) == capsys.readouterr().out.splitlines()


@pytest.mark.feature("S1-16")
def test_another_seed_or_temperature_makes_other_names(small_experiment):
    capture = compare.untrained(small_experiment)
    made = [tuple(names(capture, recipe)) for recipe in (RECIPE, Recipe(0.8, 43), Recipe(1.5, 42))]
    assert len(set(made)) == 3


@pytest.mark.feature("S1-16", "X3")
def test_names_come_letter_by_letter_each_with_its_verdict(small_experiment):
    pieces = list(compare.naming(compare.untrained(small_experiment), RECIPE, count=3))
    samples = [piece for piece in pieces if piece]
    # one piece for each token: the letters, and END where the name is finished
    assert len(pieces) - 3 == sum(len(sample.name) + sample.finished for sample in samples)
    for sample in samples:
        assert sample.verdict == small_experiment.novelty.judge(sample.name)
        assert (sample.step, sample.temperature) == (0, 0.8)


@pytest.mark.feature("X3")
def test_verdicts_are_counted():
    kinds = {"abc": "new", "rex": "copy", "abd": "new", "": "new"}  # a name of no letter is not a new one
    samples = [Sample(1, 1.0, name, Verdict(kind, "rex", 0), True) for name, kind in kinds.items()]
    assert compare.verdicts(samples) == {"new": 2, "near": 0, "copy": 1, "nothing": 1}


def test_a_loss_that_is_known_is_not_worked_out_again(desk, capture_now):
    desk.train_to(30)  # and the exam of the moment at which it stops
    assert capture_now().held_out == desk.lab.run.held_out[30]


@pytest.mark.feature("S1-16")
def test_earlier_captures_are_kept_and_the_oldest_one_goes(desk):
    shelf, captures = Shelf(), []
    for i in range(KEPT):
        desk.train_to(i + 1)
        new, dropped = shelf.capture(desk.lab.snapshot.get(), desk.lab.experiment.get())
        captures.append(new)
        assert dropped is None
        assert shelf.captures == tuple(captures)
    desk.train_to(KEPT + 1)
    new, dropped = shelf.capture(desk.lab.snapshot.get(), desk.lab.experiment.get(), [captures[0]])
    assert dropped is captures[1]  # the oldest of all stands on a side
    assert shelf.captures == (captures[0], *captures[2:], new)
    assert new.title == f"capture {KEPT + 1}: step {KEPT + 1}"


def test_a_moment_is_kept_only_once(desk, capture_now):
    desk.train_to(5)
    first = capture_now()
    assert capture_now() is first
    desk.train_to(6)
    assert capture_now() is not first


def test_a_model_that_has_run_away_is_not_captured(desk, capture_now):
    desk.lab.run.trainer.model.flat[3] = np.nan
    desk.lab.pause()  # shows the moment reached
    with pytest.raises(ValueError, match="reset it first"):
        capture_now()


@pytest.mark.parametrize("text", ["", "x", "1.5", "-1", str(compare.MAX_SEED + 1)])
def test_what_is_no_seed_is_refused_with_what_to_do(text):
    with pytest.raises(ValueError, match="whole number from 0 to 4,294,967,295"):
        compare.read_seed(text)


def test_a_seed_is_read():
    assert [compare.read_seed(text) for text in ("0", " 42 ", str(compare.MAX_SEED))] == [0, 42, compare.MAX_SEED]
