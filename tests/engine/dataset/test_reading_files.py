"""From bytes to text, and from a path to names."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microgpt.dataset import ENCODINGS, MIN_NAMES, DataError, ReadOptions, decode, load, read
from tests.engine.conftest import DINOSAURS

GREEK = "Αλέξανδρος\nΔημήτρης\nΓεώργιος\nΙωάννης\n"
FRENCH = "zoë\nrené\nfrançois\nmarie\n"
JAPANESE = "山田\n佐藤\n鈴木\n高橋\n"
ARABIC = "محمد\nفاطمة\nعلي\nحسن\n"


def zipped() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("names.txt", FRENCH)
    return packed.getvalue()


def test_every_line_of_the_dinosaurs_is_a_name_of_small_letters() -> None:
    names, report = load(DINOSAURS)
    lines = DINOSAURS.read_text("utf-8").splitlines()
    assert names == lines
    assert (report.kept, report.kinds, report.table) == (len(lines), (), None)
    assert set("".join(names)) == set("abcdefghijklmnopqrstuvwxyz")


def test_given_names_that_stand_twice_are_taken_once() -> None:
    names, report = load(DINOSAURS.with_name("names.txt"))
    lines = DINOSAURS.with_name("names.txt").read_text("utf-8").split()
    assert len(names) == len(set(lines)) == report.kept
    assert report.dropped == len(lines) - len(set(lines)) > 0


@pytest.mark.feature("D2")
@pytest.mark.parametrize(
    ("text", "encoding", "found", "sure"),
    [
        (FRENCH, "utf-8", "utf-8", "certain"),
        (FRENCH, "utf-8-sig", "utf-8", "certain"),
        (FRENCH, "utf-16", "utf-16", "certain"),
        (FRENCH, "utf-32", "utf-32", "certain"),
        (FRENCH, "utf-16-le", "utf-16-le", "guess"),
        (FRENCH, "utf-16-be", "utf-16-be", "guess"),
        (FRENCH, "windows-1252", "windows-1252", "guess"),
        ("“zoë”\nmarie–anne\nd’or\nœuvre\n", "windows-1252", "windows-1252", "guess"),
        (GREEK, "utf-16-le", "utf-16-le", "guess"),
        (ARABIC, "utf-16-le", "utf-16-le", "guess"),
        (ARABIC, "utf-16-be", "utf-16-be", "guess"),
        (JAPANESE, "utf-16-le", "utf-16-le", "guess"),
        (JAPANESE, "utf-16-be", "utf-16-be", "guess"),
        (JAPANESE, "shift_jis", "shift_jis", "guess"),
        ("すずき\nサトウ\n山田\n①\n", "cp932", "shift_jis", "guess"),
        (JAPANESE, "iso-2022-jp", "iso-2022-jp", "guess"),
    ],
)
def test_the_encoding_is_found_and_how_sure_that_is_is_said(text: str, encoding: str, found: str, sure: str) -> None:
    decoded = decode(text.encode(encoding))
    assert decoded.text == text
    assert (decoded.encoding.name, decoded.encoding.sure) == (found, sure)
    assert decoded.encoding.sample in text and not decoded.encoding.sample.isascii()


@pytest.mark.feature("D2")
def test_a_guess_is_reported_with_a_line_that_shows_whether_it_is_right() -> None:
    assert "read as windows-1252, a guess, which makes “zoë”" in str(read(FRENCH.encode("windows-1252"))[1])
    assert "read as" not in str(read(FRENCH.encode())[1])


@pytest.mark.feature("D2")
@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Иван\nПётр\nАнна\nОльга\n", "windows-1251"),
        ("Łukasz\nWałęsa\nAnna\nPaweł\n", "windows-1250"),
        ("王伟\n李娜\n张敏\n刘洋\n", "gb18030"),
        ("김민준\n이서연\n박지훈\n", "euc-kr"),
    ],
)
def test_where_no_guess_is_good_enough_the_readings_are_shown_and_a_choice_settles_it(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    with pytest.raises(DataError, match=rf"can't be told; name it, .*{encoding} “{text.splitlines()[0]}"):
        read(data)
    decoded = decode(data, encoding)
    assert (decoded.text, decoded.encoding.sure) == (text, "given")


@pytest.mark.feature("D2")
@settings(max_examples=300)
@given(st.data(), st.sampled_from(ENCODINGS))
def test_what_an_encoding_wrote_it_reads(data: st.DataObject, encoding: str) -> None:
    codec = "cp932" if encoding == "shift_jis" else encoding
    one_way = "\ufeff¢£¬‖−〜¥‾\u3164"  # the mark at the start, and signs that East Asia writes like others
    letters = st.characters(codec=codec, exclude_characters=one_way, exclude_categories=("Cc", "Cs"))
    text = data.draw(st.text(letters, min_size=1).filter(lambda text: text.strip()))
    written = text.encode(codec)
    try:
        decoded = decode(written, encoding)
    except DataError as error:
        assert "it is " in str(error)  # it begins as a picture or a web page does
    else:
        assert decoded.text == text


@pytest.mark.feature("D2")
@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", r"it is not utf-8 text \(byte 3\)"),
        ("klingon", "there is no text encoding 'klingon'; there are utf-8, utf-16"),
        ("rot13", "there is no text encoding 'rot13'"),
        ("base64", "there is no text encoding 'base64'"),
        ("a\0b", "it is not a\0b text"),
    ],
)
def test_an_encoding_that_does_not_fit_is_refused(encoding: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        read(FRENCH.encode("windows-1252"), ReadOptions(encoding=encoding))


@pytest.mark.feature("D2")
def test_utf8_with_a_broken_byte_is_not_taken_for_something_else() -> None:
    sound = GREEK.encode()
    with pytest.raises(DataError, match=f"UTF-8 text but for byte {len(sound) + 2},"):
        read(sound + b"a\xe9b\n" + sound)


@pytest.mark.feature("D1")
@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a PNG picture"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a JPEG picture"),
        (b"\0\0\0\x20ftypheic\0\0", "a picture or video"),
        (zipped(), "a zip archive .Excel and Word files are zips too"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"<!DOCTYPE html>\n<html>", "a web page"),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg">', "a web page or drawing"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "a Git LFS pointer"),
        (bytes(range(256)) * 4, "no text: it holds zero bytes"),
        (bytes(range(1, 32)) * 9, "no text: it holds control characters"),
        (b"", "empty"),
        (b"\r\n \n", "nothing but blanks"),
    ],
)
def test_what_is_no_text_is_refused_as_what_it_is(tmp_path: Path, data: bytes, what: str) -> None:
    path = tmp_path / "names.txt"
    path.write_bytes(data)
    with pytest.raises(DataError, match=rf"names\.txt: it (is|holds) {what}"):
        load(path)


@pytest.mark.feature("D1", "D2")
@settings(max_examples=500)
@given(
    st.binary(max_size=300)
    | st.builds(lambda text, codec: text.encode(codec), st.text(min_size=5), st.sampled_from(["utf-16-le", "utf-8"]))
    | st.lists(st.sampled_from([b"a", b"\xe9", b"\n", b",", b'"', b"1", b"\t", b"\x82\xa0", b"#", b";"])).map(b"".join)
)
def test_any_bytes_give_names_or_a_data_error(data: bytes) -> None:
    for options in (ReadOptions(), ReadOptions(long="split", keep_repeats=True), ReadOptions(weights=True)):
        try:
            names, _ = read(data, options)
        except DataError as error:
            assert str(error)
        else:
            assert len(set(names)) >= MIN_NAMES


def test_bytes_are_read_as_a_file_is() -> None:
    assert load(DINOSAURS.read_bytes()) == load(DINOSAURS)


@pytest.mark.parametrize(
    ("path", "said"), [("nowhere.txt", "can't read nowhere.txt: No such file"), ("a\0b", r"can't read 'a\\x00b'")]
)
def test_a_missing_file_is_named(path: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        load(path)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="can't read"):
        load(tmp_path)
