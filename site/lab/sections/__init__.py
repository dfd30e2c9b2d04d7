"""The sections of the page, in their order: the one list to edit.

Each name stands for a pair, `name.html` (its prose, put into the page at build) and `name.py`
(its figures). The navigation follows from the chapters and the order in them.
"""

from importlib import import_module

from .section import Section

CHAPTERS = {
    "Welcome": ["opening", "game", "journey"],
    "Data": ["patterns", "tokens"],
    "Learning": ["loss", "training", "loop", "autograd", "weight", "before", "control", "capacity"],
    "Inside": ["forward", "block", "softmax"],
    "Guessing": ["predictions", "sandbox", "generate"],
    "Attention": ["attention", "apart", "heads"],
    "Code": ["source"],
    "Ladder": ["ladder", "rung0", "rung1", "rung2", "rung3", "rung4", "rung5", "race"],
    "Scale": ["size", "takeaways"],
}
ORDER = [name for names in CHAPTERS.values() for name in names]


def section_class(name: str) -> type[Section]:
    """The Section class of this module of ORDER: the one it defines itself."""
    module = import_module(f"{__name__}.{name}")
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Section) and value.__module__ == module.__name__:
            return value
    raise LookupError(f"{module.__name__} defines no Section")
