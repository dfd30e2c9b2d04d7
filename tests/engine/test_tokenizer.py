"""Letters ↔ numbers."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microgpt.dataset import PLAIN, clean
from microgpt.tokenizer import CharTokenizer, UnknownCharacter

alphabets = st.lists(st.characters(), min_size=1, max_size=12, unique=True).map("".join)
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@st.composite
def texts(draw: st.DrawFn) -> tuple[CharTokenizer, str]:
    alphabet = draw(alphabets)
    return CharTokenizer(alphabet), draw(st.text(alphabet, max_size=20))


@pytest.mark.feature("X2")
@settings(max_examples=150)
@given(texts())
def test_text_of_any_alphabet_comes_back_as_it_went_in(case: tuple[CharTokenizer, str]) -> None:
    tokenizer, text = case
    assert tokenizer.decode(tokenizer.encode(text)) == text
    assert tokenizer.decode(tokenizer.document(text)) == text
    assert tokenizer.vocab_size == len(tokenizer.alphabet) + 1


@pytest.mark.feature("S1-8")
def test_a_is_0_and_z_is_25_and_bos_is_26(names: list[str]) -> None:
    tokenizer = CharTokenizer.from_names(names)
    assert tokenizer.alphabet == LETTERS
    assert (tokenizer.bos, tokenizer.vocab_size) == (26, 27)
    assert [tokenizer.label(i) for i in range(27)] == [*LETTERS, "[BOS]"]
    assert tokenizer.document("rex") == [26, 17, 4, 23, 26]
    for name in names:
        assert tokenizer.encode(name) == [ord(letter) - ord("a") for letter in name]


@pytest.mark.feature("S3-1")
@settings(max_examples=100)
@given(texts())
def test_n_letters_make_n_plus_1_predictions(case: tuple[CharTokenizer, str]) -> None:
    tokenizer, text = case
    document = tokenizer.document(text)
    assert len(document[:-1]) == len(document[1:]) == len(text) + 1
    assert document[0] == document[-1] == tokenizer.bos
    assert tokenizer.bos not in document[1:-1]


@settings(max_examples=100)
@given(texts(), st.integers(1, 25))
def test_a_document_is_cut_to_what_the_positions_can_predict(case: tuple[CharTokenizer, str], block_size: int) -> None:
    tokenizer, text = case
    cut = tokenizer.document(text, block_size)
    assert cut == tokenizer.document(text)[: block_size + 1]
    assert len(cut) - 1 == min(len(text) + 1, block_size)
    assert (cut[-1] == tokenizer.bos) == (len(text) < block_size)  # longer names never show their END


@settings(max_examples=100)
@given(st.text("abc", max_size=8), st.characters(exclude_characters="abc"), st.text(max_size=8))
def test_an_unknown_character_is_named_with_its_place(before: str, strange: str, after: str) -> None:
    with pytest.raises(UnknownCharacter) as caught:
        CharTokenizer("abc").encode(before + strange + after)
    assert (caught.value.character, caught.value.position) == (strange, len(before))
    assert repr(strange) in str(caught.value) and "abc" in str(caught.value)


def test_the_alphabet_of_names_is_sorted_and_just_what_they_use() -> None:
    assert CharTokenizer.from_names(["zoë", "élan", "zz"]).alphabet == "alnozéë"


@pytest.mark.parametrize("alphabet", ["", "abca"])
def test_an_alphabet_that_can_not_work_is_refused(alphabet: str) -> None:
    with pytest.raises(ValueError, match="each once"):
        CharTokenizer(alphabet)


@pytest.mark.parametrize("token", [-1, -4, 4, 1000])
def test_what_is_no_token_is_refused(token: int) -> None:
    tokenizer = CharTokenizer("abc")
    with pytest.raises(ValueError, match=f"token ids go from 0 to 3, not {token}"):
        tokenizer.decode([0, token])
    with pytest.raises(ValueError, match=f"not {token}"):
        tokenizer.label(token)


@pytest.mark.feature("D3", "D4")
@pytest.mark.parametrize(
    ("alphabet", "typed", "read"),
    [
        ("abc", "ABC", "abc"),
        ("CNOcn", "CNo", "CNo"),  # the list kept its capitals, and c is not C
        ("éizmr", "E\u0301 İZMİR ", "é izmir "),
        ("αςσ", "ΑΣ", "ας"),
        ("\u0301i", "I\u0301", "í"),
        ("राम", "रा\u200bम", "राम"),
        ("a\u200cب", "ب\u200ca", "ب\u200ca"),
    ],
)
def test_what_is_typed_is_spelled_as_the_list_is(alphabet: str, typed: str, read: str) -> None:
    assert CharTokenizer(alphabet).normalise(typed) == read


@pytest.mark.feature("D3", "D4")
@settings(max_examples=100)
@given(st.lists(st.text(max_size=20), min_size=4), st.booleans())
def test_every_name_of_a_list_is_read_when_it_is_typed_as_it_stands_there(lines: list[str], fold_case: bool) -> None:
    text = "r\nm\ny\nz\n" + "\n".join(lines)
    names, _ = clean(text, replace(PLAIN, fold_case=fold_case))
    tokenizer = CharTokenizer.from_names(names)
    for name in names:
        assert tokenizer.normalise(name) == name


@pytest.mark.feature("D6")
def test_a_message_lists_no_thousands_of_letters() -> None:
    with pytest.raises(UnknownCharacter, match=r" … and 4,940 more$") as caught:
        CharTokenizer("".join(map(chr, range(0x4E00, 0x4E00 + 5000)))).encode("a")
    assert len(str(caught.value)) < 200
