"""Cleaning a list of names: what is changed, what is dropped, and that the report says so."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microgpt.dataset import (
    MAX_LETTERS,
    MIN_NAMES,
    PLAIN,
    DataError,
    Example,
    ReadOptions,
    clean,
    cut_to_fit,
    describe,
    is_clean,
    normalise,
    read,
    reading,
)

FOUR = "rex\nmei\nyi\nzed\n"  # enough for a list to be usable
FOUND = ["rex", "mei", "yi", "zed"]
INVISIBLE = "\u00ad\u200b\u2060\ufeff\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def kinds(text: str, options: ReadOptions = PLAIN) -> dict[str, tuple[Example, ...]]:
    return {kind.key: kind.examples for kind in clean(FOUR + text, options)[1].kinds}


def test_a_clean_list_stays_as_it_is() -> None:
    names, report = clean(FOUR)
    assert names == FOUND
    assert (report.read, report.kept, report.dropped, report.kinds) == (4, 4, 0, ())
    assert str(report) == "4 of 4 names kept"


def test_capitals_become_small_letters() -> None:
    assert kinds("ANA\nBen") == {"case": (Example(5, "ANA", "ana"), Example(6, "Ben", "ben"))}


@pytest.mark.parametrize("again", ["rex", "  rex ", "re\u00adx"])
def test_repeats_are_dropped(again: str) -> None:
    assert kinds(again) == {"repeat": (Example(5, again.strip(), None),)}


@pytest.mark.feature("D4")
def test_the_report_counts_the_lines_that_are_equal_only_without_their_capitals() -> None:
    names, report = clean("CCO\ncco\nCCO\nCcO\nOCC\nC=O\nN\n")
    assert names == ["cco", "occ", "c=o", "n"]
    assert (report.folded, report.count("repeat")) == (2, 1)
    assert "2 dropped as repeats but for capitals" in str(report)


@pytest.mark.feature("D4")
def test_capitals_stay_where_they_mean_something() -> None:
    names, report = clean("CCO\ncco\nCCO\nC1CCCCC1\nc1ccccc1\n", ReadOptions(fold_case=False))
    assert names == ["CCO", "cco", "C1CCCCC1", "c1ccccc1"]
    assert [(kind.key, kind.count) for kind in report.kinds] == [("repeat", 1)]


@pytest.mark.feature("D9")
def test_repeats_stay_if_they_are_wanted() -> None:
    names, report = clean("ana\nben\nAna\ncleo\ndora\n", ReadOptions(keep_repeats=True))
    assert names == ["ana", "ben", "ana", "cleo", "dora"]
    assert (report.kept, report.dropped) == (5, 0)


@pytest.mark.parametrize("name", ["a\x00b", "a\x07b", "a\x7fb", "a\ue000b", "a\ufff9b", "\ud800"])
def test_what_can_not_be_shown_is_dropped(name: str) -> None:
    assert kinds(name) == {"unprintable": (Example(5, name, None),)}


@pytest.mark.feature("D3")
@pytest.mark.parametrize("mark", INVISIBLE, ids=[f"U+{ord(mark):04X}" for mark in INVISIBLE])
def test_marks_that_spell_nothing_go(mark: str) -> None:
    assert kinds(f"a{mark}b")["blanks"] == (Example(5, f"a{mark}b", "ab"),)
    assert normalise(f"{mark}A{mark}b") == "ab"


@pytest.mark.feature("D3")
@pytest.mark.parametrize("blank", ["\u00a0", "\u3000", "\u2009", "\t"])
def test_every_blank_is_a_space(blank: str) -> None:
    assert kinds(f"van{blank}eyck")["blanks"][0].after == "van eyck"


@pytest.mark.feature("D3")
@pytest.mark.parametrize(
    "name",
    [
        "رضا\u200cزاده",  # Persian, with a zero-width non-joiner
        "क्\u200dष",  # Hindi, with a joiner
        "q\u0323\u0301a",  # marks that no single character holds
        "สุนันท์",
        "กิ่ง",
        "👩\u200d🚀",
        "👨\u200d👩\u200d👧",
        "❤\ufe0f",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",  # Scotland
    ],
)
def test_joiners_and_combining_marks_are_spelling(name: str) -> None:
    names, report = clean(FOUR + name)
    assert names == [*FOUND, name]
    assert report.kinds == ()


@pytest.mark.feature("D3")
@pytest.mark.parametrize("typed", ["İZMİR", "I\u0307ZMI\u0307R", "İzmir", "i\u0307zmir"])
def test_a_capital_i_with_a_dot_is_one_letter_when_it_is_small(typed: str) -> None:
    assert normalise(typed) == "izmir"


@pytest.mark.feature("D3")
def test_an_accent_apart_from_its_letter_is_joined_to_it() -> None:
    apart, joined = "rene\u0301", "ren\u00e9"
    assert kinds(f"{apart}\n{joined}") == {
        "accents": (Example(5, apart, joined),),
        "repeat": (Example(6, joined, None),),
    }


def test_a_name_may_have_the_most_letters_and_not_one_more() -> None:
    longest = "a" * MAX_LETTERS
    assert kinds(longest) == {}
    assert kinds(longest + "a") == {"long": (Example(5, longest + "a", None),)}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_any_line_ending_will_do(end: str) -> None:
    names, report = clean(end.join([*FOUND, "Ana", ""]))
    assert names == [*FOUND, "ana"]
    assert report.kinds[0].examples == (Example(5, "Ana", "ana"),)


def test_blank_lines_are_not_counted_but_keep_their_line_numbers() -> None:
    names, report = clean("\n  \nrex\n\t\nMei\n\nyi\nzed")
    assert (names, report.read) == (FOUND, 4)
    assert report.kinds[0].examples == (Example(5, "Mei", "mei"),)


def test_space_inside_a_name_stays_and_around_it_goes() -> None:
    assert clean(FOUR + "  van eyck ")[0] == [*FOUND, "van eyck"]


def test_the_summary_counts_each_reason_the_most_frequent_first() -> None:
    report = clean(FOUR + "REX\nrex\nmei\nAna\na\x00b")[1]
    assert str(report) == (
        "5 of 9 names kept; 2 dropped as repeats; 1 dropped as repeats but for capitals; "
        "1 written in small letters; 1 dropped for an unprintable character"
    )
    assert describe(report, examples=1)[1:3] == [
        "2 dropped as repeats (line 6 “rex”)",
        "1 dropped as repeats but for capitals (line 5 “REX”)",
    ]


def test_examples_are_few_short_and_harmless_to_print() -> None:
    report = clean(FOUR + "\n".join("\x1b[31m" + letter * 100 for letter in "abcdefgh"))[1]
    (kind,) = report.kinds
    assert (kind.count, len(kind.examples)) == (8, 5)
    said = describe(report, examples=2)[1]
    assert "\x1b" not in said and len(said) < 200


@pytest.mark.feature("D1")
@pytest.mark.parametrize("found", range(MIN_NAMES))
def test_too_few_names_are_refused_and_how_many_are_needed_is_said(found: int) -> None:
    text = "\n".join(FOUND[:found] * 2)
    with pytest.raises(DataError, match=f"at least 4 different names are needed, one a line; found {found}"):
        clean(text, PLAIN)


def test_what_does_not_fit_the_model_is_counted() -> None:
    assert cut_to_fit(FOUND, 3) == ""
    assert cut_to_fit(FOUND, 2).startswith("3 of 4 names are longer than the 2 letters that fit the model")


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ({"delimiter": ", "}, "delimiter must be one character"),
        ({"long": "bend"}, "long must be drop, cut or split, not 'bend'"),
        ({"limit": 0}, "limit must be a whole number of at least 1, not 0"),
        ({"skip": -1}, "skip must be a whole number of at least 0, not -1"),
    ],
)
def test_choices_that_can_not_be_are_refused_by_name(choice: dict, said: str) -> None:
    with pytest.raises(DataError, match=said):
        ReadOptions(**choice)


@pytest.mark.feature("D6")
def test_a_long_list_is_read_in_steps_that_say_how_far_they_are() -> None:
    text = "\n".join(f"name {chr(0x4E00 + n)}" for n in range(10_000))
    steps, shares = reading(text.encode(), ReadOptions()), []
    while True:
        try:
            shares.append(next(steps))
        except StopIteration as done:
            assert done.value == read(text.encode())
            break
    assert len(shares) == 5 and shares == sorted(shares)
    assert 0 <= shares[0] < 0.01 and 0.7 < shares[-1] < 1


lines = st.text(max_size=80) | st.sampled_from(
    ["rex", "Rex", "REX ", "é", "e\u0301", "İ", "i\u0307", "ß", "ǅ", "Σ", "a\t"]
)
choices = st.builds(
    ReadOptions,
    delimiter=st.just(""),
    header=st.just(False),
    skip=st.just(0),
    fold_case=st.booleans(),
    long=st.sampled_from(["drop", "cut", "split"]),
    limit=st.integers(1, 70),
    keep_repeats=st.booleans(),
)


@pytest.mark.feature("X2", "D1")
@settings(max_examples=300)
@given(st.lists(lines, max_size=12), choices)
def test_whatever_the_text_the_counts_add_up_and_the_names_are_usable(typed: list[str], options: ReadOptions) -> None:
    text = "r\nm\ny\nz\n" + "\n".join(typed)
    names, report = clean(text, options)
    split, one_a_line = report.count("split"), options.long != "split"
    assert report.read == sum(bool(line.strip()) for line in text.splitlines())
    assert not one_a_line or report.read == report.kept + report.dropped
    assert split or one_a_line or report.read == report.kept + report.dropped
    assert report.kept == len(names)
    assert options.keep_repeats or len(set(names)) == len(names)
    for name in names:
        assert 0 < len(name) <= options.limit and is_clean(name) and name == name.strip()
    for kind in report.kinds:
        for example in kind.examples:
            assert text.splitlines()[example.line - 1].strip() == example.before
            assert (example.after is None) == kind.drops
            assert example.after is None or example.after in names


@pytest.mark.feature("X2")
@settings(max_examples=300)
@given(st.text())
def test_any_text_gives_names_or_a_data_error(text: str) -> None:
    try:
        names, _ = clean(text)
    except DataError as error:
        assert str(error)
    else:
        assert len(names) >= MIN_NAMES


@pytest.mark.feature("D3")
@settings(max_examples=300)
@given(st.lists(lines, max_size=12), choices)
def test_cleaning_what_is_clean_changes_nothing(typed: list[str], options: ReadOptions) -> None:
    names, _ = clean("r\nm\ny\nz\n" + "\n".join(typed), options)
    again, report = clean("\n".join(names), options)
    assert (again, report.kinds) == (names, ())


@pytest.mark.feature("D3")
@settings(max_examples=300)
@given(st.text(), st.booleans())
def test_normalising_twice_changes_nothing_more(text: str, fold_case: bool) -> None:
    once = normalise(text, fold_case)
    assert normalise(once, fold_case) == once
