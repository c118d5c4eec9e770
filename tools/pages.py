#!/usr/bin/env python3
"""Makes the pages of descent: one C source with the packed templates and chart libraries.

    pages.py WEB OUT.c [--without]

npm brings what web/package-lock.json names into WEB/node_modules once; esbuild joins scripts and
style. Where node, npm or the network is missing OUT.c says that there are no pages, one line on
standard output says why, and the build goes on."""
import fcntl
import hashlib
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zlib

KINDS = ["minimize", "train", "view", "general"]
CHARTS = ["charts-2d", "charts-3d"]
MARKS = re.compile(r"@(DATA|CHARTS)@")


class Missing(Exception):
    """Something that pages need is not there."""


def run(command, folder):
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600)
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise Missing(str(problem)) from problem
    if done.returncode != 0:
        said = [line for line in (done.stderr + done.stdout).splitlines() if "rror" in line]
        raise Missing(f"{' '.join(command[:2])}: {(said or ['it failed'])[0].strip()}")


def install(web):
    """npm ci, unless what the lock file names is there already."""
    for tool in ("node", "npm"):
        if not shutil.which(tool):
            raise Missing(f"{tool} is not installed")
    modules = web / "node_modules"
    modules.mkdir(exist_ok=True)
    wanted = hashlib.sha256((web / "package-lock.json").read_bytes()).hexdigest()
    with open(web / "node_modules.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = modules / ".installed"
        if stamp.exists() and stamp.read_text() == wanted:
            return
        run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], web)
        stamp.write_text(wanted)


def bundle(web, name, folder, *more):
    """One script of NAME.js and what it needs."""
    out = folder / f"{name}.js"
    run([str(web / "node_modules/.bin/esbuild"), f"{name}.js", "--bundle", "--minify", "--format=iife",
         "--target=es2022", "--charset=utf8", "--legal-comments=inline", "--log-level=error",
         f"--outfile={out}", *more], web)
    text = out.read_text()
    if re.search(r"</script|<!--", text, re.I):
        raise SystemExit(f"{name}.js: a script that holds </script or <!-- ends its element early")
    return text.strip()


def charts(web, name, folder):
    version = re.search(r'"version": "([^"]+)"', (web / "node_modules/plotly.js/package.json").read_text())[1]
    note = f"/*! plotly.js {version}, a part of it. Copyright Plotly, Inc. MIT licence. */"
    return bundle(web, name, folder, "--global-name=Plotly", "--define:global=window", f"--banner:js={note}")


def page(web, kind, folder):
    """The page as five parts: text, DATA or CHARTS, text, the other, text."""
    style = re.sub(r"\s*\n\s*", "\n", (web / "style.css").read_text())
    script = bundle(web, kind, folder)
    text = (web / "page.html").read_text().replace("@STYLE@", style).replace("@SCRIPT@", script)
    parts = MARKS.split(text)
    if parts[1::2] != ["DATA", "CHARTS"]:
        raise SystemExit("page.html must hold @DATA@ and then @CHARTS@, once each")
    return [part.encode() for part in parts[::2]]


def array(name, data):
    packed = zlib.compress(data, 9)
    rows = [",".join(map(str, packed[i:i + 32])) for i in range(0, len(packed), 32)]
    return len(packed), f"static const unsigned char {name}[] = {{\n" + ",\n".join(rows) + "};\n"


def source(pages, libraries):
    out = ["/* made by tools/pages.py */", '#include "report/pieces.h"', "", "#include <stddef.h>", ""]
    rows = {"page": [], "charts": []}
    for kind, parts in pages.items():
        length, text = array(f"page_{kind}", b"".join(parts))
        out.append(text)
        rows["page"].append(f'{{"{kind}", page_{kind}, {length}, {sum(map(len, parts))}, '
                            f"{{{', '.join(str(len(part)) for part in parts)}}}}}")
    for name, script in libraries.items():
        data = script.encode()
        length, text = array(name.replace("-", "_"), data)
        out.append(text)
        rows["charts"].append(f'{{"{name}", {name.replace("-", "_")}, {length}, {len(data)}, {{{len(data)}, 0, 0}}}}')
    for table, entries in rows.items():
        out.append(f"const dsc_piece dsc_{table}_pieces[] = {{{', '.join(entries + ['{0}'])}}};")
    return "\n".join(out) + "\n"


def main():
    web, out = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    pages, libraries = {}, {}
    try:
        if "--without" in sys.argv[3:]:
            raise Missing("-Dpages=false")
        install(web)
        with tempfile.TemporaryDirectory() as folder:
            made = pathlib.Path(folder)
            libraries = {name: charts(web, name, made) for name in CHARTS}
            pages = {kind: page(web, kind, made) for kind in KINDS}
    except Missing as why:
        pages, libraries = {}, {}
        print(f"this build has no pages: {why} (to try again later: touch web/package.json && make)")
    out.write_text(source(pages, libraries))


main()
