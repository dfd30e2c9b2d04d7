"""Cleaning a list of names: what is changed, what is dropped, and that the report says so."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microgpt.dataset import MAX_LETTERS, Change, DataError, clean

TWO = "rex\nmei\n"  # enough for a list to be usable


def changes(text: str) -> tuple[Change, ...]:
    return clean(TWO + text)[1].changes


def test_a_clean_list_stays_as_it_is() -> None:
    names, report = clean("rex\nmei\nyi\n")
    assert names == ["rex", "mei", "yi"]
    assert (report.read, report.kept, report.dropped, report.changes) == (3, 3, 0, ())
    assert str(report) == "3 of 3 names kept"


def test_capitals_become_small_letters() -> None:
    names, report = clean("REX\nMei")
    assert names == ["rex", "mei"]
    assert report.changes == (
        Change(1, "REX", "rex", "written in small letters"),
        Change(2, "Mei", "mei", "written in small letters"),
    )


@pytest.mark.parametrize("again", ["rex", "REX", "  rex "])
def test_repeats_are_dropped(again: str) -> None:
    assert changes(again) == (Change(3, again.strip(), None, "dropped as repeats"),)


@pytest.mark.parametrize("name", ["a\tb", "a\x00b", "a\x7fb", "a\u200bb", "a\u202eb", "a\ufeffb", "a\u00a0b"])
def test_what_can_not_be_seen_is_dropped(name: str) -> None:
    assert changes(name) == (Change(3, name, None, "dropped for an unprintable character"),)


def test_a_name_may_have_the_most_letters_and_not_one_more() -> None:
    longest = "a" * MAX_LETTERS
    assert changes(longest) == ()
    assert changes(longest + "a") == (Change(3, longest + "a", None, f"dropped as longer than {MAX_LETTERS} letters"),)


def test_an_accent_apart_from_its_letter_is_joined_to_it() -> None:
    apart, joined = "rene\u0301", "ren\u00e9"
    names, report = clean(f"{apart}\n{joined}\nrex")
    assert names == [joined, "rex"]
    assert report.changes == (
        Change(1, apart, joined, "with accents written the standard way"),
        Change(2, joined, None, "dropped as repeats"),
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_ending_will_do(end: str) -> None:
    names, report = clean(end.join(["rex", "mei", ""]))
    assert (names, report.changes) == (["rex", "mei"], ())


def test_blank_lines_are_not_counted_but_keep_their_line_numbers() -> None:
    names, report = clean("\n  \nrex\n\t\nMei\n\n")
    assert names == ["rex", "mei"]
    assert report.read == 2
    assert [change.line for change in report.changes] == [5]


def test_space_inside_a_name_stays_and_around_it_goes() -> None:
    assert clean("  van eyck \nrex")[0] == ["van eyck", "rex"]


def test_the_summary_counts_each_reason() -> None:
    report = clean("rex\nREX\nrex\nMei\na\x00b")[1]
    assert str(report) == (
        "2 of 5 names kept; 2 dropped as repeats; 1 written in small letters; 1 dropped for an unprintable character"
    )


@pytest.mark.parametrize(("text", "found"), [("", 0), ("\n \n", 0), ("rex", 1), ("rex\nREX\n", 1)])
def test_too_few_names_are_refused(text: str, found: int) -> None:
    with pytest.raises(DataError, match=f"at least 2 different names are needed, one a line; found {found}"):
        clean(text)


lines = st.text(max_size=80) | st.sampled_from(["rex", "Rex", "REX ", "é", "e\u0301", "İ", "ß", "ǅ", "Σ"])


@pytest.mark.feature("X2")
@settings(max_examples=200)
@given(st.lists(lines, max_size=12))
def test_whatever_the_text_the_counts_add_up_and_the_names_are_usable(typed: list[str]) -> None:
    text = TWO + "\n".join(typed)
    names, report = clean(text)
    dropped = [change for change in report.changes if change.after is None]
    assert report.read == report.kept + report.dropped
    assert report.read == sum(bool(line.strip()) for line in text.splitlines())
    assert (report.kept, report.dropped) == (len(names), len(dropped))
    assert len(set(names)) == len(names)
    assert all(0 < len(name) <= MAX_LETTERS and name.isprintable() for name in names)
    for change in report.changes:
        assert text.splitlines()[change.line - 1].strip() == change.before
        assert change.after is None or change.after in names


@pytest.mark.feature("X2")
@settings(max_examples=200)
@given(st.text())
def test_any_text_gives_names_or_a_data_error(text: str) -> None:
    try:
        names, _ = clean(text)
    except DataError as error:
        assert str(error)
    else:
        assert len(names) >= 2


@settings(max_examples=200)
@given(st.lists(lines, max_size=12))
def test_cleaning_what_is_clean_changes_nothing(typed: list[str]) -> None:
    names, _ = clean(TWO + "\n".join(typed))
    again, report = clean("\n".join(names))
    assert (again, report.changes) == (names, ())
