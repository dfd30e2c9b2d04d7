"""The graph points at the code that does it: watched line by line as the model runs."""

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy import ndarray

from microgpt import model, tensor_gpt
from microgpt.config import GPTConfig
from microgpt.graph import PROBABILITIES, Operation, build
from microgpt.interpreter import evaluate
from microgpt.tensor import Tensor

READ = [26, 17, 4, 23, 0, 8]
VARIATIONS = [
    GPTConfig(activation="gelu", bias=True, tied=True, gain=True),
    GPTConfig(attention=False, positions=False),
    GPTConfig(mlp=False, residual=False),
    GPTConfig(rmsnorm=False),
]


class Line(NamedTuple):
    """A line about to run, or a call about to end, and the arrays that names stand for then."""

    function: str
    call: int  # the first, second, … of this function
    number: int
    names: dict[str, ndarray]
    returned: ndarray | None


def array(value: object) -> ndarray | None:
    found = value.data if isinstance(value, Tensor) else value
    return found.copy() if isinstance(found, ndarray) else None


def watch(call: Callable[[], object]) -> list[Line]:
    """Every line of the two models that `call()` runs."""
    files = {model.__file__, tensor_gpt.__file__}
    calls: Counter[str] = Counter()
    numbers: dict[FrameType, int] = {}
    lines: list[Line] = []

    def tracer(frame: FrameType, event: str, arg: object) -> Any:
        if frame.f_code.co_filename not in files:
            return None
        function = frame.f_code.co_qualname
        if event == "call":
            calls[function] += 1
            numbers[frame] = calls[function]
        elif event in ("line", "return"):
            names = {name: found for name, value in frame.f_locals.items() if (found := array(value)) is not None}
            returned = array(arg) if event == "return" else None
            lines.append(Line(function, numbers[frame], frame.f_lineno, names, returned))
        return tracer

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        call()
    finally:
        sys.settrace(before)
    return lines


def around(lines: list[Line], operation: Operation) -> tuple[Line, Line]:
    """The moments before and after the last of the operation's lines has run, in its layer."""
    place, layer = operation.source, operation.layer or 0
    own = [line for line in lines if line.function == place.function]
    if len({line.call for line in own}) > 1:  # one call a layer
        own = [line for line in own if line.call == layer + 1]
        layer = 0
    at = [i for i, line in enumerate(own) if line.number == place.code[-1][0] and line.returned is None]
    return own[at[layer]], own[at[layer] + 1]


@pytest.mark.feature("X12", "V7", "S2-8")
def test_the_lines_an_operation_points_at_are_those_that_compute_it() -> None:
    """Before them the name has no value; right after them it has the operation's."""
    gpt, graph = model.GPT.initial(GPTConfig(), 1), build(GPTConfig())
    lines, values = watch(lambda: gpt.forward(READ).probabilities), evaluate(graph, gpt.params, READ)
    for operation in graph.operations:
        assert operation.source.file == "microgpt/model.py"
        before, after = around(lines, operation)
        name = operation.output.rpartition(".")[2]
        assert name not in before.names
        found = after.returned if operation.output == PROBABILITIES else after.names[name]
        np.testing.assert_array_equal(found, values[operation.output], err_msg=operation.name)


@pytest.mark.feature("X12", "V7")
@pytest.mark.parametrize("config", VARIATIONS, ids=lambda config: ", ".join(config.variations))
def test_those_of_a_variation_are_found_in_the_model_on_tensors(config: GPTConfig) -> None:
    gpt, graph = tensor_gpt.TensorGPT.initial(config, 1, np.float64), build(config)
    lines, values = watch(lambda: gpt.forward(READ).probabilities), evaluate(graph, gpt.params, READ)
    for operation in graph.operations:
        name = operation.output.rpartition(".")[2]
        if name == "position_rows":  # has no name there: it is added at once
            assert operation.source == graph.by_name["embed"].source
            continue
        _, after = around(lines, operation)
        local = after.names[name] if name in after.names else after.names.get("x")
        found = after.returned if operation.block == "output" else local
        np.testing.assert_allclose(found, values[operation.output], rtol=1e-9, atol=1e-12, err_msg=operation.name)


@pytest.mark.feature("X12", "V7")
@pytest.mark.parametrize("config", [GPTConfig(), *VARIATIONS], ids=lambda config: ", ".join(config.variations))
def test_the_lines_are_quoted_as_they_stand_in_the_file(config: GPTConfig) -> None:
    root = Path(model.__file__).parents[1]
    for operation in build(config).operations:
        text = (root / operation.source.file).read_text("utf-8").splitlines()
        assert [text[number - 1] for number, _ in operation.source.code] == [line for _, line in operation.source.code]
