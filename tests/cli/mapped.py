#!/usr/bin/env python3
"""Data larger than memory: a file that is mapped gives the bits of one that is read, and a training takes no
more memory for it.

    mapped.py DESCENT [EXAMPLES]

trains on EXAMPLES (default 8,000,000: 6.3 GB) pictures of 784 bytes in a sparse file. The process may hold no more
than a fixed base and 24 bytes an example (its label and its places in split and order) of memory of its own: the
system refuses more (RLIMIT_DATA, which does not count mapped files), and RssAnon is looked at beside it. Exit
status 77: skipped, the file system has no sparse files."""
import csv
import json
import pathlib
import random
import resource
import struct
import subprocess
import sys
import tempfile
import time

from npy_files import npy

PIXELS, BASE, EACH = 784, 256 << 20, 24
SOURCE = pathlib.Path(__file__).resolve().parents[2]
FEW = ["--model", "linear 32, relu, linear", "--quiet"]


def tensors(path):
    """What a safetensors file holds behind its header."""
    whole = path.read_bytes()
    return whole[8 + struct.unpack("<Q", whole[:8])[0]:]


def train(descent, folder, data, out, *flags):
    subprocess.run([descent, "train", data, "--out", out, *FEW, *flags], cwd=folder, check=True, capture_output=True)
    return tensors(folder / out / "model.safetensors")


def same_bits(descent, folder):
    """The digits in every type, mapped and in memory: all make the model that the built-in set makes."""
    with open(SOURCE / "src/data/builtin/digits.csv") as stream:
        rows = [[int(field) for field in row] for row in list(csv.reader(stream))[1:]]
    n, pixels = len(rows), [pixel for row in rows for pixel in row[:64]]
    (folder / "y.npy").write_bytes(npy("<i4", f"({n},)", struct.pack(f"<{n}i", *(row[64] for row in rows))))
    expected = train(descent, folder, "digits", "built-in", "--epochs", "2")
    for name, code in ("|u1", "B"), ("<i2", "h"), ("<i4", "i"), ("<i8", "q"), ("<f2", "e"), ("<f4", "f"), ("<f8", "d"):
        (folder / "x.npy").write_bytes(npy(name, f"({n}, 64)", struct.pack(f"<{len(pixels)}{code}", *pixels)))
        for how in "yes", "no":
            got = train(descent, folder, f"x.npy shape=1x8x8 map={how}", name[1:] + how, "--epochs", "2")
            assert got == expected, f"{name} map={how} trains another model than the built-in digits"
    augment = ["--epochs", "2", "--augment", "shift=1 rotate=10"]
    assert train(descent, folder, "x.npy shape=1x8x8 map=yes", "changed", *augment) == \
        train(descent, folder, "digits", "changed-built-in", *augment), "augmented pictures differ"


def sparse(path, examples):
    """Pictures that are zero and take no room; false where the file system stores them all."""
    header = npy("|u1", f"({examples}, {PIXELS})")
    with open(path, "wb") as stream:
        stream.write(header)
        stream.truncate(len(header) + examples * PIXELS)
    return path.stat().st_blocks * 512 < 1 << 20


def labels(path, examples, seed):
    block = bytes(random.Random(seed).choices(range(10), k=100003))
    path.write_bytes(npy("|u1", f"({examples},)", (block * (examples // len(block) + 1))[:examples]))


def own_memory(process):
    """RssAnon of a process in bytes; 0 when it has ended."""
    try:
        for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) << 10
    except (FileNotFoundError, ProcessLookupError):
        pass
    return 0


def constant_memory(descent, folder, examples):
    limit = BASE + EACH * examples
    if not sparse(folder / "x_train.npy", examples) or not sparse(folder / "x_test.npy", 10000):
        return False
    labels(folder / "y_train.npy", examples, 1)
    labels(folder / "y_test.npy", 10000, 2)
    begin, peak, steps = time.monotonic(), 0, 300
    process = subprocess.Popen(
        [descent, "train", ".", "--steps", str(steps), "--batch", "64", *FEW, "--out", "run"], cwd=folder,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (limit, limit)))
    while process.poll() is None:
        peak = max(peak, own_memory(process))
        time.sleep(0.02)
    said = process.stdout.read()
    assert process.returncode == 0, f"exit status {process.returncode}: {said}"
    last = json.loads((folder / "run/log.jsonl").read_text().splitlines()[-1])
    assert last["steps"] == steps, f"took {last['steps']} steps"
    assert 0 < peak < limit, f"held {peak} bytes, at most {limit} are allowed"
    print(f"{examples * PIXELS / 1e9:.1f} GB of features, {examples:,} examples: {steps} steps in "
          f"{time.monotonic() - begin:.1f} s, at most {peak / 1e6:.0f} MB of its own (limit {limit / 1e6:.0f} MB)")
    return True


def cut_while_mapped(descent, folder):
    """Cutting a mapped file under a training ends it with a sentence, and its run is whole."""
    assert sparse(folder / "x.npy", 100000)
    labels(folder / "y.npy", 100000, 3)
    process = subprocess.Popen([descent, "train", "x.npy map=yes", "--epochs", "100000", *FEW, "--out", "cut"],
                               cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    deadline = time.monotonic() + 60
    while not (folder / "cut/log.jsonl").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    with open(folder / "x.npy", "r+b") as stream:
        stream.truncate(4096)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 2, f"exit status {process.returncode}: {said}"
    assert "a file that is mapped (see map in docs/data.md) was cut short while it was read" in said, said


def main():
    descent, examples = str(pathlib.Path(sys.argv[1]).resolve()), int(sys.argv[2]) if len(sys.argv) > 2 else 8000000
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        same_bits(descent, folder)
        (folder / "large").mkdir()
        if not constant_memory(descent, folder / "large", examples):
            print("skipped: the file system has no sparse files")
            return 77
        cut_while_mapped(descent, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
