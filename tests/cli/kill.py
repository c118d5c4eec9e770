#!/usr/bin/env python3
"""Trainings that are killed, interrupted and cut off at random moments, or whose system calls fail, end with the
bytes of one that never stopped: model, log, report, recipe.

    kill.py DESCENT [--kills N] [--faults N] [--seed N]

Kills are signals after a random time; faults are system calls (of strace) that kill the process or fail with a full or
broken disk, once or from then on. Ends with "N passed, N failed"; without strace faults are skipped."""
import argparse
import collections
import filecmp
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

FILES = ["model.safetensors", "log.jsonl", "report.html", "recipe.ini"]
CALLS = ["pwrite64", "write", "fsync", "rename", "ftruncate", "openat", "unlink", "close", "mkdir"]
ERRORS = ["ENOSPC", "EIO"]
CASES = [
    ["digits", "--model", "linear 16, relu, linear", "--epochs", "6"],
    ["iris", "--optimizer", "ema (adam lr=0.01)", "--patience", "8", "--epochs", "60"],
    ["digits", "--model", "conv 4 3x3, batch_norm, relu, flatten, dropout 0.2, linear", "--epochs", "1",
     "--augment", "shift=1", "--instruments", "--snapshots", "6"],
    ["diabetes", "--optimizer", "lbfgs", "--batch", "all", "--epochs", "60", "--model", "linear 8, tanh, linear"],
    ["spiral", "--optimizer", "sam (sgd lr=0.1 momentum=0.9)", "--schedule", "plateau patience=1", "--epochs", "12"],
    ["iris", "--optimizer", "swa (sgd lr=0.05)", "--accumulate", "2", "--batch", "8", "--epochs", "20", "--clean", "both"],
    ["digits", "--kernel", "ref", "--optimizer", "adam lr=0.01 state=8bit", "--model", "linear 8, gelu, linear",
     "--epochs", "3", "--group", "role=bias lr=2x"],
]


class Case:
    def __init__(self, descent, folder, number):
        self.descent, self.folder, self.run = descent, folder / str(number), folder / str(number) / "parts" / "run"
        self.begin = ["train", *CASES[number], "--out", "run", "--quiet", "--checkpoint-every", "0.02"]
        self.name = " ".join(CASES[number])
        whole = self.folder / "whole"
        whole.mkdir(parents=True)
        start = time.monotonic()
        done = subprocess.run([descent, *self.begin], cwd=whole, capture_output=True, text=True)
        self.seconds = time.monotonic() - start
        if done.returncode:
            sys.exit(f"{self.name}: {done.stderr}")
        self.whole = whole / "run"

    def fresh(self):
        shutil.rmtree(self.run.parent, ignore_errors=True)
        self.run.parent.mkdir()

    def words(self):
        """Goes on where there is a run, else begins."""
        if (self.run / "recipe.ini").exists():
            return [self.descent, "train", "--resume", "run", "--quiet", "--checkpoint-every", "0.02"]
        shutil.rmtree(self.run, ignore_errors=True)
        return [self.descent, *self.begin]

    def difference(self):
        """What is wrong when all is done; "" if nothing."""
        for name in FILES:
            mine, whole = self.run / name, self.whole / name
            if not mine.exists() or not filecmp.cmp(mine, whole, shallow=False):
                return f"{name} is {'another' if mine.exists() else 'missing'}"
        left = [str(path) for path in self.run.rglob("*.tmp-*")]
        return f"left behind: {', '.join(left)}" if left else ""

    def finish(self):
        done = subprocess.run(self.words(), cwd=self.run.parent, capture_output=True, text=True)
        return f"the last sitting ended with {done.returncode}: {done.stderr}" if done.returncode else self.difference()


def kill_at_random(case, dice, kills):
    """So many sittings that a signal ends, then one that may end by itself."""
    case.fresh()
    for _ in range(kills):
        process = subprocess.Popen(case.words(), cwd=case.run.parent, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            process.wait(dice.uniform(0, 1.1) * case.seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(dice.choice([signal.SIGKILL] * 3 + [signal.SIGTERM, signal.SIGINT]))
        said = process.communicate()[1].decode()
        if process.returncode > 0:
            return f"status {process.returncode}: {said}"
    return case.finish()


def traced(case, rule):
    command = ["strace", "-f", "-qq", "--seccomp-bpf", "-o", "trace", "-e", f"trace={','.join(CALLS)}", *rule]
    done = subprocess.run([*command, *case.words()], cwd=case.run.parent, capture_output=True, text=True,
                          env={**os.environ, "GOMP_SPINCOUNT": "3000",  # the search for leaks can't be traced
                               "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"})
    return done


def count_calls(case):
    """How often each call is made in a run that goes well."""
    case.fresh()
    if traced(case, []).returncode:
        return None
    count = collections.Counter()
    for line in (case.run.parent / "trace").read_text().splitlines():
        count[line.split(maxsplit=1)[-1].split("(")[0]] += 1
    return count


def fault_at_random(case, dice, count):
    """One sitting in which a call kills the process or fails, then one that goes well. What failed, and what is wrong."""
    call = dice.choice([name for name in CALLS if count[name]])
    when = dice.randint(1, count[call])
    how = dice.choice(["signal=SIGKILL", *(f"error={error}" for error in ERRORS)])
    on = dice.choice(["", "+"]) if how.startswith("error") and call not in ("openat", "close") else ""
    rule = f"inject={call}:{how}:when={when}{on}"
    case.fresh()
    done = traced(case, ["-e", rule])
    unloaded = "error while loading shared libraries" in done.stderr  # the system's loader failed, nothing began
    if done.returncode > 2 and not unloaded:
        return rule, f"status {done.returncode}: {done.stderr}"
    speechless = rule.startswith("inject=write:error")  # standard error fails as well
    if done.returncode and not done.stderr.strip() and not speechless:
        return rule, f"status {done.returncode} without a word"
    return rule, case.finish()


def can_trace(folder):
    return shutil.which("strace") and subprocess.run(
        ["strace", "-f", "-qq", "--seccomp-bpf", "-o", folder / "trace", "-e", "trace=fsync", "true"],
        capture_output=True).returncode == 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("descent")
    parser.add_argument("--kills", type=int, default=14)
    parser.add_argument("--faults", type=int, default=28)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 100000)
    args = parser.parse_args()
    dice = random.Random(args.seed)
    print(f"seed {args.seed}")
    passed = failed = 0

    def note(what, wrong):
        nonlocal passed, failed
        passed, failed = passed + (not wrong), failed + bool(wrong)
        if wrong:
            print(f"FAIL {what}: {wrong}", flush=True)

    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        cases = [Case(os.path.abspath(args.descent), folder, i) for i in range(len(CASES))]
        sittings = 0
        while sittings < args.kills:
            case, kills = dice.choice(cases), dice.randint(1, 5)
            note(f"{case.name}, {kills} kills", kill_at_random(case, dice, kills))
            sittings += kills
        print(f"{sittings} kills")
        if args.faults and not can_trace(folder):
            print("faults: skipped, there is no strace that may trace")
            args.faults = 0
        counts = {case.name: count_calls(case) for case in cases} if args.faults else {}
        if None in counts.values():
            sys.exit("FAIL a run that goes well fails under strace")
        for _ in range(args.faults):
            case = dice.choice(cases)
            rule, wrong = fault_at_random(case, dice, counts[case.name])
            note(f"{case.name}, {rule}", wrong)
        print(f"{args.faults} faults")
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
