#!/usr/bin/env python3
"""A training that goes on past step 2^31: far.py DESCENT.

A checkpoint of its first steps is changed to say that it is 600 steps before that one, and gone on with by one and by two
threads: all lines, epochs and rates are right, and the bytes the same. Ends with "N passed, N failed"."""
import filecmp
import json
import math
import os
import pathlib
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

from checks import check, end

DESCENT = os.path.abspath(sys.argv[1])
AN_EPOCH = 4  # steps: 120 examples in batches of 32
LAST = 2**31 + 352
RECIPE = ["iris", "--epochs", "1000000000", "--steps", str(LAST), "--batch", "32", "--optimizer", "adam lr=1e-5", "--quiet"]


def begin(run):
    """Its first steps, until there is a checkpoint."""
    run.parent.mkdir()
    training = subprocess.Popen([DESCENT, "train", *RECIPE, "--checkpoint-every", "0.2", "--out", run], stdout=subprocess.DEVNULL)
    while not (run / "checkpoint.safetensors").exists() and training.poll() is None:
        time.sleep(0.02)
    training.send_signal(signal.SIGTERM)
    training.wait(timeout=60)


def move(path):
    """The checkpoint, as if it were of a later step of some epoch; returns that step."""
    file = path.read_bytes()
    length = struct.unpack("<Q", file[:8])[0]
    header, body = json.loads(file[8:8 + length]), bytearray(file[8 + length:])
    notes = header["__metadata__"]
    step = int(float(notes["checkpoint.step"]))
    step += (2**31 - 600 - step) // AN_EPOCH * AN_EPOCH
    notes["checkpoint.step"] = str(float(step))
    for name, place in ("optimizer.numbers", 0), ("log.stretch", 1):
        struct.pack_into("<d", body, header[name]["data_offsets"][0] + 8 * place, step)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)
    return step


def look(run, step):
    events = [json.loads(line) for line in open(run / "log.jsonl")]
    last = {event["event"]: event for event in events}
    check("steps", last["steps"]["step"] == LAST and last["result"]["steps"] == LAST, last["result"])
    check("epoch", last["epoch"]["epoch"] == math.ceil(LAST / AN_EPOCH) and last["epoch"]["step"] == LAST, last["epoch"])
    check("rate", 0 <= last["epoch"]["lr"] < 1e-15, last["epoch"]["lr"])  # the end of a cosine
    check("loss", math.isfinite(last["epoch"]["train_loss"]) and math.isfinite(last["epoch"]["test_loss"]), last["epoch"])
    check("it was moved", step > 2**31 - 700, step)


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        runs = {threads: folder / threads / "run" for threads in ("1", "2")}  # the page has the folder's name
        begin(runs["1"])
        step = move(runs["1"] / "checkpoint.safetensors")
        shutil.copytree(runs["1"], runs["2"])
        for threads, run in runs.items():
            done = subprocess.run([DESCENT, "train", "--resume", run, "--threads", threads, "--quiet"], capture_output=True, text=True)
            check(f"resume, {threads} threads", done.returncode == 0, done.stderr)
            look(run, step)
        for name in "model.safetensors", "log.jsonl", "report.html":
            check(name, filecmp.cmp(runs["1"] / name, runs["2"] / name, shallow=False))
    end()


main()
