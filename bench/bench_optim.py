#!/usr/bin/env python3
"""One step of every optimizer, against the machine's own read-modify-write bandwidth and PyTorch.

All sizes, threads and programs are measured in turn, RUNS times, so that a busy neighbour slows all
of them alike; tables give the median and the spread (lowest to highest) over the runs. `fraction` is
of the best read-modify-write stream, measured by turns with the same optimizer in the same process,
on the same threads, pinned alike (see bench_optim.c, also for what counts as bytes). PyTorch is
shown at its best: one flat parameter, best of foreach and single-tensor, denormals flushed.

    bench_optim.py [--runs 5] [--sizes 1e4,1e6,1e7,1e8] [--only adam] [--no-torch]
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "build" / "bench" / "bench_optim"
PEER = ROOT.parent / "shared" / "bench" / "torch_peer.py"
THREADS = (1, 2)
PEERS = {"sgd": "sgd", "sgd momentum=0.9": "momentum", "rmsprop": "rmsprop", "adam": "adam", "adamw": "adamw"}
DEEPSPEED = """\
DeepSpeed's CPU Adam cannot be installed here. Its published 0.64 ns a parameter comes from a machine
with 43 GB/s of read-modify-write bandwidth; it moves the same 28 bytes, so it ran at 102% of that
limit there, and scaled by the bandwidth measured here would take:"""
DEEPSPEED_NS, DEEPSPEED_GBS = 0.64, 43.0


def lines(command, threads):
    environment = dict(os.environ, OMP_NUM_THREADS=str(threads), OMP_PROC_BIND="close", OMP_PLACES="cores",
                       OPENBLAS_CORETYPE="SkylakeX")
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def torch_is_there():
    probe = ["/usr/bin/python3", "-c", "import torch"]
    return PEER.exists() and subprocess.run(probe, capture_output=True).returncode == 0


def measure(args, with_torch):
    """({(n, rule, kind, form): {threads: [result]}}, {(n, rule): {threads: [ns]}})"""
    ours, torch = {}, {}
    for run in range(args.runs):
        for n in args.sizes:
            for threads in THREADS:
                for r in lines([PROGRAM, n, str(threads)] + ([args.only] if args.only else []), threads):
                    key = n, r["rule"], r["kind"], r["form"]
                    ours.setdefault(key, {}).setdefault(threads, []).append(r)
                if with_torch:
                    r = lines(["/usr/bin/python3", PEER, "optim", "--n", n, "--threads", str(threads)], threads)[-1]
                    for rule, peer in PEERS.items():
                        ns = r["optimizers"][peer]["ns_per_parameter"]
                        torch.setdefault((n, rule), {}).setdefault(threads, []).append(ns)
        print(f"run {run + 1} of {args.runs} done", file=sys.stderr)
    return ours, torch


def spread(values, digits):
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}-{max(values):.{digits}f})"


def table(n, ours):
    limits = {t: spread([r["limit_gbs"] for k, by in ours.items() if k[0] == n for r in by[t]], 0) for t in THREADS}
    print(f"\nn = {n}; read-modify-write GB/s: " + ", ".join(f"{limits[t]} on {t} thread{'s' * (t > 1)}" for t in THREADS))
    head = "".join(f" |{'ns a parameter':>22}{'GB/s':>7}{'fraction':>18}" for _ in THREADS)
    print(f"{'':30}{'bytes':>6}{head}")
    for (size, rule, kind, form), by in ours.items():
        if size != n:
            continue
        row = f"{rule + (', ' + kind if kind != 'plain' else ''):24} {form:5}{by[THREADS[0]][0]['bytes']:6.0f}"
        for t in THREADS:
            column = {key: [r[key] for r in by[t]] for key in ("ns", "gbs", "fraction")}
            row += f" |{spread(column['ns'], 3):>22}{statistics.median(column['gbs']):7.1f}{spread(column['fraction'], 2):>18}"
        print(row + ("  two passes" if by[THREADS[0]][0]["passes"] > 1 else ""))


def best(by_threads):
    """The values of whichever number of threads has the lowest median."""
    return min(by_threads.values(), key=statistics.median)


def beside_torch(sizes, ours, torch):
    print("\nBeside PyTorch; ns a parameter of the public step, each on its best number of threads")
    for n in sizes:
        for rule in PEERS:
            if (n, rule) not in torch or (n, rule, "plain", "step") not in ours:
                continue
            mine = best({t: [r["ns"] for r in rs] for t, rs in ours[n, rule, "plain", "step"].items()})
            theirs = best(torch[n, rule])
            print(f"  {n:>4} {rule:18} {spread(mine, 3):>22}   PyTorch {spread(theirs, 2):>20}"
                  f"   {statistics.median(theirs) / statistics.median(mine):5.1f} times")


def beside_deepspeed(sizes, ours):
    print("\n" + DEEPSPEED)
    for n in sizes:
        for t in THREADS if float(n) >= 1e7 and (n, "adam", "plain", "move") in ours else ():
            rows = ours[n, "adam", "plain", "move"][t]
            limit = statistics.median(r["limit_gbs"] for r in rows)
            print(f"  n = {n}, {t} thread{'s' * (t > 1):1}: {DEEPSPEED_NS * DEEPSPEED_GBS / limit:.3f} ns; adam here, "
                  f"the look at g apart as in DeepSpeed: {spread([r['ns'] for r in rows], 3)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--sizes", type=lambda text: text.split(","), default=["1e4", "1e6", "1e7", "1e8"])
    parser.add_argument("--only", help="one optimizer: its name, or a whole string")
    parser.add_argument("--no-torch", action="store_true")
    args = parser.parse_args()
    with_torch = not args.no_torch and torch_is_there()
    ours, torch = measure(args, with_torch)
    print(f"median of {args.runs} runs (lowest to highest); step: with a look at g, move: as in training")
    for n in args.sizes:
        table(n, ours)
    if with_torch:
        beside_torch(args.sizes, ours, torch)
    else:
        print("\nPyTorch is left out: it needs the package python3-torch and ../shared/bench/torch_peer.py")
    beside_deepspeed(args.sizes, ours)


main()
