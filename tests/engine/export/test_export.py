"""A run in other forms, each opened by what it is made for: a library, a bare interpreter, Jupyter."""

import ast
import json
import signal
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from safetensors import safe_open

from microgpt import export
from microgpt.checkpoint import Checkpoint
from microgpt.evaluate.held_out import held_out_loss
from microgpt.experiment import Experiment, Settings
from microgpt.model import GPT
from microgpt.rng import stream
from microgpt.sampling import complete
from tests.engine.conftest import ROOT
from tests.engine.processes import ASCII

BARE = [sys.executable, "-S", "-I"]  # no NumPy, no microgpt: the standard library alone


def run_of(names: list[str], dtype: type) -> Checkpoint:
    """A run of 250 steps."""
    experiment = Experiment(names, Settings(n_layer=2, n_embd=16, n_head=4, steps=400, seed=3))
    trainer = experiment.trainer(dtype)
    losses = np.array([trainer.step().loss for _ in range(250)])
    held_out = held_out_loss(trainer.model, experiment.held_out_documents)
    return Checkpoint.capture(experiment, trainer, losses, {250: held_out})


@pytest.fixture(scope="module")
def trained(few: list[str]) -> Checkpoint:
    return run_of(few, np.float32)


@pytest.fixture(scope="module", params=[np.float32, np.float64], ids=["single", "double"])
def either(request: pytest.FixtureRequest, few: list[str]) -> Checkpoint:
    return run_of(few, request.param)


@pytest.fixture
def program(trained: Checkpoint, tmp_path: Path) -> Path:
    path = tmp_path / "names.py"
    path.write_text(export.standalone(trained), "utf-8")
    return path


def bare(*arguments: str) -> str:
    done = subprocess.run([*BARE, *arguments], capture_output=True, timeout=60)
    assert done.stderr == b""
    return done.stdout.decode()


@pytest.mark.feature("H10")
def test_safetensors_reads_every_matrix_and_what_it_belongs_to(either: Checkpoint, tmp_path: Path) -> None:
    path = tmp_path / "run.safetensors"
    path.write_bytes(export.safetensors(either))
    params = either.model.params
    with safe_open(path, "numpy") as file:
        about = file.metadata()
        assert set(file.keys()) == set(either.config.shapes())
        for name in file.keys():  # noqa: SIM118 (it is no dict)
            assert file.get_tensor(name).dtype == either.flat.dtype
            np.testing.assert_array_equal(file.get_tensor(name), params[name])
    assert json.loads(about["config"]) == asdict(either.config)
    assert json.loads(about["settings"]) == asdict(either.settings)
    assert (about["alphabet"], about["step"], about["data"]) == (either.alphabet, "250", either.digest)


def test_the_numbers_of_safetensors_are_aligned_whatever_the_alphabet(trained: Checkpoint) -> None:
    for added in "", "é", "日本":
        data = export.safetensors(replace(trained, alphabet=trained.alphabet + added))
        assert int.from_bytes(data[:8], "little") % 8 == 0


@pytest.mark.feature("H10")
@pytest.mark.parametrize(
    "how",
    [
        {},
        {"temperature": 0},
        {"temperature": 1.7, "seed": 7},
        {"top_k": 3},
        {"top_p": 0.7, "seed": 4294967295},
        {"top_k": 5, "top_p": 0.5, "temperature": 1.2},
        {"prefix": "ra", "seed": 0},
    ],
    ids=str,
)
def test_a_bare_interpreter_makes_the_names_that_the_model_makes(
    trained: Checkpoint, program: Path, how: dict[str, str | float]
) -> None:
    options = [word for key, value in how.items() for word in (f"--{key.replace('_', '-')}", str(value))]
    chosen = {"temperature": 0.8, "prefix": ""} | {key: value for key, value in how.items() if key != "seed"}
    rng = stream(int(how.get("seed", 42)), "sampling")
    expected = [complete(trained.model, trained.tokenizer, rng, **chosen) for _ in range(10)]  # type: ignore[arg-type]
    assert bare(str(program), *options).splitlines() == expected


@pytest.mark.feature("H10")
def test_the_logits_of_the_program_are_those_of_the_model(either: Checkpoint, tmp_path: Path) -> None:
    program = tmp_path / "names.py"
    program.write_text(export.standalone(either), "utf-8")
    tokens = [either.tokenizer.bos, *either.tokenizer.encode("saurus")]
    code = (
        f"import json, runpy; file = runpy.run_path({str(program)!r}); "
        f"model = file['PlainGPT'](file['ABOUT'], file['WEIGHTS']); "
        f"print(json.dumps([model.read(token) for token in {tokens}]))"
    )
    found = np.array(json.loads(bare("-c", code)))
    double = GPT(either.config, either.flat.astype(np.float64))
    np.testing.assert_allclose(found, double.forward(tokens).logits, atol=1e-12)
    np.testing.assert_allclose(found, either.model.forward(tokens).logits, atol=1e-6)


def test_the_program_needs_no_newer_python_than_it_says(program: Path) -> None:
    text = program.read_text("utf-8")
    assert "Python 3.10 or later" in text
    ast.parse(text, feature_version=(3, 10))


def test_the_bare_interpreter_is_bare() -> None:
    for module in "numpy", "microgpt":
        done = subprocess.run([*BARE, "-c", f"import {module}"], capture_output=True, cwd=ROOT / "data", timeout=60)
        assert b"ModuleNotFoundError" in done.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--prefix", "t-rex"], "'t-rex' has to be at most"),
        (["--prefix", "a" * 99], "has to be at most"),
        (["--temperature", "-1"], "temperature and seed are 0 or more"),
        (["--temperature", "nan"], "temperature and seed are 0 or more"),
        (["--top-k", "0"], "top-k is at least 1"),
        (["--top-p", "1.5"], "top-p above 0 and at most 1"),
    ],
)
def test_the_program_refuses_what_can_not_be(program: Path, options: list[str], message: str) -> None:
    done = subprocess.run([*BARE, str(program), *options], capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and message in done.stderr and done.stdout == ""


def test_a_program_whose_names_nobody_reads_to_the_end_ends_in_silence(program: Path) -> None:
    with subprocess.Popen(
        [*BARE, str(program), "-n", "100000"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout and process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == -signal.SIGPIPE


def test_the_program_writes_utf8_into_a_file(trained: Checkpoint, tmp_path: Path) -> None:
    path = tmp_path / "greek.py"
    letters = "".join(chr(0x3B1 + i) for i in range(len(trained.alphabet)))
    path.write_text(export.standalone(replace(trained, alphabet=letters)), "utf-8")
    done = subprocess.run([sys.executable, "-S", str(path)], capture_output=True, env=ASCII, timeout=60)
    assert done.stderr == b"" and set(done.stdout.decode("utf-8")) <= {*letters, "\n"}


def executed(text: str) -> list[str]:
    """The results of a notebook's cells, by a real kernel that sees nothing but this folder's microgpt."""
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(ROOT)}}).execute()
    return [cell.outputs[-1]["data"]["text/plain"] for cell in notebook.cells if cell.get("outputs")]


@pytest.mark.feature("H10", "X5")
def test_jupyter_makes_the_run_again(trained: Checkpoint, few: list[str]) -> None:
    count, config, difference, at_the_end, held_out, made = executed(export.notebook(trained, few))
    assert (int(count), config) == (len(few), repr(trained.config))
    assert float(difference) < 1e-6
    assert float(at_the_end) == pytest.approx(trained.losses[-100:].mean(), abs=1e-5)
    assert float(held_out) == pytest.approx(trained.held_out[250], abs=1e-5)
    rng = stream(3, "sampling")
    expected = [complete(trained.model, trained.tokenizer, rng, temperature=0.8) for _ in range(10)]
    assert ast.literal_eval(made) == expected


@pytest.mark.feature("H10", "X5")
def test_jupyter_makes_a_run_again_that_was_extended(trained: Checkpoint, few: list[str]) -> None:
    longer = trained.extended(500)
    experiment = Experiment(few, longer.settings, longer.changes)
    trainer = longer.resume(experiment)
    losses = np.concatenate([longer.losses, [trainer.step().loss for _ in range(20)]])
    end = Checkpoint.capture(
        experiment, trainer, losses, {270: held_out_loss(trainer.model, experiment.held_out_documents)}
    )
    *_, held_out, _ = executed(export.notebook(end, few))
    assert float(held_out) == pytest.approx(end.held_out[270], abs=1e-5)


def test_the_notebook_fails_where_the_run_comes_out_otherwise(trained: Checkpoint, few: list[str]) -> None:
    losses = trained.losses.copy()
    losses[19] += 0.01
    with pytest.raises(CellExecutionError, match="assert difference < 1e-3"):
        executed(export.notebook(replace(trained, losses=losses), few))


def test_names_that_look_like_code_stay_names(few: list[str]) -> None:
    odd = [*few, "a\\nb", '"""', "it's", "{x}", "a b"]
    experiment = Experiment(odd, Settings(n_layer=1, n_embd=8, n_head=2, steps=1))
    cell = json.loads(export.notebook(Checkpoint.capture(experiment, experiment.trainer(), np.array([])), odd))[
        "cells"
    ][1]
    found: dict[str, object] = {}
    exec("".join(cell["source"]), found)
    assert found["names"] == odd


def test_a_notebook_needs_the_names_of_the_run(trained: Checkpoint, few: list[str]) -> None:
    with pytest.raises(ValueError, match="this is another list"):
        export.notebook(trained, few[1:])
