#!/usr/bin/env python3
"""The share of lines that ran, from gcovr's JSON, by folder and by file: coverage.py JSON... [--all]

Files of which every line ran are shown with --all only. Ends with status 1 where a share is under its target.
A line of a file that is compiled several times ran when it did in one of them."""
import collections
import json
import sys

TARGETS = {"src": 95.0, "src/optim": 100.0, "src/schedule": 100.0, "src/data": 100.0}


def ranges(numbers):
    """[1, 2, 3, 7] as '1-3, 7'."""
    groups = []
    for n in numbers:
        if groups and groups[-1][1] == n - 1:
            groups[-1][1] = n
        else:
            groups.append([n, n])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in groups)


def read(paths):
    """{file: {line: did it run}} of all reports together."""
    files = collections.defaultdict(dict)
    for path in paths:
        with open(path) as stream:
            report = json.load(stream)
        for entry in report["files"]:
            seen = files[entry["file"]]
            for line in entry["lines"]:
                if not line.get("gcovr/noncode"):
                    seen[line["line_number"]] = seen.get(line["line_number"], False) or line["count"] > 0
    return files


def show(name, lines, rest=""):
    ran, total = sum(lines), len(lines)
    print(f"{100 * ran / total:7.2f} %  {ran:6} of {total:6}  {name}{rest}")
    return 100 * ran / total


def main():
    everything = "--all" in sys.argv
    files = read([word for word in sys.argv[1:] if word != "--all"])
    folders = collections.defaultdict(list)
    for name, lines in files.items():
        for folder in {"src", "/".join(name.split("/")[:2])}:
            folders[folder] += lines.values()
    if not folders["src"]:
        sys.exit("coverage: no line of src/ was measured")
    for name, lines in sorted(files.items()):
        missing = sorted(number for number, ran in lines.items() if not ran)
        if missing or everything:
            show(name, list(lines.values()), ": " + ranges(missing) if missing else "")
    print()
    under = []
    for folder, lines in sorted(folders.items()):
        share = show(folder, lines)
        if share < TARGETS.get(folder, 0):
            under.append(f"{folder} is under {TARGETS[folder]:g} %")
    print("coverage: " + (", ".join(under) if under else "every target is reached"))
    return 1 if under else 0


sys.exit(main())
