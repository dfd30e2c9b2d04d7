"""The shape of a model, and settings that can't work."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from microgpt.config import ConfigError, GPTConfig
from microgpt.model import GPT
from microgpt.settings import Settings
from tests.engine.models import configs

BAD_NUMBERS = [0, -1, 2.5, "2", None]


@settings(max_examples=50)
@given(configs())
def test_n_params_counts_every_number_in_every_matrix(config: GPTConfig) -> None:
    model = GPT.initial(config, seed=0)
    c = config.n_embd
    by_hand = 2 * config.vocab_size * c + config.block_size * c + config.n_layer * 12 * c * c
    assert config.n_params == model.flat.size == by_hand
    assert {name: model.params[name].shape for name in config.shapes()} == config.shapes()
    assert config.head_size * config.n_head == c


@settings(max_examples=30)
@given(configs())
def test_the_matrices_are_windows_on_the_flat_weights(config: GPTConfig) -> None:
    model = GPT.initial(config, seed=0)
    model.flat[:] = range(config.n_params)
    stored = [number for name in config.shapes() for number in model.params[name].ravel()]
    assert stored == list(range(config.n_params))


@pytest.mark.feature("U3")
@pytest.mark.parametrize(("n_embd", "n_head"), [(32, 5), (8, 3), (4, 8)])
def test_heads_that_do_not_divide_the_width_are_explained(n_embd: int, n_head: int) -> None:
    with pytest.raises(ConfigError, match=f"make n_embd a multiple of {n_head}"):
        GPTConfig(n_embd=n_embd, n_head=n_head)


@pytest.mark.feature("U3")
@pytest.mark.parametrize("bad", BAD_NUMBERS)
@pytest.mark.parametrize("name", ["vocab_size", "block_size", "n_layer", "n_embd", "n_head"])
def test_every_size_is_a_whole_number_of_at_least_one(name: str, bad: object) -> None:
    with pytest.raises(ConfigError, match=f"{name} must be a whole number of at least 1, not {bad!r}"):
        replace(GPTConfig(), **{name: bad})


@pytest.mark.feature("U3")
@pytest.mark.parametrize(
    ("name", "bad"),
    [
        *(("steps", bad) for bad in BAD_NUMBERS),
        *(("learning_rate", bad) for bad in (0, -0.1, 1.5, float("nan"), "0.1", None)),
        *(("seed", bad) for bad in (2.5, "42", None)),
    ],
)
def test_a_schedule_that_can_not_work_is_refused(name: str, bad: object) -> None:
    with pytest.raises(ConfigError, match=f"{name} must be .*not {bad!r}"):
        Settings(**{name: bad})
