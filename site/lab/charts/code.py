"""Source as markup: numbered lines with syntax colours. Python, and the AssemblyScript of the kernels."""

import builtins
import io
import keyword
import re
import token as tokens
import tokenize
from collections.abc import Collection, Mapping
from html import escape

_BUILTINS = frozenset(vars(builtins))
_STRINGS = {tokens.STRING} | {getattr(tokens, name) for name in dir(tokens) if name.startswith("FSTRING")}


def listing(
    source: str,
    first: int = 1,
    current: int | None = None,
    marked: Collection[int] = frozenset(),
    name: str = "Python source",
    notes: Mapping[int, str] | None = None,
    script: bool = False,
) -> str:
    """An ordered list of the lines of `source`, the first of them numbered `first`.

    `current` is the line under way, `marked` are lines that stand out (new, or spoken of): numbers in
    the same count. Both differ by more than colour: an arrow, a plus. `notes` are remarks by line, each
    said below its own. `script`: it is AssemblyScript. `name` is the list's accessible name. The list
    scrolls sideways inside itself, so it can take the keyboard's focus.
    """
    rows = []
    for number, html in enumerate(script_lines(source) if script else lines(source), first):
        classes = [name for name, on in (("now", number == current), ("new", number in marked)) if on]
        kind = f' class="{" ".join(classes)}"' if classes else ""
        now = ' aria-current="step"' if number == current else ""
        note = (notes or {}).get(number)
        said = f'<p class="code-note">{escape(note)}</p>' if note else ""
        rows.append(f'<li data-line="{number}"{kind}{now}><code>{html or " "}</code>{said}</li>')
    return (
        f'<div class="code" role="region" tabindex="0" aria-label="{escape(name)}"><ol start="{first}">'
        + "".join(rows)
        + "</ol></div>"
    )


def lines(source: str) -> list[str]:
    """The markup of each line. Source that is no Python is shown plain."""
    plain = source.expandtabs(4).splitlines()
    spans: list[list[tuple[int, int, str]]] = [[] for _ in plain]
    try:
        for kind, start, end in _kinds(source):
            for row in range(start[0], end[0] + 1):  # a string may go over several lines
                if row <= len(plain):
                    left = start[1] if row == start[0] else 0
                    right = end[1] if row == end[0] else len(plain[row - 1])
                    spans[row - 1].append((left, right, kind))
    except (tokenize.TokenError, SyntaxError):
        spans = [[] for _ in plain]
    return [_marked(text, parts) for text, parts in zip(plain, spans, strict=True)]


_SCRIPT = re.compile(
    r"(?P<comment>//.*|^ ?\*.*|/\*.*)|(?P<string>\"[^\"]*\"|'[^']*')|\b(?P<number>\d[\w.]*)\b"
    r"|\b(?P<keyword>as|const|else|export|for|from|function|if|import|let|return|while)\b"
    r"|(?<=function )(?P<def>\w+)"
)


def script_lines(source: str) -> list[str]:
    """As `lines`, for AssemblyScript."""

    def parts(text: str) -> list[tuple[int, int, str]]:
        return [(*found.span(), found.lastgroup or "") for found in _SCRIPT.finditer(text)]

    return [_marked(text, parts(text)) for text in source.expandtabs(4).splitlines()]


def _kinds(source: str):
    """(kind, start, end) of each token that has a colour of its own; positions as (row, column)."""
    definition = False
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        kind = None
        if token.type == tokens.COMMENT:
            kind = "comment"
        elif token.type in _STRINGS:
            kind = "string"
        elif token.type == tokens.NUMBER:
            kind = "number"
        elif token.type == tokens.NAME:
            if definition:
                kind = "def"
            elif keyword.iskeyword(token.string):
                kind = "keyword"
            elif token.string in _BUILTINS:
                kind = "builtin"
            definition = token.string in ("def", "class")
        if kind:
            yield kind, token.start, token.end


def _marked(text: str, parts: list[tuple[int, int, str]]) -> str:
    html, at = [], 0
    for left, right, kind in parts:
        if left == right:  # an empty line inside a string
            continue
        html += [escape(text[at:left]), f'<span class="c-{kind}">{escape(text[left:right])}</span>']
        at = right
    return "".join(html) + escape(text[at:])
