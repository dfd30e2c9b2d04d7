"""microgpt-lab.html: the whole lab in one file, to be sent by mail or carried on a stick.

It is the hosted page with everything that it would load put into it. The page's policy then names no
place to load from, only the hashes of the scripts and the style that are inside.
"""

import base64
import html
import re
from collections.abc import Mapping

from assemble import inline
from assemble.console import BuildError

_POLICY = re.compile(r'(<meta http-equiv="Content-Security-Policy" content=")[^"]*(">)')
_STYLES = re.compile(r'(?:<link rel="stylesheet" href="\./([^"]+)">\n)+')
_STYLE = re.compile(r'href="\./([^"]+)"')
_ICON = re.compile(r'(<link rel="icon" href=")\./([^"]+)(")')
_HOSTED = re.compile(r"<!-- hosted -->.*?<!-- /hosted -->", re.DOTALL)
_LICENCES = '<a href="./NOTICE.txt">'


def combine(page: str, files: Mapping[str, bytes], unpacker: str, notice: str) -> str:
    """`page` (the hosted index.html) with its styles and icon from `files`, and the script `unpacker` at its end.

    Raises BuildError where the page does not look as agreed.
    """
    style = "\n".join(files[name].decode() for name in _STYLE.findall(_only(_STYLES, page)))
    page = _once(page, _STYLES, f"<style>{style}</style>\n")
    icon = base64.b64encode(files[_ICON.search(page)[2]]).decode()
    page = _once(page, _ICON, rf"\g<1>data:image/svg+xml;base64,{icon}\g<3>")
    page = _HOSTED.sub("", page)
    page = _once(page, re.compile(re.escape(_LICENCES)), '<a href="#licences">')
    page = _once(
        page,
        re.compile("</footer>"),
        f'<details id="licences"><summary>Licences</summary><pre>{html.escape(notice)}</pre></details>\n</footer>',
    )
    page = _once(page, re.compile("</body>"), inline.script(unpacker) + "</body>")
    policy = (
        f"default-src 'none'; script-src {inline.hashes(page)} blob: 'wasm-unsafe-eval'; connect-src data: blob:; "
        f"style-src {inline.hash_of(style)}; img-src data:; base-uri 'none'; form-action 'none'"
    )
    return _once(page, _POLICY, rf"\g<1>{policy}\g<2>")


def _only(pattern: re.Pattern[str], page: str) -> str:
    found = list(pattern.finditer(page))
    if len(found) != 1:
        raise BuildError(
            f"index.html: the one file needs {pattern.pattern!r} once, and it is there {len(found)} times."
        )
    return found[0][0]


def _once(page: str, pattern: re.Pattern[str], new: str) -> str:
    _only(pattern, page)
    # a function where the new text is not a template: style and scripts are full of backslashes
    return pattern.sub(new if r"\g<" in new[:8] else lambda _found: new, page)
