"""The tape: a graph of `Value`s in the order of its computation, and its moments."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microgpt.config import GPTConfig
from microgpt.inspect.tape import Share, Tape, Turn
from microgpt.model import GPT
from microgpt.scalar_gpt import ScalarGPT
from microgpt.value import Value


def lesson() -> tuple[Tape, Value, Value]:
    a, b = Value(2.0), Value(3.0)
    return Tape(a * b + a), a, b


@pytest.mark.feature("S3-3")
def test_forward_then_backward_of_a_times_b_plus_a() -> None:
    tape, a, b = lesson()
    assert [node.data for node in tape.nodes] == [2, 3, 6, 8]  # a, b, a×b, the result
    assert tape.parts == [(), (), (0, 1), (2, 0)]
    assert tape.uses == [2, 1, 1, 0]  # a is used twice
    moments = list(tape.turns())
    assert [(moment.at, moment.backward) for moment in moments] == [
        *((i, False) for i in range(4)),
        *((i, True) for i in (3, 2, 1, 0)),
    ]
    assert all(moment.grads == (None,) * 4 for moment in moments[:4])
    assert moments[4] == Turn(3, True, (Share(2, 1, 1, 0, 1), Share(0, 1, 1, 0, 1)), (1, None, 1, 1))
    assert moments[5] == Turn(2, True, (Share(0, 3, 3, 1, 4), Share(1, 2, 2, 0, 2)), (4, 2, 1, 1))
    assert moments[-1].grads == (4, 2, 1, 1)
    assert (a.grad, b.grad) == (4, 2)


@pytest.mark.feature("S3-3")
def test_a_value_used_twice_by_the_same_one_gets_two_shares() -> None:
    a = Value(3.0)
    *_, product, leaf = Tape(a * a).turns()
    assert product.shares == (Share(0, 3, 3, 0, 3), Share(0, 3, 3, 3, 6))
    assert leaf == Turn(0, True, (), (6, 1))


# Each number picks an operator and which earlier values go into it.
choices = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=25)


def grown(choices: list[tuple[int, int, int]]) -> Value:
    values = [Value(0.5), Value(-1.25), Value(2.0)]
    for operator, i, j in choices:
        a, b = values[i % len(values)], values[j % len(values)]
        small = abs(a.data) < 3 and abs(b.data) < 3
        made = [lambda a, b: a + b, lambda a, b: a * b, lambda a, b: a - b, lambda a, _: a.relu(),
                lambda a, _: a.exp(), lambda a, b: a / (b * b + 1)][operator if small else 3](a, b)  # fmt: skip
        values.append(made)
    return values[-1]


@pytest.mark.feature("S2-6", "S3-3")
@given(choices)
def test_the_moments_of_any_graph_end_in_the_gradients_of_backward(choices: list[tuple[int, int, int]]) -> None:
    run, stepped = grown(choices), grown(choices)
    run.backward()
    tape = Tape(stepped)
    moments = list(tape.turns())
    expected = [node.grad for node in run.topological()]
    assert list(moments[-1].grads) == expected == [node.grad for node in tape.nodes]
    assert len(moments) == 2 * len(tape.nodes)
    order = tape.nodes
    received = [0.0] * len(order)
    received[-1] = 1.0
    for moment in moments[len(order) :]:
        assert moment.grads[moment.at] == expected[moment.at]  # complete before its turn
        for share, part in zip(moment.shares, tape.parts[moment.at], strict=True):
            assert share.to == part and share.before == received[part]
            received[part] += share.passed
            assert share.after == received[part]
    assert received == expected


@given(choices)
def test_each_value_is_used_as_often_as_shares_come_back(choices: list[tuple[int, int, int]]) -> None:
    tape = Tape(grown(choices))
    arrived = [0] * len(tape.nodes)
    for moment in tape.turns():
        for share in moment.shares:
            arrived[share.to] += 1
    assert arrived == tape.uses


def test_going_through_the_moments_again_gives_the_same() -> None:
    tape, *_ = lesson()
    assert list(tape.turns()) == list(tape.turns())


def test_a_gradient_too_large_for_a_number_is_refused() -> None:
    a = Value(1.0)
    steep = a * 1e200
    with pytest.raises(OverflowError, match="gradient"):
        list(Tape(steep * 1e150 * 1e-200 * 1e100 * 1e200).turns())


@pytest.mark.feature("S2-6")
def test_the_tape_of_a_real_model() -> None:
    config = GPTConfig(vocab_size=3, block_size=3, n_layer=1, n_embd=2, n_head=1)
    model = ScalarGPT(config, GPT(config, np.linspace(-1, 1, config.n_params)).params)
    loss = model.loss([2, 0, 1, 2])
    tape = Tape(loss)
    *_, last = tape.turns()
    weight = model.weights["lm_head"][0][0]
    assert last.grads[tape.place(weight)] == weight.grad != 0
