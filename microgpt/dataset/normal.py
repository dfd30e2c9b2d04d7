"""One way to write each name: the same for a list, for what is typed, and for a prefix."""

import re
import unicodedata

_BLANKS = "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_INVISIBLE = (
    "\u00ad"  # soft hyphen
    "\u200b\u2060\ufeff"  # zero-width space, word joiner, byte-order mark
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # direction marks
)
_TIDY = {ord(blank): " " for blank in _BLANKS} | {ord(mark): None for mark in _INVISIBLE}

# Format characters that are part of the spelling: the two joiners (Persian, Hindi, emoji), the tags of
# flags such as Scotland's, and Arabic signs that are written round a number.
_SPELLING = re.compile("[\u200c\u200d\u0600-\u0605\u06dd\u070f\u08e2\U000e0020-\U000e007f]")
_DOTTED_I = re.compile("i\u0307+")


def tidy(text: str) -> str:
    """Every kind of blank becomes a plain space; marks that can't be seen and spell nothing go."""
    return text if text.isascii() and "\t" not in text else text.translate(_TIDY)


def compose(text: str) -> str:
    """Unicode's normal form C: é is one character, however it was typed."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Capitals to small letters. İ becomes i: Python makes two characters of it, i and a dot above."""
    small = text.lower()
    return small if small.isascii() else compose(_DOTTED_I.sub("i", small))


def normalise(text: str, fold_case: bool = True) -> str:
    """Text → the one way to write it. To do it twice changes nothing. Outer blanks stay."""
    plain = compose(tidy(text))
    return fold(plain) if fold_case else plain


def is_clean(text: str) -> bool:
    """Whether text can be shown as it is: no control characters, lone surrogates or private ones."""
    return text.isprintable() or _SPELLING.sub("", text).isprintable()
