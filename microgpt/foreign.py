"""Names the kind of a file that is not a checkpoint, by its first bytes."""

BEGINNINGS = (
    (b"version https://git-lfs", "this is a Git LFS pointer, which only names the file: `git lfs pull` fetches it"),
    (b"\x1f\x8b", "this is a gzip file, not a checkpoint: unpack it, and give what was in it"),
    (b"\x93NUMPY", "this is a single NumPy array, not a checkpoint, which is a zip of many"),
    (b"\x80", "this looks like a pickle, which is never opened here: it could run any program"),
    (b"PK", "this is not a sound checkpoint file (the zip is cut short or damaged)"),
)
PAGES = ("<!doctype", "<html", "<head", "<?xml")


def describe(start: bytes) -> str:
    """A sentence for a file that begins with these bytes and is not a zip: what it is, and what to do."""
    if not start:
        return "this file is empty"
    for beginning, sentence in BEGINNINGS:
        if start.startswith(beginning):
            return sentence
    text = _as_text(start)
    if text is None:
        return "this is not a checkpoint file: a checkpoint is a zip of arrays (.npz)"
    if text.lstrip().lower().startswith(PAGES):
        return "this is a web page (HTML), not a checkpoint: download the file itself, not the page about it"
    return "this is a text file, not a checkpoint: a checkpoint is a zip of arrays (.npz)"


def _as_text(start: bytes) -> str | None:
    """The text, or None if the bytes are not UTF-8 text. An incomplete last character is left out."""
    try:
        text = start.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start < len(start) - 3:
            return None
        text = start[: error.start].decode("utf-8-sig")
    return text if all(character.isprintable() or character.isspace() for character in text) else None
