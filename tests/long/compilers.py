#!/usr/bin/env python3
"""The ref kernels give the same bits on GCC and Clang, -O0 to -O3, x86-64 to AVX-512.

    compilers.py DESCENT [--only WORD]

Builds the command once for each compiler, level of optimization and instruction set (about 25 minutes on two cores), trains some recipes
with --kernel ref and compares the models byte for byte with those of DESCENT, at each instruction set of its own too.
Ends with "N passed, N failed, N skipped"; what this processor or machine does not have is skipped."""
import argparse
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILDS = [(compiler, level, "x86-64") for compiler in ("gcc", "clang") for level in (0, 1, 2, 3)] + \
         [(compiler, 3, machine) for compiler in ("gcc", "clang") for machine in ("x86-64-v2", "x86-64-v3", "x86-64-v4")]
FLAGS = {"x86-64-v2": "sse4_2", "x86-64-v3": "avx2", "x86-64-v4": "avx512f"}
RECIPES = [
    ["digits", "--model", "linear 32, relu, linear", "--epochs", "1"],
    ["digits", "--model", "conv 8 3x3, batch_norm, gelu, max_pool 2, flatten, dropout 0.2, linear", "--epochs", "1", "--augment", "rotate=5"],
    ["poem.txt", "--context", "16", "--steps", "20", "--model",
     "embedding 16, position, residual (layer_norm, attention 2 causal), layer_norm, linear", "--schedule", "cosine warmup=5"],
    ["poem.txt", "--context", "16", "--steps", "10", "--model", "embedding 16, lstm 16, linear", "--optimizer", "adam clip_norm=1"],
    ["diabetes", "--epochs", "5", "--model", "linear 16, tanh, linear 16, softplus, linear", "--optimizer", "lamb"],
    ["iris", "--epochs", "5", "--optimizer", "muon", "--model", "linear 16, silu, linear 16, mish, linear"],
    ["spiral", "--epochs", "5", "--optimizer", "sam (adamw lr=0.01)", "--schedule", "expression \"exp(-3 * progress)\""],
]


def models(descent, folder, more=None):
    """A checksum for each recipe; a sentence where there is none."""
    found = []
    for i, recipe in enumerate(RECIPES):
        out = folder / str(i)
        shutil.rmtree(out, ignore_errors=True)
        done = subprocess.run([descent, "train", *recipe, "--kernel", "ref", "--quiet", "--out", out], cwd=folder, capture_output=True,
                              text=True, env={**os.environ, **(more or {})})
        found.append(hashlib.sha256((out / "model.safetensors").read_bytes()).hexdigest() if done.returncode == 0 else done.stderr)
    return found


def build(compiler, level, machine, folder):
    """The command; a sentence where it can't be built."""
    where = folder / f"{compiler}-O{level}-{machine}"
    steps = [["meson", "setup", where, SOURCE, "-Dpages=false", f"-Doptimization={level}", f"-Dc_args=-march={machine}"],
             ["ninja", "-C", where, "descent"]]
    for step in steps:
        done = subprocess.run(step, capture_output=True, text=True, env={**os.environ, "CC": os.environ.get("WRAPPER", "") + compiler})
        if done.returncode:
            return None, done.stdout[-2000:] + done.stderr[-2000:]
    return where / "descent", ""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("descent")
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    able = pathlib.Path("/proc/cpuinfo").read_text().split()
    count = {"passed": 0, "failed": 0, "skipped": 0}

    def note(result, what, why=""):
        count[result] += 1
        print(f"{result:8} {what}{': ' if why else ''}{why}", flush=True)

    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "poem.txt").write_text("the quick brown fox jumps over the lazy dog\n" * 40)
        descent = os.path.abspath(args.descent)
        expected = models(descent, folder)
        for level in ("base", "avx2", "avx512"):
            same = models(descent, folder, {"DESCENT_CPU": level}) == expected
            note("passed" if same else "failed", f"as built, DESCENT_CPU={level}")
        for compiler, level, machine in BUILDS:
            what = f"{compiler} -O{level} -march={machine}"
            if args.only not in what:
                continue
            if not shutil.which(compiler) or FLAGS.get(machine, "fpu") not in able:
                note("skipped", what, "not here")
                continue
            command, why = build(compiler, level, machine, folder)
            if not command:
                note("failed", what, why)
                continue
            found = models(command, folder)
            wrong = [" ".join(RECIPES[i][:3]) for i, one in enumerate(found) if one != expected[i]]
            note("failed" if wrong else "passed", what, ", ".join(wrong))
            shutil.rmtree(command.parent)
    print(", ".join(f"{n} {result}" for result, n in count.items()))
    sys.exit(count["failed"] > 0)


main()
