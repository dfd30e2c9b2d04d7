"""Scripts that stand in the page itself, each allowed by its hash in the page's policy: what starts the lab, and
says what is wrong when it does not start, can then not be missing itself."""

import base64
import hashlib
import re
from pathlib import Path

from assemble.console import BuildError

_OUTSIDE = re.compile(r'<script src="\./([\w.]+)"></script>')
_INSIDE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_OWN = "script-src 'self'"


def scripts(page: str, folder: Path) -> str:
    """The page with each classic script of `folder` in place of the element that names it."""
    page = _OUTSIDE.sub(lambda found: script((folder / found[1]).read_text("utf-8")), page)
    if page.count(_OWN) != 1:
        raise BuildError(f"index.html: its policy must say {_OWN} once, and says so {page.count(_OWN)} times.")
    return page.replace(_OWN, f"{_OWN} {hashes(page)}")


def script(text: str) -> str:
    if "</script" in text.lower() or "<!--" in text:
        raise BuildError("A script within the page would end its element too early: it holds </script or <!--.")
    return f"<script>{text}</script>"


def hashes(page: str) -> str:
    """What the page's policy says to allow the scripts within it."""
    return " ".join(map(hash_of, _INSIDE.findall(page)))


def hash_of(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
