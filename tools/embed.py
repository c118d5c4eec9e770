#!/usr/bin/env python3
"""Turns files into one C source with a byte array each, named after the file: embed.py OUT.c FILE..."""
import pathlib
import sys

out = ["/* made by tools/embed.py */", '#include "data/embedded.h"', ""]
for path in map(pathlib.Path, sys.argv[2:]):
    data = path.read_bytes()
    out += [f"const size_t dsc_embedded_{path.stem}_length = {len(data)};",
            f"const char dsc_embedded_{path.stem}[] = {{"]
    out += [",".join(str(b) for b in data[i:i + 24]) + "," for i in range(0, len(data), 24)]
    out += ["0};", ""]
pathlib.Path(sys.argv[1]).write_text("\n".join(out))
