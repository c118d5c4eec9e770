#!/usr/bin/env python3
"""programs.py BUILD SUITE: what ninja has to build for the tests of one suite, one word a program."""
import json
import pathlib
import subprocess
import sys

build, suite = sys.argv[1:]
base = pathlib.Path(build).resolve()
tests = json.loads(subprocess.run(["meson", "introspect", "--tests", build], check=True, capture_output=True).stdout)
programs = {word for test in tests if any(s.split(":")[-1] == suite for s in test["suite"]) for word in test["cmd"]}
print(*sorted(str(pathlib.Path(p).relative_to(base)) for p in programs if p.startswith(str(base) + "/")))
