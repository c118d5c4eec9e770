#!/usr/bin/env python3
"""The command without enough memory: every allocation fails in turn, each in a run of its own.

    command.py DESCENT DENY.so [--long] [WORD]

DENY.so (deny.c) stands before malloc. Each run must end with status 0 and the same output, or with 1
or 2, one sentence on standard error and whole lines on standard output; nothing may be half-written.
--long tries 400 allocations of each case, else 16; WORD: only the cases with it. Ends with "N passed, N failed"."""
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile

DESCENT, DENY = (os.path.abspath(path) for path in sys.argv[1:3])
TRIES = 400 if "--long" in sys.argv else 16
WORDS = [word for word in sys.argv[3:] if word != "--long"]

# arguments; what is written, or None; whether the output is the same each time
CASES = [
    ("list optimizers", None, True),
    ("help adam", None, True),
    ("inspect run/model.safetensors --json", None, True),
    ("predict run/model.safetensors iris", None, True),
    ("predict run/model.safetensors iris --json -o kept", "kept", True),
    ("evaluate run/model.safetensors iris --json", None, True),
    ("generate text/model.safetensors --length 20 --json", None, False),
    ("plot run", None, True),
    ("plot run --of grad_norm --layer 0", None, True),
    ("schedule \"cosine warmup=5\"", None, True),
    ("schedule \"one_cycle\" --steps 50 --json", None, True),
    ("minimize \"x^2+y^2\" --from x=5,y=1 --steps 10 --json --report kept", "kept", True),
    ("landscape run --grid 3 --json --report kept", "kept", False),
    ("train iris --epochs 2 --json --out new", "new", False),
    ("train iris --epochs 2 --quiet --no-save --segments --memory --confirm", None, False),
    ("train --resume broken --json", "broken", False),
    ("check iris --json", None, False),
    ("find-lr iris --seeds 1 --points 20 --probes 2 --json --report kept", "kept", False),
    ("compare iris --optimizers \"adam; sgd\" --seeds 2 --epochs 1 --json --report kept", "kept", False),
]
passed = failed = 0


def split(line):
    return [part.strip('"') for part in re.findall(r'"[^"]*"|\S+', line)]


def run(arguments, folder, **environment):
    return subprocess.run([DESCENT, *arguments], cwd=folder, capture_output=True, timeout=300, text=True,
                          errors="replace",
                          env={"PATH": os.environ["PATH"], "LANG": "C", "GOMP_SPINCOUNT": "3000",
                               "OMP_NUM_THREADS": "1", **environment})


def prepare(folder):
    words = "the quick brown fox jumps over the lazy dog and the cat sat on the mat\n" * 6
    (folder / "words.txt").write_text(words)
    for arguments in ("train iris --epochs 2 --out run --instruments=standard --snapshots 3 --quiet",
                      "train words.txt --steps 2 --context 16 --out text --quiet",
                      "train iris --epochs 3 --out broken --quiet"):
        done = run(split(arguments), folder)
        if done.returncode != 0:
            sys.exit(f"{arguments}: {done.stderr}")
    for name in ("model.safetensors", "report.html"):
        (folder / "broken" / name).unlink(missing_ok=True)


def snapshot(path):
    """All files of a folder, or the one file, with what they hold."""
    files = [p for p in path.rglob("*") if p.is_file()] if path.is_dir() else [path] if path.exists() else []
    return {p: p.read_bytes() for p in files}


def restore(path, files):
    for p in snapshot(path).keys() - files.keys():
        p.unlink()
    for p, content in files.items():
        p.parent.mkdir(exist_ok=True)
        p.write_bytes(content)


def is_whole(path, content, before):
    """A written file is the old one, or ends where it should."""
    if content == before.get(path):
        return True
    if path.suffix == ".jsonl":
        return content == b"" or (content.endswith(b"\n") and all(json.loads(line) for line in content.splitlines()))
    if path.suffix == ".safetensors":
        size = int.from_bytes(content[:8], "little")
        header = json.loads(content[8:8 + size])
        ends = [t["data_offsets"][1] for name, t in header.items() if name != "__metadata__"]
        return len(content) == 8 + size + max(ends)
    if path.name == "kept" and content[:1] == b"{":
        return content.endswith(b"}\n")
    return content.rstrip().endswith(b"</html>") if content[:1] == b"<" else content.endswith(b"\n")


def faults(done, reference, same, folder, written, before):
    """What is wrong with a run, in words."""
    if done.returncode not in (0, 1, 2):
        yield f"status {done.returncode}: {done.stderr[-300:]}"
        return
    if done.returncode == 0 and same and done.stdout != reference.stdout:
        yield "another output, and no error"
    sentences = re.findall("descent: .*", done.stderr)
    if done.returncode != 0 and (len(sentences) != 1 or "memory" not in sentences[0]):
        yield f"status {done.returncode}, and says: {done.stderr!r}"
    if "--json" in reference.args:
        for line in done.stdout.splitlines(keepends=True):
            try:
                json.loads(line)
            except ValueError:
                yield f"half a line: {line!r}"
    for path, content in snapshot(folder).items():
        if ".tmp" in path.name:
            yield f"{path.name} is left"
    for path, content in snapshot(folder / written).items() if written else ():
        if not is_whole(path, content, before):
            yield f"{path.name} is not whole"


def starve(line, written, same, folder):
    global passed, failed
    arguments, count = split(line), folder / "count"
    before = {folder / "kept": b"old\n"} if written == "kept" else snapshot(folder / written) if written else {}
    if written:
        restore(folder / written, before)
    reference = run(arguments, folder, LD_PRELOAD=DENY, DENY_AT="0", DENY_COUNT=str(count))
    if reference.returncode != 0 or not count.exists():
        print(f"FAIL {line}: {reference.stderr}")
        failed += 1
        return
    allocations = int(count.read_text())
    every = max(1, allocations // TRIES)
    for n in range(1, allocations + 1, every):
        for rest in ({}, {"DENY_REST": "1"}):
            if written:
                restore(folder / written, before)
            done = run(arguments, folder, LD_PRELOAD=DENY, DENY_AT=str(n), **rest)
            wrong = list(faults(done, reference, same, folder, written, before))
            passed, failed = passed + (not wrong), failed + bool(wrong)
            if wrong:
                print(f"FAIL {line}, allocation {n} {'and the rest' if rest else ''}: {'; '.join(wrong)}")
    if written:
        restore(folder / written, before)
    print(f"{line}: {allocations} allocations", flush=True)


def ask(port, path):
    """The status of an answer; None: the connection was closed without one."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=20) as s:
            s.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            answer = b""
            while piece := s.recv(1 << 16):
                answer += piece
        return int(answer.split()[1]) if answer else None
    except OSError:
        return None


def view(folder, n, count):
    """What is wrong with a server whose n-th allocation fails: at most one answer may be missing."""
    process = subprocess.Popen([DESCENT, "view", "--no-open", "run"], cwd=folder, text=True, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE,
                               env={"PATH": os.environ["PATH"], "LD_PRELOAD": DENY, "DENY_AT": str(n),
                                    "DENY_COUNT": str(count), "GOMP_SPINCOUNT": "3000"})
    found = re.search(r":(\d+)/", process.stdout.readline())
    paths = ["/", "/runs", "/runs/run/log", "/runs/run/report", "/nowhere"] * 2
    answers = [ask(int(found[1]), path) for path in paths] if found else []
    process.terminate()
    said = process.communicate(timeout=60)[1]
    if process.returncode not in (0, 2):
        return f"status {process.returncode}: {said}"
    if process.returncode == 2:
        return None if said.count("descent: ") == 1 and "memory" in said else f"says {said!r}"
    wrong = [(path, answer) for path, answer in zip(paths, answers) if answer not in (200, 404)]
    return f"answers {wrong}" if len(wrong) > 1 or (n == 0 and wrong) else None


def starve_view(folder):
    global passed, failed
    count = folder / "count"
    count.unlink(missing_ok=True)
    wrong = view(folder, 0, count)
    allocations = int(count.read_text()) if count.exists() else 0
    if wrong or allocations == 0:
        print(f"FAIL view: {wrong}, {allocations} allocations")
        failed += 1
    for n in range(1, allocations, max(1, allocations // TRIES)):
        wrong = view(folder, n, count)
        passed, failed = passed + (not wrong), failed + bool(wrong)
        if wrong:
            print(f"FAIL view, allocation {n}: {wrong}")
    print(f"view: {allocations} allocations", flush=True)


def main():
    if subprocess.run([DESCENT, "--version"], env={**os.environ, "LD_PRELOAD": DENY}, capture_output=True).returncode:
        print("skipped: malloc can't be replaced here")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        prepare(folder)
        for line, written, same in CASES:
            if all(word in line for word in WORDS):
                starve(line, written, same, folder)
        if not WORDS or "view" in WORDS:
            starve_view(folder)
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0 or passed == 0)


main()
