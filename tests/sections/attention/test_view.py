"""What the attention map makes of the model."""

import re

import numpy as np
import pytest

from lab.charts.format import percent
from lab.sections.attention import view as attention
from microgpt.experiment import Experiment


@pytest.mark.feature("S1-21")
@pytest.mark.parametrize("layer", [None, 0])
@pytest.mark.parametrize("head", [None, 0, 1])
def test_attention_is_causal_and_every_row_sums_to_one(desk, layer, head):
    desk.train_to(20)
    desk.lab.focus_on("raptor")
    weights = attention.weights(desk.lab.trace(), layer, head)
    assert weights.shape == (7, 7)
    assert weights.sum(axis=1) == pytest.approx(np.ones(7), abs=1e-6)
    assert (np.triu(weights, k=1) == 0).all()


@pytest.mark.feature("S1-21")
def test_the_mean_is_over_what_was_left_open(all_names):
    experiment = Experiment(all_names)
    trace = experiment.trainer().model.forward(experiment.tokenizer.document("rex")[:-1])
    each = np.stack([layer.attention for layer in trace.layers])
    assert np.array_equal(attention.weights(trace, 1, 2), each[1, 2])
    assert attention.weights(trace, 1, None) == pytest.approx(each[1].mean(axis=0))
    assert attention.weights(trace, None, 2) == pytest.approx(each[:, 2].mean(axis=0))
    assert attention.weights(trace, None, None) == pytest.approx(each.mean(axis=(0, 1)))


@pytest.mark.feature("S1-21")
def test_the_mix_names_the_largest_shares_first_and_which_of_two_letters_is_meant():
    row = np.array([0.5, 0.004, 0.3, 0.196])
    text = attention.mix(row, ["START", "a", "n", "a"], "ana")
    shares = f"{percent(0.5)} from START, {percent(0.3)} from n, {percent(0.196)} from a (position 3)"
    assert text == f"After ana it mixes in {shares}."
    assert attention.mix(np.array([1.0]), ["START"], "").startswith("After START")


@pytest.mark.feature("S1-21")
def test_every_head_gets_a_small_map_and_a_place_for_it(desk):
    desk.lab.focus_on("raptor")
    trace, config = desk.lab.trace(), desk.lab.experiment.get().config
    maps = attention.small_maps(trace)
    assert len(maps) == config.n_layer * config.n_head == attention.grid(config).count("heads-map")
    assert len(set(maps)) == len(maps)
    assert all("<text" not in one for one in maps)  # no legend; labels, if any, are empty


@pytest.mark.feature("S1-21")
def test_tabs_offer_the_mean_and_each():
    html = attention.tabs("layer", 2)
    assert re.findall(r'value="(\w+)" aria-label="([\w ]+)"', html) == [
        ("mean", "mean of all layers"),
        ("0", "layer 1"),
        ("1", "layer 2"),
    ]
