"""Lists that come as tables, with headings, counts, or credits above them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microgpt.dataset import DataError, ReadOptions, clean, describe, read

NAMES = ["ana", "ben", "cleo", "dora"]
PEOPLE = "name,sex,count\nAna,F,70\nBen,M,5\nCleo,F,20\nDora,F,4\n"


def table(delimiter: str, header: bool = True, quote: str = "") -> str:
    rows = [["id", "who", "share"]] if header else []
    rows += [[str(i), name, f"{i}.5%"] for i, name in enumerate(NAMES, start=3)]
    return "\n".join(delimiter.join(f"{quote}{cell}{quote}" for cell in row) for row in rows)


@pytest.mark.feature("D1")
@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_heading_and_the_column_of_names_are_found(delimiter: str, header: bool, quote: str) -> None:
    names, report = clean(table(delimiter, header, quote))
    assert names == NAMES
    assert report.table is not None
    assert (report.table.delimiter, report.table.column) == (delimiter, 2)
    assert report.table.header == (("id", "who", "share") if header else None)
    assert report.table.columns[1] == tuple(NAMES)
    assert report.count("heading") == header
    assert any(line.startswith(f"column 2{' (who)' if header else ''} of 3") for line in describe(report))


@pytest.mark.feature("D1")
@pytest.mark.parametrize("column", ["who", "WHO ", "2", 2])
def test_a_column_is_chosen_by_its_heading_or_its_number(column: str | int) -> None:
    text = "id,who,where\n1,ana,oslo\n2,ben,rome\n3,cleo,bern\n4,dora,york\n"
    assert clean(text, ReadOptions(column=column))[0] == NAMES
    assert clean(text, ReadOptions(column="where"))[0] == ["oslo", "rome", "bern", "york"]


@pytest.mark.feature("D1")
@pytest.mark.parametrize("column", ["whom", "0", 4, "-1", ""])
def test_a_column_that_is_not_there_is_refused_with_those_that_are(column: str | int) -> None:
    with pytest.raises(DataError, match="name one of 1 to 3 or name, sex, count"):
        clean(PEOPLE, ReadOptions(column=column))


@pytest.mark.feature("D1")
def test_a_list_has_no_second_column() -> None:
    with pytest.raises(DataError, match="no column 2: no delimiter was found, so each line is one name"):
        clean("\n".join(NAMES), ReadOptions(column=2))


@pytest.mark.feature("D1")
def test_no_delimiter_takes_the_line_as_it_is() -> None:
    names, report = clean("a,1\nb,2\nc,3\nd,4", ReadOptions(delimiter=""))
    assert (names, report.table) == (["a,1", "b,2", "c,3", "d,4"], None)


@pytest.mark.feature("D1")
@pytest.mark.parametrize(
    "text", ["Eyck, Jan van\nBosch, Jeroen\nRubens, Piet\nVermeer, Jan", "a, b\nc\nd, e, f\ng\nh, i"]
)
def test_commas_within_names_make_no_table(text: str) -> None:
    names, report = clean(text)
    assert (names, report.table) == (text.lower().split("\n"), None)


@pytest.mark.feature("D1")
def test_quotes_hold_delimiters_quotes_and_stray_ones_spoil_one_line_alone() -> None:
    names, _ = clean('1,"eyck, jan"\n2,"the ""king"""\n3,o"neil\n4,"open\n5,last\n6,"whole"')
    assert names == ["eyck, jan", 'the "king"', 'o"neil', "open", "last", "whole"]
    assert clean('"ana"\n"ben"\n"cleo"\n"do""ra"')[0] == ["ana", "ben", "cleo", 'do"ra']


@pytest.mark.feature("D1", "D2", "D3")
def test_a_heading_a_percentage_and_arabic_script() -> None:
    text = "الاسم,النسبة\nمحمد,1.5%\nفاطمة,1.2%\nعلي,1.0%\nحسن,٠٫٩٪\n"
    names, report = read(text.encode("utf-8-sig"))
    assert names == ["محمد", "فاطمة", "علي", "حسن"]
    assert report.table is not None and report.table.header == ("الاسم", "النسبة")


@pytest.mark.feature("D1", "D2")
def test_a_quoted_shift_jis_table_without_a_heading() -> None:
    rows = [("山田", "ヤマダ"), ("佐藤", "サトウ"), ("鈴木", "スズキ"), ("高橋", "タカハシ")]
    text = "\r\n".join(f'"{i}","{name}","{kana}","東京"' for i, (name, kana) in enumerate(rows, start=1))
    names, report = read(text.encode("shift_jis"))
    assert names == [name for name, _ in rows]
    assert report.encoding is not None and report.encoding.name == "shift_jis"
    assert report.table is not None and (report.table.header, report.table.column) == (None, 2)


@pytest.mark.feature("D1")
def test_rows_without_the_column_are_counted() -> None:
    names, report = clean("1,ana\n2,ben\n3,cleo\n4,dora\n" + "5,eve\n" * 8 + "6\n7,\n" + "8,fay\n" * 8)
    assert names == [*NAMES, "eve", "fay"]
    assert report.count("empty") == 2


@pytest.mark.feature("D1")
@pytest.mark.parametrize("first", ["4", "1,829", "1 829"])
def test_a_first_line_that_is_a_count_is_no_name(first: str) -> None:
    names, report = clean(f"{first}\n" + "\n".join(NAMES))
    assert names == NAMES
    assert report.kinds[0].says == "left out as the heading"


@pytest.mark.feature("D1")
def test_numbers_are_names_in_a_list_of_numbers_and_a_heading_can_be_denied() -> None:
    assert clean("12\n7\n100\n8")[0] == ["12", "7", "100", "8"]
    assert clean("4\nana\nben\ncleo", ReadOptions(header=False))[0] == ["4", "ana", "ben", "cleo"]
    assert clean("first\nana\nben\ncleo\ndora", ReadOptions(header=True))[0] == NAMES


CREDITS = "Names of my village\r\nCompiled by A. Clerk, see https://example.org/names\r\n"


@pytest.mark.feature("D1")
@pytest.mark.parametrize(
    "above",
    [CREDITS, "# names\r\n# 2019\r\n", "© A. Clerk 2019\r\nLicence: CC0\r\n"],
)
def test_two_credit_lines_above_a_list_are_left_out_and_said(above: str) -> None:
    names, report = read(b"\xef\xbb\xbf" + (above + "\r\n".join(NAMES)).encode())
    assert names == NAMES
    assert [(kind.key, kind.count) for kind in report.kinds] == [("credits", 2)]
    assert [example.line for example in report.kinds[0].examples] == [1, 2]


@pytest.mark.feature("D1")
def test_credits_above_a_table_are_the_rows_of_another_width() -> None:
    names, report = clean(f"Names of my village\nBy me\n{PEOPLE}")
    assert names == NAMES
    assert (report.count("credits"), report.count("heading")) == (2, 1)


@pytest.mark.feature("D1")
def test_how_many_lines_to_skip_can_be_said() -> None:
    text = "all of\nmine\n" + "\n".join(NAMES)
    assert clean(text)[0] == ["all of", "mine", *NAMES]
    assert clean(text, ReadOptions(skip=2))[0] == NAMES
    assert len(clean(CREDITS + text, ReadOptions(skip=0))[0]) == 8


@pytest.mark.feature("D9")
@pytest.mark.parametrize("weights", [True, "count", 3])
def test_counts_become_weights(weights: bool | str | int) -> None:
    names, report = clean(PEOPLE, ReadOptions(weights=weights))
    assert names == ["ana"] * 70 + ["ben"] * 5 + ["cleo"] * 20 + ["dora"] * 4
    assert report.weights is not None and report.weights.total == 99
    assert report.kept == 4
    assert "repeated by the counts in column 3: 99 names" in str(report)


@pytest.mark.feature("D9")
def test_the_counts_of_a_name_that_stands_twice_add_up() -> None:
    names, _ = clean(PEOPLE + "Ana,M,30\nEve,F,x\n", ReadOptions(weights=True))
    assert (names.count("ana"), names.count("eve")) == (100, 1)


@pytest.mark.feature("D9")
def test_counts_too_large_to_repeat_are_scaled_down_and_said() -> None:
    text = "name;count\nana;3.000.000\nben;1 500 000\ncleo;500,000\ndora;2\n"
    names, report = clean(text, ReadOptions(weights=True))
    assert len(names) <= 200_001
    assert names.count("ana") == 2 * names.count("ben") == 6 * names.count("cleo")
    assert names.count("dora") == 1
    assert "scaled by 0.04" in str(report)


@pytest.mark.feature("D9")
def test_shares_below_one_are_scaled_up() -> None:
    names, _ = clean("ana\t2.5%\nben\t0.5%\ncleo\t1%\ndora\t1,5 %", ReadOptions(weights=True))
    assert [names.count(name) for name in NAMES] == [5, 1, 2, 3]


@pytest.mark.feature("D9")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n".join(NAMES), "no counts to repeat names by: no delimiter"),
        ("a,b\n" * 4, "0 columns may be the counts"),
        ("ana,3,4\nben,3,5\ncleo,8,9\ndora,1,1", "2 columns may be the counts .* say which of 1 to 3"),
    ],
)
def test_weights_without_one_column_of_counts_are_refused(text: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        clean(text, ReadOptions(weights=True))


@pytest.mark.feature("D1")
def test_where_a_wrong_column_leaves_nothing_the_message_says_what_else_there_is() -> None:
    with pytest.raises(DataError, match=r"column 2 \(sex\); another of its 3 columns.*--column") as caught:
        clean(PEOPLE, ReadOptions(column="sex"))
    assert caught.value.report is not None and caught.value.report.table is not None


cell = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters='"'), min_size=1, max_size=8)


@pytest.mark.feature("D1")
@settings(max_examples=200)
@given(
    st.lists(st.tuples(cell, cell, cell), min_size=4, max_size=8, unique_by=lambda row: row[1]),
    st.sampled_from(",;\t|"),
)
def test_a_stated_table_gives_back_its_cells(rows: list[tuple[str, str, str]], delimiter: str) -> None:
    text = "\n".join(delimiter.join(f'"{value}"' for value in row) for row in rows)
    options = ReadOptions(delimiter=delimiter, column=2, header=False, skip=0, fold_case=False, keep_repeats=True)
    try:
        names, _ = clean(text, options)
    except DataError:
        assert len({clean_ for _, clean_, _ in rows}) >= 4  # some are equal once they are composed
    else:
        assert len(names) == len(rows)
