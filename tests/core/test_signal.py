"""Signals: a value, and whoever wants to know when it changes."""

from lab.core.signal import Signal


def test_watchers_are_told_the_new_value_in_the_order_they_came():
    signal, told = Signal(1), []
    signal.watch(lambda value: told.append(("first", value)))
    signal.watch(lambda value: told.append(("second", value)))
    signal.set(2)
    assert told == [("first", 2), ("second", 2)]
    assert signal.get() == 2


def test_a_watcher_hears_nothing_before_a_change():
    told = []
    Signal(1).watch(told.append)
    assert told == []


def test_an_equal_value_is_no_news():
    signal, told = Signal([1]), []
    signal.watch(told.append)
    signal.set([1])
    assert told == []


def test_the_undo_ends_the_watching_and_leaves_the_others():
    signal, gone, stays = Signal(1), [], []
    undo = signal.watch(gone.append)
    signal.watch(stays.append)
    undo()
    signal.set(2)
    assert (gone, stays) == ([], [2])


def test_a_watcher_may_stop_watching_while_it_is_told():
    signal, told = Signal(1), []

    def once(value):
        told.append(("once", value))
        undo()

    undo = signal.watch(once)
    signal.watch(lambda value: told.append(("always", value)))
    signal.set(2)
    signal.set(3)
    assert told == [("once", 2), ("always", 2), ("always", 3)]


def test_a_watcher_removed_by_another_is_not_told_any_more():
    signal, told = Signal(1), []
    signal.watch(lambda _value: undo())
    undo = signal.watch(told.append)
    signal.set(2)
    assert told == []


def test_a_watcher_that_sets_the_value_again_leaves_all_with_the_last_one():
    signal, told = Signal(1), []
    signal.watch(lambda value: signal.set(10) if value < 10 else None)
    signal.watch(told.append)
    signal.set(2)
    assert told[-1] == signal.get() == 10


def test_one_that_joins_while_others_are_told_waits_for_the_next_change():
    signal, told = Signal(1), []
    undo = signal.watch(lambda _value: (undo(), signal.watch(told.append)))
    signal.set(2)
    assert told == []
    signal.set(3)
    assert told == [3]
