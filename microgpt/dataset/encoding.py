"""From bytes to text: by the encoding that is given, by a mark at the start, or by a guess that says so.

What is no text at all (a picture, a zip, a web page) is refused by its name. Where no guess is good
enough, the possible readings are shown instead of one of them being taken in silence.
"""

import codecs
import re
from typing import NamedTuple

from .options import DataError
from .report import Encoding, Sure

ENCODINGS = (
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "windows-1252",
    "iso-8859-1",
    "shift_jis",
    "windows-1250",
    "windows-1251",
    "gb18030",
    "big5",
    "euc-kr",
    "euc-jp",
)
"""Those to choose from, the likeliest first."""

_PYTHON = {"shift_jis": "cp932", "utf-8": "utf-8-sig"}  # Windows' form of Shift_JIS holds more signs
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FILES = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a picture, sound or video (RIFF)"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a zip archive (Excel and Word files are zips too: save them as CSV or text)"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file (save it as CSV or text)"),
    (b"{\\rtf", "an RTF document (save it as plain text)"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"(\xb5/\xfd", "a zstd archive"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"version https://git-lfs", "a Git LFS pointer, not the file itself (git lfs pull fetches it)"),
)
_WEB_PAGE = re.compile(rb"\s*(<\?xml[^>]*>\s*)?<(!doctype|html|svg)\b", re.IGNORECASE)
_CONTROLS = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_SAMPLE = 200_000  # bytes are judged by their beginning


class Decoded(NamedTuple):
    text: str
    encoding: Encoding


def decode(data: bytes, encoding: str | None = None) -> Decoded:
    """Bytes → text and how it was read. Raises DataError for what is empty, no text, or not in the
    encoding given, and where no encoding can be told."""
    if not data.strip(b"\0 \t\r\n"):
        raise DataError("it is empty" if not data else "it holds nothing but blanks")
    _refuse_known_files(data)
    if encoding is not None:
        return _decoded(data, encoding, "given")
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _decoded(data, name, "certain")
    return _guess(data)


def _refuse_known_files(data: bytes) -> None:
    for start, what in _FILES:
        if data.startswith(start):
            raise DataError(f"it is {what}, not a text with one name a line")
    if data[4:8] == b"ftyp":
        raise DataError("it is a picture or video, not a text with one name a line")
    if _WEB_PAGE.match(data.removeprefix(codecs.BOM_UTF8)[:1000]):
        raise DataError("it is a web page or drawing, not a text with one name a line")


def _decoded(data: bytes, name: str, sure: Sure) -> Decoded:
    try:
        text = data.decode(_PYTHON.get(name.lower(), name))
    except LookupError:
        raise DataError(f"there is no text encoding {name!r}; there are {', '.join(ENCODINGS)}") from None
    except UnicodeDecodeError as error:
        raise DataError(f"it is not {name} text (byte {error.start + 1}); try another encoding") from None
    except ValueError as error:
        raise DataError(f"it is not {name} text ({error}); try another encoding") from None
    text = text.removeprefix("\ufeff")
    return Decoded(text, Encoding(name, sure, _telling_line(text)))


def _telling_line(text: str) -> str:
    """The first line with a character beyond ASCII."""
    if text.isascii():
        return ""
    found = re.search(r"[^\n\r]{0,60}[^\0-\x7f][^\n\r]{0,60}", text)
    return found.group().strip() if found else ""


def _read_as(data: bytes, name: str) -> str | None:
    """The text, or None where the bytes can't be that encoding's."""
    try:
        return data.decode(_PYTHON.get(name, name))
    except (UnicodeDecodeError, LookupError):
        return None


def _guess(data: bytes) -> Decoded:
    text = _read_as(data, "utf-8")
    if text is not None and b"\x1b$" in data and _read_as(data, "iso-2022-jp") is not None:
        return _decoded(data, "iso-2022-jp", "guess")
    if text is not None and not _is_binary(text):
        return _decoded(data, "utf-8", "certain")
    if b"\0" in data:
        return _guess_utf16(data)
    if text is not None:
        raise DataError("it is no text: it holds control characters")
    if (broken := _broken_utf8(data)) is not None:
        raise DataError(
            f"it is UTF-8 text but for byte {broken}, which may be cut off or damaged; save it anew as UTF-8, or name "
            "its encoding"
        )
    japanese, western = _read_as(data, "shift_jis"), _read_as(data, "windows-1252")
    if japanese is not None and _is_shift_jis(japanese[:_SAMPLE]):
        return _decoded(data, "shift_jis", "guess")
    if western is not None and _is_western(western[:_SAMPLE]):
        return _decoded(data, "windows-1252", "guess")
    raise _unclear(data)


def _is_binary(text: str) -> bool:
    sample = text[:_SAMPLE]
    return len(_CONTROLS.findall(sample)) > len(sample) / 50


def _guess_utf16(data: bytes) -> Decoded:
    """Read with the wrong end first, plain letters become Chinese, and line ends become nothing at all."""
    scores: dict[str, float] = {}
    for name in ("utf-16-le", "utf-16-be"):
        text = _read_as(data, name)
        if text is not None:
            sample = text[:_SAMPLE]
            usual = sum(character.isprintable() or character in "\t\r\n" for character in sample) / len(sample)
            plain = sum(character in " \r\n" for character in sample) / len(sample)
            scores[name] = usual + min(plain, 0.01)  # a tie goes to the one with blanks and line ends
            if usual < 0.97:
                del scores[name]
    if not scores:
        raise DataError("it is no text: it holds zero bytes, as pictures and programs do")
    return _decoded(data, max(scores, key=scores.__getitem__), "guess")


def _broken_utf8(data: bytes) -> int | None:
    """Where UTF-8 breaks off (bytes count from 1), if most of what is beyond ASCII is sound UTF-8."""
    text = data.decode("utf-8", errors="replace")
    lost = text.count("\ufffd")
    sound = sum(not character.isascii() for character in text) - lost
    if sound <= lost:
        return None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start + 1
    return None


def _is_shift_jis(text: str) -> bool:
    """Whether most characters begin with one of the bytes of kana and everyday kanji. Western letters,
    read as Shift_JIS, make rare kanji and half-width kana instead."""
    beyond = [character for character in text if not character.isascii()]
    usual = sum(0x81 <= character.encode("cp932", "replace")[0] <= 0x9F for character in beyond)
    return usual * 2 > len(beyond)


_LETTER = r"[^\W\d_]"
_MISREAD = re.compile(
    f"(?<={_LETTER})[¡-©¬-´¶¸¹»-¿×÷‚„ˆ‰‹†‡](?={_LETTER})"  # a sign within a word: Wa³êsa
    "|(?<![^\\W_])[£¥³¹¼¾](?=[a-zß-ÿ])"  # … or at the beginning of one: £ukasz
    "|(?<=[a-zß-öø-ÿ])[À-ÖØ-ÞŠŽŒŸ]"  # a capital behind a small letter
)


def _is_western(text: str) -> bool:
    """Whether it looks like the languages that windows-1252 is for: mostly plain letters, with signs
    and capitals where they belong."""
    beyond = sum(not character.isascii() for character in text)
    accented = sum(character.isalpha() and not character.isascii() for character in text)
    plain = sum(character.isalpha() and character.isascii() for character in text)
    return not _is_binary(text) and accented <= plain and 20 * len(_MISREAD.findall(text)) < beyond


def _unclear(data: bytes) -> DataError:
    readings = []
    for name in ENCODINGS:
        text = None if name.startswith("utf") else _read_as(data, name)
        if text is not None and (line := _telling_line(text)) and line.isprintable():
            readings.append(f"{name} “{line[:20]}”")
    if not readings:
        return DataError("it is no text in any encoding that is known here; save it as UTF-8")
    return DataError(f"its encoding can't be told; name it, by how a line of it reads: {', '.join(readings)}")
