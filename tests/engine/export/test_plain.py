"""The model in plain Python, whatever it is made of: the logits of the GPT on Tensors."""

import base64

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microgpt.config import ACTIVATIONS, GPTConfig
from microgpt.export.plain import PlainGPT, generator
from microgpt.rng import stream
from microgpt.tensor_gpt import TensorGPT

switches = st.fixed_dictionaries(
    {name: st.booleans() for name in ("bias", "tied", "attention", "positions", "residual", "rmsnorm", "mlp")}
)


@pytest.mark.feature("H10", "X6")
@settings(max_examples=60)
@given(switches, st.booleans(), st.sampled_from(ACTIVATIONS), st.sampled_from([1, 2, 4]), st.integers(0, 99))
def test_logits_are_those_of_the_gpt_on_tensors(
    parts: dict[str, bool], gain: bool, activation: str, n_head: int, seed: int
) -> None:
    config = GPTConfig(
        5,
        6,
        2,
        8,
        n_head,
        activation=activation,
        gain=gain and parts["rmsnorm"],
        **parts,  # type: ignore[arg-type]
    )
    rng = np.random.RandomState(seed)
    model = TensorGPT(config, rng.standard_normal(config.n_params) * 0.5)
    about = {"alphabet": "abcd", "config": vars(config), "dtype": "float64", "shapes": config.shapes()}
    plain = PlainGPT(about, base64.b64encode(model.flat.astype("<f8").tobytes()).decode())
    tokens = [4, 0, 3, 3, 1, 2]
    expected = model.forward(tokens).logits
    np.testing.assert_allclose([plain.read(token) for token in tokens], expected, rtol=1e-9, atol=1e-12)
    plain.forget()
    np.testing.assert_allclose(plain.read(4), expected[0], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("seed", [0, 1, 42, 2**31, 2**32 - 1])
def test_draws_are_those_of_the_stream_for_sampling(seed: int) -> None:
    rng, ours = stream(seed, "sampling"), generator(seed)
    assert [ours.random() for _ in range(2000)] == rng.random_sample(2000).tolist()
