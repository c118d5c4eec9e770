"""What the diagnosis costs: whole trainings with it and without it, in turn, the median of each. Processor time
counts, as the clock on the wall sees the neighbours too."""
import resource
import statistics

from make_data import Skipped
from trainings import train

WANTED = 0.05
TRAININGS = {
    "digits, MLP": ("digits", ["--model", "linear 64, relu, linear", "--batch", "32", "--epochs", "200"]),
    "digits, CNN": ("digits", ["--model", "conv 16 3x3 pad=1, relu, max_pool 2, flatten, linear", "--epochs", "60"]),
    "diabetes, MLP": ("diabetes", ["--model", "linear 64, relu, linear", "--epochs", "1500"]),
    "spiral, deep MLP": ("spiral", ["--model", "repeat 4 (linear 32, tanh), linear", "--epochs", "800"]),
    "MNIST, MLP": ("@mnist n=10000 test=2000", ["--model", "linear 128, relu, linear", "--batch", "64", "--epochs", "30"]),
}


def seconds(descent, words, flags):
    """Of the processor, in user and system mode, from the start of the command to its end."""
    begin = resource.getrusage(resource.RUSAGE_CHILDREN)
    train(descent, words, flags)
    end = resource.getrusage(resource.RUSAGE_CHILDREN)
    return end.ru_utime + end.ru_stime - begin.ru_utime - begin.ru_stime


def measure(descent, maker, runs):
    """Prints a line for each training; True when the diagnosis takes less than 5 % of the time of all."""
    sums = [0.0, 0.0]
    print(f"{'training':<18} {'without':>9} {'with':>9}   more   (median of {runs} runs, interleaved)")
    for name, (data, flags) in TRAININGS.items():
        try:
            words = maker.words(data)
        except Skipped as why:
            print(f"{name:<18} skipped: {why}")
            continue
        times = ([], [])
        for _ in range(runs):
            times[0].append(seconds(descent, words, flags + ["--no-findings"]))
            times[1].append(seconds(descent, words, flags))
        without, with_it = map(statistics.median, times)
        sums[0] += without
        sums[1] += with_it
        print(f"{name:<18} {without:7.3f} s {with_it:7.3f} s {with_it / without - 1:+7.1%}", flush=True)
    more = sums[1] / sums[0] - 1
    print(f"{'all':<18} {sums[0]:7.3f} s {sums[1]:7.3f} s {more:+7.1%}   wanted: below {WANTED:.0%}")
    return more < WANTED
