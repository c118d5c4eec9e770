"""Trainings that can be stopped at any moment and gone on with: which ones, in which folders, and whether what they
end with is what they would have written undisturbed."""
import filecmp
import os
import shutil
import subprocess
import sys
import time

FILES = ["model.safetensors", "log.jsonl", "report.html", "recipe.ini"]
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
        self.begin, self.flags = ["train", *CASES[number], "--out", "run"], ["--quiet", "--checkpoint-every", "0.02"]
        self.name = " ".join(CASES[number])
        whole = self.folder / "whole"
        whole.mkdir(parents=True)
        start = time.monotonic()
        done = subprocess.run([descent, *self.begin, *self.flags], cwd=whole, capture_output=True, text=True)
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
            return [self.descent, "train", "--resume", "run", *self.flags]
        shutil.rmtree(self.run, ignore_errors=True)
        return [self.descent, *self.begin, *self.flags]

    def traced(self, calls, *how):
        """A sitting under strace; the record is `trace` in the case's folder."""
        command = ["strace", "-f", "-qq", "--seccomp-bpf", "-o", self.folder / "trace", "-e", f"trace={','.join(calls)}", *how]
        # Meson has malloc fill its blocks, and strace's are as large as a string may be
        env = {name: value for name, value in os.environ.items() if name != "MALLOC_PERTURB_"}
        env |= {"GOMP_SPINCOUNT": "3000", "ASAN_OPTIONS": env.get("ASAN_OPTIONS", "") + ":detect_leaks=0"}  # leaks can't be traced
        return subprocess.run([*command, *self.words()], cwd=self.run.parent, capture_output=True, text=True, env=env)

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


def can_trace(folder):
    return shutil.which("strace") and subprocess.run(
        ["strace", "-f", "-qq", "--seccomp-bpf", "-o", folder / "trace", "-e", "trace=fsync", "true"],
        capture_output=True).returncode == 0
