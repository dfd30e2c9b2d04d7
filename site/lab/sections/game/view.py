"""What the game and the pairs show, worked out before any of it touches the page."""

from collections.abc import Callable, Sequence
from html import escape
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from ...charts import Bars
from ...charts.bars import MOST
from ...charts.format import fixed, percent
from ...charts.svg import text_width
from ..tokens.view import shown
from .model import Game, Guess, Tally, start_and_end

SHOWN = 5  # of the model's answers, apart from the player's and the right one
Label = Callable[[int], str]  # token → how it is called as an answer


def answer(token: int, alphabet: str) -> str:
    """A letter as it can be seen; END for [BOS], which as an answer ends the name."""
    return shown(alphabet[token]) if token < len(alphabet) else "END"


def keys(alphabet: str, tokens: Sequence[int]) -> str:
    """A button for each of these answers. One tab stop: the arrow keys go from one to the next."""
    buttons = []
    for token in tokens:
        label = answer(token, alphabet)
        css = ' class="game-wide"' if len(label) > 1 else ""
        reach = "0" if token == tokens[0] else "-1"
        buttons.append(f'<button type="button" value="{token}" tabindex="{reach}"{css}>{escape(label)}</button>')
    return "".join(buttons)


def left_out(alphabet: str, tokens: Sequence[int]) -> str:
    """What to say of answers without a button; "" where there are none."""
    if len(tokens) > len(alphabet):
        return ""
    return f"The {len(tokens) - 1} most frequent of {len(alphabet):,} letters have a button. Any other can be typed."


def board(game: Game, label: Label) -> str:
    """START, each letter so far with how it was guessed, and the place that is asked for."""
    chips = ['<span class="game-chip game-start">START</span>']
    for guess in game.guesses:
        css, sign = ("game-hit", "✓") if guess.right else ("game-miss", "✗")
        wide = " game-wide" if len(label(guess.truth)) > 1 else ""
        chips.append(f'<span class="game-chip {css}{wide}">{escape(label(guess.truth))}<small>{sign}</small></span>')
    if not game.over:
        chips.append('<span class="game-chip game-next">?</span>')
    return "".join(chips)


def board_text(game: Game) -> str:
    """The board in words."""
    letters = " ".join(game.read)
    if game.over:
        return f"The whole name: {letters}"
    return f"The name so far: START {letters}".rstrip() + "; what comes next?"


def trained(step: int) -> str:
    if step == 0:
        return "untrained"
    return f"after {step:,} step{'s' if step > 1 else ''} of training"


def verdict(guess: Guess, label: Label) -> str:
    """Markup: right or wrong, and what the model gave to the truth and to the guess."""
    truth, said, top = (escape(label(token)) for token in (guess.truth, guess.said, guess.top))
    model = f"The model, {trained(guess.step)}, gave {truth} {percent(guess.chance)}"
    if guess.right:
        text = f"<b>✓ Right: {truth}.</b> {model}"
    else:
        text = f"<b>✗ Not {said}: it is {truth}.</b> {model} and your {said} {percent(guess.chance_of_said)}"
    if guess.model_right:
        return f"{text}; it would have said {truth} too." if guess.right else f"{text}; it would have said {truth}."
    same = guess.top == guess.said
    return f"{text}; it would have said {top} {'too' if same else f'({percent(float(guess.chances[guess.top]))})'}."


def thought(guess: Guess, label: Label) -> Bars:
    """The model's likeliest answers, the right one and the player's among them, likeliest first."""
    order = np.argsort(-guess.chances, kind="stable")
    chosen = [int(t) for t in order if t in order[:SHOWN] or t in (guess.truth, guess.said)]
    names = {guess.said: " (you)", guess.truth: " (right)"} if not guess.right else {guess.said: " (you, right)"}
    return Bars(
        [label(token) + names.get(token, "") for token in chosen],
        [float(guess.chances[token]) for token in chosen],
        highlight=0,
        mark=chosen.index(guess.truth),
        rows=True,
        label_name="answer",
        value_name="chance",
    )


def score(game: Game) -> str:
    """Hits of both, of this name, and of all."""
    now, total = game.score, game.total
    if not total.guesses:
        return "No guess yet. You and the model start level."
    text = f"This name: {_hits(now)}." if now.guesses else "This name: no guess yet."
    if total.guesses == now.guesses:
        return text
    names = f"{game.names} name{'s' if game.names != 1 else ''} finished"
    return f"{text} All together, {names}: {_hits(total)}."


def _hits(tally: Tally) -> str:
    return f"you {tally.right} of {tally.guesses}, the model {tally.model} of {tally.guesses}"


def reflection(game: Game) -> list[str]:
    """Sentences about a name that is over, each counted from its guesses."""
    first, last = start_and_end(game.guesses)
    mine, model = _rates(first, last, "right"), _rates(first, last, "model_right")
    whose = "has never trained on this name: it had to guess, as you did" if game.held_out else "trains on this name"
    return [
        f"You had {mine[0]} of the first {len(first)} and {mine[1]} of the last {len(last)}; "
        f"the model had {model[0]} and {model[1]}.",
        _why(mine[0] / len(first), mine[1] / len(last)),
        _means(first, last),
        f"It {whose}.",
    ]


def _rates(first: Sequence[Guess], last: Sequence[Guess], what: str) -> tuple[int, int]:
    return sum(getattr(g, what) for g in first), sum(getattr(g, what) for g in last)


def _why(start: float, end: float) -> str:
    if end > start:
        return (
            "The more you had read, the better you did. What stands before is called the context; "
            "it is all that you had, and all that a GPT has."
        )
    if end < start:
        return "The start suited you better than the end this time: what one has read can also mislead."
    return "Start or end made no difference this time."


def _means(first: Sequence[Guess], last: Sequence[Guess]) -> str:
    start, end = (float(np.mean([guess.chance for guess in part])) for part in (first, last))
    if all(guess.step == 0 for guess in (*first, *last)):
        return (
            f"The model, untrained, gave the right answers {percent(start)} on average at the start and "
            f"{percent(end)} at the end: it has no idea anywhere. Train it, and play again."
        )
    return f"The model gave the right answers {percent(start)} on average at the start, and {percent(end)} at the end."


def ending(game: Game) -> str:
    """The reflection as markup."""
    return f'<h3 class="game-heading">How it went</h3><p>{escape(" ".join(reflection(game)))}</p>'


def record(game: Game, label: Label) -> str:
    """Table rows, one a guess."""
    rows = []
    for guess in game.guesses:
        sign = "✓" if guess.right else "✗"
        rows.append(
            f'<tr><th scope="row">{escape(guess.read) or "START"}</th>'
            f"<td>{escape(label(guess.said))} {sign}</td><td>{escape(label(guess.truth))}</td>"
            f"<td>{percent(guess.chance)}</td><td>{percent(guess.chance_of_said)}</td>"
            f"<td>{escape(label(guess.top))} {'✓' if guess.model_right else '✗'}</td></tr>"
        )
    return "".join(rows)


def even(chances: ndarray) -> str:
    """How even the chances of an untrained model are."""
    return (
        f"Right now the model is untrained: its weights are random, and it spreads its guesses over all {len(chances)} "
        f"answers, from {percent(float(chances.min()))} to {percent(float(chances.max()))}. Even would be "
        f"{percent(1 / len(chances))} each."
    )


class Asked(NamedTuple):
    """One pair of a name: what is read, what is to be guessed, and how the model did."""

    read: int  # how many tokens
    target: str
    chance: float
    loss: float


def tiles(labels: Sequence[str], at: int) -> str:
    """The name as tokens at pair `at`: those read, the one to guess, and those still to come."""
    parts = []
    for i, label in enumerate(labels):
        kind = "read" if i <= at else "target" if i == at + 1 else "ahead"
        wide = " ask-wide" if text_width(label) > 10 else ""
        arrow = '<span class="ask-arrow" aria-hidden="true">→</span>' if kind == "target" else ""
        face = escape(shown(label)) if kind != "ahead" else "·"
        parts.append(f'{arrow}<span class="ask-tile ask-{kind}{wide}">{face}</span>')
    return "".join(parts)


def tiles_text(labels: Sequence[str], at: int) -> str:
    return f"Read: {' '.join(labels[: at + 1])}. To guess: {labels[at + 1]}."


def pair_text(asked: Sequence[Asked], labels: Sequence[str], at: int) -> str:
    """The pair in words, with what it cost, and what all up to it cost on average."""
    pair = asked[at]
    read = "START alone" if at == 0 else " ".join(["START", *labels[1 : at + 1]])
    text = (
        f"Pair {at + 1} of {len(asked)}: after {read} comes {pair.target}. "
        f"The model gives it {percent(pair.chance)}, which costs {fixed(pair.loss, 2)}."
    )
    mean = fixed(float(np.mean([one.loss for one in asked[: at + 1]])), 2)
    if at + 1 == len(asked):
        return f"{text} The mean of all {len(asked)} pairs is {mean}: that is the loss of this name."
    return f"{text} The mean so far is {mean}." if at else text


def first_bar(count: int, at: int) -> int:
    """Where the bars begin if there are too many for one chart: around `at`, as far as there are some."""
    return max(0, min(at - MOST // 2, count - MOST))


def pair_bars(asked: Sequence[Asked], at: int) -> Bars:
    first = first_bar(len(asked), at)
    seen = asked[first : first + MOST]
    return Bars(
        [pair.target for pair in seen],
        [pair.loss for pair in seen],
        format=lambda loss: fixed(loss, 2),
        top=max([5.0, *(pair.loss for pair in asked if np.isfinite(pair.loss))]),
        glow=at - first,
        label_name="target",
        value_name="loss",
    )
