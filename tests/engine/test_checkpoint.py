"""A run put into a file and taken out again."""

import io
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest

from microgpt import checkpoint
from microgpt.checkpoint import Checkpoint
from microgpt.experiment import Experiment


def after(experiment: Experiment, steps: int, dtype: type = np.float32) -> Checkpoint:
    trainer = experiment.trainer(dtype)
    losses = [trainer.step().loss for _ in range(steps)]
    return Checkpoint.capture(experiment, trainer, np.array(losses), {steps: 2.5})


def assert_same(a: Checkpoint, b: Checkpoint) -> None:
    for name in ("settings", "config", "alphabet", "digest", "step", "held_out", "changes"):
        assert getattr(a, name) == getattr(b, name)
    own, other = ({"flat": each.flat, "losses": each.losses} | each.state for each in (a, b))
    assert set(own) == set(other)
    for name, array in own.items():
        assert array.dtype == other[name].dtype
        np.testing.assert_array_equal(array, other[name])  # to the last bit


@pytest.mark.feature("X8")
@pytest.mark.parametrize("steps", [0, 13])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_comes_back_bit_for_bit_from_a_path(tiny: Experiment, tmp_path: Path, dtype: type, steps: int) -> None:
    saved = after(tiny, steps, dtype)
    checkpoint.save(saved, tmp_path / "run.npz")
    assert_same(checkpoint.load(tmp_path / "run.npz"), saved)
    assert_same(checkpoint.load(str(tmp_path / "run.npz")), saved)


@pytest.mark.feature("X8")
def test_comes_back_bit_for_bit_from_an_open_file(tiny: Experiment) -> None:
    saved, file = after(tiny, 5), io.BytesIO()
    checkpoint.save(saved, file)
    file.seek(0)
    assert_same(checkpoint.load(file), saved)


def test_is_saved_under_just_the_name_given(tiny: Experiment, tmp_path: Path) -> None:
    checkpoint.save(after(tiny, 1), tmp_path / "run")
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    assert checkpoint.load(tmp_path / "run").step == 1


@pytest.mark.feature("X8")
@pytest.mark.parametrize("part", ["flat", "adam.m", "adam.v", "losses"])
def test_a_run_that_has_diverged_is_not_saved(tiny: Experiment, tmp_path: Path, part: str) -> None:
    moment = after(tiny, 3)
    ({"flat": moment.flat, "losses": moment.losses} | moment.state)[part][1] = np.inf
    with pytest.raises(checkpoint.CheckpointError, match="diverged: at step 3"):
        checkpoint.save(moment, tmp_path / "run.npz")
    assert not (tmp_path / "run.npz").exists()


@pytest.mark.feature("X8")
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"held_out": {3: float("inf")}}, "it holds inf as a held-out loss"),
        ({"held_out": {3: float("nan")}}, "it holds nan as a held-out loss"),
        ({"held_out": {-1: 2.5}}, "a held-out loss of step -1"),
        ({"held_out": {4: 2.5}}, "a held-out loss of step 4, but stands at step 3"),
        ({"step": -3}, "it can't stand at step -3"),
        ({"step": 41}, "it can't stand at step 41"),
        ({"step": 2, "held_out": {}}, "losses has the shape"),
        ({"digest": None}, "its digest is not a text"),
        ({"alphabet": "ab"}, "its alphabet does not fit its model"),
        ({"state": {"adam.m": np.zeros(3, np.float32), "adam.v": np.zeros(3, np.float32)}}, "adam.m has the shape"),
        ({"state": {}}, r"its optimiser keeps \['adam.m', 'adam.v'\], not \[\]"),
    ],
    ids=str,
)
def test_what_could_not_be_loaded_is_not_saved(tiny: Experiment, tmp_path: Path, change: dict, message: str) -> None:
    moment = replace(after(tiny, 3), **change)
    with pytest.raises(checkpoint.CheckpointError, match=message):
        checkpoint.save(moment, tmp_path / "run.npz")
    with pytest.raises(checkpoint.CheckpointError, match=message):
        checkpoint.save_elsewhere(moment)
    assert list(tmp_path.iterdir()) == []


def test_settings_of_another_model_are_not_saved(tiny: Experiment, tmp_path: Path) -> None:
    moment = after(tiny, 3)
    moment = replace(moment, settings=replace(moment.settings, n_layer=2))
    with pytest.raises(checkpoint.CheckpointError, match="its settings and its model do not fit together"):
        checkpoint.save(moment, tmp_path / "run.npz")
    assert list(tmp_path.iterdir()) == []


def test_saved_elsewhere_it_is_the_same_run(tiny: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    saved = after(tiny, 3)
    path = checkpoint.save_elsewhere(saved)
    assert list(tmp_path.iterdir()) == [path] and path.match("microgpt-step-3-*.npz")
    assert_same(checkpoint.load(path), saved)


def test_a_run_that_can_not_be_saved_leaves_the_old_file(tiny: Experiment, tmp_path: Path) -> None:
    saved, path = after(tiny, 3), tmp_path / "run.npz"
    checkpoint.save(saved, path)
    diverged = after(tiny, 4)
    diverged.flat[0] = np.nan
    with pytest.raises(checkpoint.CheckpointError, match="diverged: at step 4"):
        checkpoint.save(diverged, path)
    assert_same(checkpoint.load(path), saved)


def test_the_same_run_gives_the_same_bytes(tiny: Experiment) -> None:
    files = [io.BytesIO(), io.BytesIO()]
    for file in files:
        checkpoint.save(after(tiny, 3), file)
    assert files[0].getvalue() == files[1].getvalue()


@pytest.mark.feature("X8")
def test_is_a_plain_zip_of_arrays_that_needs_no_pickle(tiny: Experiment) -> None:
    file = io.BytesIO()
    checkpoint.save(after(tiny, 1), file)
    assert ZipFile(file).testzip() is None
    file.seek(0)
    with np.load(file, allow_pickle=False) as arrays:
        assert set(arrays.files) == {"about", "losses", "adam.m", "adam.v", *tiny.config.shapes()}
        assert all(arrays[name].dtype != object for name in arrays.files)
        assert arrays["wte"].shape == tiny.config.shapes()["wte"]


def test_gives_the_model_and_the_tokenizer_of_that_moment(tiny: Experiment) -> None:
    trainer = tiny.trainer()
    moment = Checkpoint.capture(tiny, trainer, np.zeros(0))
    document = tiny.held_out_documents[0]
    loss = trainer.model.loss(document)
    trainer.step()
    assert moment.model.loss(document) == loss != trainer.model.loss(document)
    assert moment.tokenizer.document("ab") == tiny.tokenizer.document("ab")


def test_changing_its_model_does_not_change_the_checkpoint(tiny: Experiment) -> None:
    moment = after(tiny, 2)
    kept = moment.flat.copy()
    moment.model.flat[:] = 0
    np.testing.assert_array_equal(moment.flat, kept)


def test_a_capture_without_a_loss_for_each_step_is_refused(tiny: Experiment) -> None:
    with pytest.raises(ValueError, match="2 losses given for 0 steps"):
        Checkpoint.capture(tiny, tiny.trainer(), np.zeros(2))
