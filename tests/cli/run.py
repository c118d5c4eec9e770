#!/usr/bin/env python3
"""The command from outside: bad input by its whole message, and what good input prints.

    run.py DESCENT [--show]

Cases are in cases.txt beside this file:

    $ descent ARGUMENTS        a command, run in an empty folder that holds only the files below
    text                       its standard error, then its standard output, exactly; a line "..."
                               stands for any lines
    -> 2                       its exit status; after 2, no file may have appeared

Ends with "N passed, N failed"; --show prints what each command says instead."""
import gzip
import os
import pathlib
import shlex
import struct
import subprocess
import sys
import tempfile

import npy_files

HERE = pathlib.Path(__file__).resolve().parent


# a run of 40 steps, with values of layers in the second half
LOG = "".join(
    ['{"event":"start","steps":40,"step":0,"layers":["0 conv","1 relu","3 linear"]}\n'] +
    [f'{{"event":"steps","first":{s},"step":{s},"epoch":1,"loss":{8 / s},"lr":{1 / 40},"skipped":0}}\n'
     for s in range(1, 21)] +
    [f'{{"event":"steps","first":{s},"step":{s},"epoch":2,"loss":{8 / s},"lr":{s / 40},"grad_norm":{s % 3},'
     f'"layers":{{"grad_norm":[{s % 4},null,1]}}}}\n' for s in range(21, 41)] +
    ['{"event":"epoch","epoch":2,"step":40,"train_loss":0.3,"test_loss":0.9,"lr":1}\n'])


def idx(magic, sizes, body):
    return struct.pack(">I" + "I" * len(sizes), magic, *sizes) + bytes(body)


def make_files(folder, descent):
    """The good and broken files that the cases name."""
    rows = "".join(f"{i % 7},{i % 5}.5,{'ab'[i % 2]}\n" for i in range(40))
    pictures, labels = idx(2051, [4, 2, 2], range(16)), idx(2049, [4], [0, 1, 0, 1])
    files = {
        "good.csv": "x,y,kind\n" + rows,
        "features.csv": "x,y\n1,2\n3,4\n",
        "other.csv": "x,z,kind\n" + rows,
        "tulip.csv": "x,y,kind\n1,2,a\n3,4,tulip\n",
        "numbers.csv": "x,y\n" + "".join(f"{i},{2 * i + 1}\n" for i in range(30)),
        "my data (1).csv": "x,y,kind\n" + rows,
        "tale.txt": "abcd" * 150 + "\n",
        "tale.md": "abcdabcd",
        "other.txt": "abcd\nabxd",
        "empty.txt": "",
        "latin.txt": b"caf\xe9",
        "empty.csv": "",
        "header.csv": "x,y,kind\n",
        "ragged.csv": "x,y,kind\n1,2,a\n3,4\n",
        "text.csv": "x,y,kind\n1,2,a\n3,four,b\n",
        "hole.csv": "x,y,kind\n1,2,a\n3,,b\n",
        "nan.csv": "x,y,kind\n1,2,a\nnan,4,b\n",
        "one.csv": "x,y,kind\n1,2,a\n3,4,a\n",
        "quote.csv": 'x,y,kind\n1,2,"a\n3,4,b\n',
        "binary.csv": b"x,y\n\0\1\2\n",
        "bad.ini": "data = good.csv\nbatsh = 5\n",
        "groups.ini": "data = good.csv\ngroup = role=bias lr=2x\ngroup = 0.* lr=x\n",
        "open.ini": "model = linear\n",
        "text.ini": "data = good.csv\noptimizer = adam\n   beta=1\n",
        "magic-images-idx3-ubyte": idx(1234, [4, 2, 2], range(16)),
        "magic-labels-idx1-ubyte": labels,
        "lying-images-idx3-ubyte": idx(2051, [5000000, 2, 2], range(16)),
        "lying-labels-idx1-ubyte": labels,
        "short-images-idx3-ubyte": idx(2051, [4, 2, 2], range(15)),
        "short-labels-idx1-ubyte": labels,
        "long-images-idx3-ubyte": idx(2051, [4, 2, 2], range(17)),
        "long-labels-idx1-ubyte": labels,
        "count-images-idx3-ubyte": pictures,
        "count-labels-idx1-ubyte": idx(2049, [3], [0, 1, 0]),
        "cut-images-idx3-ubyte.gz": gzip.compress(pictures * 50, mtime=0)[:40],
        "cut-labels-idx1-ubyte.gz": gzip.compress(labels, mtime=0),
        "unseen/train-images-idx3-ubyte": pictures,
        "unseen/train-labels-idx1-ubyte": labels,
        "unseen/t10k-images-idx3-ubyte": idx(2051, [1, 2, 2], range(4)),
        "unseen/t10k-labels-idx1-ubyte": idx(2049, [1], [2]),
        "nothing/readme.txt": "no data here\n",
        "log.jsonl": LOG,
        "broken.jsonl": LOG + '{"event":"steps","step":4,\n',
        "steep.jsonl": "".join(f'{{"event":"steps","step":{s},"loss":{10.0 ** (1 - s // 2)}}}\n' for s in range(1, 12)),
        "twice.jsonl": "".join(f'{{"event":"steps","step":{1 + s % 2 * 99},"loss":{s % 2 + 1}}}\n' for s in range(4000)),
        "vast.jsonl": "".join(f'{{"event":"steps","step":{s},"loss":{y}}}\n' for s, y in [(-1e300, 1), (1e300, 1e-300), (1e300, 1e300)]),
        "partial.jsonl": LOG + '{"event":"steps","step":4,',
        "young.jsonl": LOG.splitlines(True)[0],
        "poem.txt": "the quick brown fox jumps over the lazy dog\n" * 40,
    }
    files.update(npy_files.files())
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    small = ["--epochs", "2", "--model", "linear 4, relu, linear"]
    tale = ["--context", "8", "--steps", "100", "--model", "embedding 4, linear", "--optimizer", "adam lr=0.1"]
    for name, data, *flags in ("model", "good.csv", *small), ("line", "numbers.csv", *small), ("tale", "tale.txt", *tale):
        subprocess.run([descent, "train", data, *flags, "--snapshots", "0", "--out", "made", "--quiet"], cwd=folder, check=True,
                       capture_output=True)
        (folder / "made" / "model.safetensors").rename(folder / f"{name}.safetensors")
        for rest in (folder / "made").iterdir():
            rest.unlink()
        (folder / "made").rmdir()
    for name, data, *flags in ("run", "good.csv", *small, "--snapshots", "0"), ("kept", "good.csv", "--epochs", "8", *small[2:], "--snapshots", "4"), \
                              ("wide", "good.csv", "--snapshots", "0", "--epochs", "1", "--model", "linear 5, relu, linear"):
        subprocess.run([descent, "train", data, *flags, "--out", name, "--quiet"], cwd=folder, check=True,
                       capture_output=True)
    whole = (folder / "model.safetensors").read_bytes()
    (folder / "cut.safetensors").write_bytes(whole[:-10])
    (folder / "short.safetensors").write_bytes(whole[:5])
    (folder / "lying.safetensors").write_bytes(struct.pack("<Q", 1 << 60) + whole[8:])
    (folder / "json.safetensors").write_bytes(struct.pack("<Q", 4) + b"{...")
    (folder / "shape.safetensors").write_bytes(whole.replace(b'"shape":[4,2]', b'"shape":[9,9]'))
    header = b'{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
    (folder / "foreign.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + b"\0\0\0\0")


def cases():
    command, text = None, []
    for line in (HERE / "cases.txt").read_text().splitlines():
        if line.startswith("$ "):
            if command:
                sys.exit(f"cases.txt: no exit status behind: $ {command}")
            command, text = line[2:], []
        elif line.startswith("-> ") and command:
            yield command, text, int(line[3:])
            command = None
        elif command:
            text.append(line)


def matches(expected, got):
    """Lines equal one by one; "..." stands for any number of lines."""
    if not expected:
        return not got
    if expected[0] == "...":
        return any(matches(expected[1:], got[i:]) for i in range(len(got) + 1))
    return bool(got) and expected[0] == got[0] and matches(expected[1:], got[1:])


def files_in(folder):
    return {str(p.relative_to(folder)): p.stat().st_mtime_ns for p in folder.rglob("*") if p.is_file()}


def run(descent, command, folder):
    words = shlex.split(command)
    environment = dict(os.environ, NO_COLOR="1", TERM="dumb", LC_ALL="C")
    before = files_in(folder)
    done = subprocess.run([descent, *words[1:]], cwd=folder, capture_output=True, text=True, env=environment,
                          stdin=subprocess.DEVNULL, timeout=120)
    changed = [name for name, when in files_in(folder).items() if before.get(name) != when]
    return (done.stderr + done.stdout).splitlines(), done.returncode, changed


def main():
    descent, show = str(pathlib.Path(sys.argv[1]).resolve()), "--show" in sys.argv
    passed = failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        make_files(folder, descent)
        for command, text, status in cases():
            got, code, changed = run(descent, command, folder)
            if show:
                print(f"$ {command}", *got, f"-> {code}", "", sep="\n")
                continue
            if matches(text, got) and code == status and not (code == 2 and changed):
                passed += 1
                continue
            failed += 1
            print(f"$ {command}", "expected:", *text, f"-> {status}", "got:", *got, f"-> {code}",
                  *(f"written: {path}" for path in changed), "", sep="\n")
    if not show:
        print(f"{passed} passed, {failed} failed")
    return 1 if failed or (passed == 0 and not show) else 0


sys.exit(main())
