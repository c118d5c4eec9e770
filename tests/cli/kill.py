#!/usr/bin/env python3
"""Trainings that are killed, interrupted and cut off at random moments, or whose system calls fail, end with the
bytes of one that never stopped: model, log, report, recipe.

    kill.py DESCENT [--kills N] [--faults N] [--seed N]

Kills are signals after a random time; faults are system calls (of strace) that kill the process or fail with a full or
broken disk, once or from then on. Ends with "N passed, N failed"; without strace faults are skipped."""
import argparse
import collections
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

from stopped import CASES, Case, can_trace

CALLS = ["pwrite64", "write", "fsync", "rename", "ftruncate", "openat", "unlink", "close", "mkdir"]
ERRORS = ["ENOSPC", "EIO"]


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


def count_calls(case):
    """How often each call is made in a run that goes well."""
    case.fresh()
    if case.traced(CALLS).returncode:
        return None
    count = collections.Counter()
    for line in (case.folder / "trace").read_text().splitlines():
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
    done = case.traced(CALLS, "-e", rule)
    unloaded = "error while loading shared libraries" in done.stderr  # the system's loader failed, nothing began
    if done.returncode > 2 and not unloaded:
        return rule, f"status {done.returncode}: {done.stderr}"
    speechless = rule.startswith("inject=write:error")  # standard error fails as well
    if done.returncode and not done.stderr.strip() and not speechless:
        return rule, f"status {done.returncode} without a word"
    return rule, case.finish()


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
