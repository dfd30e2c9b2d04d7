"""The moments of the default run that the build has shipped, fetched when asked for."""

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
    """What there is, and which run it is of."""

    steps: list[int]  # 0 first
    settings: Settings
    digest: str  # of the list of names


async def index() -> Index:
    """Raises OSError, or CheckpointError for a list that makes no sense."""
    text = await dom.fetch_bytes(FOLDER + "index.json")
    try:
        about = json.loads(text)
        steps = [int(step) for step in about["steps"]]
        return Index(steps, Settings(**about["settings"]), str(about["digest"]))
    except (ValueError, KeyError, TypeError):
        raise CheckpointError("the list of checkpoints can't be read") from None


async def steps() -> list[int]:
    """The steps there are, 0 first. Raises as `index` does."""
    return (await index()).steps


async def at(step: int) -> Checkpoint:
    """The checkpoint of a step above 0. Raises OSError or CheckpointError, with a message for a person."""
    if step not in _loaded:
        _loaded[step] = checkpoint.load(io.BytesIO(await dom.fetch_bytes(f"{FOLDER}lab-{step:05}.npz")))
    return _loaded[step]
