"""The settings form: texts to settings and back, and a message for what can't work."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.core.settings import TABLE, BadSetting, config, read, texts
from microgpt.experiment import PRESETS, Settings

LAB = PRESETS["lab"]


def ranges(setting):
    if setting.kind is int:
        return st.integers(int(setting.low), int(setting.high))
    return st.floats(setting.low, setting.high).map(lambda value: float(f"{value:g}"))


settings = st.builds(Settings, **{setting.name: ranges(setting) for setting in TABLE})


@pytest.mark.feature("U3")
@given(settings)
def test_what_stands_in_the_fields_reads_back_as_the_same_settings(chosen):
    assert read(texts(chosen), LAB) == chosen


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_every_preset_is_within_the_tables_limits(preset):
    assert read(texts(preset), LAB) == preset


def test_an_empty_block_size_follows_from_the_data():
    chosen = read(texts(LAB) | {"block_size": " "}, LAB)
    assert chosen.block_size is None
    assert config(chosen, vocab_size=27, longest=9).block_size == 10


@pytest.mark.feature("U3")
@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("n_layer", "two", "whole number"),
        ("n_layer", "1.5", "whole number"),
        ("n_layer", "", "whole number"),
        ("n_embd", "0", "from 4 to 128"),
        ("steps", "100001", "100,000"),
        ("learning_rate", "fast", "a number"),
        ("learning_rate", "nan", "from 0.0001 to 1"),
        ("learning_rate", "-1", "from 0.0001 to 1"),
        ("seed", "4294967296", "4,294,967,295"),
    ],
)
def test_a_text_that_wont_do_gets_a_message_that_names_the_setting(name, text, says):
    with pytest.raises(BadSetting, match=says) as caught:
        read(texts(LAB) | {name: text}, LAB)
    assert caught.value.name == name


@pytest.mark.feature("U3")
def test_an_impossible_combination_is_explained():
    with pytest.raises(BadSetting, match=r"n_embd = 32 .* n_head = 5 heads: make n_embd a multiple of 5"):
        config(read(texts(LAB) | {"n_head": "5"}, LAB), vocab_size=27, longest=9)
