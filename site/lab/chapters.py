"""The chapters and the order of their sections: the one list to edit.

Each name stands for a room `sections/<name>/` (a dot leads into a family's folder): `section.py` holds the Section,
`view.py` what it shows as text and numbers, `model.py` what it works out, `prose.html` and `style.css` its place on
the page. A reader sees one chapter at a time; a chapter that is a list of lists is so long that it opens leaf by leaf.
The build reads this list without running it, and the navigation follows from it.
"""

CHAPTERS = {
    "Meet it": ["bench", "opening", "game", "journey"],
    "Letters": ["patterns", "tokens"],
    "How it learns": ["loss", "training", "loop", "autograd", "weight"],
    "Inside": ["attention", "attention_head", "heads", "forward", "block"],
    "Guessing": ["softmax", "predictions", "sandbox", "generate"],
    "Try it": [["control", "names", "compare"], ["capacity", "experiments"], ["sweeps", "knockout"]],
    "Build it up": [
        ["ladder", "ladder.rung0"],
        ["ladder.rung1"],
        ["ladder.rung2"],
        ["ladder.rung3"],
        ["ladder.rung4"],
        ["ladder.rung5"],
        ["ladder.rung6"],
        ["race"],
    ],
    "The code": ["source", "kernels"],
    "Yours": ["take_home", "share"],
    "Beyond": ["size", "takeaways"],
}

TOUR = {
    "bench": "Press Train it. The curve falls, and the made-up names get better, within seconds.",
    "game": "Now you: guess one name, letter by letter. Are you better than the model?",
    "tokens": "Choose a letter, and see the row of numbers that stands for it.",
    "loss": "Drag the large point. What does it cost to be sure, and wrong?",
    "loop": "Press Next, and go once round: one name, one step, every number a little better.",
    "attention": "Choose a layer and a head. Which letters does it look back at?",
    "predictions": "Press tyran. What does the model expect next? Then move the temperature.",
    "compare": "Press Generate names: before training on one side, after it on the other.",
    "takeaways": "Three ideas to keep. From here on, go wherever you like.",
}
"""A first visit in ten minutes: sections of the mode Focused, and what to do there."""


def leaves(entries: list) -> list[list[str]]:
    """The leaves of one chapter: lists of names."""
    return [list(entry) for entry in entries] if isinstance(entries[0], list) else [list(entries)]


ORDER = [name for entries in CHAPTERS.values() for leaf in leaves(entries) for name in leaf]
