"""Whether the engine runs on the kernels, and what is said where it does not. Here there is no WebAssembly: the kernels
are stand-ins."""

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
import pytest

from assemble import kernels as sources
from lab.kernels import check
from lab.kernels.connection import Connection
from lab.kernels.operations import operations
from lab.kernels.samples import Random, arguments
from microgpt import ops
from microgpt.experiment import Experiment


@pytest.fixture(autouse=True)
def numpy_afterwards() -> Iterator[None]:
    yield
    ops.use()


def refusing() -> dict[str, object]:
    return dict.fromkeys(ops.NUMPY, lambda *_args: False)


@pytest.mark.feature("X15")
@pytest.mark.parametrize(
    ("module", "reason"),
    [
        (None, "This Python comes without them."),
        (SimpleNamespace(problem="no SIMD"), "This browser does not run them: no SIMD"),
        (SimpleNamespace(**refusing(), recognise=lambda *_: None), "They have failed their test: "),
    ],
    ids=["none", "no SIMD", "wrong"],
)
def test_without_kernels_numpy_does_the_work_and_the_reason_is_told(module: object, reason: str) -> None:
    connection = Connection()
    connection.connect(module)
    assert connection.problem.startswith(reason)
    assert not connection.available and not connection.running
    connection.use(True)
    assert ops.in_use() == ops.NUMPY


@pytest.mark.feature("X15")
def test_they_can_be_switched_off_and_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "everything", lambda found: None)
    connection = Connection()
    connection.connect(SimpleNamespace(**refusing()))
    assert connection.running and connection.problem == ""
    connection.use(False)
    assert connection.available and not connection.running
    connection.use(True)
    with ops.in_numpy():
        assert not connection.running
    assert connection.running


@pytest.mark.feature("X15")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_a_kernel_refuses_numpy_does(experiment: Experiment, dtype: type) -> None:
    plain, refused = experiment.trainer(dtype), experiment.trainer(dtype)
    expected = [plain.step().loss for _ in range(20)]
    ops.use(**operations(refusing()))
    assert [refused.step().loss for _ in range(20)] == expected


@pytest.mark.parametrize("name", list(ops.NUMPY))
def test_numpy_passes_the_kernels_test_and_what_is_off_does_not(name: str) -> None:
    check.compare(name, ops.NUMPY[name], arguments(name, Random(1)))

    def off(*args: np.ndarray, **named: float) -> object:
        found = ops.NUMPY[name](*args, **named)
        changed = args[0] if name == "adam_update" else args[-1] if found is None else found
        first = changed[0] if isinstance(changed, tuple) else changed
        first.reshape(-1)[0] += 1e-3
        return found

    with pytest.raises(check.Wrong, match=f"{name} (gives|leaves) numbers off by"):
        check.compare(name, off, arguments(name, Random(1)))


def sections(wasm: bytes) -> dict[int, bytes]:
    """The sections of a WebAssembly module, by their numbers in its specification."""
    found, at = {}, 8
    while at < len(wasm):
        number, at = wasm[at], at + 1
        size = shift = 0
        while True:
            byte, at = wasm[at], at + 1
            size |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        found[number], at = wasm[at : at + size], at + size
    return found


def test_the_module_brings_no_memory_and_no_data_of_its_own() -> None:
    """It works in Python's memory, where whatever it placed would lie upon something of Python's."""
    found = sections(sources.compiled())
    imports, memory, start, data = (found.get(number) for number in (2, 5, 8, 11))
    assert imports is not None and imports[0] == 1 and b"memory" in imports
    assert memory is start is data is None
