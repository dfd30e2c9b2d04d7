"""What the analysis of the heads makes of its measures, before any of it is drawn."""

import re
from dataclasses import replace
from math import nan

import numpy as np
import pytest

from lab.charts.format import percent
from lab.sections.heads import view as heads
from microgpt.evaluate.heads import TOWARDS, HeadMeasures, HeadStatistics, Leaning
from microgpt.sampling import at_temperature

LOGITS = np.array([0.2, 2.0, -1.0, 1.0])


RAW = at_temperature(LOGITS, 1.0)


@pytest.mark.feature("S1-20")
@pytest.mark.parametrize("temperature", [0.1, 0.5, 2, 3])
def test_no_temperature_changes_the_order(temperature):
    assert np.argsort(at_temperature(LOGITS, temperature)).tolist() == np.argsort(RAW).tolist()


@pytest.fixture
def analysis(desk):
    desk.train_to(50)
    desk.lab.analyse(12)
    desk.finish()
    return desk.lab.analysis.get()


def cells(html: str) -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", html)
    plain = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", re.sub(r"<svg.*?</svg>", "", row)) for row in rows]
    return [row for row in plain if len(row) > 1]


@pytest.mark.feature("S1-23")
def test_the_table_has_every_head_pooled_and_by_layer_and_chance_last(analysis):
    head, *body, chance = cells(heads.table(analysis))
    assert head == [
        "head",
        "[BOS]",
        "letter before",
        "itself",
        "vowels",
        "spread, bits",
        "copy of the next",
        "what it does",
    ]
    layers, n_head = analysis.statistics.sums.shape[2:]
    assert len(body) == n_head + layers * n_head
    assert body[1][1] == percent(analysis.statistics.pooled.bos[1])
    each = analysis.statistics.each.at(0, 0)
    assert body[n_head][:4] == ["head 1", percent(each.bos), percent(each.previous), percent(each.current)]
    assert body[n_head][-1] == heads.habit(analysis, 0, 0)
    assert chance[:2] == ["chance", percent(analysis.chance.bos)]
    assert chance[5] == f"{analysis.chance.entropy:.2f}"


@pytest.mark.feature("S1-23")
def test_a_bar_reaches_its_value_and_the_line_stands_at_chance():
    html = heads.bar(0.25, 0.4, 1.0)
    assert 'width="25.0"' in html
    assert 'd="M40.0 0v10"' in html
    assert heads.bar(nan, 0.4, 1.0) == ""
    assert "<path" not in heads.bar(0.5, nan, 1.0)


def test_a_measure_that_no_look_allows_is_a_dash(analysis):
    sums = analysis.statistics.sums.copy()
    sums[HeadMeasures._fields.index("repeat")] = 0  # no letter ever came twice
    body = cells(heads.table(replace(analysis, statistics=replace(analysis.statistics, sums=sums))))[1]
    assert body[6] == "–"


@pytest.mark.feature("S1-23")
def test_it_is_said_what_was_measured_and_how_it_went(analysis):
    assert heads.about(None, 0) == "Nothing is measured yet."
    assert heads.about(analysis, 50) == "Measured at step 50, on 12 names."
    assert heads.about(analysis, 1250) == "Measured at step 50, 1,200 steps ago, on 12 names."
    assert heads.status(replace(analysis, done=3)) == "Measuring 12 names …"
    assert heads.status(replace(analysis, done=3, cancelled=True)) == "Cancelled after 3 of 12 names."


class Found:
    """An analysis of two heads in one layer that found this."""

    def __init__(self, roles: list[str | None], leanings: list[Leaning | None]) -> None:
        self.running = self.cancelled = False
        self.statistics = HeadStatistics.empty(1, 2)
        self.role = lambda _layer, head: roles[head]
        self.leaning = lambda _layer, head: leanings[head]


@pytest.mark.feature("S1-23")
@pytest.mark.parametrize(
    ("role", "leaning", "said"),
    [
        ("current", Leaning("current", 40.0), "looks at itself"),
        ("uniform", Leaning("bos", 14.0), "looks everywhere alike"),
        (None, Leaning("previous", 26.1), "leans towards the letter before, 26 standard errors from chance"),
        (None, Leaning("previous", 1e9), "leans towards the letter before, more than 99 standard errors from chance"),
        (
            None,
            Leaning("vowels", 1.44),
            "no clear role; leans towards vowels by 1.4 standard errors only, nothing to rely on",
        ),
        (None, None, "no clear role, and leans nowhere"),
    ],
    ids=str,
)
def test_a_head_is_said_to_have_its_role_or_else_to_lean(role, leaning, said):
    assert heads.habit(Found([None, role], [None, leaning]), 0, 1) == said


@pytest.mark.feature("S1-23")
def test_the_end_counts_roles_and_leanings_that_can_be_relied_on():
    strong, weak = Leaning("bos", 3.0), Leaning("bos", 2.9)
    assert heads.status(Found(["bos", "current"], [strong, strong])) == "Done: 2 of 2 heads have a clear role."
    assert (
        heads.status(Found([None, "current"], [strong, strong]))
        == "Done: 1 of 2 heads have a clear role, 1 more leans towards something."
    )
    assert (
        heads.status(Found([None, None], [weak, None]))
        == "Done: 0 of 2 heads have a clear role, 0 more lean towards something."
    )


@pytest.mark.parametrize("key", [*TOWARDS, "uniform"])
def test_whatever_the_engine_finds_has_words(key):
    assert heads.WORDS[key][0]
