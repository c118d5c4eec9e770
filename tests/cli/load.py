#!/usr/bin/env python3
"""Many runs in a folder, and trainings that go on for very long: load.py DESCENT [--runs N] [--epochs N] [--pictures FOLDER]

Runs are copies of a short training; the long one has so many epochs and skips many steps. Looked at are the time and the
memory of `descent view`, of `descent plot` and of a next training, the size of log and page, and, where node and Chromium
are there, how long the pages take to open. Limits are wide, as machines differ; what was measured is printed.
Ends with "N passed, N failed"."""
import argparse
import http.client
import json
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from checks import check, end

DESCENT = ""


def descent(folder, *words):
    begin = time.monotonic()
    done = subprocess.run([DESCENT, *words], cwd=folder, capture_output=True, text=True)
    return done, time.monotonic() - begin


class Server:
    def __init__(self, folder):
        begin = time.monotonic()
        self.process = subprocess.Popen([DESCENT, "view", "--no-open"], cwd=folder, stdout=subprocess.PIPE, text=True)
        self.line = self.process.stdout.readline()
        self.seconds = time.monotonic() - begin
        self.port = int(re.search(r":(\d+)/", self.line)[1])

    def ask(self, path):
        begin = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path)
        body = connection.getresponse().read()
        connection.close()
        return body, time.monotonic() - begin

    def memory(self):
        """MiB resident."""
        return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{self.process.pid}/status").read_text())[1]) / 1024

    def end(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)


def browser(folder, kind, target, args):
    """Opens a page in Chromium, by tests/web/load.mjs; what it measured, or None where that cannot be."""
    script = pathlib.Path(__file__).parent.parent / "web/load.mjs"
    if not shutil.which("node"):
        return None
    done = subprocess.run(["node", script, kind, target, args.pictures or ""], cwd=folder, capture_output=True, text=True)
    if done.returncode == 77:
        return None
    check(f"{kind} in a browser", done.returncode == 0, done.stdout + done.stderr)
    return json.loads(done.stdout) if done.returncode == 0 else None


def many_runs(folder, args):
    done, alone = descent(folder, "train", "iris", "--epochs", "3", "--quiet")
    check("a run", done.returncode == 0, done.stderr)
    for n in range(2, args.runs + 1):
        shutil.copytree(folder / "runs/iris-1", folder / f"runs/iris-{n}")
    server = Server(folder)
    check("runs are found", server.line.startswith(f"{args.runs} runs at "), server.line)
    first, first_seconds = server.ask("/runs")
    check("all are told of", len(json.loads(first)["runs"]) == args.runs)
    again = []
    for _ in range(20):
        body, seconds = server.ask("/runs")
        check("the same again", body == first)
        again.append(seconds)
    early = server.memory()
    for _ in range(100):
        server.ask("/runs")
    check("memory does not grow", server.memory() - early < 1, f"{early:.1f} MiB, then {server.memory():.1f} MiB")
    print(f"{args.runs} runs: found in {server.seconds:.2f} s; /runs ({len(first) / 1e6:.2f} MB) in {1e3 * first_seconds:.0f} ms at first, then "
          f"{1e3 * min(again):.0f} ms; {server.memory():.1f} MiB", flush=True)
    check("the list is quick", min(again) < 0.001 * args.runs, f"{min(again):.3f} s")
    shown = browser(folder, "view", f"http://127.0.0.1:{server.port}/", args)
    if shown:
        print(f"the page of {args.runs} runs: list after {shown['list']:.2f} s, all of them on the picture after {shown['all']:.2f} s", flush=True)
        check("every run is on the picture", shown["traces"] == args.runs, str(shown))
    check("ends", server.end() == 0)
    done, seconds = descent(folder, "train", "iris", "--epochs", "3", "--quiet")
    check("the next free name", (folder / f"runs/iris-{args.runs + 1}").is_dir())
    print(f"a training: {alone:.2f} s alone, {seconds:.2f} s beside {args.runs} runs", flush=True)


def long_training(folder, args):
    done, seconds = descent(folder, "train", "iris", "--model", "linear", "--batch", "all", "--epochs", str(args.epochs), "--optimizer", "sgd lr=0.01",
                            "--quiet", "--no-findings", "--out", "runs/long")
    check("a long run", done.returncode == 0, done.stderr)
    run = folder / "runs/long"
    events = [json.loads(line) for line in open(run / "log.jsonl")]
    epochs = [event["epoch"] for event in events if event["event"] == "epoch"]
    check("not more than 10,000 epochs are told of", len(epochs) <= 10001 and epochs[-1] == args.epochs, f"{len(epochs)}")
    size = {name: (run / name).stat().st_size / 1e6 for name in ("log.jsonl", "timing.jsonl", "report.html")}
    check("log and page stay small", size["log.jsonl"] < 5 and size["report.html"] < 10, str(size))
    plot, plotting = descent(folder, "plot", "runs/long")
    check("plot", plot.returncode == 0 and "lowest" in plot.stdout, plot.stderr)
    print(f"{args.epochs} epochs in {seconds:.1f} s: {len(events)} events, " + ", ".join(f"{name} {mb:.2f} MB" for name, mb in size.items()) +
          f"; plot {plotting:.2f} s", flush=True)
    opened = browser(folder, "report", str(run / "report.html"), args)
    if opened:
        print(f"its page: ready after {opened['ready']:.2f} s, curves drawn after {opened['drawn']:.2f} s", flush=True)


def many_skips(folder, args):
    """Steps of huge numbers are skipped for as long as the optimizer bears it."""
    rows = "".join(f"{x},{x * 1e19 if x % 2 else x},{x}\n" for x in range(60))
    (folder / "skips.csv").write_text("a,b,y\n" + rows)
    done, _ = descent(folder, "train", "skips.csv", "--model", "linear", "--standardize", "no", "--batch", "1", "--epochs", "40",
                      "--optimizer", "sgd lr=1e-9 skips=1000000", "--quiet", "--out", "runs/skips")
    events = [json.loads(line) for line in open(folder / "runs/skips/log.jsonl")]
    skips = [event["skipped"] for event in events if event["event"] == "skip"]
    result = events[-1]
    check("many were skipped", result.get("skipped_steps", 0) > 500, f"{result} {done.stderr}")
    check("the first hundred are told, then doublings", skips == [*range(1, 101), *(2**k for k in range(7, 31) if 2**k <= result["skipped_steps"])], str(skips))
    print(f"{result['skipped_steps']} skipped steps: {len(skips)} lines", flush=True)


def main():
    global DESCENT
    parser = argparse.ArgumentParser()
    parser.add_argument("descent")
    parser.add_argument("--runs", type=int, default=60)
    parser.add_argument("--epochs", type=int, default=20500)
    parser.add_argument("--pictures")
    args = parser.parse_args()
    DESCENT = str(pathlib.Path(args.descent).resolve())
    if args.pictures:
        args.pictures = str(pathlib.Path(args.pictures).resolve())
    for test in (many_runs, long_training, many_skips):
        with tempfile.TemporaryDirectory() as name:
            (pathlib.Path(name) / "runs").mkdir()
            test(pathlib.Path(name), args)
    end()


main()
