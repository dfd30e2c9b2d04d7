"""Inside the model: every part with its vectors, its weights and the very line of Python that does it."""

import re
from pathlib import Path

import numpy as np
import pytest

from lab.charts import flow, heads
from lab.charts.flow import Plan
from lab.core import forward as fp
from lab.sections.forward import view as views
from microgpt.config import GPTConfig
from microgpt.experiment import Experiment
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
    return fp.vectors(trace, model, AT)


def plan(config: GPTConfig) -> Plan:
    return Plan(config.vocab_size, config.block_size, config.n_layer, config.n_embd, config.n_head)


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
        names = [name for name in (part.kind.taken, part.kind.given) if name]
        assert all(part.vector(name) in found for name in names), part.key


@pytest.mark.feature("S1-17")
def test_a_matrix_times_what_comes_in_is_what_goes_out(model, found):
    """The two vectors beside each matrix are really its input and its output."""
    for part in fp.parts(model.config).values():
        if part.shape is None or part.kind.taken is None:
            continue
        out = linear(found[part.vector(part.kind.taken)][None], model.params[part.key])[0]
        out = np.maximum(out, 0) if part.note == "mlp_fc1" else out
        assert out == pytest.approx(found[part.vector(part.kind.given)], abs=2e-5), part.key


@pytest.mark.feature("S1-17")
def test_parts_without_weights_do_what_they_say(model, found):
    assert found["token"] + found["position"] == pytest.approx(found["embedded"])
    assert rmsnorm(found["embedded"][None])[0][0] == pytest.approx(found["x0"])
    assert found["layer0.x_in"] == pytest.approx(found["x0"])
    assert found["layer1.x_in"] == pytest.approx(found["layer0.x_out"])
    assert found["layer1.x_in"] + found["layer1.attended"] == pytest.approx(found["layer1.x_mid"], abs=1e-6)
    assert softmax(found["logits"][None])[0] == pytest.approx(found["chances"])
    heads_of = [found[f"layer0.head{h}"] for h in range(model.config.n_head)]
    assert all(row.shape == (AT + 1,) and row.sum() == pytest.approx(1, abs=1e-6) for row in heads_of)


@pytest.mark.feature("S1-17")
@pytest.mark.parametrize("at", range(len(NAME) + 1))
def test_any_position_can_be_followed(trace, model, at: int):
    found = fp.vectors(trace, model, at)
    assert np.array_equal(found["logits"], trace.logits[at])
    assert np.array_equal(found["position"], model.params["wpe"][at])


@pytest.mark.feature("S1-17", "S2-5")
@pytest.mark.parametrize("name", fp.KINDS)
def test_the_python_of_each_part_is_found_in_the_shipped_source(name: str):
    lines = fp.code(fp.KINDS[name], fp.source())
    source = fp.source().splitlines()
    assert lines and all(source[number - 1] == text for number, text in lines)
    compile("def f():\n" + "\n".join(text for _, text in lines), name, "exec")  # whole statements


@pytest.mark.feature("S1-17")
def test_the_line_of_a_matrix_names_its_weights():
    for name, word in {"wte": '"wte"', "wpe": '"wpe"', "attn_wo": "attn_wo", "mlp_fc1": "mlp_fc1", "mlp_fc2": "mlp_fc2",
                       "lm_head": '"lm_head"', "attn_wq": "attn_wqkv", "relu": "np.maximum"}.items():  # fmt: skip
        assert word in "".join(text for _, text in fp.code(fp.KINDS[name], fp.source())), name


def test_a_line_that_is_gone_or_there_twice_is_an_error():
    kind = fp.Kind("x", ("mixed =",), None, "x0")
    with pytest.raises(LookupError, match="0 lines"):
        fp.code(kind, "a = 1")
    with pytest.raises(LookupError, match="2 lines"):
        fp.code(kind, "mixed = 1\n  mixed = 2")
    assert fp.code(kind, "a\n  mixed = f(  # (\n    1\n  )\nb") == [(2, "  mixed = f(  # ("), (3, "    1"), (4, "  )")]


def test_levels_have_the_sign_of_their_weight_and_one_scale(model):
    levels = fp.levels(model, 8)
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
    assert all((level == 8).all() for level in fp.levels(gone, 8).values())


@pytest.mark.feature("S1-22")
@pytest.mark.parametrize("config", CONFIGS)
def test_the_figure_of_the_heads_is_drawn_from_the_config(config: GPTConfig):
    model = fp.GPT.initial(config, seed=1)
    trace = model.forward([0, 1, 2])
    found = fp.vectors(trace, model, 2)
    for layer in range(config.n_layer):
        data = views.looks(found, layer, config, ["START", "a", "b"])
        assert np.array_equal(data.weights, trace.layers[layer].attention[:, 2])
        assert np.array_equal(data.mixed, trace.layers[layer].mixed[2])
        drawn = heads.svg(data, 700)
        assert len(re.findall(r"head \d+<", drawn)) == config.n_head
        assert f"{config.n_head} × {config.head_size} numbers" in drawn


@pytest.mark.feature("S1-17")
def test_a_cell_says_the_weight_and_the_number_it_meets(model, found):
    read, answers = ["START", *NAME], [*"abc"]
    part = fp.parts(model.config)["layer0.attn_wq"]
    shown = views.Shown(part, model.params, found, read, answers)
    text = views.weight_words(shown, 2, 5)
    assert text.startswith("row 3, column 6: weight ") and " meets " in text
    assert views.number_words(shown, "q", 31).startswith("number 32: ")
    assert views.number_words(shown, "q", 32) == "nothing here"
    shown = shown._replace(part=fp.parts(model.config)["layer1.heads"])
    assert views.weight_words(shown, 0, 1).endswith("from r")


@pytest.mark.feature("S1-17")
def test_the_prose_says_of_every_part_what_it_is_for():
    prose = (Path(views.__file__).parent / "prose.html").read_text("utf-8")
    said = [note for found in re.findall(r'data-note="([^"]*)"', prose) for note in found.split()]
    assert sorted(said) == sorted(fp.KINDS)


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
