"""The same number of the model has one address, from 0 as in the code, and one colour, wherever it is shown."""

import numpy as np
import pytest

from lab.charts.vectors import Vector
from lab.core.vectors import vectors
from lab.sections.forward import model as forward_model
from lab.sections.forward import view as forward
from lab.sections.scales import limit_of
from lab.sections.tokens import view as tokens
from lab.sections.weight import view as weight
from lab.sections.weight.model import Place
from microgpt.experiment import Experiment
from microgpt.model import GPT

WTE = (12, 18)


def test_a_cell_of_a_matrix_has_one_address_and_one_scale(model: GPT, dinosaurs: Experiment, answers) -> None:
    labels = [dinosaurs.tokenizer.label(token) for token in range(27)]
    trace = model.forward([26, 3, 4])
    part = forward_model.parts(model.config)["wte"]
    found = vectors(trace, model, 1)
    drawn = [
        tokens.table_matrix(model.params["wte"], labels, "letter", 0, limit_of("wte", model.params)),
        forward.matrix(part, model.params, found, ["START", "d"], answers, model.config),
        weight.matrix(model.params, Place("wte", *WTE)),
    ]
    assert {one.col_labels[WTE[1]] for one in drawn} == {str(WTE[1])}
    assert len({one.limit for one in drawn}) == 1
    assert Vector("x", np.arange(4.0)).name(2) == forward.folded(np.arange(4.0)).col_labels[2] == "2"
    shown = forward.Shown(part, model.params, found, ["START", "d"], answers)
    assert forward.weight_words(shown, *WTE).startswith(f"row {WTE[0]}, column {WTE[1]}: ")


@pytest.mark.parametrize("name", ["wpe", "layer1.mlp_fc2", "lm_head"])
def test_every_matrix_has_the_scale_that_one_weight_shows(model: GPT, answers, name: str) -> None:
    part = forward_model.parts(model.config)[name]
    found = vectors(model.forward([26, 3]), model, 1)
    there = forward.matrix(part, model.params, found, ["START", "d"], answers, model.config)
    assert there.limit == weight.matrix(model.params, Place(name, 0, 0)).limit == limit_of(name, model.params)


def test_one_scale_fits_nearly_all_weights() -> None:
    rng = np.random.default_rng(0)
    params = {"wte": rng.normal(0, 0.08, (27, 32)), "wpe": np.full((1, 4), 30.0), "zero": np.zeros((2, 2))}
    assert 0.1 < limit_of("wte", params) == limit_of("wpe", params) < 0.5
    assert limit_of("zero", params) == 1
    assert limit_of("nan", {"nan": np.full((2, 2), np.nan)}) == 1
