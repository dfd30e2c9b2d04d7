"""What `predictions` shows: the chances as bars, and what the temperature does to them; all of it pure."""

import numpy as np
from numpy import ndarray

from ...charts import Bars
from ...charts.chances import chance_bars
from ...charts.format import percent
from ...core.focus import Focus


def next_token(focus: Focus, tokens: list[int], bos: int, is_whole: bool) -> int | None:
    """The token that really follows at the position; None behind the start of a name somebody typed,
    where nobody knows. `is_whole`: the name is over at its last letter."""
    if focus.at < len(tokens):
        return tokens[focus.at]
    return bos if is_whole else None


def in_order(answers: list[str], chances: ndarray, order: ndarray, truth: int | None) -> Bars:
    """The bars of chances (V,), token order[i] at place i; the top guess and the truth stand out."""
    places = np.argsort(order)
    top, right = int(places[chances.argmax()]), None if truth is None else int(places[truth])
    return chance_bars([answers[token] for token in order], chances[order], top, right)


def place(focus: Focus, whole: bool) -> int:
    """How much of the name is read: as far as the page looks; and of a `whole` name, before anybody has chosen a place,
    the first half, since at its end there is little to guess."""
    return (len(focus.name) + 1) // 2 if whole and focus.position is None else focus.at


def effect(answers: list[str], raw: ndarray, chances: ndarray, temperature: float) -> str:
    """What the temperature does to the top guess, in words."""
    top = int(raw.argmax())
    if temperature == 1:
        own = f"{percent(float(raw[top]))} for {answers[top]}"
        return f"At temperature 1 these are the model’s own chances: {own}."
    if temperature == 0:
        return f"At temperature 0 nothing is left to chance: {answers[top]}, the likeliest, gets all of it."
    how = "safer" if temperature < 1 else "bolder"
    return (
        f"Temperature {temperature:g} makes it {how}: {answers[top]} gets {percent(float(chances[top]))} "
        f"instead of {percent(float(raw[top]))}. The order of the answers is the same."
    )
