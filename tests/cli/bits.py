#!/usr/bin/env python3
"""The same recipe gives the same model, byte for byte, however it is run.

    bits.py DESCENT

Threads, whatever is looked at meanwhile, where it is written, alone or eight at once. Ends with "N passed, N failed"."""
import hashlib
import os
import pathlib
import subprocess
import sys
import tempfile

RECIPES = {
    "mlp": ["digits", "--model", "linear 32, relu, linear", "--epochs", "2", "--batch", "256"],
    "cnn": ["digits", "--model", "conv 8 3x3, batch_norm, relu, max_pool 2, flatten, dropout 0.2, linear", "--epochs", "1",
            "--augment", "shift=1"],
    "one by one": ["iris", "--batch", "1", "--epochs", "2", "--optimizer", "adam"],
    "whitened": ["digits", "--model", "linear 16, gelu, linear", "--optimizer", "soap", "--epochs", "1", "--shards", "8"],
    "text": ["poem.txt", "--context", "16", "--steps", "20", "--model",
             "embedding 16, position, residual (layer_norm, attention 2 causal), residual (layer_norm, linear 32, gelu, linear 16), "
             "layer_norm, linear"],
    "numbers": ["diabetes", "--epochs", "20", "--batch", "64", "--optimizer", "ema (sgd lr=0.01 momentum=0.9)", "--patience", "5"],
}
WAYS = {
    "2 threads": ["--threads", "2"], "3 threads": ["--threads", "3"], "4 threads": ["--threads", "4"], "8 threads": ["--threads", "8"],
    "with instruments": ["--instruments=standard, sharpness iterations=1"], "without findings": ["--no-findings"],
    "with snapshots": ["--snapshots", "3"], "with a checkpoint after every step": ["--checkpoint-every", "0"],
    "as JSON": ["--json"],
}


def digest(folder, name):
    path = folder / name / "model.safetensors"
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None


def main():
    descent = os.path.abspath(sys.argv[1])
    passed = failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "poem.txt").write_text("the quick brown fox jumps over the lazy dog\n" * 40)

        def begin(recipe, way, out):
            return subprocess.Popen([descent, "train", *RECIPES[recipe], *way, "--out", out], cwd=folder, stdout=subprocess.DEVNULL,
                                    stderr=subprocess.PIPE, text=True)

        def check(recipe, way, process, out, expected):
            nonlocal passed, failed
            said = process.communicate()[1]
            good = process.returncode == 0 and digest(folder, out) == expected
            passed, failed = passed + good, failed + (not good)
            if not good:
                print(f"FAIL {recipe}, {way}: status {process.returncode}, {'another model' if not process.returncode else said}")

        for recipe in RECIPES:
            begin(recipe, ["--threads", "1"], f"{recipe} alone").communicate()
            expected = digest(folder, f"{recipe} alone")
            if not expected:
                sys.exit(f"FAIL {recipe}: no model")
            for way, words in WAYS.items():
                check(recipe, way, begin(recipe, words, f"{recipe} {way}"), f"{recipe} {way}", expected)
            eight = [(begin(recipe, ["--threads", "2"], f"{recipe} of eight {i}"), f"{recipe} of eight {i}") for i in range(8)]
            for process, out in eight:
                check(recipe, "eight at once", process, out, expected)
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
