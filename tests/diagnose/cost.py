"""What the diagnosis costs: whole trainings with it and without it, in turn, the median of each; time of the
processor, and on the clock, which sees the neighbours too."""
import os
import resource
import statistics
import subprocess
import time

from make_data import Skipped
from trainings import ROOT

WANTED = 0.05
MLP, CNN = "linear 64, relu, linear", "conv 16 3x3 pad=1, relu, max_pool 2, flatten, linear"
GPT = ("embedding 32, position, repeat 2 (residual (layer_norm, attention 4 causal), "
       "residual (layer_norm, linear 64, gelu, linear 32)), layer_norm, linear")
TRAININGS = {
    "iris": ("iris", []),
    "spiral": ("spiral", []),
    "digits, MLP, short": ("digits", ["--model", MLP, "--epochs", "10"]),
    "digits, MLP": ("digits", ["--model", MLP, "--batch", "32", "--epochs", "200"]),
    "digits, CNN, short": ("digits", ["--model", CNN, "--epochs", "20"]),
    "digits, CNN": ("digits", ["--model", CNN, "--epochs", "60"]),
    "diabetes, MLP": ("diabetes", ["--model", MLP, "--epochs", "1500"]),
    "spiral, deep MLP": ("spiral", ["--model", "repeat 4 (linear 32, tanh), linear", "--epochs", "800"]),
    "MNIST, MLP, short": ("@mnist n=10000 test=2000", ["--model", "linear 128, relu, linear", "--batch", "64", "--epochs", "6"]),
    "MNIST, MLP": ("@mnist n=10000 test=2000", ["--model", "linear 128, relu, linear", "--batch", "64", "--epochs", "30"]),
    "text, GPT": ("@tinyshakespeare characters=100000", ["--context", "32", "--model", GPT, "--epochs", "4"]),
}
LAST = ["--no-save", "--json", "--quiet"]


def seconds(descent, words, flags):
    """Of the processor, in user and system mode, and on the clock, from the start of the command to its end."""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([str(descent), "train", *words, *flags, *LAST], cwd=ROOT, check=True, capture_output=True)
    clock, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, clock


def compare(descent, words, flags, runs):
    """Medians without and with the diagnosis: (processor, clock) each."""
    times = ([], [])
    for _ in range(runs):
        times[0].append(seconds(descent, words, [*flags, "--no-findings"]))
        times[1].append(seconds(descent, words, flags))
    return [[statistics.median(one) for one in zip(*of)] for of in times]


def measure(descent, maker, runs):
    """The rows (name, threads, seconds without, more of the processor, more on the clock), printed as they come."""
    rows, sums = [], [0.0, 0.0]
    print(f"{'training':<20} threads   without  processor  clock   (median of {runs} runs, interleaved)")
    for name, (data, flags) in TRAININGS.items():
        try:
            words = maker.words(data)
        except Skipped as why:
            print(f"{name:<20} skipped: {why}")
            continue
        for threads in range(1, min(2, os.cpu_count()) + 1):
            without, with_it = compare(descent, words, [*flags, "--threads", str(threads)], runs)
            rows.append((name, threads, without[0], with_it[0] / without[0] - 1, with_it[1] / without[1] - 1))
            print("{:<20} {:>7} {:7.3f} s   {:+7.1%} {:+7.1%}".format(*rows[-1]), flush=True)
            sums = [sums[0] + without[0], sums[1] + with_it[0]]
    more = sums[1] / sums[0] - 1
    print(f"{'all':<20}         {sums[0]:7.3f} s   {more:+7.1%}           wanted: below {WANTED:.0%}")
    return rows, more


def markdown(rows, more, runs):
    """The lines of a table for the page."""
    return [f"The diagnosis takes {more:+.1%} of the processor's time of these trainings together (median of {runs} runs, interleaved):",
            "", "| training | threads | without | processor | clock |", "|---|---|---|---|---|",
            *("| {} | {} | {:.3f} s | {:+.1%} | {:+.1%} |".format(*row) for row in rows)]
