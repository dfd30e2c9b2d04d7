"""Making names up: predict, draw a token, append it, and so on until the draw is [BOS].

`sample_steps` yields one `SampleStep` a token, so that a page can show each draw. Every name, in the
terminal and on the page, comes from `names`.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy import ndarray

from .config import GPTConfig
from .ops import softmax
from .tokenizer import CharTokenizer


class Prediction(Protocol):
    @property
    def logits(self) -> ndarray: ...  # (T, V)


class Predictor(Protocol):
    """What names can be drawn from: a GPT, or anything else that gives logits for the next token."""

    @property
    def config(self) -> GPTConfig: ...

    def forward(self, tokens: Sequence[int]) -> Prediction: ...


class SampleStep(NamedTuple):
    context: tuple[int, ...]  # what the model has read: [BOS] and the letters so far
    logits: ndarray  # (V,)
    probabilities: ndarray  # (V,), those drawn from: at the temperature, after any cut
    draw: float | None  # the random number in [0, 1) that chose the token; None at temperature 0
    token: int  # the token chosen

    @property
    def cumulative(self) -> ndarray:
        """Cumulative probabilities, (V,): token i is drawn between entries i − 1 and i. The last is 1."""
        ends = cumulate(self.probabilities)
        return np.asarray(ends / ends[-1])


def at_temperature(logits: ndarray, temperature: float) -> ndarray:
    """softmax(logits / temperature), (V,). At 0 the most probable token has probability 1.

    Raises ValueError for a negative temperature.
    """
    if not temperature >= 0:  # so that "not a number" is refused too
        raise ValueError(f"a temperature is 0 or more, not {temperature}")
    logits = np.asarray(logits, np.float64)
    if temperature == 0:
        greedy = np.zeros(len(logits))
        greedy[logits.argmax()] = 1.0
        return greedy
    with np.errstate(over="ignore"):  # at 1e-320 a quotient is −∞, and its probability 0, as it should be
        return softmax((logits - logits.max()) / temperature)


def cut(probabilities: ndarray, top_k: int | None = None, top_p: float | None = None) -> ndarray:
    """Keep only the most probable tokens, (V,), scaled to sum to 1 again; the others get probability 0.

    `top_k` keeps the k most probable. `top_p` keeps the fewest whose probabilities add up to p or more
    (the nucleus, Holtzman et al., 2019). With both, `top_p` applies to what `top_k` kept. None keeps
    all. Between equal probabilities the smaller token id comes first. Raises ValueError for a k below
    1 or a p outside (0, 1].
    """
    if top_k is not None and top_k < 1:
        raise ValueError(f"top-k keeps at least 1 answer, not {top_k}")
    if top_p is not None and not 0 < top_p <= 1:
        raise ValueError(f"top-p is above 0 and at most 1, not {top_p}")
    order = np.argsort(-probabilities, kind="stable")[:top_k]
    if top_p is not None:
        kept = cumulate(probabilities[order])
        order = order[: np.searchsorted(kept, top_p * kept[-1]) + 1]
    if len(order) == len(probabilities):
        return probabilities
    left = np.zeros_like(probabilities)
    left[order] = probabilities[order] / probabilities[order].sum()
    return left


def sample_steps(
    model: Predictor,
    rng: np.random.RandomState,
    start: Sequence[int],
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
) -> Iterator[SampleStep]:
    """Draw one token after another to follow `start` ([BOS] and any letters given), up to and with [BOS].

    After the last position only [BOS] fits: if a letter is drawn there, it is dropped and the name ends
    unfinished, without [BOS]. The token chosen is the first whose cumulative probability exceeds the
    draw. `top_k` and `top_p` are as in `cut`; they do not change the draws.
    """
    context = tuple(start)
    bos = context[0]
    while len(context) <= model.config.block_size:
        logits = model.forward(context).logits[-1]
        probabilities = cut(at_temperature(logits, temperature), top_k, top_p)
        draw = float(rng.random_sample()) if temperature > 0 else None
        token = pick(probabilities, draw)
        if token != bos and len(context) == model.config.block_size:
            return
        yield SampleStep(context, logits, probabilities, draw, token)
        if token == bos:
            return
        context += (token,)


def cumulate(probabilities: ndarray) -> ndarray:
    """Running sums, (V,). In double precision: in single, a draw may round up to the last of them."""
    return np.cumsum(probabilities, dtype=np.float64)


def pick(probabilities: ndarray, draw: float | None) -> int:
    """The first token whose cumulative probability exceeds the draw; the most probable one for None."""
    if draw is None:
        return int(probabilities.argmax())
    cumulative = cumulate(probabilities)
    # the sum may miss 1 by a rounding error, so the draw is scaled to stay below it
    return int(np.searchsorted(cumulative, draw * cumulative[-1], side="right"))


class MadeName(NamedTuple):
    """A name that a model made up, with every draw that led to it."""

    text: str  # the prefix, and the letters drawn
    finished: bool  # it ended with [BOS]; False where the model ran out of positions
    steps: tuple[SampleStep, ...]


def names(
    model: Predictor,
    tokenizer: CharTokenizer,
    rng: np.random.RandomState,
    count: int = 1,
    prefix: str = "",
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
) -> Iterator[MadeName | None]:
    """Make `count` names up, each beginning with `prefix`: yields None after every token drawn, and the
    name once it is complete. So a caller can do other work between two letters.

    Raises UnknownCharacter, and ValueError for a prefix that is longer than the model can read.
    """
    if count < 1:
        raise ValueError(f"the number of names to make is at least 1, not {count}")
    start = [tokenizer.bos, *tokenizer.encode(prefix)]
    if len(start) > model.config.block_size:
        most = model.config.max_letters
        raise ValueError(f"{prefix!r} is too long: this model reads at most {most} letters")
    for _ in range(count):
        steps = []
        for step in sample_steps(model, rng, start, temperature, top_k, top_p):
            steps.append(step)
            yield None
        tokens = [step.token for step in steps]
        yield MadeName(prefix + tokenizer.decode(tokens), tokens[-1:] == [tokenizer.bos], tuple(steps))


def complete(
    model: Predictor,
    tokenizer: CharTokenizer,
    rng: np.random.RandomState,
    prefix: str = "",
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
) -> str:
    """One whole name, as `names` makes it."""
    *_, made = names(model, tokenizer, rng, 1, prefix, temperature, top_k, top_p)
    assert made is not None
    return made.text
