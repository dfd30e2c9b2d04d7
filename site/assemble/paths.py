"""Where things are. Every path the build reads or writes is named here once."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "site"
ENGINE = ROOT / "microgpt"
LAB = SITE / "lab"
DATA = ROOT / "data"
DIST = Path(os.environ.get("MICROGPT_DIST") or ROOT / "dist")
"""The built site. The environment may name another place, to try one build while another is being tested."""
VENV = ROOT / ".venv"
CACHE = ROOT / ".cache"
"""Everything costly is kept here under a name that holds a hash of its inputs. Safe to delete."""
