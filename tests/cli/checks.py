"""What tests in Python count with: check() what has to hold, and end() with "N passed, N failed"."""
import collections
import sys

counted = collections.Counter()


def check(what, good, more=""):
    counted["passed" if good else "failed"] += 1
    if not good:
        print(f"FAIL {what}{': ' if more else ''}{more}", flush=True)


def end():
    print(f"{counted['passed']} passed, {counted['failed']} failed")
    sys.exit(counted["failed"] > 0)
