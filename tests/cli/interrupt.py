#!/usr/bin/env python3
"""Ctrl-C while something long goes on: the line on the terminal, what is said, the exit status.

    interrupt.py DESCENT

Ends with "N passed, N failed"."""
import os
import pty
import signal
import subprocess
import sys
import tempfile
import time

DESCENT = os.path.abspath(sys.argv[1])
LONG = ["--seeds", "100", "--points", "100000"]
CASES = [  # arguments, what stands on the line, what is said at the end
    (["find-lr", "digits", *LONG], "looking for lr:   0 %", "descent: interrupted; nothing was found"),
    (["check", "digits"], "checking:   0 %  data, start and gradient", "descent: interrupted; nothing was checked"),
    (["compare", "digits", "--optimizers", "sgd; adam", "--epochs", "10000"], "digits: 0 of 10 trainings, 0 %",
     "descent: interrupted; a comparison that is not whole tells nothing"),
    (["train", "digits", "--optimizer", "adam lr=auto", "--no-save"], None,
     "descent: interrupted while lr=auto was looked for; nothing was trained"),
]


def interrupted(arguments, line, folder, wait):
    """Exit status and what was written on a terminal by a command that is interrupted when the line stands there,
    or after a while."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen([DESCENT, *arguments], cwd=folder, stdout=subprocess.DEVNULL, stderr=theirs,
                               env={**os.environ, "TERM": "xterm"})
    os.close(theirs)
    seen = b""
    time.sleep(0 if line else wait)
    while line and line.encode() not in seen:
        seen += os.read(ours, 4096)
    process.send_signal(signal.SIGINT)
    status = process.wait(timeout=60)
    try:
        while piece := os.read(ours, 4096):
            seen += piece
    except OSError:  # the end of a terminal
        pass
    os.close(ours)
    return status, seen.decode()


def main():
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for arguments, line, said in CASES:
            for wait in 0.2, 1, 3:  # ended by the signal itself: it came before the command was ready for it
                status, seen = interrupted(arguments, line, folder, wait)
                if status >= 0:
                    break
            last = seen.rstrip().rsplit("\r", 1)[-1].strip()
            if status != 1 or last != said:
                failed += 1
                print(f"FAIL {' '.join(arguments)}: status {status}, wanted 1; it ends with {last!r}, wanted {said!r}")
    print(f"{len(CASES) - failed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
