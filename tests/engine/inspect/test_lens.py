"""What the model would guess after each layer."""

import numpy as np
import pytest
from hypothesis import given, settings

from microgpt.config import GPTConfig
from microgpt.graph import build
from microgpt.inspect.lens import Lens, first_settled, lens
from microgpt.interpreter import evaluate, traced
from microgpt.model import GPT
from microgpt.tensor_gpt import TensorGPT
from tests.engine.models import Case, cases


@pytest.mark.feature("V2")
@settings(max_examples=60)
@given(cases())
def test_the_last_guess_is_the_models_to_the_last_bit(case: Case) -> None:
    trace, graph = case.model.forward(case.document[:-1]), build(case.model.config)
    seen = lens(graph, case.model.params, traced(trace))
    assert seen.probabilities.shape == (case.model.config.n_layer + 1, *trace.probabilities.shape)
    np.testing.assert_array_equal(seen.probabilities[-1], trace.probabilities)
    again = lens(graph, case.model.params, evaluate(graph, case.model.params, case.document[:-1]))
    np.testing.assert_array_equal(again.probabilities, seen.probabilities)


@pytest.mark.feature("V2")
@pytest.mark.parametrize(
    "config",
    [GPTConfig(tied=True, bias=True, gain=True), GPTConfig(residual=False), GPTConfig(attention=False, mlp=False)],
    ids=lambda config: ", ".join(config.variations),
)
def test_so_it_is_in_a_variation(config: GPTConfig) -> None:
    model = TensorGPT.initial(config, 1)
    trace = model.forward([26, 17, 4, 23])
    values = evaluate(build(config), model.params, [26, 17, 4, 23]) | traced(trace)
    seen = lens(build(config), model.params, values)
    assert len(seen.stops) == config.n_layer + 1
    np.testing.assert_array_equal(seen.probabilities[-1], trace.probabilities)


@pytest.mark.feature("V2")
@settings(max_examples=40)
@given(cases())
def test_a_guess_on_the_way_is_that_of_a_model_that_ends_there(case: Case) -> None:
    """The same weights without the layers that come after."""
    config, params = case.model.config, case.model.params
    seen = lens(build(config), params, traced(case.model.forward(case.document[:-1])))
    for n_layer in range(1, config.n_layer + 1):
        small = GPTConfig(config.vocab_size, config.block_size, n_layer, config.n_embd, config.n_head)
        cut = GPT(small, np.concatenate([params[name].ravel() for name in small.shapes()]))
        expected = cut.forward(case.document[:-1]).probabilities
        np.testing.assert_array_equal(seen.probabilities[n_layer], expected)


@pytest.mark.feature("V2")
def test_the_tops_and_probabilities_are_read_off_stop_by_stop() -> None:
    probabilities = np.array([[[0.9, 0.1]], [[0.2, 0.8]], [[0.6, 0.4]], [[0.7, 0.3]]])
    seen = Lens(("x0", "a", "b", "c"), probabilities)
    assert seen.probability(1, 0).tolist() == [0.1, 0.8, 0.4, 0.3]
    assert seen.top[:, 0].tolist() == [0, 1, 0, 0]
    assert first_settled(seen, 0) == 2
    assert first_settled(Lens(("x0", "a"), probabilities[2:]), 0) == 0
