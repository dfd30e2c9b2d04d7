"""From bytes to text, and from a path to names."""

from pathlib import Path

import pytest

from microgpt.dataset import DataError, clean, decode, load

from .conftest import DINOSAURS


def test_every_line_of_the_dinosaurs_is_a_name_of_small_letters() -> None:
    names, report = load(DINOSAURS)
    lines = DINOSAURS.read_text("utf-8").splitlines()
    assert names == lines
    assert (report.kept, report.changes) == (len(lines), ())
    assert set("".join(names)) == set("abcdefghijklmnopqrstuvwxyz")


def test_given_names_that_stand_twice_are_taken_once() -> None:
    names, report = load(DINOSAURS.with_name("names.txt"))
    lines = DINOSAURS.with_name("names.txt").read_text("utf-8").split()
    assert len(names) == len(set(lines)) == report.kept
    assert report.dropped == len(lines) - len(set(lines)) > 0


def test_a_byte_order_mark_is_no_part_of_the_first_name() -> None:
    assert decode(b"\xef\xbb\xbfrex\nmei") == "rex\nmei"


def test_text_of_any_language_is_read() -> None:
    assert clean(decode("Ђорђе\n龍\n".encode()))[0] == ["ђорђе", "龍"]


@pytest.mark.parametrize(
    ("data", "byte"), [(b"rex\nm\xe9i", 6), ("rex".encode("utf-16"), 1), (b"\x89PNG", 1), (b"rex\xc3", 4)]
)
def test_what_is_not_utf8_is_refused_with_the_place(data: bytes, byte: int) -> None:
    with pytest.raises(DataError, match=rf"the file is not UTF-8 text \(byte {byte}\); save it as UTF-8"):
        decode(data)


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "latin.txt"
    path.write_bytes("zoë\nrené".encode("latin-1"))
    with pytest.raises(DataError, match=r"latin\.txt is not UTF-8"):
        load(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"can't read .*nowhere\.txt: No such file"):
        load(tmp_path / "nowhere.txt")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="can't read"):
        load(tmp_path)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    with pytest.raises(DataError, match="found 0"):
        load(tmp_path / "empty.txt")
