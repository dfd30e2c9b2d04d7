"""Small random models, and documents for them, as Hypothesis strategies."""

from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from microgpt.config import GPTConfig
from microgpt.model import GPT
from microgpt.scalar_gpt import ScalarGPT


class Case(NamedTuple):
    model: GPT  # double precision
    document: list[int]  # [BOS], letters, and [BOS] unless it was cut

    @property
    def scalar(self) -> ScalarGPT:
        """The same weights, one Value each."""
        return ScalarGPT(self.model.config, self.model.params)


@st.composite
def configs(draw: st.DrawFn) -> GPTConfig:
    n_head = draw(st.integers(1, 4), label="n_head")
    return GPTConfig(
        vocab_size=draw(st.integers(2, 7), label="vocab_size"),
        block_size=draw(st.integers(1, 6), label="block_size"),
        n_layer=draw(st.integers(1, 3), label="n_layer"),
        n_embd=n_head * draw(st.integers(max(1, 2 // n_head), 12 // n_head), label="head_size"),
        n_head=n_head,
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    config = draw(configs())
    bos = config.vocab_size - 1
    letters = draw(st.lists(st.integers(0, bos - 1), max_size=config.block_size), label="letters")
    document = [bos, *letters, bos][: config.block_size + 1]
    spread = draw(st.sampled_from([0.08, 0.3, 1.0]), label="spread of the weights")
    rng = np.random.RandomState(draw(st.integers(0, 999), label="seed"))
    return Case(GPT(config, rng.standard_normal(config.n_params) * spread), document)
