"""The terminal: the same run as in the page, saved, resumed, sampled from and tried."""

import argparse
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from microgpt import checkpoint
from microgpt.cli import main, parser
from microgpt.evaluate.held_out import held_out_loss
from microgpt.experiment import PRESETS, Experiment, Settings
from tests.engine.conftest import DINOSAURS, ROOT, SMALL_RUN
from tests.engine.processes import finished

SETTINGS = Settings(n_layer=1, n_embd=8, n_head=2, steps=30, seed=5)


def said(capsys: pytest.CaptureFixture[str]) -> str:
    output = capsys.readouterr()
    assert output.err == ""
    return output.out


@pytest.mark.feature("X5")
def test_training_is_the_run_that_the_library_makes(data: str, few: list[str], saved: str) -> None:
    trainer = Experiment(few, SETTINGS).trainer()
    losses = [trainer.step().loss for _ in range(30)]
    loaded = checkpoint.load(saved)
    assert loaded.settings == SETTINGS
    assert loaded.losses.tolist() == pytest.approx(losses, rel=1e-6)
    assert (loaded.flat == trainer.model.flat).all()


def test_training_says_what_it_reads_how_it_goes_and_how_well_it_did(
    data: str, few: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "--data", data, *SMALL_RUN]) == 0
    first, *middle, last = said(capsys).splitlines()
    experiment = Experiment(few, SETTINGS)
    trainer = experiment.trainer()
    while not trainer.finished:
        trainer.step()
    count, held_out = len(few), len(experiment.split.held_out)
    n_params = f"{experiment.config.n_params:,}"
    assert first == f"{count} of {count} names kept; {held_out} held out; {n_params} parameters"
    assert re.fullmatch(r"step +30   loss \d\.\d{4}   [\d,]+ steps/s", middle[-1])
    reached = held_out_loss(trainer.model, experiment.held_out_documents)
    assert last == f"held-out loss {reached:.4f}   bigram {experiment.baselines['bigram']:.4f}"


@pytest.mark.feature("X8")
def test_a_resumed_run_ends_just_as_an_uninterrupted_one(
    tmp_path: Path, data: str, saved: str, capsys: pytest.CaptureFixture[str]
) -> None:
    half, rest = str(tmp_path / "half.npz"), str(tmp_path / "rest.npz")
    assert main(["train", "--data", data, *SMALL_RUN, "--stop", "12", "--out", half]) == 0
    assert checkpoint.load(half).step == 12
    capsys.readouterr()
    assert main(["train", "--data", data, "--resume", half, "--out", rest]) == 0
    resumed = said(capsys)
    assert main(["train", "--data", data, *SMALL_RUN]) == 0
    whole = said(capsys)
    assert resumed.splitlines()[-2].startswith("held-out loss")
    assert resumed.splitlines()[-2] == whole.splitlines()[-1]
    a, b = checkpoint.load(rest), checkpoint.load(saved)
    assert (a.flat == b.flat).all() and (a.losses == b.losses).all()


@pytest.mark.feature("X8")
def test_a_finished_run_says_so_and_more_steps_extend_it(
    tmp_path: Path, data: str, few: list[str], saved: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "--data", data, "--resume", saved]) == 0
    assert said(capsys).splitlines()[1] == (
        "this run is finished: it has taken all its 30 steps; --steps, with more than that, extends it"
    )
    longer = str(tmp_path / "longer.npz")
    assert main(["train", "--data", data, "--resume", saved, "--steps", "40", "--out", longer]) == 0
    assert said(capsys).splitlines()[1] == "goes on at step 30 of 40 with the learning rate 0.00075"
    found = checkpoint.load(longer)
    assert (found.settings, found.changes) == (SETTINGS, ((30, "steps", 40),)) and list(found.held_out) == [30, 40]
    trainer = Experiment(few, found.settings, found.changes).trainer()  # from the first step, by what the file says
    losses = [trainer.step().loss for _ in range(40)]
    assert trainer.finished and found.losses.tolist() == pytest.approx(losses, rel=1e-6)
    assert (found.flat == trainer.model.flat).all()


def test_training_in_double_precision(tmp_path: Path, data: str, few: list[str]) -> None:
    out, longer = str(tmp_path / "double.npz"), str(tmp_path / "longer.npz")
    assert main(["train", "--data", data, *SMALL_RUN, "--dtype", "float64", "--out", out]) == 0
    trainer = Experiment(few, SETTINGS).trainer(np.float64)
    losses = [trainer.step().loss for _ in range(30)]
    loaded = checkpoint.load(out)
    assert loaded.flat.dtype == np.float64 and (loaded.flat == trainer.model.flat).all()
    assert loaded.losses.tolist() == losses
    assert main(["train", "--data", data, "--resume", out, "--steps", "31", "--out", longer]) == 0
    assert checkpoint.load(longer).flat.dtype == np.float64


def test_the_names_can_come_from_the_standard_input(data: str, saved: str, tmp_path: Path) -> None:
    out = tmp_path / "piped.npz"
    done = finished("train", "--data", "-", *SMALL_RUN, "--out", str(out), input=Path(data).read_bytes())
    assert done.returncode == 0
    assert (checkpoint.load(out).flat == checkpoint.load(saved).flat).all()


def test_presets_are_where_settings_come_from(data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "preset.npz")
    assert main(["train", "--data", data, "--preset", "microgpt", "--stop", "1", "--out", out]) == 0
    assert checkpoint.load(out).settings == PRESETS["microgpt"]
    assert main(["train", "--data", data, "--stop", "1", "--out", out]) == 0
    assert checkpoint.load(out).settings == Settings()


@pytest.mark.feature("U7")
def test_sampling_makes_as_many_names_as_asked_for_each_with_its_prefix(
    saved: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sample", saved, "-n", "7", "--prefix", "ty"]) == 0
    made = said(capsys).splitlines()
    assert len(made) == 7 and all(name.startswith("ty") for name in made)


@pytest.mark.feature("S1-16")
def test_sampling_with_the_same_seed_makes_the_same_names(saved: str, capsys: pytest.CaptureFixture[str]) -> None:
    outputs = []
    for seed in "1", "1", "2":
        assert main(["sample", saved, "--seed", seed]) == 0
        outputs.append(said(capsys))
    assert outputs[0] == outputs[1] != outputs[2]


@pytest.mark.feature("S3-7")
def test_at_temperature_zero_every_name_is_the_same(saved: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sample", saved, "-n", "3", "--temperature", "0"]) == 0
    assert len(set(said(capsys).split("\n")[:3])) == 1


@pytest.mark.feature("X3")
def test_eval_ranks_the_model_among_the_baselines(
    saved: str, data: str, few: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["eval", saved, "--data", data]) == 0
    head, *rows = said(capsys).splitlines()
    experiment = Experiment(few, SETTINGS)
    assert f"{len(experiment.split.held_out)} held-out names" in head
    found = {row[:14].strip(): float(row[14:]) for row in rows}
    expected = experiment.baselines | {
        "this model": held_out_loss(checkpoint.load(saved).model, experiment.held_out_documents)
    }
    assert found == pytest.approx(expected, abs=1e-4)
    assert list(found.values()) == sorted(found.values())


def test_eval_on_another_list_says_that_the_score_may_flatter(
    saved: str, tmp_path: Path, few: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    fewer = tmp_path / "fewer.txt"
    fewer.write_text("\n".join(name for name in few if "z" not in name and "q" not in name)[:200], "utf-8")
    assert main(["eval", saved, "--data", str(fewer)]) == 0
    assert "may have seen some of these names" in said(capsys)


def test_the_module_runs_as_a_program() -> None:
    command = [sys.executable, "-m", "microgpt", "train", "--data", str(DINOSAURS), "--stop", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert "27,072 parameters" in done.stdout


@pytest.mark.parametrize("command", [[], ["train"], ["sample"], ["eval"], ["export"]], ids=" ".join)
def test_every_command_explains_its_options(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command, "--help"])
    assert ended.value.code == 0
    text = said(capsys)
    for option in parser_of(command)._actions:
        assert option.help and all(name in text for name in option.option_strings)


def parser_of(command: list[str]) -> argparse.ArgumentParser:
    found = parser()
    for name in command:
        [commands] = [action for action in found._actions if isinstance(action, argparse._SubParsersAction)]
        found = commands.choices[name]
    return found
