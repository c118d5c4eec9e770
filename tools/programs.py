#!/usr/bin/env python3
"""programs.py BUILD SUITE: what ninja has to build for the tests of one suite, one word a program."""
import json
import pathlib
import subprocess
import sys

build, suite = sys.argv[1:]
base = pathlib.Path(build).resolve()


def introspect(what):
    return json.loads(subprocess.run(["meson", "introspect", what, build], check=True, capture_output=True).stdout)


wanted = {target for test in introspect("--tests") if any(name.split(":")[-1] == suite for name in test["suite"])
          for target in test["depends"]}
programs = [path for target in introspect("--targets") if target["id"] in wanted and target["type"] == "executable"
            for path in target["filename"]]
print(*sorted(str(pathlib.Path(path).relative_to(base)) for path in programs))
