"""What the preview of a list says, and how its choices become options."""

import pytest

from lab.sections.names import view
from lab.sections.names.model import Found, Source
from microgpt.dataset import ReadOptions
from tests.sections.names.test_model import look

TABLE = "id;name;n;note\n1;Ann;3;x\n2;Ben;1;y\n3;Cleo;2;z\n4;ann;9;w\n5;Dora;1;v"


@pytest.fixture(scope="module")
def table() -> Found:
    return look(TABLE, title="t.csv")


@pytest.mark.feature("D1")
def test_the_preview_says_what_was_kept_and_why_not(table: Found) -> None:
    assert view.headline(table) == "t.csv: 4 names from 6 lines"
    assert "left out as the heading" in view.reasons(table)
    assert "line 5 <bdi>ann</bdi>" in view.reasons(table)
    assert view.between(table) == "4 columns, between semicolons; the first line holds the headings."
    assert "7 different characters" not in view.summary(table)
    assert f"{len(table.letters)} different characters. A name has 3 to 4" in view.summary(table)
    assert f"{table.config.n_params:,} parameters" in view.summary(table)


@pytest.mark.feature("D1")
def test_every_column_can_be_chosen_by_its_heading_and_first_cells(table: Found) -> None:
    assert '<option value="2">column 2 (name): Ann, Ben, Cleo</option>' in view.columns(table.report.table)
    assert "no table" in view.columns(None)


def changed(found: Found, fold: bool = True, **values: str) -> ReadOptions:
    return view.options({**view.chosen(found), **values}, fold, found)


@pytest.mark.feature("D1", "D4", "D5", "D9")
def test_choices_become_options(table: Found) -> None:
    assert changed(table) == table.options  # nothing chosen, nothing changed
    assert changed(table, column="4").column == 4
    assert changed(table, column="4", delimiter=",").column is None  # it stood in another table
    assert changed(table, delimiter="none").delimiter == ""
    assert changed(table, header="no").header is False
    assert changed(table, encoding="windows-1252").encoding == "windows-1252"
    assert changed(table, long="cut").long == "cut"
    assert changed(table, fold=False).fold_case is False
    assert changed(table, repeats="keep").keep_repeats
    assert changed(table, repeats="counts:3").weights == 3


@pytest.mark.feature("D9")
@pytest.mark.parametrize(("repeats", "names"), [("keep", 5), ("counts:3", 16), ("once", 4)])
def test_a_choice_of_repeats_shows_as_chosen_and_counts(table: Found, repeats: str, names: int) -> None:
    found = look(TABLE, changed(table, repeats=repeats))
    assert view.chosen(found)["repeats"] == repeats and len(found.names) == names
    assert f'value="{repeats}"' in view.repeats(found.report.table)


@pytest.mark.feature("D2")
def test_a_guessed_encoding_says_so_and_shows_the_line_that_tells() -> None:
    found = look(("plain\n" * 20 + "Zoé\nRené\nJosé\nAndré").encode("cp1252"))
    assert view.read_as(found).startswith("It looks like windows-1252, which is a guess.")
    assert "Zoé" in view.first(found)
    assert view.read_as(look("é\nà\nò\nù")).startswith("It is utf-8, for certain.")
    assert view.read_as(look("é\nà\nò\nù", ReadOptions(encoding="utf-8"))).startswith("Read as utf-8, as chosen.")


@pytest.mark.feature("D4")
def test_folding_says_how_many_lines_become_equal() -> None:
    assert view.folding(look("Ann\nann\nBob\nCleo\nDora")) == (
        "4 names written small; 1 line becomes the same as another by that."
    )
    assert "Capitals stay" in view.folding(look("Ann\nann\nBob\nCleo", ReadOptions(fold_case=False)))
    assert "no capitals" in view.folding(look("a\nb\nc\nd"))


@pytest.mark.feature("D3")
def test_every_letter_of_an_alphabet_can_be_seen_by_itself() -> None:
    found = look("कि\nकी कु\nकृ\nन\u200cक\nक")
    shown = view.alphabet(found)
    assert "◌ि" in shown and "␣" in shown and "ZWNJ" in shown
    many = "\n".join(map(chr, range(0x4E00, 0x4E00 + 300)))
    assert "and 204 more" in view.alphabet(look(many))


@pytest.mark.feature("X2")
def test_nothing_of_a_file_becomes_markup() -> None:
    found = look("<b>x\n<i>&amp;\n'\"<script>\n<u>", title="<img>.txt")
    for markup in (view.first(found), view.reasons(found), view.alphabet(found)):
        for tag in ("<b>", "<i>", "<u>", "<script>"):
            assert tag not in markup
    problem = Found(Source("x", b""), ReadOptions(), "it is empty")
    assert view.problem(problem) == "x can’t be learnt: it is empty."
