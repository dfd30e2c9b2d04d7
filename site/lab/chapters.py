"""The chapters and the order of their sections: the one list to edit.

Each name stands for a room `sections/<name>/` (a dot leads into a family's folder): `section.py` holds the Section,
`view.py` what it shows as text and numbers, `model.py` what it works out, `prose.html` and `style.css` its place on
the page. The build reads this list without running it, and the navigation follows from it.
"""

CHAPTERS = {
    "Welcome": ["bench", "opening", "game", "journey"],
    "Data": ["patterns", "tokens", "names"],
    "Learning": ["loss", "training", "loop", "autograd", "weight", "compare", "control", "capacity", "take_home"],
    "Inside": ["forward", "block", "softmax"],
    "Guessing": ["predictions", "sandbox", "generate"],
    "Attention": ["attention", "attention_head", "heads"],
    "Code": ["source"],
    "Ladder": [
        "ladder",
        "ladder.rung0",
        "ladder.rung1",
        "ladder.rung2",
        "ladder.rung3",
        "ladder.rung4",
        "ladder.rung5",
        "ladder.rung6",
        "race",
    ],
    "Scale": ["size", "takeaways"],
}
ORDER = [name for names in CHAPTERS.values() for name in names]
