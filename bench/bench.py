#!/usr/bin/env python3
"""The same trainings in descent and in PyTorch, side by side and interleaved.

Every row is measured RUNS times, all rows in turn, so that a busy neighbour slows all of them alike.
The table gives the median and the spread (lowest to highest), the ratio of the medians, and the
fraction of the machine's matrix-product peak, which is measured in the same run. PyTorch is shown
at its best: best of 1 and 2 threads, its matrix library told which processor it runs on, denormals
flushed. Needs build/descent, MNIST and torch_peer.py in ../shared, and python3-torch; what is
missing is said and left out.

    bench.py [--runs 5] [--epochs 1]
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
MNIST = SHARED / "data" / "mnist"
PEER = SHARED / "bench" / "torch_peer.py"
OPTIMIZERS = {"sgd": "sgd lr=0.1", "adam": "adam lr=0.001"}
MODELS = {"mlp": "linear 128, relu, linear",
          "cnn": "conv 32 3x3 pad=1, relu, max_pool 2, conv 64 3x3 pad=1, relu, max_pool 2, flatten, "
                 "linear 128, relu, linear"}
# Operations an example, zeros counted; one multiply-add is two. The first layer needs no gradient of
# its input.
CONV1, CONV2, LINEAR = 784 * 32 * 9, 196 * 64 * 32 * 9, 3136 * 128 + 128 * 10
FLOPS = {"mlp": 2 * (784 * 128 + 128 * 10) * 2 + 2 * 128 * 10,
         "cnn": 2 * (2 * CONV1 + 3 * CONV2 + 3 * LINEAR)}
TRAININGS = [("mlp", "sgd"), ("mlp", "adam"), ("cnn", "adam")]


def last_json(command, environment=None):
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stderr}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def descent(model, optimizer, threads, epochs):
    return last_json([ROOT / "build" / "descent", "train", MNIST, "--model", MODELS[model], "--optimizer",
                      OPTIMIZERS[optimizer], "--schedule", "constant", "--batch", "64", "--epochs", str(epochs),
                      "--threads", str(threads), "--json", "--no-save"])


def torch(model, optimizer, threads, epochs):
    environment = dict(os.environ, OPENBLAS_CORETYPE="SkylakeX", OMP_NUM_THREADS=str(threads))
    return last_json(["/usr/bin/python3", PEER, model, "--batch", "64", "--optimizer", optimizer,
                      "--threads", str(threads), "--epochs", str(epochs)], environment)


def torch_is_there():
    probe = ["/usr/bin/python3", "-c", "import torch"]
    return PEER.exists() and subprocess.run(probe, capture_output=True).returncode == 0


def summary(rates):
    return f"{statistics.median(rates):9,.0f} ({min(rates):,.0f} to {max(rates):,.0f})"


def best(results, name, training):
    """The rates of whichever number of threads has the higher median."""
    return max((results[name, training, threads] for threads in (1, 2)), key=statistics.median)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=1)
    args = parser.parse_args()
    if not MNIST.exists():
        sys.exit(f"skipped: {MNIST} is not there")
    programs = {"descent": descent}
    if torch_is_there():
        programs["torch"] = torch
    else:
        print("PyTorch is left out: it needs the package python3-torch and ../shared/bench/torch_peer.py")

    results, peaks = {}, []
    for run in range(args.runs):
        for training in TRAININGS:
            for threads in (1, 2):
                for name, program in programs.items():
                    rate = program(*training, threads, args.epochs)["samples_per_second"]
                    results.setdefault((name, training, threads), []).append(rate)
        peaks.append(last_json([ROOT / "build" / "bench" / "bench_limits", "2"])["matmul_gflops"])
        print(f"run {run + 1} of {args.runs} done", file=sys.stderr)

    peak = statistics.median(peaks)
    print(f"MNIST, batch 64; samples/s, median of {args.runs} (lowest to highest)")
    print(f"matrix-product peak of 2 threads in the same run: {peak:.0f} GFLOP/s")
    for training in TRAININGS:
        label = "{} {:5}".format(*training)
        for name in programs:
            for threads in (1, 2):
                print(f"  {label} {name:8} {threads} thread{'s' * (threads > 1):1}  "
                      f"{summary(results[name, training, threads])}")
        ours = statistics.median(best(results, "descent", training))
        print(f"  {label} descent at its best is at {ours * FLOPS[training[0]] / peak / 1e9:.0%} of the peak", end="")
        if "torch" in programs:
            print(f", {ours / statistics.median(best(results, 'torch', training)):.2f} times PyTorch at its best", end="")
        print()


main()
