#!/usr/bin/env python3
"""House rules that a compiler does not know. Prints FILE:LINE: what is wrong; exits 1 if anything."""
import pathlib
import re
import sys

# lowest first; a folder includes only itself and folders before it
LAYERS = ["base", "comm", "kernel", "expression", "schedule", "optim", "finding", "minimize", "data", "graph",
          "op", "layer", "model", "instrument", "train", "study", "curvature", "report", "cli"]
FORBIDDEN = {r"\b(malloc|calloc|realloc|free|aligned_alloc)\s*\(": {"memory.c"},
             r"\b(abort|exit|_Exit)\s*\(": set(),
             r"\b(rand|srand|strcpy|strcat|sprintf|vsprintf|atoi|atof|gets|strtok)\s*\(": set()}
PRINTING = r"\b(printf|puts|putchar)\s*\(|\b(stdout|stderr)\b"
MAX_LINES, MAX_COLUMNS = 300, 100


def without_comments(text):
    """The text with comments and string literals blanked, lines kept."""
    blank = lambda m: re.sub(r"[^\n]", " ", m[0])
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', blank, text, flags=re.S)


def check_source(path, folder):
    text = path.read_text()
    lines = text.splitlines()
    if len(lines) > MAX_LINES:
        yield 1, f"{len(lines)} lines; split at {MAX_LINES}"
    if not re.match(rf"/\* {re.escape(path.name)} - ", text):
        yield 1, f"the first line must say what the file is: /* {path.name} - ..."
    table = False  # hand-aligned, between clang-format off and on
    for number, line in enumerate(lines, 1):
        table = ("clang-format off" in line) or (table and "clang-format on" not in line)
        if len(line) > MAX_COLUMNS and not table:
            yield number, f"longer than {MAX_COLUMNS} columns"
        found = re.match(r'\s*#\s*include\s+"([\w]+)/', line)
        if not found or found[1] == "descent":
            continue
        if folder == "cli":
            yield number, "cli/ may include only descent/ and its own headers"
        elif found[1] in LAYERS and LAYERS.index(found[1]) > LAYERS.index(folder):
            yield number, f"{folder}/ may not include {found[1]}/"
    for number, line in enumerate(without_comments(text).splitlines(), 1):
        for pattern, allowed in FORBIDDEN.items():
            call = re.search(pattern, line)
            if call and path.name not in allowed and folder != "cli":
                yield number, f"forbidden call: {call[1]}"
        if folder != "cli" and re.search(PRINTING, line):
            yield number, "the library does not print"


def check_registry(folder):
    """Every .c file of a folder stands in its meson.build, and every listed one exists."""
    build = folder / "meson.build"
    listed = set(re.findall(r"'([\w/]+?)(?:\.c)?'", build.read_text()))
    for path in sorted(folder.rglob("*.c")):
        name = path.relative_to(folder).with_suffix("").as_posix()
        if name not in listed and path.stem not in listed:
            yield build, f"{name}.c is not listed"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    faults, files = [], 0
    for path in sorted([*(root / "src").rglob("*.[ch]")]):
        files += 1
        folder = path.relative_to(root / "src").parts[0]
        faults += [(path, number, what) for number, what in check_source(path, folder)]
    for folder in sorted(p for p in (root / "src").iterdir() if p.is_dir()):
        faults += [(path, 1, what) for path, what in check_registry(folder)]
    for path, number, what in faults:
        print(f"{path}:{number}: {what}")
    if files == 0:
        print(f"{root}: no sources found")
        return 1
    return 1 if faults else 0


sys.exit(main())
