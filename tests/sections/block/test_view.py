"""The block: its stations, what they show of the engine's stages, and the Python beside them."""

import re

import pytest

from lab.core.vectors import vectors
from lab.sections.block import model as block
from lab.sections.block import view as views
from microgpt.config import GPTConfig
from microgpt.inspect import where
from microgpt.inspect.attention_head import rms
from microgpt.scalar_gpt import ScalarGPT, add, linear, rmsnorm
from microgpt.value import Value

NAME = "raptor"


AT = 3


@pytest.fixture(scope="module")
def trace(dinosaurs, model):
    return model.forward(dinosaurs.tokenizer.document(NAME)[:-1])


@pytest.mark.feature("S2-8", "S3-5")
@pytest.mark.parametrize("layers", [1, 2, 5])
def test_the_stations_are_those_of_the_model_in_its_order(layers: int):
    found = block.stations(GPTConfig(n_layer=layers))
    names = ["embed", "norm", *["norm", "attend", "add", "norm", "MLP", "add"] * layers, "logits"]
    assert [station.kind.name for station in found] == names
    markup = views.track(found)
    assert re.findall(r'aria-label="([^"]*)"', markup) == [station.title for station in found]
    assert markup.count("track-layer") == layers


@pytest.mark.feature("S2-8", "S3-5")
def test_every_station_does_what_the_scalar_gpt_does(dinosaurs, model, trace):
    """The whole way once more, one Value at a time: what comes in and goes out is the same at each station."""
    scalar, found = ScalarGPT(model.config, model.params), vectors(trace, model, AT)
    for position in range(AT):  # its keys and values of the letters before
        scalar.forward(int(trace.tokens[position]), position)
    w, x, aside = scalar.weights, None, None
    for station in block.stations(model.config):
        match station.note:
            case "embed":
                x = add(w["wte"][int(trace.tokens[AT])], w["wpe"][AT])
            case "norm0":
                x = rmsnorm(x)
            case "norm1" | "norm2":
                aside = rmsnorm(x)
            case "attend":
                aside = scalar.attention(station.layer, aside)
            case "mlp":
                aside = scalar.mlp(station.layer, aside)
            case "add1" | "add2":
                x = add(x, aside)
            case "logits":
                x = linear(x, w["lm_head"])
        now: list[Value] = aside if station.kind.aside else x
        *_, last = station.gives
        assert found[last] == pytest.approx([value.data for value in now], abs=2e-5), station.title


@pytest.mark.feature("S2-8")
def test_what_goes_out_of_one_station_comes_into_the_next(model, trace):
    found = vectors(trace, model, AT)
    x, aside = None, None
    for station in block.stations(model.config):
        first = found[next(iter(station.takes))]
        *_, last = station.gives
        if station.note not in ("embed", "attend", "mlp"):
            assert x is None or first == pytest.approx(x)
        if station.note in ("attend", "mlp"):
            assert first == pytest.approx(aside)
        if station.kind.aside:
            aside = found[last]
        else:
            x = found[last]


@pytest.mark.feature("S2-8")
def test_shapes_and_sizes_are_those_of_the_vectors(model, trace, answers):
    found = vectors(trace, model, AT)
    shapes = {
        "embed": ("token 17 (r), position 3", "(32,)"),
        "norm1": ("(32,)", "(32,)"),
        "attend": ("(32,), and keys and values of 4 positions", "(32,)"),
        "add1": ("(32,) and (32,)", "(32,)"),
        "mlp": ("(32,)", "(128,) → (32,)"),
        "logits": ("(32,)", "(27,)"),
    }
    for station in block.stations(model.config):
        if station.note in shapes:
            assert views.shapes(station, found, "17 (r)", AT) == shapes[station.note]
        shown = views.shown(station, found, answers)
        names = [*station.takes, *station.gives]
        for row, name in zip(shown.rows, names, strict=True):
            values = found[name]
            assert row.values is values
            assert row.remark.startswith(f"{len(values)} numbers, size ")
            assert float(row.remark.rpartition(" ")[2]) == pytest.approx(rms(values), rel=0.06)
    assert views.shapes(STATIONS["attend"], found, "", 0)[0].endswith("of 1 position")


STATIONS = {station.note: station for station in block.stations(GPTConfig(n_layer=1))}


LINES = {  # what the line of each station says
    "embed": 'x = add(w["wte"][token], w["wpe"][position])',
    "norm0": "x = rmsnorm(x)",
    **dict.fromkeys(("norm1", "attend", "add1"), "x = add(x, self.attention(layer, rmsnorm(x)))"),
    **dict.fromkeys(("norm2", "mlp", "add2"), "x = add(x, self.mlp(layer, rmsnorm(x)))"),
    "logits": 'return linear(x, w["lm_head"])',
}


@pytest.mark.feature("S2-5", "S2-8", "S3-5")
@pytest.mark.parametrize("note", block.KINDS)
def test_each_station_points_at_its_lines_of_the_shipped_source(note: str):
    station = STATIONS[note]
    text = dict(block.way().code)[block.line(station.kind)]
    assert LINES[note] in text
    current = re.findall(r'<li data-line="(\d+)" class="now"', views.way(station))
    assert current == [str(block.line(station.kind))]
    assert f'def</span> <span class="c-def">{station.kind.inside.__name__}</span>' in views.inside(station)
    assert block.on_arrays(station)


@pytest.mark.feature("S2-5", "S2-8")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x = add(x, self.mlp(", "x = plus(x, self.mlp("),
        ("        x = rmsnorm(x)\n", "        x = rmsnorm(x)\n        x = rmsnorm(x)\n"),
        ("self.attention(layer, rmsnorm(x))", "self.attention(layer, even(x))"),
        ("def forward(", "def run("),
    ],
)
def test_the_build_notices_code_that_has_changed(monkeypatch, old: str, new: str):
    block.check()
    text = where.source_of(ScalarGPT.forward)
    assert text.count(old) == 1
    monkeypatch.setattr(where, "source_of", lambda _function: text.replace(old, new))
    with pytest.raises(LookupError):
        block.check()
