"""Lists kept in the browser: put away, renamed, deleted, and never a broken value."""

import pytest

from lab.sections.names import kept, view

NAMES = ["ann", "bob", "Ζωή", "a b"]


@pytest.mark.feature("D9")
def test_a_kept_list_comes_back_as_it_was() -> None:
    lists = kept.with_list({}, " my class ", NAMES)
    assert kept.read(kept.written(lists)) == {"my class": "ann\nbob\nΖωή\na b"}
    assert kept.with_list(lists, "my class", NAMES[:2])["my class"] == "ann\nbob"
    assert kept.written({}) is None


@pytest.mark.feature("D9")
def test_lists_are_renamed_at_their_place_and_deleted() -> None:
    lists = {"a": "x", "b": "y", "c": "z"}
    assert list(kept.renamed(lists, "b", "B ")) == ["a", "B", "c"]
    assert kept.without(lists, "b") == {"a": "x", "c": "z"}
    for new in ("", "  ", "c"):
        with pytest.raises(kept.NoRoom):
            kept.renamed(lists, "b", new)


@pytest.mark.feature("D9")
def test_too_much_is_refused_with_what_to_do() -> None:
    with pytest.raises(kept.NoRoom, match="Delete one"):
        kept.with_list({"a": "x" * 900_000}, "b", ["y" * 200_000])
    with pytest.raises(kept.NoRoom, match="name first"):
        kept.with_list({}, " ", NAMES)


@pytest.mark.parametrize("stored", [None, "", "{", "[1]", '{"a": 5, "b": ""}', '"text"'])
def test_what_cant_be_read_is_no_list(stored: str | None) -> None:
    assert kept.read(stored) == {}


@pytest.mark.feature("D9")
def test_titles_and_names_never_become_markup() -> None:
    markup = view.kept({"<b>&": "<i>\nx"})
    assert "<b>&" not in markup.replace("<b>&lt;", "") and "<i>" not in markup
    assert "2 names" in markup
