#!/usr/bin/env python3
"""The same trainings in descent and in PyTorch, side by side and interleaved.

Every row is measured RUNS times, all rows in turn, so that a busy neighbour slows all of them alike.
The tables give the median and the spread (lowest to highest), the ratio of the medians, the
fraction of the machine's matrix-product peak, which is measured in the same run, and the most memory
each took. Both programs are shown at their best: the better of 1 and 2 threads. PyTorch's matrix
library is told which processor it runs on, and it too flushes denormals. Needs build/descent, the
data and torch_peer.py in ../shared, and python3-torch; what is missing is said and left out.

    bench.py [--runs 5] [TASK...]        tasks: mlp-64-sgd mlp-64-adam mlp-1-sgd mlp-1-adam
                                         mlp-1024-sgd cnn gpt-small gpt-medium gpt2 whole
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
MNIST = SHARED / "data" / "mnist"
PEER = SHARED / "bench" / "torch_peer.py"
PYTHON = "/usr/bin/python3"

MLP = "linear 128, relu, linear"
CNN = ("conv 32 3x3 pad=1, relu, max_pool 2, conv 64 3x3 pad=1, relu, max_pool 2, flatten, "
       "linear 128, relu, linear")
LR = {("sgd", 1): 0.01, ("sgd", 64): 0.1, ("sgd", 1024): 0.5, ("adam", 1): 1e-4, ("adam", 64): 1e-3}


def product(m, n, k):
    """Operations of a matrix product; one multiply-add is two."""
    return 2 * m * n * k


def mlp_operations():
    """Forward, and backward without the gradient of the pictures."""
    return 2 * product(1, 128, 784) + 3 * product(1, 10, 128)


def cnn_operations():
    first = product(28 * 28, 32, 9)
    rest = product(14 * 14, 64, 288) + product(1, 128, 3136) + product(1, 10, 128)
    return 2 * first + 3 * rest


def gpt_operations(vocabulary, context, width, layers):
    """Of one token: products with weights, and attention as if nothing were masked."""
    block = product(1, 3 * width, width) + product(1, width, width) + 2 * product(1, 4 * width, width)
    attention = 2 * product(1, context, width)
    return 3 * (layers * (block + attention) + product(1, vocabulary, width))


# vocabulary, context, width, layers; and shards, as `descent train` chooses them
GPT = {"small": (65, 64, 128, 4, 2), "medium": (65, 256, 384, 6, 4), "gpt2": (50257, 64, 768, 12, 1)}


def last_json(command, environment=None):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, env=environment)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stderr}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def descent_mnist(model, optimizer, batch, steps, threads, epochs=1):
    command = [ROOT / "build" / "descent", "train", MNIST, "--model", model, "--optimizer",
               f"{optimizer} lr={LR[optimizer, batch]}", "--schedule", "constant", "--batch", batch, "--epochs", epochs,
               "--threads", threads, "--json", "--no-save", "--quiet"]
    result = last_json(command + (["--steps", steps] if steps else []))
    return result["samples_per_second"], result["peak_bytes"] / 2**20


def torch(threads, *arguments):
    environment = dict(os.environ, OPENBLAS_CORETYPE="SkylakeX", OMP_NUM_THREADS=str(threads))
    return last_json([PYTHON, PEER, *arguments, "--threads", threads], environment)


def torch_mnist(task, optimizer, batch, steps, threads):
    result = torch(threads, task, "--batch", batch, "--optimizer", optimizer, "--steps", steps)
    return result["samples_per_second"], result["peak_mib"]


def descent_gpt(size, steps, threads):
    """bench_step knows the three networks; its examples are random tokens."""
    result = last_json([ROOT / "build" / "bench" / "bench_step", size, threads, steps, GPT[size][-1]])
    return result["tokens_per_second"], result["peak_mib"]


def torch_gpt(size, steps, threads):
    result = torch(threads, "gpt", "--size", size, "--steps", steps)
    return result["tokens_per_second"], result["peak_mib"]


def whole(command, environment):
    """Trained networks a second, from the start of the process to its end."""
    begin = time.perf_counter()
    result = last_json(command, environment)
    seconds = time.perf_counter() - begin
    accuracy = result["test_accuracy"]
    accuracy = accuracy[-1] if isinstance(accuracy, list) else accuracy
    if accuracy < 0.97:
        sys.exit(f"only {accuracy:.2%} right after 5 epochs: {' '.join(map(str, command))}")
    return 1 / seconds, result["peak_mib"] if "peak_mib" in result else result["peak_bytes"] / 2**20


def descent_whole(threads):
    return whole([ROOT / "build" / "descent", "train", MNIST, "--model", MLP, "--optimizer", "adam lr=0.001", "--schedule",
                  "constant", "--batch", 64, "--epochs", 5, "--threads", threads, "--json", "--quiet", "--no-save"], None)


def torch_whole(threads):
    environment = dict(os.environ, OPENBLAS_CORETYPE="SkylakeX", OMP_NUM_THREADS=str(threads))
    return whole([PYTHON, PEER, "mlp", "--batch", 64, "--optimizer", "adam", "--epochs", 5, "--threads", threads], environment)


def mnist_task(kind, model, optimizer, batch, steps, operations):
    return (lambda threads: descent_mnist(model, optimizer, batch, steps, threads),
            lambda threads: torch_mnist(kind, optimizer, batch, steps, threads), operations, "samples/s")


def gpt_task(size, steps):
    return (lambda threads: descent_gpt(size, steps, threads), lambda threads: torch_gpt(size, steps, threads),
            gpt_operations(*GPT[size][:-1]), "tokens/s")


# a task: ours, theirs, operations of one sample or token, unit; and how many times PyTorch we want to be
TASKS = {
    "mlp-64-sgd": (mnist_task("mlp", MLP, "sgd", 64, 0, mlp_operations()), 3.0),
    "mlp-64-adam": (mnist_task("mlp", MLP, "adam", 64, 0, mlp_operations()), 4.0),
    "mlp-1-sgd": (mnist_task("mlp", MLP, "sgd", 1, 10000, mlp_operations()), 10.0),
    "mlp-1-adam": (mnist_task("mlp", MLP, "adam", 1, 5000, mlp_operations()), 10.0),
    "mlp-1024-sgd": (mnist_task("mlp", MLP, "sgd", 1024, 0, mlp_operations()), 1.6),
    "cnn": (mnist_task("cnn", CNN, "adam", 64, 200, cnn_operations()), 2.5),
    "gpt-small": (gpt_task("small", 40), 2.0),
    "gpt-medium": (gpt_task("medium", 6), 1.25),
    "gpt2": (gpt_task("gpt2", 4), 1.5),
    "whole": ((descent_whole, torch_whole, 0, "trainings/s"), 3.0),
}


def torch_is_there():
    return PEER.exists() and subprocess.run([PYTHON, "-c", "import torch"], capture_output=True).returncode == 0


def shown(rates):
    digits = 0 if rates[0] >= 100 else 3
    return f"{statistics.median(rates):,.{digits}f} ({min(rates):,.{digits}f} to {max(rates):,.{digits}f})"


def measure(names, runs, programs):
    """results[task, program, threads] = [(rate, MiB), ...]; peaks = [GFLOP/s of 2 threads, ...]"""
    results, peaks = {}, []
    for run in range(runs):
        for name in names:
            for program in programs:
                for threads in (1, 2):
                    measured = TASKS[name][0][0 if program == "descent" else 1](threads)
                    results.setdefault((name, program, threads), []).append(measured)
            print(f"run {run + 1} of {runs}: {name}", file=sys.stderr)
        peaks.append(last_json([ROOT / "build" / "bench" / "bench_limits", "2"])["matmul_gflops"])
    return results, peaks


def report(names, results, peaks, programs):
    peak = statistics.median(peaks)
    print(f"matrix-product peak of 2 threads in the same run: {peak:.0f} GFLOP/s ({min(peaks):.0f} to {max(peaks):.0f})")
    for name in names:
        (_, _, operations, unit), wanted = TASKS[name]
        best = {}
        print(f"\n{name}, {unit}, median (lowest to highest)")
        for program in programs:
            for threads in (1, 2):
                rates = [rate for rate, _ in results[name, program, threads]]
                mib = max(mib for _, mib in results[name, program, threads])
                best[program] = max(best.get(program, 0), statistics.median(rates))
                print(f"  {program:8} {threads} thread{'s' * (threads > 1):1} {shown(rates):>38}  {mib:7,.0f} MiB")
        line = f"  descent: 2 threads are {statistics.median(r for r, _ in results[name, 'descent', 2]) / statistics.median(r for r, _ in results[name, 'descent', 1]):.2f} times 1"
        if operations:
            line += f", at its best {best['descent'] * operations / peak / 1e9:.0%} of the peak"
        if "torch" in best:
            line += f", {best['descent'] / best['torch']:.2f} times PyTorch (wanted: {wanted:g})"
        print(line)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("task", nargs="*", metavar="TASK")
    args = parser.parse_args()
    names = args.task or list(TASKS)
    for name in names:
        if name not in TASKS:
            sys.exit(f"no task is called '{name}'; there are {', '.join(TASKS)}")
    if not MNIST.exists():
        sys.exit(f"skipped: {MNIST} is not there")
    programs = ["descent"]
    if torch_is_there():
        programs.append("torch")
    else:
        print("PyTorch is left out: it needs the package python3-torch and ../shared/bench/torch_peer.py")
    results, peaks = measure(names, args.runs, programs)
    report(names, results, peaks, programs)


main()
