"""Figures in the prose that follow the names and settings."""

import re
from dataclasses import replace

import numpy as np
import pytest

from assemble.paths import LAB
from lab.charts.format import figure_text
from lab.core.figures import NAMES, figure
from lab.core.focus import Focus
from lab.core.history import History
from lab.core.snapshot import Snapshot
from lab.core.status import Status
from lab.frame.view import where
from lab.sections.bench import view as bench
from lab.sections.capacity import view as capacity
from lab.sections.control import view as control
from lab.sections.journey import view as journey
from lab.sections.sandbox import view as sandbox
from microgpt.experiment import Experiment, Settings


def test_figures_are_those_of_the_experiment(names) -> None:
    experiment = Experiment(names, replace(Settings(), n_layer=3, steps=1234))

    def told(name: str) -> str:
        return figure_text(name, figure(name, experiment))

    assert told("n_layer") == "3"
    assert told("steps") == "1,234"
    assert told("n_params") == f"{experiment.config.n_params:,}"
    assert told("pairs") == f"{experiment.config.vocab_size**2:,}"
    assert told("held_out_names") == str(len(experiment.split.held_out))
    assert told("bigram_loss") == f"{experiment.baselines['bigram']:.2f}"
    assert told("add_one_mean_loss").count(".") == 1 and len(told("add_one_mean_loss")) == 6
    assert told("even_chance").endswith("%") and told("tying_share").endswith("%")
    assert told("longest") == max(names, key=len)
    assert told("names_to_the_end") == str(sum(len(name) >= 0.75 * experiment.config.block_size for name in names))
    with pytest.raises(KeyError):
        figure("nothing", experiment)


@pytest.mark.feature("D8")
@pytest.mark.parametrize(
    ("letters", "said"), [("αάβγς", "α and ά"), ("abeё", "a, e and ё"), ("あか", "none of the letters of this list")]
)
def test_the_vowels_are_those_of_the_list(letters: str, said: str) -> None:
    assert figure("vowels", Experiment(["".join(letters), *letters])) == said


@pytest.mark.feature("D8")
def test_every_figure_can_be_told_of_any_list() -> None:
    experiment = Experiment(["ア", "イウ", "ウ", "エ"])
    for name in NAMES:
        assert figure_text(name, figure(name, experiment)) not in ("", "–"), name


@pytest.mark.parametrize("chosen", [{"n_layer": 1, "n_head": 1, "block_size": 2}, {"n_layer": 3, "n_embd": 12}])
def test_the_words_of_the_views_follow_the_settings(names, chosen: dict[str, int]) -> None:
    experiment = Experiment(names, replace(Settings(), steps=1234, **chosen))
    model, config = experiment.trainer().model, experiment.config
    focus = Focus(experiment.split.train[0][: config.max_letters])
    trace = model.forward([experiment.tokenizer.bos, *experiment.tokenizer.encode(focus.name)])
    snapshot = Snapshot(1, model, History(np.ones(1)), (), (), "live", first_settings=experiment.settings)
    said = [
        *journey.along(snapshot, trace, focus, [*experiment.tokenizer.alphabet, "END"]).values(),
        sandbox.limit(config),
        control.cut(1, config),
        control.presets(experiment),
        capacity.cost(config, 1, None),
        bench.told(snapshot, Status(), experiment),
        where(snapshot),
    ]
    assert not [text for text in said if re.search(r"(?<![\d.,])1 (layer|head|letter|position|name)s\b", text)]
    assert "step 1 of 1,234" in said and f"{config.n_params:,} parameters" in said[-3]


def test_what_a_figure_counts_is_one_where_there_is_one() -> None:
    for file in (LAB / "sections").rglob("prose.html"):
        prose = file.read_text("utf-8")
        for name, one, many in re.findall(r'data-of="(\w+)" data-one="(\w+)">(\w+)<', prose):
            assert name in NAMES and many == f"{one}s", file
