"""The ready lists: clean, each with its source, and each can be learnt."""

import functools

import pytest

from assemble.paths import DATA
from lab.sections.names import view
from lab.sections.names.model import capitals_matter
from lab.sections.names.shelf import SHELF, Ready
from microgpt import dataset
from microgpt.evaluate.held_out import held_out_loss
from microgpt.experiment import Experiment

OWN = [ready for ready in SHELF if ready.file != "names"]  # that one is as others have spread it


def by_file(ready: Ready) -> str:
    return ready.file


@functools.cache
def read(ready: Ready) -> tuple[list[str], dataset.Report]:
    return dataset.load(DATA / f"{ready.file}.txt", dataset.ReadOptions(fold_case=ready.fold_case))


@pytest.mark.feature("D7")
@pytest.mark.parametrize("ready", OWN, ids=by_file)
def test_a_ready_list_is_clean_and_says_where_it_is_from(ready: Ready) -> None:
    names, report = read(ready)
    assert (report.kinds, report.encoding.name) == ((), "utf-8")
    assert len(names) >= 100
    assert f"`{ready.file}.txt`" in (DATA / "SOURCES.md").read_text("utf-8")
    assert capitals_matter(names) is not ready.fold_case


@pytest.mark.feature("D7")
@pytest.mark.parametrize("ready", OWN, ids=by_file)
def test_a_ready_list_is_learnt_to_below_its_bigram_line_on_names_never_seen(ready: Ready) -> None:
    experiment = Experiment(read(ready)[0])
    trainer = experiment.trainer()
    for _ in range(6):
        for _ in range(250):
            trainer.step()
        if held_out_loss(trainer.model, experiment.held_out_documents) < experiment.baselines["bigram"]:
            return
    pytest.fail(f"not below {experiment.baselines['bigram']:.2f} in {trainer.step_count} steps")


@pytest.mark.feature("D7")
def test_the_shelf_names_each_list_its_size_and_some_of_its_names() -> None:
    assert len(SHELF) > 8
    shelf = view.shelf([(ready, read(ready)[0]) for ready in SHELF])
    assert shelf.count("<button") == len(SHELF)
    assert "118 names." in shelf and "1,829 names." in shelf
    assert "<bdi>" in shelf and 'value="molecules"' in shelf
