"""Scopes give back what was acquired, last first."""

from lab.ui.scope import Scope


def test_what_was_acquired_last_is_given_back_first():
    scope, undone = Scope(), []
    for name in ("listener", "proxy", "timer"):
        scope.add(lambda name=name: undone.append(name))
    assert undone == []
    scope.close()
    assert undone == ["timer", "proxy", "listener"]


def test_nothing_is_given_back_twice():
    scope, undone = Scope(), []
    scope.add(lambda: undone.append("listener"))
    scope.close()
    scope.close()
    assert undone == ["listener"]


def test_a_closed_scope_can_be_used_again():
    scope, undone = Scope(), []
    scope.close()
    scope.add(lambda: undone.append("listener"))
    scope.close()
    assert undone == ["listener"]


def test_one_undo_that_fails_does_not_keep_the_others():
    scope, undone = Scope(), []
    scope.add(lambda: undone.append("first"))
    scope.add(lambda: 1 / 0)
    try:
        scope.close()
    except ZeroDivisionError:
        undone.append("told")
    assert undone == ["first", "told"]
