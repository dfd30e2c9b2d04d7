"""What the section says."""

from ...charts.format import count
from ...core.keeping import Kept
from ...core.snapshot import Snapshot


def standing(snapshot: Snapshot, names: int, title: str | None) -> str:
    """Which run it is that can be taken. `title` is what its list is called; None: the dinosaurs."""
    weights = f"{count(snapshot.model.flat.size)} weights"
    learnt = f"{count(names)} {'dinosaurs' if title is None else f'names of {title}'}"
    where = f"after step {snapshot.step:,} of {snapshot.settings.steps:,}" if snapshot.step else "before its first step"
    return f"This is what you would take now: {weights}, {where}, on {learnt}."


def done(name: str, size: int) -> str:
    """What is said of a file that has been handed over."""
    return f"{name} is among your downloads: {count(size)} bytes."


def came(name: str, snapshot: Snapshot) -> str:
    """What is said of a run that has been opened."""
    return (
        f"{name} is open, at step {snapshot.step:,} of {snapshot.settings.steps:,}. "
        "Undo, in the bar, brings your run before that back."
    )


def kept(kept: Kept) -> str:
    """What this browser keeps of the run, and for whom."""
    if kept.trouble:
        return kept.trouble
    if not kept.keeping:
        return "Nothing is kept any more, of this tab or another. A reload begins anew."
    if kept.step is None:
        return "While you train, this browser keeps the run of this tab, so that a reload loses nothing."
    return f"This browser has kept your run as it stood at step {kept.step:,}. After a reload it goes on from there."
