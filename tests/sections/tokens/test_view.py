"""Tokens and embeddings: the ids of a name, and the three rows that meet where a letter enters the model."""

import re

import numpy as np
import pytest

from lab.charts.format import MINUS
from lab.sections.scales import limit_of
from lab.sections.tokens import view as views
from microgpt.experiment import Experiment, Settings


@pytest.fixture
def traced(desk):
    desk.train_to(30)
    desk.lab.focus_on("raptor")
    return desk.lab.snapshot.get().model, desk.lab.trace()


def tiles(html: str) -> list[tuple[str, str]]:
    return re.findall(r'tile-letter[^>]*>([^<]+)</span><span class="tile-id">(\d+)<', html)


@pytest.mark.feature("S1-8")
def test_the_map_goes_from_a_0_to_bos_26(dinosaurs):
    letters = [*"abcdefghijklmnopqrstuvwxyz", "[BOS]"]
    assert tiles(views.token_map(dinosaurs.tokenizer, range(27))) == [
        (letter, str(i)) for i, letter in enumerate(letters)
    ]


@pytest.mark.feature("S1-8")
@pytest.mark.parametrize("name", ["rex", "yi", "micropachycephalosaurus", "zzz"])
def test_the_strip_has_the_right_id_for_each_letter(dinosaurs, name):
    shown = tiles(views.token_strip(name, dinosaurs.tokenizer))
    letters = [(letter, str(ord(letter) - ord("a"))) for letter in name]
    assert shown == [("[BOS]", "26"), *letters, ("END", "26")]


@pytest.mark.feature("S1-8")
def test_only_what_is_read_can_be_chosen(dinosaurs):
    html = views.token_strip("rex", dinosaurs.tokenizer)
    assert html.count("<input") == 4  # [BOS] and three letters; END is an answer
    assert 'aria-label="r, token 17, position 1"' in html


def test_letters_of_ones_own_list_are_escaped_and_seen():
    tokenizer = Experiment(["a <b", 'c "d'], Settings(n_layer=1, n_embd=4, n_head=1)).tokenizer
    html = views.token_map(tokenizer, range(tokenizer.vocab_size))
    assert "&lt;" in html and "<<" not in html and '"""' not in html
    assert "␣" in html


@pytest.mark.feature("S1-9")
def test_letter_row_and_position_row_sum_to_the_input_exactly(traced):
    model, trace = traced
    for position, token in enumerate(trace.tokens.tolist()):
        rows = views.lookup(model, trace, token, position)
        assert np.array_equal(rows.letter_row, model.params["wte"][token])
        assert np.array_equal(rows.position_row, model.params["wpe"][position])
        assert np.array_equal(rows.input_row, rows.letter_row + rows.position_row)
        assert np.array_equal(rows.input_row, trace.embedded[position])


@pytest.mark.feature("S1-9")
def test_another_letter_can_be_looked_up_at_the_same_place(traced):
    model, trace = traced
    rows = views.lookup(model, trace, 0, 3)
    assert trace.tokens[3] != 0
    assert np.array_equal(rows.input_row, model.params["wte"][0] + model.params["wpe"][3])


@pytest.mark.feature("S1-9")
def test_the_text_of_a_sum_has_every_digit(traced):
    model, trace = traced
    rows = views.lookup(model, trace, int(trace.tokens[2]), 2)
    text = views.lookup_text(rows, "a", 0, 5)
    assert text.startswith("number 5: ")
    parts = re.findall(rf"[+{MINUS}][\d.]+", text)
    a, b, total = (np.float32(part.replace(MINUS, "-")) for part in parts)
    assert a == rows.letter_row[5] and b == rows.position_row[5]
    assert a + b == total == rows.input_row[5]


@pytest.mark.parametrize("value", [0.1, -0.03125, 1e-12, -7.25, 0.0, 3.3051603])
def test_exact_text_gives_the_same_number_back(value):
    value = np.float32(value)
    assert np.float32(views.exact(value).replace(MINUS, "-")) == value


def test_no_number_is_said_so():
    assert views.exact(np.float32("nan")) == "no number"


@pytest.mark.feature("S1-10")
def test_the_tables_have_a_row_for_every_token_and_position(dinosaurs):
    model = dinosaurs.trainer().model
    limit = limit_of("wte", model.params)
    labels = [dinosaurs.tokenizer.label(token) for token in views.shown_tokens(27, [])]
    table = views.table_matrix(model.params["wte"], labels, "letter", 26, limit)
    assert table.values.shape == (27, 32)
    assert table.row_labels[26] == "[BOS]" and table.row_marks == (26,)
    assert table.kind == "signed"  # squares and discs: the sign shows without colour


def test_a_large_vocabulary_shows_the_letters_of_the_name():
    assert views.shown_tokens(27, [3]) == list(range(27))
    assert views.shown_tokens(5000, [4999, 7, 7, 4999]) == [7, 4999]
