"""What a figure says while the model trains fits the room that its markup keeps for it: `data-room` in its prose."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from lab.core.focus import Focus
from lab.core.lab import Lab
from lab.core.vectors import vectors
from lab.frame.view import how, where
from lab.sections.attention import view as attention
from lab.sections.capacity import view as capacity
from lab.sections.forward import view as forward
from lab.sections.journey import view as journey
from lab.sections.loop import view as loop
from lab.sections.loop.model import Walkthrough
from lab.sections.training import view as training
from lab.sections.training.model import Milestones
from lab.sections.weight import view as weight
from lab.sections.weight.model import locate, steepest_now
from microgpt.experiment import Settings

SITE = Path(__file__).parents[2] / "site"
ROOM = re.compile(r'<\w+(?=[^>]* data-room="(?P<room>[^"]*)")(?:[^>]* data-part="(?P<part>[^"]*)")?[^>]*>')


def rooms(prose: str) -> dict[str, str]:
    """Part → its room."""
    return {match["part"]: match["room"] for match in ROOM.finditer(prose)}


def standing(lab: Lab, milestones: Milestones) -> dict[str, str]:
    snapshot, baselines = lab.snapshot.get(), lab.experiment.get().baselines
    since = milestones.reached(snapshot.history, snapshot.step)
    stamps = re.findall(r'class="stamp" data-room="([^"]*)">([^<]*)<', training.phases(snapshot, baselines, since))
    assert len(stamps) == 5 and all(len(text) <= len(room) for room, text in stamps)
    return {"standing": training.standing(snapshot, baselines, since)}


def said(lab: Lab) -> dict[str, dict[str, str]]:
    """Section → part → what it says now."""
    snapshot, experiment, focus, trace = lab.snapshot.get(), lab.experiment.get(), lab.focus.get(), lab.trace()
    answers = [*experiment.tokenizer.alphabet, "END"]
    read = ["START", *focus.name]
    at = focus.at
    found = {
        "journey": journey.along(snapshot, trace, focus, answers),
        "attention": {"mix": attention.mix(attention.weights(trace, None, None)[at], read, focus.read)},
        "loop": {"kept": loop.kept(Walkthrough(lab), True)} if not lab.status.get().finished else {},
    }
    seen = vectors(trace, snapshot.model, at)
    looks = forward.looks(seen, experiment.config.n_layer - 1, experiment.config, read[: at + 1])
    found["forward"] = {"looks-summary": f"Layer {experiment.config.n_layer}, after {read[at]}: {looks.summary()}."}
    if snapshot.watched and snapshot.watched.steps:
        step = snapshot.watched.steps[-1]
        terms = weight.terms(step, 0.003, experiment.settings.steps)
        place = locate(snapshot.watched.index, experiment.config)
        found["weight"] = {f"{term}-how": text for term, (text, _) in terms.items()}
        found["weight"] |= {term: value for term, (_, value) in terms.items()}
        found["weight"]["said"] = weight.sentence(step, place)
    return found


@pytest.fixture(scope="module")
def room() -> Callable[[str], dict[str, str]]:
    return lambda section: rooms((SITE / "lab" / "sections" / section / "prose.html").read_text("utf-8"))


def test_over_five_hundred_steps_every_text_has_room(new_desk, all_names: list[str], room) -> None:
    desk = new_desk(Settings(n_layer=2, n_embd=16, n_head=4, steps=500), all_names)
    lab = desk.lab
    lab.watch_weight(steepest_now(lab))
    milestones = Milestones(lab.experiment.get().baselines)
    longest: dict[tuple[str, str], str] = {}
    for step in (1, 2, 3, 5, 10, 20, *range(40, 501, 20)):
        desk.train_to(step)
        lab.focus.set(Focus(lab.experiment.get().split.train[step]))
        found = said(lab) | {"training": standing(lab, milestones)}
        for section, texts in found.items():
            for part, text in texts.items():
                longest[section, part] = max(longest.get((section, part), ""), text, key=len)
    kept = {
        (section, part): text for section in {section for section, _ in longest} for part, text in room(section).items()
    }
    assert len(kept) > 15
    assert [(place, longest[place]) for place, text in kept.items() if len(longest[place]) > len(text)] == []


def test_an_estimate_and_the_bar_have_room_while_training(desk, room) -> None:
    kept = room("capacity")["estimate"]
    assert len(capacity.total([0.06, 0.059], 5000, training=True)) <= len(kept)
    bar = rooms((SITE / "index.html").read_text("utf-8"))[None]
    desk.lab.train()
    desk.until(lambda: desk.lab.status.get().rate is not None)
    snapshot, status = desk.lab.snapshot.get(), desk.lab.status.get()
    assert len(f"{where(snapshot)} {how(snapshot, status)}") <= len(bar)
