"""`microgpt export`: which form a file gets, and what can't be written."""

from pathlib import Path

import pytest

from microgpt import checkpoint, export
from microgpt.cli import main
from tests.engine.processes import finished


@pytest.mark.feature("H10")
@pytest.mark.parametrize(
    ("ending", "kind"),
    [
        ("safetensors", "safetensors"),
        ("py", "python"),
        ("ipynb", "notebook"),
        ("csv", "csv"),
        ("json", "json"),
        ("txt", "names"),
    ],
)
def test_the_ending_of_the_file_says_what_is_written(
    ending: str, kind: str, saved: str, data: str, few: list[str], tmp_path: Path
) -> None:
    run, out = checkpoint.load(saved), tmp_path / f"run.{ending}"
    expected = {
        "safetensors": lambda: export.safetensors(run),
        "python": lambda: export.standalone(run).encode(),
        "notebook": lambda: export.notebook(run, few).encode(),
        "csv": lambda: export.losses_csv(run).encode(),
        "json": lambda: export.losses_json(run).encode(),
        "names": lambda: export.names_text(run).encode(),
    }[kind]()
    assert main(["export", saved, str(out), "--data", data]) == 0
    assert out.read_bytes() == expected
    done = finished("export", saved, "-", "--to", kind, "--data", data)
    assert (done.returncode, done.stdout, done.stderr) == (0, expected, b"")


@pytest.mark.feature("H10")
def test_names_as_text_are_those_of_sample(saved: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["-n", "7", "--temperature", "1.3", "--seed", "9"]
    assert main(["sample", saved, *options]) == 0
    made = capsys.readouterr().out
    assert main(["export", saved, str(tmp_path / "names.txt"), *options]) == 0
    assert (tmp_path / "names.txt").read_text("utf-8") == made and made.count("\n") == 7


@pytest.mark.parametrize(
    ("file", "options", "message"),
    [
        ("run.pdf", [], "run.pdf does not say what to write: end it in .safetensors, .py"),
        ("-", [], "- does not say what to write"),
        ("run.ipynb", [], "the notebook needs the names that the run was trained on"),
        ("no/run.py", [], "can't write"),
        ("made.txt", ["-n", "0"], "at least 1, not 0"),
    ],
)
def test_what_can_not_be_exported(
    file: str, options: list[str], message: str, saved: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", saved, file if file == "-" else str(tmp_path / file), *options]) == 1
    output = capsys.readouterr()
    assert output.err.startswith("microgpt: ") and message in output.err
    assert not (tmp_path / file).is_file()
