"""What the sandbox shows of a text, as markup and text."""

from collections.abc import Sequence
from html import escape

from microgpt.config import GPTConfig
from microgpt.evaluate.guesses import Scored, Top
from microgpt.evaluate.ngrams import uniform_loss
from microgpt.ops import nll
from microgpt.sampling import SampleStep
from microgpt.tokenizer import CharTokenizer

from ...charts import Bars
from ...charts.format import counted, fixed, percent
from ..generate.draw import START, answers

OTHER = "other"
HALF = float(nll(0.5))  # what the truth costs at a chance of one half


def limit(config: GPTConfig) -> str:
    """How long a text may be, and why."""
    return (
        f"At most {counted(config.max_letters, 'letter')}: the model has {counted(config.block_size, 'position')}, "
        "and START takes the first."
    )


def top_bars(best: Top, tokenizer: CharTokenizer) -> Bars:
    """The top answers as rows, and one more for all that is left, if anything is."""
    labels = [answers(tokenizer)[token] for token in best.tokens]
    chances = best.probabilities.tolist()
    left = tokenizer.vocab_size - len(labels)
    if left:
        labels.append(OTHER)
        chances.append(best.rest)
    return Bars(labels, chances, highlight=0, rows=True, label_name="answer", value_name="chance")


def top_sum(text: str, best: Top, tokenizer: CharTokenizer) -> str:
    """The same as a sum, in words."""
    k, left = len(best.tokens), tokenizer.vocab_size - len(best.tokens)
    after = f"After {text or START}"
    if not left:
        return f"{after}: all {k} answers, and together they have 100\u202f%."
    likeliest = f"its {k} likeliest answers" if k > 1 else "its likeliest answer"
    verb, others = ("have" if k > 1 else "has"), (f"the other {left}" if left > 1 else "the other one")
    have = "have" if left > 1 else "has"
    rest = f"{others} {have} {percent(best.rest)}"
    share = percent(float(best.probabilities.sum()))
    return f"{after}, {likeliest} {verb} {share}, and {rest}: together, all there is."


def costs(scores: Sequence[Scored], tokenizer: CharTokenizer, spot: int | None = None) -> str:
    """A table of guesses, one a letter and one for END; on wide screens its rows stand as columns.
    `spot` is the place of the one to stand out."""
    head = "".join(
        f'<span role="columnheader">{text}</span>' for text in ("read", "next", "top guess", "chance", "cost")
    )
    even = uniform_loss(tokenizer.vocab_size)
    end = max(even, *(one.loss for one in scores))
    rows = "".join(_row(one, tokenizer, i == spot, even, end) for i, one in enumerate(scores))
    return f'<div role="row" class="costs-head">{head}</div>{rows}'


def _row(one: Scored, tokenizer: CharTokenizer, spot: bool, even: float, end: float) -> str:
    said = answers(tokenizer)
    read = START if one.read == tokenizer.bos else tokenizer.label(one.read)
    css, sign, word = ("cost-hit", "✓", "right") if one.hit else ("cost-miss", "✗", "wrong")
    cells = (
        escape(read),
        f"<b>{escape(said[one.truth])}</b>",
        f'{escape(said[one.guess])} <b class="{css}"><span aria-hidden="true">{sign}</span>'
        f'<span class="visually-hidden">{word}</span></b>',
        percent(one.probability),
        f"{fixed(one.loss, 2)}{bar(one.loss / end, even / end)}",
    )
    body = "".join(f'<span role="cell">{cell}</span>' for cell in cells)
    return f'<div role="row" class="cost{" spot" if spot else ""}">{body}</div>'


def bar(share: float, line: float) -> str:
    """A cost as a part of the greatest one, with a line at another. Drawn twice, lying and standing:
    the style sheet shows the one that suits the table."""
    lying = f'<rect width="{share:.3f}" height="1"/><path d="M{line:.3f} 0v1"/>'
    standing = f'<rect y="{1 - share:.3f}" width="1" height="{share:.3f}"/><path d="M0 {1 - line:.3f}h1"/>'
    return "".join(
        f'<svg class="cost-bar {css}" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">{drawn}</svg>'
        for css, drawn in (("lying", lying), ("standing", standing))
    )


def costliest(scores: Sequence[Scored]) -> int | None:
    """The place of the right top guess that cost most, if one cost more than an even bet."""
    hits = [i for i, one in enumerate(scores) if one.hit and one.loss > HALF]
    return max(hits, key=lambda i: scores[i].loss, default=None)


def average(text: str, scores: Sequence[Scored], mean: float, tokenizer: CharTokenizer, listed: bool) -> str:
    """The loss of the whole text, in words. `mean` is the model's own; `listed`: the text is a whole name."""
    hits = sum(one.hit for one in scores)
    guesses = f"{len(scores)} guess{'' if len(scores) == 1 else 'es'}"
    whole, even = f"“{text}”" if text else "a name of no letter", fixed(uniform_loss(tokenizer.vocab_size), 2)
    said = f"{guesses}, {hits} right. Average cost {fixed(mean, 2)}: this is the loss of {whole}. "
    said += f"Guessing evenly costs {even}: the line across each bar."
    if not listed:
        said += " It is no name on the list; the last cost says how well END would fit here."
    return said


def right_and_costly(text: str, scores: Sequence[Scored], tokenizer: CharTokenizer) -> str:
    """The lesson of the ✓, on this very text."""
    place = costliest(scores)
    if place is not None:
        one = scores[place]
        read, label = text[:place] or START, answers(tokenizer)[one.truth]
        return (
            f"Right, and still costly: after {read} the top guess {label} is ✓, but the model gave it only "
            f"{percent(one.probability)}. That cost {fixed(one.loss, 2)}."
        )
    if any(one.hit for one in scores):
        return "Each ✓ here was cheap: the model had given it more than half of all chances."
    return "No ✓ here. A ✓ can be costly too: let the page find one on the list."


def looking(done: int, count: int) -> str:
    return f"Tried {done:,} of {count:,} names …"


def found(name: str | None, step: int, count: int, cost: float) -> str:
    """What a search through the list has brought."""
    if name is None:
        return (
            f"At step {step:,} no top guess after a first letter is right, in {count:,} names. Train, and look again."
        )
    return (
        f"At step {step:,}, “{name}” has the costliest ✓ of all {count:,} names, first letters aside: {fixed(cost, 2)}."
    )


def strip_title(read: str, k: int, drawn: bool) -> str:
    """What the strip shows. `read`: the letters before the draw."""
    kept = f"the top {k} with their letters" if k > 1 else "the top answer with its letter"
    when = "The draw after" if drawn else "What the next draw after"
    end = "" if drawn else " is made from"
    return f"{when} {read or START}{end}: {kept}, all “other” answers shaded."


def draws(steps: Sequence[SampleStep], tokenizer: CharTokenizer) -> str:
    """List items: each letter drawn, with its draw."""
    said = answers(tokenizer)
    return "".join(
        f"<li><b>{escape(said[step.token])}</b> <span>{'top' if step.draw is None else fixed(step.draw, 3)}</span></li>"
        for step in steps
    )
