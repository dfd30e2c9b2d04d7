"""Names and settings put together."""

import pytest

from microgpt.experiment import PRESETS, Experiment, Settings


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_trains(preset: str, few: list[str]) -> None:
    trainer = Experiment(few, PRESETS[preset]).trainer()
    first = trainer.step().loss
    assert 0 < first < 10


def test_without_a_block_size_the_longest_name_just_fits(few: list[str]) -> None:
    experiment = Experiment(few)
    assert experiment.config.max_letters == max(map(len, few))
    assert experiment.too_long == []
    assert all(d[-1] == experiment.tokenizer.bos for d in experiment.train_documents)


def test_names_that_do_not_fit_are_told_and_cut(few: list[str]) -> None:
    experiment = Experiment(few, Settings(block_size=10))
    assert experiment.too_long == [name for name in few if len(name) > 9] != []
    documents = experiment.train_documents + experiment.held_out_documents
    assert max(map(len, documents)) == 11
    cut = [d for d in documents if d[-1] != experiment.tokenizer.bos]
    assert len(cut) == len(experiment.too_long)


def test_documents_are_the_names_of_the_split_in_order(few: list[str]) -> None:
    experiment = Experiment(few)
    decode = experiment.tokenizer.decode
    assert [decode(d) for d in experiment.train_documents] == experiment.split.train
    assert [decode(d) for d in experiment.held_out_documents] == experiment.split.held_out


def test_the_digest_stands_for_exactly_this_list(few: list[str]) -> None:
    digest = Experiment(few).digest
    assert digest == Experiment(few, Settings(seed=1)).digest
    assert digest != Experiment(few[:-1]).digest
    assert digest != Experiment([*few[1:], few[0]]).digest
