"""The command line of build.py."""

import argparse
import errno
import os
import subprocess
import sys
import webbrowser
from pathlib import Path

from assemble import browser, environment, pipeline, server, watch
from assemble.console import BuildError, report, say
from assemble.paths import DIST, ROOT, SITE


def main(arguments: list[str]) -> int:
    """Run one command; the exit code is 0 or, for `test` and `bench`, that of the program they run."""
    options, rest = _parse(arguments)
    try:
        return options.run(options, rest)
    except BuildError as error:
        report(error)
        return 1
    except FileNotFoundError as error:
        report(BuildError(f"{error.filename} is missing.", "Restore it (git checkout) and run again."))
        return 1
    except OSError as error:
        report(BuildError(str(error), "Is the disk full, or the folder not writable?"))
        return 1
    except KeyboardInterrupt:
        print()
        return 130


def _parse(arguments: list[str]) -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(prog="build.py", description="Set up, build, serve and test the lab.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    build = commands.add_parser("build", help="build into dist/")
    build.add_argument("--out", type=Path, default=DIST, help="another folder than dist/")
    build.set_defaults(run=_build, passes_on=False)

    serve = commands.add_parser("serve", help="build, serve and open the page")
    serve.add_argument("--port", type=_port, default=8000, help="first port to try (default 8000)")
    serve.add_argument("--base", default="/", help="serve under this path, as a project page is")
    serve.add_argument("--no-open", action="store_true", help="do not open a browser")
    serve.add_argument("--no-watch", action="store_true", help="do not rebuild when a source changes")
    serve.set_defaults(run=_serve, passes_on=False)

    test = commands.add_parser("test", help="build and run the tests; further arguments go to pytest")
    test.set_defaults(run=_test, passes_on=True)

    bench = commands.add_parser("bench", help="build and measure; further arguments go to tests/bench/run.py")
    bench.set_defaults(run=_bench, passes_on=True)

    options, rest = parser.parse_known_args(arguments)
    if rest and not options.passes_on:
        parser.error(f"unknown: {' '.join(rest)}")
    return options, rest


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > server.LAST_PORT:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to {server.LAST_PORT}, not {text}")
    return int(text)


def _build(options: argparse.Namespace, _rest: list[str]) -> int:
    pipeline.build(options.out)
    return 0


def _serve(options: argparse.Namespace, _rest: list[str]) -> int:
    dist = pipeline.build()
    before_page = None if options.no_watch else watch.Watch()
    listening, address = server.make(dist, options.base, options.port, tries=20, before_page=before_page)
    say(f"The lab is at {address} (Ctrl+C stops)")
    if not options.no_open:
        webbrowser.open(address)
    with listening:
        listening.serve_forever()
    return 0


def _test(_options: argparse.Namespace, rest: list[str]) -> int:
    python = environment.ensure("build", "test")
    pipeline.build()
    browser.ensure(python)
    # a file at a time to each processor, and in their order: the fast ones first
    workers = ["-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder"]
    return _hand_over([python, "-m", "pytest", *workers, *rest])


def _bench(_options: argparse.Namespace, rest: list[str]) -> int:
    script = ROOT / "tests" / "bench" / "run.py"
    if not script.exists():
        raise FileNotFoundError(errno.ENOENT, "missing", str(script))
    python = environment.ensure("build", "test")
    pipeline.build()
    browser.ensure(python)
    return _hand_over([python, script, *rest])


def _hand_over(command: list) -> int:
    """Run the program the command is about: what it prints last is what the reader sees last."""
    sys.stdout.flush()
    paths = os.pathsep.join([str(SITE), str(ROOT)])
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": paths}).returncode
