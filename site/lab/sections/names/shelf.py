"""The ready lists, files of `data/`: what each is called, and what there is to see in it."""

from typing import NamedTuple


class Ready(NamedTuple):
    """A list that comes with the page and is fetched when it is chosen. data/SOURCES.md says where each is from."""

    file: str  # in data/, without .txt
    title: str
    note: str
    fold_case: bool = True  # False where capitals carry something


SHELF = (
    Ready("dinosaurs", "Dinosaurs", "The list that the page opens with."),
    Ready("monsters", "Invented monsters", "Made of a beginning and an end. Does the model find the joint?"),
    Ready("villages", "Invented villages", "Like the names of English places; some are of several words."),
    Ready("elements", "Chemical elements", "So few that the model soon knows them by heart: watch the held-out loss."),
    Ready("molecules", "Molecules", "Formulas on one line (SMILES). Brackets and rings must close.", fold_case=False),
    Ready("proverbs", "Proverbs", "Whole sentences: the model has to learn words first."),
    Ready("greek", "Greek names", "With accents, and a sigma that is written another way at the end."),
    Ready("cyrillic", "Russian names", "Long ones, and the short ones of friends and families."),
    Ready("arabic", "Arabic names", "Read from right to left; letters join, and the model does not know."),
    Ready("kana", "Japanese names", "In hiragana: a sign is a syllable, so names are short and signs are many."),
    Ready("names", "First names from the United States", "Almost thirty thousand. It takes a moment to read."),
)
