"""Names in the terminal: read from any text, prefixes spelled as the list is, and what does not fit."""

import io
import sys
from pathlib import Path

import pytest

from microgpt import checkpoint
from microgpt.cli import main
from tests.engine.conftest import SMALL_RUN


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


TABLE = "Nr;Name;Old;Count\n1;Rex;ub;3\n2;REX;vb;1\n3;Mei;wb;2\n4;Yi;ub;1\n5;Zedekiah;uvb;1\n6;Anna;b;1\n"


@pytest.mark.feature("D1", "D2", "D4", "D5", "D9")
@pytest.mark.parametrize(
    ("options", "said", "alphabet"),
    [
        ([], "5 of 7 names kept", "adehikmnrxyz"),
        (["--no-fold-case"], "6 of 7 names kept", "AEMRXYZadehiknx"),
        (["--column", "Old"], "column 3 (Old) of 4", "buvw"),
        (["--column", "3", "--header"], "column 3 (Old) of 4", "buvw"),
        (["--long", "cut", "--limit", "4"], "1 cut to 4 letters", "adeimnrxyz"),
        (["--keep-repeats"], "6 of 7 names kept", "adehikmnrxyz"),
        (["--weights"], "repeated by the counts in column 4: 9 names", "adehikmnrxyz"),
        (["--delimiter", "none", "--no-header"], "7 of 7 names kept", "123456;abcdehiklmnortuvwxyz"),
        (["--skip", "2", "--delimiter", ";", "--no-header", "--column", "2"], "2 left out as lines", "adehikmnrxyz"),
        (["--encoding", "shift_jis"], "5 of 7 names kept", "adehikmnrxyz"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_how_a_list_is_read_can_be_told(
    options: list[str], said: str, alphabet: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "table.csv", str(tmp_path / "run.npz")
    path.write_text(TABLE, "utf-8")
    assert main(["train", "--data", str(path), *options, *SMALL_RUN, "--out", out]) == 0
    assert said in capsys.readouterr().out.splitlines()[0]
    assert checkpoint.load(out).alphabet == alphabet
    assert main(["eval", out, "--data", str(path), *options]) == 0
    assert "trained on another list" not in capsys.readouterr().out


def test_an_encoding_that_does_not_fit_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "names.txt").write_text("Zoé\nRené\nLéa\nMarie\n", "utf-8")
    assert main(["train", "--data", str(tmp_path / "names.txt"), "--encoding", "ascii"]) == 1
    assert "names.txt" in capsys.readouterr().err


def test_delimiters_that_are_hard_to_type_have_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "table.txt").write_text(TABLE.replace(";", "\t"), "utf-8")
    assert main(["train", "--data", str(tmp_path / "table.txt"), "--delimiter", "tab", *SMALL_RUN]) == 0
    assert "column 2 (Name) of 4, between tabs" in capsys.readouterr().out
