"""The command that makes a run again: read back by the command line itself."""

import shlex
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microgpt import settings as table
from microgpt.cli import data, parser
from microgpt.experiment import PRESETS, Settings
from microgpt.export import command


def read_back(line: str) -> Settings:
    program, *words = shlex.split(line)
    assert program == "microgpt"
    return table.choose(PRESETS["lab"], table.given(parser().parse_args(words)))


def values(field: table.Field) -> st.SearchStrategy[object]:
    if field.kind is bool:
        return st.booleans()
    if field.kind is str:
        return st.sampled_from(field.row.choices)
    low, high = max(field.row.allowed.low, 1e-6), min(field.row.allowed.high, 1e5)
    return st.integers(max(1, int(low)), int(high)) if field.kind is int else st.floats(low, high, exclude_max=True)


@pytest.mark.feature("X5", "H10")
@given(st.fixed_dictionaries({}, optional={field.name: values(field) for field in table.FIELDS}))
def test_the_command_has_the_settings_of_the_run(chosen: dict[str, object]) -> None:
    settings = Settings(**chosen)  # type: ignore[arg-type]
    found = read_back(command(settings))
    without_effect = {field.name: field.default for field in table.FIELDS if not field.matters(settings)}
    assert found == replace(settings, **without_effect)


def test_the_command_says_no_more_than_it_must() -> None:
    assert command(Settings()) == "microgpt train"
    assert command(Settings(seed=7, mlp=False), stop=20) == "microgpt train --seed 7 --no-mlp --stop 20"


def test_files_are_quoted() -> None:
    line = command(Settings(), data="my names; rm.txt", out="it's.npz")
    words = shlex.split(line)
    assert words[:4] == ["microgpt", "train", "--data", "my names; rm.txt"]
    assert words[-2:] == ["--out", "it's.npz"]


@pytest.mark.feature("X5")
def test_a_list_is_read_back_just_as_it_is(tmp_path: Path) -> None:
    """Whatever its lines look like: a heading, a table, capitals, a name twice, a long one."""
    names = ["name,count", "Ada", "ada", "Ada", "# a remark", "x" * 80, "3;4"]
    file = tmp_path / "list.txt"
    file.write_text("".join(f"{name}\n" for name in names), "utf-8")
    words = shlex.split(command(Settings(), str(file), longest=80))[1:]
    assert data.load(parser().parse_args(words))[0] == names
