"""The losses of a run as a table and as JSON, in a file or for the next program of a pipeline."""

import csv
import json
import re
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from microgpt import checkpoint
from microgpt.checkpoint import Checkpoint
from microgpt.cli import main
from microgpt.export import losses_csv, losses_json
from tests.engine.conftest import SMALL_RUN
from tests.engine.processes import finished


@pytest.fixture
def run(saved: str) -> Checkpoint:
    return checkpoint.load(saved)


@pytest.mark.feature("H10")
def test_the_table_has_a_row_a_step(run: Checkpoint) -> None:
    rows = list(csv.DictReader(losses_csv(run).splitlines()))
    assert [int(row["step"]) for row in rows] == list(range(1, 31))
    assert (np.array([row["loss"] for row in rows], np.float32) == run.losses).all()
    assert {int(row["step"]): float(row["held_out"]) for row in rows if row["held_out"]} == run.held_out


@pytest.mark.feature("H10")
def test_the_json_has_settings_and_losses(run: Checkpoint) -> None:
    found = json.loads(losses_json(run))
    assert found["settings"] == asdict(run.settings) and found["config"] == asdict(run.config)
    assert (np.array(found["losses"], np.float32) == run.losses).all()
    assert found["held_out"] == {"30": run.held_out[30]}
    assert (found["step"], found["alphabet"], found["data"]) == (30, run.alphabet, run.digest)


def test_losses_that_are_no_numbers_are_null_in_json(run: Checkpoint) -> None:
    run.losses[3:5] = np.nan, np.inf
    found = json.loads(losses_json(run), parse_constant=pytest.fail)["losses"]
    assert [step for step, loss in enumerate(found) if loss is None] == [3, 4]


@pytest.mark.feature("H10")
def test_training_writes_both(data: str, run: Checkpoint, tmp_path: Path) -> None:
    table, text = tmp_path / "losses.csv", tmp_path / "losses.json"
    assert main(["train", "--data", data, *SMALL_RUN, "--csv", str(table), "--json", str(text)]) == 0
    assert table.read_text("utf-8") == losses_csv(run)
    assert text.read_text("utf-8") == losses_json(run)


@pytest.mark.parametrize("option", ["--csv", "--json"])
def test_a_pipeline_gets_nothing_but_the_losses(option: str, data: str, run: Checkpoint) -> None:
    done = finished("train", "--data", data, *SMALL_RUN, option, "-")
    written = {"--csv": losses_csv, "--json": losses_json}[option]
    assert done.stdout.decode() == written(run)
    assert b"names kept" in done.stderr and b"held-out loss" in done.stderr


def test_the_output_is_not_given_to_both(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--data", data, *SMALL_RUN, "--csv", "-", "--json", "-"]) == 1
    assert "can't both have the standard output" in capsys.readouterr().err


def test_a_run_that_diverges_stops_there_and_says_so(data: str, run: Checkpoint, tmp_path: Path) -> None:
    huge, out, table = tmp_path / "huge.npz", tmp_path / "run.npz", tmp_path / "losses.csv"
    checkpoint.save(replace(run, flat=run.flat * np.float32(1e30)), huge)
    more = ["--steps", "40", "--out", str(out), "--csv", str(table)]
    done = finished("train", "--data", data, "--resume", str(huge), *more)
    assert done.returncode == 1
    said = re.fullmatch(
        r"microgpt: this run has diverged: the loss of step (\d+) is nan\. A lower learning rate keeps it together\n",
        done.stderr.decode(),
    )
    assert said
    assert not out.exists()
    assert table.read_text("utf-8").endswith(f"\n{said[1]},nan,\n")


def test_weights_that_are_no_numbers_any_more_are_told_though_the_last_loss_was_one(
    data: str, run: Checkpoint, tmp_path: Path
) -> None:
    huge = tmp_path / "huge.npz"
    checkpoint.save(replace(run, flat=run.flat * np.float32(1e30)), huge)
    for out in [], ["--out", str(tmp_path / "run.npz")]:
        done = finished("train", "--data", data, "--resume", str(huge), "--steps", "31", *out)
        assert done.returncode == 1
        assert done.stderr.decode() == (
            "microgpt: this run has diverged: not all weights are finite numbers after step 31. "
            "A lower learning rate keeps it together\n"
        )
    assert not (tmp_path / "run.npz").exists()
