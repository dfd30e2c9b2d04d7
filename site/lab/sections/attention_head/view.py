"""What `apart` shows, made of the stages of one head; all of it pure."""

from collections.abc import Sequence
from html import escape

from numpy import ndarray

from microgpt.inspect.attention_head import HeadStage

from ...charts.format import fixed, percent, signed
from ...core.focus import Focus
from .one_head import plain


def made(stages: Sequence[HeadStage], at: int) -> dict[str, ndarray]:
    """What has been made after moment `at`, by name; "scores" as many as there are by then."""
    found = {stage.name: stage.values for stage in stages[: at + 1] if stage.name != "score"}
    count = sum(stage.name == "score" for stage in stages[: at + 1])
    if count and "scores" not in found:
        found["scores"] = _whole(stages, "scores")[:count]
    return found


def kept(before: Sequence[HeadStage], at: int, now: Sequence[HeadStage]) -> int:
    """The moment of `now` at which to go on, for who was at moment `at` of another letter's stages."""
    if not before:
        return len(now) - 1
    name, key = before[at].name, before[at].key
    same = [i for i, stage in enumerate(now) if stage.name == name]
    return same[min(key or 0, len(same) - 1)]


def moment_of(stages: Sequence[HeadStage], key: int) -> int:
    """When the score for this key is made."""
    return next(i for i, stage in enumerate(stages) if stage.name == "score" and stage.key == key)


def instead(focus: Focus) -> str:
    """What the map of attention shows in place of this head, if that is a mean of several."""
    means = [f"all {what}s" for what, one in (("layer", focus.layer), ("head", focus.head)) if one is None]
    if not means:
        return ""
    return (
        f" (The map above shows the mean of {' and '.join(means)}. A mean can’t be taken apart, so here is one head.)"
    )


def row_buttons(labels: Sequence[str], n: int) -> str:
    """A radio button over each row that has a score: one tab stop, the arrows go along."""
    return '<legend class="visually-hidden">The score to take apart</legend>' + "".join(
        f'<label><input type="radio" name="apart-row" value="{i}" autocomplete="off" '
        f'aria-label="score with {escape(label)}, position {i}"></label>'
        for i, label in enumerate(labels[:n])
    )


def options(n: int) -> str:
    return "".join(f'<option value="{i}">{i + 1}</option>' for i in range(n))


def terms(stages: Sequence[HeadStage], at: int, key: int, labels: Sequence[str], who: int) -> str:
    """The dot product behind one score as a table, and what becomes of it as far as moment `at`."""
    moment = moment_of(stages, key)
    asks, asked = escape(labels[who]), escape(labels[key])
    if at < moment:
        return f"<p>The score of {asked} (position {key}) has not been made yet: step on.</p>"
    query, keys = _whole(stages, "query"), _whole(stages, "keys")
    rows = zip(query.tolist(), keys[key].tolist(), stages[moment].values.tolist(), strict=True)
    body = "".join(
        f'<tr><th scope="row">{i}</th>' + "".join(f"<td>{signed(number)}</td>" for number in row) + "</tr>"
        for i, row in enumerate(rows, 1)
    )
    score, done = float(_whole(stages, "scores")[key]), made(stages, at)
    foot = [("sum: the score q · k", plain(score))]
    if "scaled" in done:
        foot.append((f"÷ √{len(query)} = {fixed(len(query) ** 0.5, 3)}", plain(float(done["scaled"][key]))))
    if "shares" in done:
        foot.append(("softmax over all scores", percent(float(done["shares"][key]))))
    ends = "".join(f'<tr><th scope="row" colspan="3">{text}</th><td>{value}</td></tr>' for text, value in foot)
    return (
        f"<table><caption>The query of <b>{asks}</b> (position {who}) times the key of <b>{asked}</b> (position {key})"
        '</caption><thead><tr><th scope="col">number</th><th scope="col">query</th><th scope="col">key</th>'
        f'<th scope="col">product</th></tr></thead><tbody>{body}</tbody><tfoot>{ends}</tfoot></table>'
    )


def _whole(stages: Sequence[HeadStage], name: str) -> ndarray:
    return next(stage.values for stage in stages if stage.name == name)
