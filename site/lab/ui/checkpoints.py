"""The checkpoints of the default run that ship with the page. Each is fetched on demand."""

import io
import json
from typing import NamedTuple

from microgpt import checkpoint
from microgpt.checkpoint import Checkpoint, CheckpointError
from microgpt.experiment import Settings

from . import dom

FOLDER = "./checkpoints/"
_loaded: dict[int, Checkpoint] = {}


class Index(NamedTuple):
    """The steps of the shipped checkpoints, and the run they belong to."""

    steps: list[int]  # 0 first
    settings: Settings
    digest: str  # of the list of names


async def index() -> Index:
    """Read the index. Raises OSError, or CheckpointError for an index that cannot be read."""
    text = await dom.fetch_bytes(FOLDER + "index.json")
    try:
        about = json.loads(text)
        steps = [int(step) for step in about["steps"]]
        return Index(steps, Settings(**about["settings"]), str(about["digest"]))
    except (ValueError, KeyError, TypeError):
        raise CheckpointError("the list of checkpoints can't be read") from None


async def steps() -> list[int]:
    """The steps of the shipped checkpoints, 0 first. Raises what `index` raises."""
    return (await index()).steps


async def at(step: int) -> Checkpoint:
    """The checkpoint of a step above 0. Raises OSError or CheckpointError, with a message for a person."""
    if step not in _loaded:
        _loaded[step] = checkpoint.load(io.BytesIO(await dom.fetch_bytes(f"{FOLDER}lab-{step:05}.npz")))
    return _loaded[step]
