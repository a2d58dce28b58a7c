"""Tells the runner what happened: a line for every step, `ok NAME` or `not ok NAME: why`."""

import sys
import traceback
from contextlib import contextmanager


class StepFailed(Exception):
    """What follows in the chapter needs the step that failed."""


def using(name, version):
    """Says which package really runs."""
    print(f"using {name} {version}", flush=True)


@contextmanager
def step(name):
    try:
        yield
    except Exception as error:
        why = " ".join(str(error).split()) or "it is not so"
        print(f"not ok {name}: {type(error).__name__}: {why}", flush=True)
        traceback.print_exc(file=sys.stdout)
        raise StepFailed from error
    print(f"ok {name}", flush=True)


def run(*chapters):
    """Runs every chapter, also after one that failed, and ends the process."""
    failed = 0
    for chapter in chapters:
        try:
            chapter()
        except StepFailed:
            failed += 1
    sys.exit(1 if failed else 0)


def equal(got, expected):
    assert got == expected, f"expected {expected!r}, got {got!r}"
