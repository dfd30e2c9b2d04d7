"""However a run is stopped, what was trained is saved, and the exit code says what stopped it."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from microgpt import checkpoint
from microgpt.cli import kept_run, main
from microgpt.experiment import Experiment
from microgpt.files import WriteError
from tests.engine.conftest import SMALL_RUN
from tests.engine.processes import Terminal, default_signals, finished, read_until, started

LONG_RUN = ["--n-layer", "1", "--n-embd", "8", "--n-head", "2", "--steps", "10000000", "--seed", "5"]


def assert_kept(out: Path, few: list[str]) -> None:
    """The file holds a whole step of the very run, from which it goes on as if nothing had happened."""
    saved = checkpoint.load(out)
    assert saved.step > 0
    experiment = Experiment(few, saved.settings)
    trainer = experiment.trainer()
    losses = [trainer.step().loss for _ in range(saved.step)]
    assert saved.losses.tolist() == pytest.approx(losses, rel=1e-6)
    assert (saved.flat == trainer.model.flat).all()
    assert saved.resume(experiment).step().loss == trainer.step().loss


@pytest.mark.feature("H10")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_stops_the_run_after_it_is_saved(name: str, data: str, few: list[str], tmp_path: Path) -> None:
    number, out, table = getattr(signal, name), tmp_path / "run.npz", tmp_path / "losses.csv"
    with started("train", "--data", data, *LONG_RUN, "--out", str(out), "--csv", str(table)) as process:
        read_until(process, "steps/s")
        process.send_signal(number)
        process.send_signal(number)  # once more, as a closed terminal or an impatient person does
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    step = checkpoint.load(out).step
    assert errors == f"stopped at step {step:,} of 10,000,000, saved as {out}; --resume goes on from there\n"
    assert len(table.read_text("utf-8").splitlines()) == step + 1
    assert_kept(out, few)


def test_without_a_file_it_says_that_nothing_is_saved(data: str) -> None:
    with started("train", "--data", data, *LONG_RUN) as process:
        read_until(process, "steps/s")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.startswith("stopped at step ") and errors.endswith(", not saved: no --out\n")


def test_a_signal_that_is_ignored_stays_ignored_as_under_nohup(data: str, tmp_path: Path) -> None:
    def nohup() -> None:
        default_signals()
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    with started("train", "--data", data, *LONG_RUN, "--out", str(tmp_path / "a.npz"), prepare=nohup) as process:
        read_until(process, "steps/s")
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM


def test_a_closed_terminal(data: str, few: list[str], tmp_path: Path) -> None:
    out = tmp_path / "run.npz"
    terminal = Terminal("train", "--data", data, *LONG_RUN, "--out", str(out))
    try:
        terminal.read_until(b"steps/s")
        terminal.close()
        assert terminal.process.wait(60) == 128 + signal.SIGHUP
    finally:
        terminal.process.kill()
        terminal.process.wait()
    assert_kept(out, few)


def test_a_reader_that_leaves(data: str, few: list[str], tmp_path: Path) -> None:
    out = tmp_path / "run.npz"
    with started("train", "--data", data, *LONG_RUN, "--out", str(out)) as process:
        assert process.stdout and process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(60) == 128 + signal.SIGPIPE
        assert process.stderr.read() == ""
    assert_kept(out, few)


def test_a_process_that_is_killed_keeps_what_it_saved_on_its_way(data: str, few: list[str], tmp_path: Path) -> None:
    out = tmp_path / "run.npz"
    with started("train", "--data", data, *LONG_RUN, "--out", str(out), "--save-every", "50") as process:
        read_until(process, "steps/s")
        process.kill()
    assert checkpoint.load(out).step % 50 == 0
    assert_kept(out, few)


def test_a_file_that_can_not_be_written_any_more_is_written_elsewhere(
    data: str, few: list[str], tmp_path: Path
) -> None:
    folder, temporary = tmp_path / "folder", tmp_path / "temporary"
    folder.mkdir()
    temporary.mkdir()
    arguments = ["train", "--data", data, *LONG_RUN, "--out", str(folder / "run.npz")]
    with started(*arguments, env=os.environ | {"TMPDIR": str(temporary)}) as process:
        read_until(process, "steps/s")
        folder.rmdir()
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=60)
    [saved] = temporary.iterdir()
    assert process.returncode == 128 + signal.SIGTERM
    first, second = errors.splitlines()
    assert first.startswith(f"microgpt: can't write {folder / 'run.npz'}: ")
    assert first.endswith(f"; the run is saved as {saved} instead")
    assert f"saved as {saved}" in second
    assert_kept(saved, few)


def test_a_finished_run_that_can_not_be_written_is_written_elsewhere_and_reported(
    data: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(moment: checkpoint.Checkpoint, file: str | Path) -> None:
        if file == out:
            raise WriteError(f"can't write {file}: No space left on device")
        save(moment, file)

    out, save = str(tmp_path / "run.npz"), checkpoint.save
    monkeypatch.setattr(checkpoint, "save", full)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    assert main(["train", "--data", data, *SMALL_RUN, "--out", out]) == 1
    output = capsys.readouterr()
    [saved] = tmp_path.glob("microgpt-*.npz")
    assert output.err == f"microgpt: can't write {out}: No space left on device; the run is saved as {saved} instead\n"
    assert output.out.splitlines()[-1] == f"saved as {saved}"
    loaded = checkpoint.load(saved)
    assert loaded.step == 30 and list(loaded.held_out) == [30]


def test_an_error_in_the_report_does_not_cost_the_run(
    data: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*arguments: object) -> float:
        assert checkpoint.load(out).step == 30  # saved already
        raise MemoryError

    out = tmp_path / "run.npz"
    monkeypatch.setattr(kept_run, "held_out_loss_in_pieces", fail)
    assert main(["train", "--data", data, *SMALL_RUN, "--out", str(out)]) == 1
    assert capsys.readouterr().err == "microgpt: there is not enough memory for this\n"
    assert checkpoint.load(out).step == 30


def test_a_signal_during_the_report_ends_it(
    data: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def endless(*arguments: object) -> Iterator[float]:
        signal.raise_signal(signal.SIGTERM)
        while True:
            yield 0.5

    out = tmp_path / "run.npz"
    monkeypatch.setattr(kept_run, "held_out_loss_in_pieces", endless)
    assert main(["train", "--data", data, *SMALL_RUN, "--out", str(out)]) == 128 + signal.SIGTERM
    assert capsys.readouterr().err.startswith("stopped at step 30 of 30, saved as ")
    assert checkpoint.load(out).step == 30


def test_names_that_nobody_reads_to_the_end(saved: str) -> None:
    with started("sample", saved, "-n", "100000") as process:
        assert process.stdout and process.stderr
        assert process.stdout.readline()
        process.stdout.close()
        assert process.wait(60) == 128 + signal.SIGPIPE
        assert process.stderr.read() == ""


@pytest.mark.parametrize("command", ["sample", "train"])
def test_an_output_on_a_full_disk_is_an_error_and_no_traceback(command: str, saved: str, data: str) -> None:
    arguments = [saved] if command == "sample" else ["--data", data, *SMALL_RUN]
    with open("/dev/full", "wb") as full:
        done = finished(command, *arguments, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 1
    assert done.stderr == b"microgpt: can't write the output: No space left on device\n"
