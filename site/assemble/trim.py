"""What the page does without: the parts of Python's library and of NumPy that a browser tab has no use for.

Lists of what goes, not of what stays: a module nobody thought of still works. What goes would fail in a tab
anyway, or serves other programs (testing, packaging, mail servers, operating systems).
"""

import re

_STDLIB = """
    __hello__ __phello__ _aix_support _android_support _apple_support _ios_support _osx_support _pyio
    _pydatetime _pyrepl antigravity cProfile compileall configparser ctypes/macholib ctypes/test
    ctypes/wintypes curses doctest ensurepip filecmp fileinput ftplib getpass idlelib imaplib lib2to3 mailbox
    modulefinder multiprocessing netrc nntplib nturl2path optparse pickletools plistlib poplib profile pstats
    pty py_compile pyclbr pydoc pydoc_data shelve smtplib socketserver sqlite3 symtable tabnanny telnetlib
    this tkinter tracemalloc tty turtle turtledemo unittest venv wave webbrowser wsgiref xml xmlrpc zipapp
    zoneinfo sre_compile sre_constants sre_parse
    asyncio/__main__ asyncio/proactor_events asyncio/windows_events asyncio/windows_utils
    email/mime http/cookiejar http/cookies http/server logging/config logging/handlers urllib/robotparser
""".split()

_CODECS = """
    __init__ aliases ascii big5 charmap cp1250 cp1251 cp1252 cp437 cp932 euc_jp euc_kr gb18030 hex_codec idna
    iso2022_jp latin_1 punycode raw_unicode_escape undefined unicode_escape utf_16 utf_16_be utf_16_le utf_32
    utf_32_be utf_32_le utf_8 utf_8_sig
""".split()
"""The exception: of 120 encodings, those that text in a browser, or a list of names, can have."""

_NUMPY_FOLDERS = set("tests f2py testing ma fft polynomial typing _pyinstaller doc include".split())
_NUMPY_FILES = re.compile(
    r"\.(pyi|pxd|pyx|h|a|c|typed|txt|toml|ini|md|src|template)$"
    r"|/(conftest|_configtool|matlib|ctypeslib)\.py$"
    r"|/(lapack_lite|_simd|_\w*_tests)\.cpython[^/]*$"
)


def keeps_stdlib(name: str) -> bool:
    """Whether a member of python_stdlib.zip is shipped."""
    stem = name.removesuffix(".py")
    if stem.startswith("encodings/"):
        return stem.removeprefix("encodings/") in _CODECS
    return not any(stem == gone or stem.startswith(f"{gone}/") for gone in _STDLIB)


def keeps_numpy(name: str) -> bool:
    """Whether a member of NumPy's wheel is shipped. Its licence stays with it."""
    if ".dist-info/" in name:
        return name.endswith(("/METADATA", "/WHEEL", "/LICENSE.txt"))
    return not (_NUMPY_FOLDERS & set(name.split("/")[:-1]) or _NUMPY_FILES.search(name))
