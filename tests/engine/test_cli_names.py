"""Names in the terminal: read from any text, prefixes spelled as the list is, and what does not fit."""

import io
import sys
from pathlib import Path

import pytest

from microgpt.cli import main

from .conftest import SMALL_RUN


@pytest.fixture
def french(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """A model that knows é, made from a list in windows-1252."""
    path, out = tmp_path / "names.txt", str(tmp_path / "french.npz")
    path.write_bytes("Zoé\nRené\nLéa\nMarie\nJean\nAndré\nOdile\nPaul\nLuc\nIda\n".encode("windows-1252"))
    assert main(["train", "--data", str(path), *SMALL_RUN, "--out", out]) == 0
    assert "10 of 10 names kept; 10 written in small letters; read as windows-1252, a guess" in capsys.readouterr().out
    return out


@pytest.mark.feature("D3", "D4")
@pytest.mark.parametrize("prefix", ["zoé", "ZOÉ", "Zoe\u0301", "zo\u00adé"])
def test_a_prefix_is_spelled_as_the_list_is(french: str, prefix: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sample", french, "-n", "3", "--prefix", prefix]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3 and all(line.startswith("zoé") for line in lines)


@pytest.mark.feature("D2")
@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        ("rex\nmei\nyi\nzed\n".encode("utf-16"), 0, "4 of 4 names kept"),
        (b"\x89PNG\r\n", 1, "the standard input: it is a PNG picture"),
    ],
)
def test_the_standard_input_is_read_as_a_file_is(
    data: bytes, code: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert main(["train", "--data", "-", *SMALL_RUN]) == code
    captured = capsys.readouterr()
    assert said in captured.out + captured.err


@pytest.mark.feature("D5")
def test_what_is_cut_to_fit_is_said_at_once_and_in_eval(
    data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "short.npz")
    assert main(["train", "--data", data, *SMALL_RUN, "--block-size", "6", "--out", out]) == 0
    said = capsys.readouterr().out
    assert "60 names are longer than the 5 letters that fit the model" in said
    assert said.index("longer than") < said.index("held-out loss")
    assert main(["eval", out, "--data", data]) == 0
    assert "of 6 names are longer than the 5 letters" in capsys.readouterr().out
