"""Every mistake at the terminal ends in one line that says what is wrong, and in exit code 1."""

from pathlib import Path

import pytest

from microgpt.cli import main


def complaint(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    assert main(arguments) == 1
    output = capsys.readouterr()
    assert output.err.startswith("microgpt: ") and output.err.endswith("\n")
    assert output.err.count("\n") == 1 and "Traceback" not in output.err
    return output.err


@pytest.mark.parametrize("command", ["train", "eval"])
def test_a_list_that_is_not_there(command: str, saved: str, capsys) -> None:
    message = complaint(capsys, command, *([saved] if command == "eval" else []), "--data", "no/list.txt")
    assert "can't read no/list.txt: No such file" in message
    assert "--data" in message


def test_a_list_with_too_few_names(tmp_path: Path, capsys) -> None:
    (tmp_path / "one.txt").write_text("rex\n", "utf-8")
    assert "at least 4 different names" in complaint(capsys, "train", "--data", str(tmp_path / "one.txt"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--n-head", "5"], "make n_embd a multiple of 5"),
        (["--n-layer", "0"], "n_layer must be a whole number of at least 1, not 0"),
        (["--block-size", "-3"], "block_size must be"),
        (["--steps", "0"], "steps must be"),
        (["--learning-rate", "nan"], "learning_rate must be"),
        (["--seed", "-1"], "seed must be a whole number from 0 to 4294967295, not -1"),
        (["--seed", "4294967296"], "seed must be"),
        (["--stop", "0"], "can't stop at step 0"),
        (["--stop", "-5"], "can't stop at step -5"),
        (["--stop", "5001"], "can't stop at step 5001: this run goes from step 0 to step 5000"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_settings_that_can_not_work(data: str, arguments: list[str], message: str, capsys) -> None:
    assert message in complaint(capsys, "train", "--data", data, *arguments)


def test_a_place_where_nothing_can_be_saved_is_told_at_once(data: str, tmp_path: Path, capsys) -> None:
    read_only = tmp_path / "kept.npz"
    read_only.touch(0o400)
    for place in tmp_path / "no such folder" / "run.npz", tmp_path, read_only, "/dev/full":
        for option in "--out", "--csv", "--json":
            assert f"can't write {place}" in complaint(capsys, "train", "--data", data, option, str(place))


@pytest.mark.feature("X8")
@pytest.mark.parametrize("command", ["sample", "eval", "train"])
def test_a_corrupt_checkpoint(command: str, data: str, saved: str, tmp_path: Path, capsys) -> None:
    broken = tmp_path / "broken.npz"
    broken.write_bytes(Path(saved).read_bytes()[:-100])
    arguments = {
        "sample": [str(broken)],
        "eval": [str(broken), "--data", data],
        "train": ["--data", data, "--resume", str(broken)],
    }
    assert "not a sound checkpoint" in complaint(capsys, command, *arguments[command])
    broken.unlink()
    assert "can't read the file: No such file" in complaint(capsys, command, *arguments[command])


@pytest.mark.parametrize("extra", [["--seed", "1"], ["--dtype", "float64"], ["--preset", "lab"], ["--stop", "30"]])
def test_a_resumed_run_can_not_be_changed_or_stopped_where_it_has_been(
    data: str, saved: str, extra: list[str], capsys
) -> None:
    message = complaint(capsys, "train", "--data", data, "--resume", saved, *extra)
    assert "can't stop at step 30" in message if "--stop" in extra else "keeps its settings" in message
    assert extra[0] == "--stop" or f"leave {extra[0][2:]} out" in message


def test_a_resumed_run_is_not_shortened_to_where_it_has_been(data: str, saved: str, capsys) -> None:
    message = complaint(capsys, "train", "--data", data, "--resume", saved, "--steps", "29")
    assert "this run has taken 30 steps already: 29 in all are too few" in message


def test_a_run_is_not_saved_on_the_standard_output(data: str, capsys) -> None:
    assert "--out needs the name of a file" in complaint(capsys, "train", "--data", data, "--out", "-")


@pytest.mark.parametrize("extra", [["--save-every", "5"], ["--save-every", "0", "--out", "run.npz"]])
def test_saving_every_n_steps_needs_a_number_and_a_file(data: str, extra: list[str], capsys) -> None:
    assert "needs a number above 0, and --out" in complaint(capsys, "train", "--data", data, *extra)


def test_a_run_is_not_resumed_on_another_list(saved: str, tmp_path: Path, capsys) -> None:
    (tmp_path / "other.txt").write_text("rex\nmei\nyi\nzed\n", "utf-8")
    message = complaint(capsys, "train", "--data", str(tmp_path / "other.txt"), "--resume", saved)
    assert "another list of names" in message


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--prefix", "t-rex"], "'-' is not one of the letters this model knows"),
        (["--prefix", "a" * 60], "is too long: this model reads at most"),
        (["--temperature", "-1"], "a temperature is 0 or more, not -1.0"),
        (["--temperature", "nan"], "a temperature is 0 or more, not nan"),
        (["--seed", "-1"], "a seed is a whole number"),
        (["-n", "0"], "at least 1, not 0"),
    ],
    ids=lambda value: " ".join(value)[:20] if isinstance(value, list) else "",
)
def test_sampling_that_can_not_work(saved: str, arguments: list[str], message: str, capsys) -> None:
    assert message in complaint(capsys, "sample", saved, *arguments)


def test_eval_on_letters_that_the_model_does_not_know(saved: str, tmp_path: Path, capsys) -> None:
    (tmp_path / "greek.txt").write_text("αλφα\nβητα\nγαμμα\nδελτα\n", "utf-8")
    message = complaint(capsys, "eval", saved, "--data", str(tmp_path / "greek.txt"))
    assert "is not one of the letters this model knows" in message


@pytest.mark.parametrize("arguments", [[], ["dance"], ["train", "--n-layer", "two"], ["sample"]])
def test_a_command_line_that_can_not_be_read_shows_its_usage(arguments: list[str], capsys) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "usage: microgpt" in capsys.readouterr().err


def test_no_file_of_a_run_overwrites_another(data: str, saved: str, tmp_path: Path, capsys) -> None:
    one, before = str(tmp_path / "one"), (Path(data).read_bytes(), Path(saved).read_bytes())
    for first, second in ("--out", "--csv"), ("--out", "--json"), ("--csv", "--json"):
        message = complaint(capsys, "train", "--data", data, first, one, second, f"{tmp_path}/../{tmp_path.name}/one")
        assert f"{first} and {second} can't both be" in message
    for option in "--out", "--csv", "--json":
        assert f"--data and {option}" in complaint(capsys, "train", "--data", data, option, data)
    assert "--resume and --csv" in complaint(capsys, "train", "--data", data, "--resume", saved, "--csv", saved)
    assert "the model and the file to write" in complaint(capsys, "export", saved, saved, "--to", "python")
    assert (Path(data).read_bytes(), Path(saved).read_bytes()) == before
    assert main(["train", "--data", data, "--steps", "1", "--out", "/dev/null", "--csv", "/dev/null"]) == 0
