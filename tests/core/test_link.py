"""A link comes back as it was written, survives what programs do to it, and never does harm."""

import html
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.core.link import MOST, NOTE, Asked, Link, read, words, write
from microgpt.config import ConfigError
from microgpt.settings import FIELDS, Field, Settings

LISTS = ("dinosaurs", "greek")
SECTIONS = ("bench", "game", "heads")


def asked(query: str) -> Asked:
    return read(query, LISTS, SECTIONS)


def values(field: Field) -> st.SearchStrategy[object]:
    if field.kind is bool:
        return st.booleans()
    if field.kind is str:
        return st.sampled_from(field.row.choices)
    low, high, _step = field.row.form
    return st.integers(int(low), int(high)) if field.kind is int else st.floats(low, high)


def works(settings: Settings) -> bool:
    try:
        return bool(settings.config(27, 20))
    except ConfigError:
        return False


text = st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=40).map(str.strip)
all_settings = st.fixed_dictionaries(
    {}, optional={field.name: values(field) for field in FIELDS if field.name not in ("n_head", "n_embd")}
).map(lambda chosen: Settings(**chosen))  # type: ignore[arg-type]
links = st.builds(
    Link,
    list=st.sampled_from(LISTS),
    settings=all_settings.filter(works),
    name=text,
    position=st.none() | st.integers(0, 20),
    layer=st.none() | st.integers(0, 5),
    head=st.none() | st.integers(0, 15),
    hide=st.sets(st.sampled_from(SECTIONS)).map(lambda some: tuple(one for one in SECTIONS if one in some)),
    note=text.filter(lambda note: not note or note[-1].isalnum()),
)


@pytest.mark.feature("U5", "T1")
@given(links)
def test_a_link_comes_back_as_it_was_written(link: Link) -> None:
    query = write(link)
    assert asked(query + "&mode=advanced") == (link, [])
    assert asked("?" + html.escape(query)).link == link  # a page that shows it has escaped it, and maybe twice
    assert len(query) <= MOST


@pytest.mark.feature("U5")
def test_the_lab_as_it_opens_needs_no_link() -> None:
    assert write(Link()) == ""
    assert asked("") == asked("?mode=minimal&keep=nothing") == (Link(), [])


@pytest.mark.feature("T1")
@pytest.mark.parametrize("tail", [".", ")", "),", "”.", " ", "%20", ">", "'"])
def test_what_a_sentence_puts_behind_a_link_does_no_harm(tail: str) -> None:
    link = Link(settings=Settings(n_layer=3), to=500, name="rex")
    found = asked(write(link) + tail)
    assert (found.link, found.remarks) == (link, [])
    assert asked("name=tyran+rex&to=5").link.name == "tyran rex"


@pytest.mark.feature("U5", "T1")
@pytest.mark.parametrize(
    ("query", "link", "remark"),
    [
        ("n_layer=99", Link(settings=Settings(n_layer=6)), "layers 99; it is 6 here"),
        ("learning_rate=-1", Link(settings=Settings(learning_rate=0.0001)), "it is 0.0001 here"),
        ("learning_rate=nan", Link(), "“nan” is no number for learning rate"),
        ("steps=1e3", Link(settings=Settings(steps=1000)), ""),
        ("steps=lots", Link(), "“lots” is no number for steps in all"),
        ("seed=4.5", Link(settings=Settings(seed=4)), "it is 4 here"),
        ("mlp=maybe", Link(), "“maybe” is no value for MLP"),
        ("optimizer=magic", Link(), "“magic” is no value for optimiser"),
        ("n_head=5", Link(), "can’t work together"),
        ("to=9999", Link(to=5000), "it is 5,000 here"),
        ("list=../../etc/passwd", Link(), "There is no list “../../etc/passwd” here"),
        ("hide=game,main,<b>", Link(hide=("game",)), "There is no part “main” to hide"),
        ("seed=1&seed=2", Link(settings=Settings(seed=1)), "says “seed” twice; the first one holds"),
        ("utm_source=x", Link(), "Nothing here is called “utm_source”"),
        ("%FF%00=%FF&seed=7&&=&", Link(settings=Settings(seed=7)), "Nothing here is called"),
    ],
)
def test_what_can_not_be_is_brought_into_range_or_left_out_and_said(query: str, link: Link, remark: str) -> None:
    found = asked(query)
    assert found.link == link
    assert remark in " ".join(found.remarks)
    assert bool(remark) == bool(found.remarks)


@pytest.mark.feature("U5")
@given(st.text(max_size=300))
def test_no_text_whatever_ends_in_an_error(text: str) -> None:
    link, remarks = asked(text)
    assert link.list in LISTS and len(link.note) <= NOTE
    assert all(len(remark) < 200 for remark in remarks)
    assert asked(unquote(text)).link.settings.config(27, 20)


@pytest.mark.feature("T1")
def test_a_note_that_is_too_long_for_an_address_is_refused() -> None:
    with pytest.raises(ValueError, match=r"would have \d,\d{3} characters.*shorten the note"):
        write(Link(note="é" * NOTE))


@pytest.mark.feature("T1")
def test_it_says_in_words_what_it_sets_up() -> None:
    assert words(Link(), "Dinosaurs") == ["learns Dinosaurs", "the lab’s own settings", "waits for Train"]
    link = Link("greek", Settings(n_layer=1, mlp=False), 2000, "νίκος", layer=0, hide=("game",), note="Look!")
    assert words(link, "Greek names") == [
        "learns Greek names",
        "settings: layers 1, MLP off",
        "trains to step 2,000 at once",
        "looks at “νίκος”",
        "opens at layer 0",
        "hides 1 part",
        "shows your note first",
    ]
