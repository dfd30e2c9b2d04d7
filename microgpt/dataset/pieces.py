"""Lines that are too long for a name: cut off, or split into sentences and pieces."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

# behind . ! ? … and any closing quotes, at a blank; the full stops of China, Japan and India need none
_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’»)\]]*\s+|(?<=[。！？।])")
_JOINER = "\u200d"


def cut(text: str, limit: int) -> str:
    """At most `limit` characters from the beginning. A letter keeps its accents or goes with them."""
    return text[: _end(text, 0, limit)].rstrip()


def split(text: str, limit: int) -> Iterator[str]:
    """Sentences; a longer one goes on as pieces, broken at blanks where there are any."""
    for sentence in _sentences(text):
        start = 0
        while len(sentence) - start > limit:
            blank = sentence.rfind(" ", start + 1, start + limit + 1)
            end = blank if blank > start else _end(sentence, start, limit)
            yield sentence[start:end].strip()
            start = end
        yield sentence[start:].strip()


def _sentences(text: str) -> Iterator[str]:
    start = 0
    for found in _SENTENCE.finditer(text):
        yield text[start : found.end()].strip()
        start = found.end()
    yield text[start:].strip()


def _end(text: str, start: int, limit: int) -> int:
    """Where to break off: never between a letter and a mark that belongs to it, unless it is all marks."""
    end = min(start + limit, len(text))
    while end < len(text) and end > start + 1 and _belongs(text, end):
        end -= 1
    return end if end > start + 1 or limit == 1 or not _belongs(text, end) else min(start + limit, len(text))


def _belongs(text: str, at: int) -> bool:
    """Whether the character at `at` belongs to the one before it."""
    if at >= len(text):
        return False
    return unicodedata.category(text[at]).startswith("M") or _JOINER in text[at - 1 : at + 1]


def unwrapped(lines: Sequence[str]) -> list[str]:
    """Prose whose paragraphs were broken into lines of equal width: each paragraph in its first line again.

    It is taken for such where blank lines stand between blocks of lines that are long, and none very long.
    As many lines come back, so that their numbers stay right. Other texts come back as they are.
    """
    lengths = sorted(len(line) for line in lines if line.strip())
    blanks = len(lines) - len(lengths)
    if not lengths or blanks * 30 < len(lines) or not (lengths[-1] <= 100 and lengths[len(lengths) // 2] >= 45):
        return list(lines)
    joined, first = [""] * len(lines), 0
    paragraphs: dict[int, list[str]] = {}
    for i, line in enumerate(lines):
        if not line.strip():
            first = i + 1
        else:
            paragraphs.setdefault(first, []).append(line.strip())
    for i, paragraph in paragraphs.items():
        joined[i] = " ".join(paragraph)
    return joined
