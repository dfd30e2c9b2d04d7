"""The seam in `ops`: another version of an operation can be put in its place, and the engine calls that."""

from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from microgpt import ops
from microgpt.evaluate.held_out import held_out_loss
from microgpt.experiment import Experiment

STEPS = 1000


@pytest.fixture(autouse=True)
def numpy_afterwards() -> Iterator[None]:
    yield
    ops.use()


def counting(calls: Counter[str]) -> dict[str, ops.Operation]:
    """A version of every operation that does as NumPy's does, and counts."""

    def counted(name: str) -> Callable[..., object]:
        def version(*args: object, **named: object) -> object:
            calls[name] += 1
            return ops.NUMPY[name](*args, **named)

        return version

    return {name: counted(name) for name in ops.NUMPY}


@pytest.mark.feature("X15")
def test_the_engine_calls_what_is_in_place_and_trains_the_same_to_the_last_bit(lab: Experiment) -> None:
    plain, counted = lab.trainer(), lab.trainer()
    expected = [plain.step().loss for _ in range(STEPS)]
    calls = Counter[str]()
    ops.use(**counting(calls))
    assert [counted.step().loss for _ in range(STEPS)] == expected
    np.testing.assert_array_equal(counted.model.flat, plain.model.flat)
    held_out_loss(counted.model, lab.held_out_documents[:5])
    alone = {"softmax_backward"}  # one step of NumPy's own attention_backward
    assert set(calls) == set(ops.NUMPY) - alone | (alone & set(calls))
    assert calls["linear"] > 9 * STEPS
    assert calls["adam_update"] == STEPS


@pytest.mark.feature("X15")
def test_one_version_is_replaced_and_the_others_are_not() -> None:
    def doubled(x: np.ndarray) -> np.ndarray:
        return 2 * x

    ops.use(relu=doubled)
    assert ops.relu is doubled
    assert ops.in_use() == ops.NUMPY | {"relu": doubled}
    with ops.in_numpy():
        assert ops.in_use() == ops.NUMPY
    assert ops.relu is doubled
    ops.use(softmax=doubled)
    assert ops.in_use() == ops.NUMPY | {"softmax": doubled}
    ops.use()
    assert ops.in_use() == ops.NUMPY


def test_a_name_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="gelu"):
        ops.use(gelu=np.tanh, relu=np.tanh)
    assert ops.in_use() == ops.NUMPY


@pytest.mark.feature("X5")
def test_the_loss_after_a_thousand_steps_in_double_precision(lab: Experiment) -> None:
    trainer = lab.trainer(np.float64)
    losses = [trainer.step().loss for _ in range(STEPS)]
    assert losses[-1] == pytest.approx(1.8524740522569183, rel=1e-9)
