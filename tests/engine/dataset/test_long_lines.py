"""Lines too long for a name, and prose: cut, split or dropped, by choice."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microgpt.dataset import DataError, ReadOptions, clean
from microgpt.dataset.pieces import cut, split, unwrapped

NOVEL = """\
It was a dark night. "Who goes there?" she asked, and nobody
answered for a long while; the wind had taken the words away,
and the sea, which hears all, kept them. He came on foot.

Morning brought rain… and a letter! Nobody in the whole of the
long street had had one for years.
"""
SENTENCES = [
    "it was a dark night.",
    '"who goes there?"',
    "she asked, and nobody answered for a long while; the wind had",
    "taken the words away, and the sea, which hears all, kept them.",
    "he came on foot.",
    "morning brought rain…",
    "and a letter!",
    "nobody in the whole of the long street had had one for years.",
]


@pytest.mark.feature("D5")
def test_prose_is_split_into_sentences_and_these_into_pieces_that_fit() -> None:
    names, report = clean(NOVEL, ReadOptions(long="split"))
    assert names == SENTENCES
    assert str(report).startswith("8 names from 2 lines; 2 split into pieces of at most 63 letters")
    assert [example.line for example in report.kinds[0].examples] == [1, 5]  # where the paragraphs begin


@pytest.mark.feature("D5")
def test_one_line_of_two_megabytes_trains_if_it_is_split() -> None:
    line = " ".join(f"Sentence number {n} of a book has some words." for n in range(45_000))
    assert len(line) > 2_000_000
    names, _ = clean(line, ReadOptions(long="split"))
    assert len(names) == 45_000 and names[-1] == "sentence number 44999 of a book has some words."
    unbroken, _ = clean("".join(map(chr, range(0x4E00, 0x9000))) * 100, ReadOptions(long="split", keep_repeats=True))
    assert sum(map(len, unbroken)) == (0x9000 - 0x4E00) * 100


@pytest.mark.feature("D5")
def test_where_all_lines_are_too_long_the_message_says_why_and_what_to_do() -> None:
    with pytest.raises(
        DataError, match=r"found 0 in 1 line: 1 dropped as longer than 63 letters.*--long cut, --long sp"
    ):
        clean("word " * 1000)
    with pytest.raises(DataError) as caught:
        clean("\n".join("word " * n for n in range(20, 30)))
    assert caught.value.report is not None and caught.value.report.count("long") == 10


@pytest.mark.feature("D5")
def test_long_lines_are_cut_to_a_limit_of_ones_own() -> None:
    names, report = clean("rex\nmei\nstegosaurus\nyi\nzed", ReadOptions(long="cut", limit=5))
    assert names == ["rex", "mei", "stego", "yi", "zed"]
    assert "1 cut to 5 letters" in str(report)


@pytest.mark.feature("D3", "D5")
@pytest.mark.parametrize(
    ("text", "limit", "kept"),
    [
        ("abcdef", 3, "abc"),
        ("ab cdef", 3, "ab"),
        ("q\u0323\u0301u\u0323x", 4, "q\u0323\u0301"),  # a letter keeps its marks or goes with them
        ("นันท์", 4, "นัน"),
        ("👩\u200d🚀👩\u200d🚀", 4, "👩\u200d🚀"),
        ("\u0301\u0301\u0301", 2, "\u0301\u0301"),  # marks alone have no letter to keep to
    ],
)
def test_a_cut_never_parts_a_letter_from_its_marks(text: str, limit: int, kept: str) -> None:
    assert cut(text, limit) == kept


@pytest.mark.feature("D5")
@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("one. two! three? four", ["one.", "two!", "three?", "four"]),
        ("“one.” two", ["“one.”", "two"]),
        ("一。二！三？四", ["一。", "二！", "三？", "四"]),
        ("3.14 is pi", ["3.14 is pi"]),
        ("", [""]),
    ],
)
def test_sentences_end_where_a_full_stop_ends_them(text: str, pieces: list[str]) -> None:
    assert list(split(text, 20)) == pieces


@pytest.mark.feature("D5")
@settings(max_examples=300)
@given(st.text("ab .!?。\u0301\u200d", max_size=60), st.integers(1, 12))
def test_splitting_loses_nothing_but_blanks(text: str, limit: int) -> None:
    pieces = list(split(text, limit))
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(len(piece) <= limit for piece in pieces)


@pytest.mark.feature("D3", "D5")
@settings(max_examples=300)
@given(st.text("ab\u0301\u0323", max_size=30), st.integers(4, 12))
def test_a_piece_begins_with_a_mark_only_where_marks_are_too_many(text: str, limit: int) -> None:
    for piece, before in zip(list(split(text, limit))[1:], split(text, limit), strict=False):
        if unicodedata.combining(piece[0]):
            assert all(map(unicodedata.combining, before[1:]))


@pytest.mark.feature("D5")
@pytest.mark.parametrize(
    "lines",
    [
        ["a list of long lines, " * 3] * 40,  # one item a line: no blank lines between paragraphs
        ["short", "", "lines", ""] * 5,
        ["x" * 3000, "", "y" * 3000],
        [],
    ],
)
def test_what_is_not_wrapped_prose_is_left_as_it_is(lines: list[str]) -> None:
    assert unwrapped(lines) == lines
