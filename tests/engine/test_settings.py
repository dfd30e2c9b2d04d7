"""The table of settings: what it refuses, what the command line makes of it."""

import argparse
import pickle
from dataclasses import fields, replace

import pytest

from microgpt.config import ConfigError, GPTConfig
from microgpt.settings import FIELDS, GROUPS, PRESETS, Settings, add_arguments, choose, given

FAULTS = [
    ({"n_layer": 0}, "n_layer", "at least 1, not 0"),
    ({"n_embd": 10, "n_head": 4}, "n_head", "make n_embd a multiple of 4"),
    ({"block_size": 0}, "block_size", "at least 1, not 0"),
    ({"learning_rate": 0}, "learning_rate", "above 0 and at most 1, not 0"),
    ({"learning_rate": float("nan")}, "learning_rate", "above 0 and at most 1, not nan"),
    ({"seed": -1}, "seed", "from 0 to 4294967295, not -1"),
    ({"steps": True}, "steps", "a whole number of at least 1, not True"),
    ({"beta1": 1}, "beta1", "at least 0 and below 1, not 1"),
    ({"weight_decay": 1.5}, "weight_decay", "from 0 to 1, not 1.5"),
    ({"optimizer": "lion"}, "optimizer", "one of adam, sgd, adamw, not 'lion'"),
    ({"decay": None}, "decay", "one of none, linear, cosine, not None"),
    ({"activation": "elu"}, "activation", "one of relu, gelu, silu, tanh, not 'elu'"),
    ({"bias": 1}, "bias", "True or False, not 1"),
    ({"gain": True, "rmsnorm": False}, "gain", "switch rmsnorm on"),
]


@pytest.mark.feature("E2", "U3")
@pytest.mark.parametrize(("chosen", "field", "says"), FAULTS)
def test_an_error_names_the_field_at_fault(chosen: dict, field: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says) as caught:
        Settings(**chosen).config(vocab_size=27, longest=9)
    assert caught.value.field == field
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.field, str(again)) == (field, str(caught.value))


@pytest.mark.feature("E2")
def test_each_setting_is_one_row_and_the_model_knows_those_that_shape_it() -> None:
    assert [field.name for field in FIELDS] == [field.name for field in fields(Settings)]
    assert {field.row.group for field in FIELDS} == set(GROUPS)
    shaping = {field.name for field in fields(GPTConfig)} - {"vocab_size"}
    assert shaping <= {field.name for field in FIELDS}
    assert Settings().config(vocab_size=27, longest=23) == GPTConfig()


@pytest.mark.parametrize("preset", PRESETS)
def test_a_block_size_that_is_not_given_follows_from_the_longest_name(preset: str) -> None:
    settings = replace(PRESETS[preset], block_size=None)
    assert settings.config(27, longest=11).block_size == 12
    assert replace(settings, block_size=7).config(27, longest=11).block_size == 7


@pytest.mark.feature("E2")
def test_the_command_line_offers_every_setting() -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    assert given(parser.parse_args([])) == {}
    line = "--n-layer 1 --n-embd 8 --n-head 2 --block-size 9 --steps 7 --learning-rate 0.1 --seed 3"
    line += " --optimizer adamw --beta1 0.9 --beta2 0.999 --weight-decay 0.1 --decay cosine --batch-size 4"
    line += " --activation gelu --bias --tied --gain --no-attention --no-positions --no-residual --rmsnorm --no-mlp"
    chosen = given(parser.parse_args(line.split()))
    assert list(chosen) == [field.name for field in FIELDS]
    assert chosen["weight_decay"] == 0.1
    assert chosen["residual"] is False


@pytest.mark.feature("U3")
@pytest.mark.parametrize(
    ("changes", "field", "other"),
    [
        ({"weight_decay": 0.1}, "weight_decay", "optimizer is adam"),
        ({"optimizer": "sgd", "beta2": 0.9}, "beta2", "optimizer is sgd"),
        ({"mlp": False, "activation": "gelu"}, "activation", "mlp is False"),
    ],
)
def test_a_setting_without_effect_is_refused_where_it_was_asked_for(changes: dict, field: str, other: str) -> None:
    with pytest.raises(ConfigError, match=f"{field} has no effect while {other}") as caught:
        choose(Settings(), changes)
    assert caught.value.field == field
    assert choose(Settings(), {"optimizer": "adamw", "weight_decay": 0.1}).weight_decay == 0.1
