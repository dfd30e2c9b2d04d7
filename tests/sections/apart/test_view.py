"""Softmax, one head and the block: what the sections show of the engine's stages, and the Python beside them."""

import math
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from lab.charts.format import percent, signed
from lab.core.focus import Focus
from lab.core.vectors import vectors
from lab.sections.apart import view as apart
from lab.sections.block import model as block
from lab.sections.block import view as views
from lab.sections.softmax import view as softmax
from microgpt.config import GPTConfig
from microgpt.experiment import Experiment
from microgpt.inspect import where
from microgpt.inspect.attention_head import head_steps, rms
from microgpt.model import GPT
from microgpt.ops import softmax as engine_softmax
from microgpt.scalar_gpt import ScalarGPT, add, linear, rmsnorm
from microgpt.value import Value

NAME = "raptor"
AT = 3
LABELS = ["START", *NAME]


@pytest.fixture(scope="module")
def lab(all_names) -> Experiment:
    return Experiment(all_names)


@pytest.fixture(scope="module")
def model(lab) -> GPT:
    trainer = lab.trainer()
    for _ in range(5):
        trainer.step()
    return trainer.model


@pytest.fixture(scope="module")
def trace(lab, model):
    return model.forward(lab.tokenizer.document(NAME)[:-1])


@pytest.fixture(scope="module")
def answers(lab) -> list[str]:
    return [*lab.tokenizer.alphabet, "END"]


# --- softmax


@pytest.fixture(scope="module")
def given(trace, answers) -> softmax.Scores:
    return softmax.ranked(trace.logits[AT], answers)


def cells(markup: str) -> list[list[str]]:
    table = ElementTree.fromstring(markup)
    return [[cell.text or "" for cell in row] for row in table.findall("./tbody/tr")]


@pytest.mark.feature("S3-2")
def test_with_the_models_scores_the_shares_are_the_models_chances(given, trace, answers):
    found = softmax.share_out(given, 0, True)
    chances = dict(zip(answers, engine_softmax(trace.logits[AT].astype(np.float64)).tolist(), strict=True))
    assert list(given.answers) == sorted(chances, key=lambda answer: -chances[answer])[: softmax.SHOWN]
    assert found.shares == pytest.approx([chances[answer] for answer in given.answers], rel=1e-12)
    assert found.others_share == pytest.approx(1 - found.shares.sum(), rel=1e-12)
    assert found.total == pytest.approx(found.exps.sum() + found.others_exps, rel=1e-12)


@pytest.mark.feature("S3-2")
@pytest.mark.parametrize("subtract", [True, False])
def test_adding_to_all_leaves_every_bar_and_share_on_the_screen_as_it_was(given, subtract):
    before = softmax.share_out(given, 0, subtract)
    for added in (-10, 0.5, 10, *([1010] if subtract else [])):
        after = softmax.share_out(given, added, subtract)
        assert softmax.bars(given, after).values == pytest.approx(softmax.bars(given, before).values, rel=1e-9)
        shares = [[row[-1] for row in cells(softmax.numbers(given, found, subtract))] for found in (before, after)]
        assert shares[0] == shares[1]


@pytest.mark.feature("S3-2")
def test_the_table_has_every_number_on_the_way(given):
    found = softmax.share_out(given, 2.0, True)
    *rows, others, total = cells(softmax.numbers(given, found, True))
    for i, (answer, score, shifted, exp, share) in enumerate(rows):
        assert answer == given.answers[i]
        assert score == signed(given.scores[i] + 2) and shifted == signed(given.scores[i] - given.scores[0])
        assert float(exp) == pytest.approx(math.exp(given.scores[i] - given.scores[0]), rel=0.006)
        assert share == percent(found.shares[i])
    assert others[0] == "22 others" and others[3:] == [softmax.power(found.others_exps), percent(found.others_share)]
    assert total[0] == "sum" and total[4] == percent(1.0)
    assert [len(row) for row in cells(softmax.numbers(given, found, False))] == [4] * 7


@pytest.mark.feature("S3-2")
def test_as_on_paper_large_scores_overflow_and_it_is_said_without_nan(given):
    found = softmax.share_out(given, 1000, False)
    shown = softmax.numbers(given, found, False) + softmax.words(given, found, found, 1000, False)
    assert "too large" in shown and "larger than any number" in shown
    assert not re.search("nan|inf", shown, re.IGNORECASE)
    assert softmax.share_out(given, 1000, True).shares == pytest.approx(softmax.share_out(given, 0, True).shares)


@pytest.mark.feature("S3-2")
def test_the_sentence_does_the_sum_for_the_highest(given):
    before, after = (softmax.share_out(given, added, False) for added in (0.0, 1.0))
    text = softmax.words(given, after, before, 1.0, False)
    top = given.answers[0]
    assert text.startswith(f"For {top}: e to the power of {signed(given.scores[0] + 1)} is ")
    assert percent(after.shares[0]) in text and "is 2.72 times what it was" in text
    assert "so all that follows is as before" in softmax.words(given, after, before, 1.0, True)
    assert "times" not in softmax.words(given, before, before, 0.0, True)


def test_a_small_vocabulary_or_scores_that_are_no_numbers_do_not_break_it():
    few = softmax.ranked(np.array([1.0, 3.0], np.float32), ["a", "END"])
    found = softmax.share_out(few, 0, True)
    assert few.answers == ("END", "a") and len(few.others) == 0
    assert [row[0] for row in cells(softmax.numbers(few, found, True))] == ["END", "a", "sum"]
    assert softmax.bars(few, found).labels == ("END", "a")
    assert softmax.others_name(1) == "1 other"
    gone = softmax.ranked(np.full(27, np.nan), [*"abcdefghijklmnopqrstuvwxyz", "END"])
    found = softmax.share_out(gone, 0, True)
    shown = softmax.numbers(gone, found, True) + softmax.words(gone, found, found, 0, True)
    assert "run away" in shown and "nan" not in shown and softmax.bars(gone, found)


# --- one head


@pytest.fixture(scope="module")
def stages(model, trace) -> list:
    return list(head_steps(model, trace, 1, 2, AT))


@pytest.mark.feature("S2-7")
def test_a_picture_holds_what_has_been_made_by_then(stages):
    counts = [len(apart.made(stages, at).get("scores", ())) for at in range(len(stages))]
    assert counts[:4] == [0, 0, 0, 1] and counts[3 + AT :] == [AT + 1] * (len(stages) - 3 - AT)
    assert list(apart.made(stages, 2)) == ["x", "query", "keys"]
    done = apart.made(stages, len(stages) - 1)
    assert done.keys() == {stage.name for stage in stages} - {"score"}
    for stage in stages:
        if stage.name != "score":
            assert done[stage.name] is stage.values


@pytest.mark.feature("S2-7")
def test_a_score_is_taken_apart_term_by_term(stages):
    query, keys = stages[1].values, stages[2].values
    for key in range(AT + 1):
        markup = apart.terms(stages, len(stages) - 1, key, LABELS, AT)
        table = ElementTree.fromstring(markup)
        rows = [[cell.text for cell in row] for row in table.findall("./tbody/tr")]
        expected = zip(query.tolist(), keys[key].tolist(), (query * keys[key]).tolist(), strict=True)
        assert rows == [[str(i), *map(signed, terms)] for i, terms in enumerate(expected, 1)]
        score, scaled, share = (row[-1].text for row in table.findall("./tfoot/tr"))
        total = float(query @ keys[key])
        assert float(score.replace("−", "-")) == pytest.approx(total, abs=0.0051)
        assert float(scaled.replace("−", "-")) == pytest.approx(total / math.sqrt(8), abs=0.0051)
        assert share == percent(float(apart.made(stages, len(stages) - 1)["shares"][key]))
        assert f"(position {key})" in markup and f"(position {AT})" in markup


@pytest.mark.feature("S2-7")
def test_what_becomes_of_a_score_is_told_only_when_it_has(stages):
    assert "has not been made yet" in apart.terms(stages, 2, 0, LABELS, AT)
    assert apart.moment_of(stages, 2) == 5
    assert "has not been made yet" in apart.terms(stages, 4, 2, LABELS, AT)
    lines = [
        len(ElementTree.fromstring(apart.terms(stages, at, 0, LABELS, AT)).findall("./tfoot/tr"))
        for at in range(3, len(stages))
    ]
    assert lines == sorted(lines) and lines[0] == 1 and lines[-1] == 3


def test_the_moment_is_kept_when_the_name_changes(model, trace, stages):
    longer = list(head_steps(model, trace, 1, 2, 6))
    assert apart.kept([], 0, stages) == len(stages) - 1
    for at, stage in enumerate(stages):
        there = longer[apart.kept(stages, at, longer)]
        assert (there.name, there.key) == (stage.name, stage.key)
    assert longer[apart.kept(longer, 3 + 6, longer)].key == 6
    assert stages[apart.kept(longer, 3 + 6, stages)].key == AT  # the last there is


def test_buttons_are_there_for_the_letters_read_and_nothing_typed_gets_through():
    assert apart.row_buttons(["START", "<", "b"], 2).count("<input") == 2
    assert "score with &lt;, position 1" in apart.row_buttons(["START", "<", "b"], 2)


# --- the block


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
def test_every_station_does_what_the_scalar_gpt_does(lab, model, trace):
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


@pytest.mark.feature("S2-7")
def test_where_the_map_shows_a_mean_the_head_says_so() -> None:
    assert apart.instead(Focus("rex", layer=0, head=2)) == ""
    assert "the mean of all layers and all heads" in apart.instead(Focus("rex"))
    assert "the mean of all heads." in apart.instead(Focus("rex", layer=1))
