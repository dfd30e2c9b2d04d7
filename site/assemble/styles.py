"""One style sheet from many. The sources name a colour once for both themes; what is shipped runs in older browsers."""

import re
from collections.abc import Iterable
from pathlib import Path

_ROOT = re.compile(r":root \{\n(.*?)\n\}\n", re.DOTALL)
_PAIR = re.compile(r"(--[\w-]+): light-dark\(([^,()]+), ([^()]+)\);")


def joined(sheets: Iterable[Path], more: str = "") -> bytes:
    """The sheets in their order, then `more`, as one."""
    return themed("\n".join([*(sheet.read_text("utf-8") for sheet in sheets), more])).encode()


def themed(css: str) -> str:
    """The same with `light-dark()` written out, which browsers from before 2024 do not know.

    The block `:root { … }` gets the colours by day. Those by night follow twice, since a media query and a selector
    cannot share a block: for a dark system that the reader has not overruled, and for a reader who chose dark.
    Paper is white by night, too.
    """
    found = _ROOT.search(css)
    if not found:
        return css
    night = "\n".join(f"  {name}: {dark};" for name, _, dark in _PAIR.findall(found[1]))
    day = _PAIR.sub(r"\1: \2;", found[1]).replace("color-scheme: light dark;", "color-scheme: light;")
    dark = f"  color-scheme: dark;\n{night}\n"
    blocks = (
        f":root {{\n{day}\n}}\n"
        f'\n@media screen and (prefers-color-scheme: dark) {{\n:root:not([data-theme="light"]) {{\n{dark}}}\n}}\n'
        f'\n@media screen {{\n:root[data-theme="dark"] {{\n{dark}}}\n}}\n'
    )
    return css[: found.start()] + blocks + css[found.end() :]
