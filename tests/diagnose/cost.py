"""What the diagnosis costs: whole trainings with it and without it, in turn, and the median of what each pair says;
time of the processor, and on the clock, which sees the neighbours too. A pair of short trainings says little, so there
are more of them."""
import math
import os
import resource
import statistics
import subprocess
import sys
import time

from make_data import Skipped
from trainings import ROOT

WANTED = 0.05
LONG, MOST_TIMES = 2.0, 16  # seconds: a training shorter than that runs so many times as often, and 16 times at most
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


def error_of_median(numbers):
    """A standard error, by how far the middle one of the numbers is off their median."""
    middle = statistics.median(numbers)
    return math.sqrt(math.pi / 2) * 1.4826 * statistics.median(abs(x - middle) for x in numbers) / math.sqrt(len(numbers))


class Row:
    """One training on so many threads."""

    def __init__(self, name, words, flags, threads):
        self.name, self.words, self.flags, self.threads = name, words, [*flags, "--threads", str(threads)], threads
        self.pairs = []

    def run(self, descent):
        """A pair, or some where it is short."""
        times = min(MOST_TIMES, math.ceil(LONG / self.pairs[0][0][1])) if self.pairs else 1
        for _ in range(times):
            self.pairs.append((seconds(descent, self.words, [*self.flags, "--no-findings"]), seconds(descent, self.words, self.flags)))

    def medians(self):
        """Seconds of the processor without, what it is more with and the error of that, on the clock as well."""
        more = [statistics.median(self.ratios(i)) - 1 for i in (0, 1)]
        return statistics.median(pair[0][0] for pair in self.pairs), more[0], error_of_median(self.ratios(0)), more[1]

    def ratios(self, which):
        return [pair[1][which] / pair[0][which] for pair in self.pairs]


def make_rows(maker):
    for name, (data, flags) in TRAININGS.items():
        try:
            words = maker.words(data)
        except Skipped as why:
            print(f"{name:<20} skipped: {why}")
            continue
        for threads in range(1, min(2, os.cpu_count()) + 1):
            yield Row(name, words, flags, threads)


def measure(descent, maker, runs):
    """The rows (name, threads, seconds without, more of the processor and its error, more on the clock), printed. All take
    turns, so that a neighbour's busy minute is spread over them."""
    rows = list(make_rows(maker))
    for turn in range(runs):
        print(f"turn {turn + 1} of {runs}", file=sys.stderr, flush=True)
        for row in rows:
            row.run(descent)
    rows = [(row.name, row.threads, *row.medians()) for row in rows]
    print(f"training             threads   without  processor   error   clock   (medians of {runs} pairs in turn, or more)")
    for row in rows:
        print("{:<20} {:>7} {:7.3f} s   {:+7.1%} {:7.1%} {:+7.1%}".format(*row))
    without = sum(row[2] for row in rows)
    more = sum(row[2] * row[3] for row in rows) / without
    print(f"{'all':<20}         {without:7.3f} s   {more:+7.1%}           wanted: below {WANTED:.0%}")
    return rows, more


def markdown(rows, more, runs):
    """The lines of a table for the page."""
    return [f"The diagnosis takes {more:+.1%} of the processor's time of these trainings together (medians of {runs} pairs, interleaved, of more where they are short):",
            "", "| training | threads | without | processor | standard error | clock |", "|---|---|---|---|---|---|",
            *("| {} | {} | {:.3f} s | {:+.1%} | {:.1%} | {:+.1%} |".format(*row) for row in rows)]
