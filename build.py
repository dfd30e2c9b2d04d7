#!/usr/bin/env python3
"""Set up, build, serve and test the lab. Needs nothing but Python 3.11 or newer.

python3 build.py serve    build, then serve and open the page
python3 build.py test     build, get a browser, run the tests (further arguments go to pytest)
python3 build.py build    build into dist/
python3 build.py bench    build, then measure (further arguments go to tests/bench/run.py)
"""

import sys
from pathlib import Path

if sys.version_info < (3, 11):
    sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")

sys.path.insert(0, str(Path(__file__).resolve().parent / "site"))

from assemble.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
