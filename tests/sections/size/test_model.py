"""How large this model is, by part and beside others; and how many lines it takes."""

from itertools import pairwise

import pytest

from assemble import facts
from lab.sections.size import model as sizes
from lab.sections.size import view as size
from lab.sections.size.model import GPT2_SHAPE, GPT2_SMALL, KNOWN, SQUARE
from microgpt.config import GPTConfig


@pytest.mark.feature("S1-25")
@pytest.mark.parametrize("config", [GPTConfig(), GPTConfig(n_layer=1, n_embd=16, block_size=16), GPT2_SHAPE])
def test_the_parts_sum_to_all_parameters(config):
    assert sum(sizes.parts(config).values()) == config.n_params
    assert sum(size.part_bars(config).values) == config.n_params


@pytest.mark.feature("S1-25")
def test_gpt2_small_is_about_4600_times_this_one():
    assert sizes.about(GPT2_SMALL.parameters / GPTConfig().n_params) == "4,600"


def test_tying_saves_one_table():
    config = GPTConfig()
    assert sizes.tying_saves(config) == sizes.parts(config)["answer (lm_head)"] / config.n_params
    assert sizes.tying_saves(config) == pytest.approx(0.032, abs=0.0005)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.14, "3.1"),
        (66.4, "66"),
        (4580, "4,600"),
        (55407, "55,000"),
        (6464243, "6.5 million"),
        (66489361, "66 million"),
        (175e9, "180 billion"),
        (2e12, "2 trillion"),
    ],
)
def test_large_numbers_are_said_with_two_digits(value, text):
    assert sizes.about(value) == text


@pytest.mark.feature("S1-25")
def test_each_rung_of_the_ladder_is_ten_times_the_last():
    places = [sizes.rung(10**power, size.TOP) for power in range(14)]
    gaps = [after - before for before, after in pairwise(places)]
    assert gaps == pytest.approx([1 / 13] * 13)
    assert places[0] == 0


@pytest.mark.feature("S1-25")
def test_areas_not_sides_are_to_scale():
    side = sizes.side(27072, GPT2_SMALL.parameters, SQUARE)
    assert (SQUARE / side) ** 2 == pytest.approx(GPT2_SMALL.parameters / 27072)
    assert f'width="{side:.2f}" height="{side:.2f}"' in size.squares(27072)


@pytest.mark.feature("S1-25")
def test_what_nobody_confirmed_is_marked_so():
    html = size.ladder(27072)
    for model in KNOWN:
        item = next(item for item in html.split("<li") if f"<b>{model.name}</b>" in item)
        assert ("unconfirmed" in item) is (not model.confirmed)
        assert model.text in item
    assert [model.name for model in KNOWN if not model.confirmed] == ["GPT-4"]


@pytest.mark.feature("S1-25")
def test_the_lines_of_all_parts_sum_to_those_of_the_engine():
    engine = facts.ROOT / "microgpt"
    code = {name: int(str(text).replace(",", "")) for name, text in facts._code().items()}
    assert sum(code[f"lines_{part}"] for part in facts.CODE) == code["lines_core"]
    lines = [line for file in engine.rglob("*.py") for line in file.read_text("utf-8").splitlines()]
    assert code["lines_core"] + code["lines_rest"] == sum(bool(line.strip()) for line in lines)
    assert code["lines_most"] == max(code[f"lines_{part}"] for part in facts.CODE)
