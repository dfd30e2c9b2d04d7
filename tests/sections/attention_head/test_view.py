"""One head taken apart: what the section shows of the engine's stages."""

import math
from xml.etree import ElementTree

import pytest

from lab.charts.format import percent, signed
from lab.core.focus import Focus
from lab.sections.attention_head import view as apart
from microgpt.inspect.attention_head import head_steps

NAME = "raptor"


AT = 3


LABELS = ["START", *NAME]


@pytest.fixture(scope="module")
def trace(dinosaurs, model):
    return model.forward(dinosaurs.tokenizer.document(NAME)[:-1])


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


@pytest.mark.feature("S2-7")
def test_where_the_map_shows_a_mean_the_head_says_so() -> None:
    assert apart.instead(Focus("rex", layer=0, head=2)) == ""
    assert "the mean of all layers and all heads" in apart.instead(Focus("rex"))
    assert "the mean of all heads." in apart.instead(Focus("rex", layer=1))
