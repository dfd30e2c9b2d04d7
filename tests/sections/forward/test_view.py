"""Inside the model: every part with its vectors, its weights and the very line of Python that does it."""

import re
import textwrap
from pathlib import Path

import numpy as np
import pytest

from lab.charts import flow
from lab.core.vectors import vectors
from lab.sections.forward import model as fp
from lab.sections.forward import view as views
from lab.sections.forward.diagram import plan
from microgpt.config import GPTConfig
from microgpt.experiment import Experiment
from microgpt.model import GPT
from microgpt.ops import linear, rmsnorm, softmax

NAME = "raptor"
AT = 3


@pytest.fixture(scope="module")
def model(all_names):
    experiment = Experiment(all_names)
    trainer = experiment.trainer()
    for _ in range(5):
        trainer.step()
    return trainer.model


@pytest.fixture(scope="module")
def trace(all_names, model):
    return model.forward(Experiment(all_names).tokenizer.document(NAME)[:-1])


@pytest.fixture(scope="module")
def found(trace, model):
    return vectors(trace, model, AT)


CONFIGS = [GPTConfig(), GPTConfig(n_layer=1, n_embd=16), GPTConfig(40, 9, 3, 8, 2)]


@pytest.mark.feature("S1-17")
@pytest.mark.parametrize("config", CONFIGS)
def test_the_drawing_has_exactly_the_parts_and_every_matrix_of_the_config(config: GPTConfig):
    parts = fp.parts(config)
    boxes = flow.layout(plan(config), 630).boxes
    assert {box.key for box in boxes} == set(parts)
    assert [key for key, part in parts.items() if part.shape] == list(config.shapes())
    assert sum(part.count for part in parts.values()) == config.n_params
    for box in boxes:
        if box.kind == "matrix":
            assert box.shape == "{}×{}".format(*parts[box.key].shape)


@pytest.mark.feature("S1-17")
def test_every_strip_and_every_part_finds_its_vectors(model, found):
    drawn = flow.layout(plan(model.config), 630)
    assert {strip.key for strip in drawn.strips} <= set(found)
    flow.values(drawn, found, list(NAME), [])
    for part in fp.parts(model.config).values():
        assert part.given in found and (part.taken is None or part.taken in found), part.key


@pytest.mark.feature("S1-17")
def test_a_matrix_times_what_comes_in_is_what_goes_out(model, found):
    """The two vectors beside each matrix are really its input and its output."""
    for part in fp.parts(model.config).values():
        if part.shape is None or part.taken is None:
            continue
        out = linear(found[part.taken][None], model.params[part.weight])[0]
        assert out == pytest.approx(found[part.given], abs=2e-5), part.key


@pytest.mark.feature("S1-17")
def test_parts_without_weights_do_what_they_say(model, found):
    assert found["token_rows"] + found["position_rows"] == pytest.approx(found["embedded"])
    assert rmsnorm(found["embedded"][None])[0][0] == pytest.approx(found["x0"])
    assert found["layer0.x_out"] + found["layer1.attn_out"] == pytest.approx(found["layer1.x_mid"], abs=1e-6)
    assert found["layer1.x_mid"] + found["layer1.mlp_out"] == pytest.approx(found["layer1.x_out"], abs=1e-6)
    assert np.maximum(found["layer1.preactivation"], 0) == pytest.approx(found["layer1.hidden"])
    assert softmax(found["logits"][None])[0] == pytest.approx(found["probabilities"])
    heads_of = [found[f"layer0.head{h}"] for h in range(model.config.n_head)]
    assert all(row.shape == (AT + 1,) and row.sum() == pytest.approx(1, abs=1e-6) for row in heads_of)


@pytest.mark.feature("S1-17")
@pytest.mark.parametrize("at", range(len(NAME) + 1))
def test_any_position_can_be_followed(trace, model, at: int):
    found = vectors(trace, model, at)
    assert np.array_equal(found["logits"], trace.logits[at])
    assert np.array_equal(found["position_rows"], model.params["wpe"][at])


@pytest.mark.feature("S1-17", "S2-5")
@pytest.mark.parametrize("key", [key for key in fp.parts(GPTConfig()) if not key.startswith("layer1")])
def test_the_python_of_each_part_is_whole_statements_of_the_engine(key: str):
    text = "\n".join(line for _, line in fp.parts(GPTConfig())[key].code)
    compile("def f():\n" + textwrap.indent(textwrap.dedent(text), "    "), key, "exec")


@pytest.mark.feature("S1-17")
def test_the_line_of_a_matrix_names_its_weights():
    parts = fp.parts(GPTConfig())
    for key, word in {"wte": '"wte"', "wpe": '"wpe"', "layer0.attn_wo": "attn_wo", "layer1.mlp_fc1": "mlp_fc1",
                      "layer0.mlp_fc2": "mlp_fc2", "lm_head": '"lm_head"', "layer1.attn_wq": "attn_wqkv",
                      "layer0.relu": "ops.relu", "layer0.heads": "softmax"}.items():  # fmt: skip
        assert word in "".join(text for _, text in parts[key].code), key


VARIATIONS = [
    GPTConfig(activation="gelu", bias=True, tied=True, gain=True),
    GPTConfig(attention=False, positions=False),
    GPTConfig(mlp=False, residual=False),
    GPTConfig(rmsnorm=False, n_layer=3),
]


@pytest.mark.feature("S1-17")
@pytest.mark.parametrize("config", VARIATIONS, ids=lambda config: ", ".join(config.variations))
def test_a_varied_model_is_drawn_with_what_it_has(config: GPTConfig):
    parts = fp.parts(config)
    drawn = flow.layout(plan(config), 630)
    assert [box.key for box in drawn.boxes] == list(parts)
    for part in parts.values():
        assert part.title and part.facts and part.given
    tied = parts["lm_head"].count if config.tied else 0
    assert sum(part.count for part in parts.values()) - tied == config.n_params


def test_facts_say_how_many_weights_and_biases():
    parts = fp.parts(GPTConfig(bias=True, gain=True))
    assert parts["layer0.mlp_fc1"].facts == "128 × 32 = 4,096 weights, and 128 biases"
    assert parts["layer0.norm1"].facts == "32 weights"
    assert parts["layer0.relu"].facts == "no weights: nothing in here is learnt"


def test_levels_have_the_sign_of_their_weight_and_one_scale(model):
    levels = fp.levels(model, 8, fp.parts(model.config).values())
    assert {name: level.shape for name, level in levels.items()} == model.config.shapes()
    scale = 4 * model.flat.std()
    for name, level in levels.items():
        signs = level.astype(int) - 8
        weights = model.params[name]
        assert np.abs(signs).max() <= 8
        assert (signs == np.rint(np.clip(weights / scale, -1, 1) * 8)).mean() > 0.999  # halves may go either way


def test_levels_of_a_model_that_ran_away_are_still_levels(model):
    gone = model.copy()
    gone.flat[:] = np.nan
    assert all((level == 8).all() for level in fp.levels(gone, 8, fp.parts(gone.config).values()).values())


@pytest.mark.feature("S1-22")
@pytest.mark.parametrize("config", CONFIGS)
def test_the_figure_of_the_heads_is_drawn_from_the_config(config: GPTConfig):
    model = GPT.initial(config, seed=1)
    trace = model.forward([0, 1, 2])
    found = vectors(trace, model, 2)
    for layer in range(config.n_layer):
        data = views.looks(found, layer, config, ["START", "a", "b"])
        assert np.array_equal(data.weights, trace.layers[layer].attention[:, 2])
        assert np.array_equal(data.mixed, trace.layers[layer].mixed[2])
        drawn = data.svg(700)
        assert len(re.findall(r"head \d+<", drawn)) == config.n_head
        assert f"{config.n_head} × {config.head_size} numbers" in drawn


@pytest.mark.feature("S1-17")
def test_a_cell_says_the_weight_and_the_number_it_meets(model, found):
    read, answers = ["START", *NAME], [*"abc"]
    part = fp.parts(model.config)["layer0.attn_wq"]
    shown = views.Shown(part, model.params, found, read, answers)
    text = views.weight_words(shown, 2, 5)
    assert text.startswith("row 2, column 5: weight ") and " meets " in text
    assert views.number_words(shown, "layer0.q", 31).startswith("number 31: ")
    assert views.number_words(shown, "layer0.q", 32) == "nothing here"
    shown = shown._replace(part=fp.parts(model.config)["layer1.heads"])
    assert views.weight_words(shown, 0, 1).endswith("from r")


@pytest.mark.feature("S1-17")
def test_the_prose_says_of_every_part_what_it_is_for():
    prose = (Path(views.__file__).parent / "prose.html").read_text("utf-8")
    said = [note for found in re.findall(r'data-note="([^"]*)"', prose) for note in found.split()]
    assert sorted(said) == sorted(fp.WORDS)


@pytest.mark.parametrize("n", [4, 27, 32, 33, 128])
def test_a_long_vector_is_folded_without_losing_a_number(n: int):
    vector = np.arange(1.0, n + 1)
    data = views.folded(vector)
    assert data.values[~data.mask].tolist() == vector.tolist()
    assert data.values.shape[1] <= views.AROUND


@pytest.mark.parametrize("key", ["wte", "wpe", "lm_head", "layer1.mlp_fc1", "layer0.heads"])
def test_what_is_opened_is_the_models_own_matrix(model, found, key: str):
    answers = [*"abcdefghijklmnopqrstuvwxyz", "END"]
    part = fp.parts(model.config)[key]
    data = views.matrix(part, model.params, found, ["START", *NAME], answers, model.config)
    if part.shape:
        assert np.array_equal(data.values, model.params[key])
    else:
        assert data.values.shape == (model.config.n_head, AT + 1)
    assert views.matrix(fp.parts(model.config)["embed"], model.params, found, [], answers, model.config) is None


def test_source_lines_are_escaped_and_start_at_the_left():
    html = views.listing([(7, "    a = b < c"), (8, "        d")])
    assert html == '<span class="line" data-line="7">a = b &lt; c</span><span class="line" data-line="8">    d</span>'


def test_colours_become_pixels_red_first():
    assert views.palette([" #0a0b0c", "#ffffff"]).tobytes() == bytes([10, 11, 12, 255, 255, 255, 255, 255])


def test_positions_are_offered_by_letter():
    html = views.position_options("re<")
    assert html.count("<option") == 4 and 'value="0">START' in html and 'value="3">3: &lt;' in html


@pytest.mark.parametrize(
    ("unit", "stride", "text"),
    [(2.0, 1, "2 units"), (1.0, 1, "1 unit"), (0.5, 2, "0.5 units, so only one in 2 is shown")],
)
def test_the_scale_is_said_in_words(unit, stride, text):
    assert views.scale_words(unit, stride) == text


@pytest.mark.feature("Q1")
def test_no_two_boxes_have_the_same_name():
    for config in CONFIGS:
        names = [views.label(part) for part in fp.parts(config).values()]
        assert len(set(names)) == len(names)
