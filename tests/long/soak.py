#!/usr/bin/env python3
"""A soak: one training under random signals, gone on with again and again, while a viewer is asked and followed.

    soak.py DESCENT [--minutes 60] [--seed N]

A quiet training of the same recipe runs beside it on one thread; the disturbed one has two. Its steps are chosen so that
both take about the minutes asked for; where they take less, there is another round for what is left. Every minute the lines that both logs have are the same; in the end model, log,
report and recipe are those of the quiet run, byte for byte; what followers of `descent view` were told is what log.jsonl holds; and the viewer is alive, right and as large as it was
at first. An hour by default. Ends with "N passed, N failed"."""
import argparse
import collections
import filecmp
import http.client
import json
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))
from checks import check, end  # noqa: E402

FILES = ["model.safetensors", "log.jsonl", "report.html", "recipe.ini"]
RECIPE = ["digits", "--model", "conv 16 3x3, batch_norm, relu, conv 16 3x3, relu, flatten, dropout 0.1, linear 64, relu, linear",
          "--optimizer", "ema (adamw lr=0.002 weight_decay=0.01)", "--augment", "shift=1", "--instruments", "--quiet"]
EVERY = ["--checkpoint-every", "2"]
MOST_GROWTH = 8 << 10  # KiB that a viewer may grow between its warm-up and the end


def say(start, text):
    print(f"{time.monotonic() - start:7.0f} s  {text}", flush=True)


def last_epoch(run):
    try:
        epochs = [json.loads(line)["epoch"] for line in open(run / "log.jsonl") if line.startswith('{"event":"epoch"') and line.endswith("\n")]
    except OSError:
        return 0
    return max(epochs, default=0)


def told(run):
    """What the lines of a log say so far, by where they begin and end."""
    events = {}
    try:
        for line in open(run / "log.jsonl"):
            if line.startswith(('{"event":"epoch"', '{"event":"steps"')) and line.endswith("\n"):
                event = json.loads(line)
                events[event["event"], event.get("first"), event["step"]] = line
    except OSError:
        pass
    return events


def agree(quiet, run):
    """How many lines both logs have, and how many of them differ: seen every minute, as a loaded machine may need hours."""
    one, other = told(quiet), told(run)
    both = one.keys() & other.keys()
    differ = sum(one[key] != other[key] for key in both)
    check("the logs agree so far", differ == 0, f"{differ} of {len(both)} lines")
    return len(both)


class Follower(threading.Thread):
    """Follows the run's events as a browser does, and leaves and comes back at random."""

    def __init__(self, viewer, number):
        super().__init__(daemon=True)
        self.viewer, self.dice, self.over = viewer, random.Random(number), False
        self.lists, self.last, self.told, self.wrong = {"epoch": [], "steps": []}, None, 0, ""

    def take(self, event):
        self.told += 1
        if event["event"] == "start":
            self.lists = {"epoch": [], "steps": []}
        mine = self.lists.get(event["event"])
        if mine is None:
            return
        while mine and mine[-1]["step"] >= event.get("first", event["step"]):
            mine.pop()  # told again after a resume
        mine.append(event)

    def read(self, answer):
        leave, kind, place = time.monotonic() + self.dice.expovariate(1 / 40), None, self.last
        while not self.over and time.monotonic() < leave:
            line = answer.readline()
            if not line:
                return
            if line.startswith(b"id: "):
                place = line[4:].strip().decode()
            elif line.startswith(b"event: "):
                kind = line[7:].strip()
            elif line.startswith(b"data: ") and kind is None:
                self.take(json.loads(line[6:]))
            elif line == b"\n":
                kind, self.last = None, place  # only what was taken whole is behind it

    def run(self):
        while not self.over:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.viewer.port, timeout=60)
                connection.request("GET", "/runs/run/events", headers={"Last-Event-ID": self.last} if self.last else {})
                answer = connection.getresponse()
                if answer.status == 200:
                    self.read(answer)
                connection.close()
            except (OSError, http.client.HTTPException) as problem:
                if not self.over and self.viewer.process.poll() is None:
                    self.wrong = repr(problem)
            except ValueError as problem:
                self.wrong = f"no JSON: {problem}"
            time.sleep(0.2)


class Viewer:
    def __init__(self, descent, folder):
        self.process = subprocess.Popen([descent, "view", "--no-open"], cwd=folder, stdout=subprocess.PIPE, text=True)
        self.port = int(re.search(r":(\d+)/", self.process.stdout.readline())[1])
        self.asked, self.wrong, self.over, self.slowest = 0, "", False, 0.0
        self.followers = [Follower(self, i) for i in range(8)]
        self.poller = threading.Thread(target=self.poll, daemon=True)
        for thread in [*self.followers, self.poller]:
            thread.start()

    def ask(self, path):
        begin = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        self.slowest = max(self.slowest, time.monotonic() - begin)
        return answer.status, body

    def poll(self):
        """The list, and whole logs, as an open page asks for them."""
        while not self.over:
            for path in ("/runs", "/runs/run/log", "/", "/runs/run/recipe"):
                try:
                    status, body = self.ask(path)
                    self.asked += 1
                    if path == "/runs":
                        json.loads(body)
                    if status != 200 and path in ("/", "/runs"):
                        self.wrong = f"{path} answered {status}"
                except (OSError, http.client.HTTPException, ValueError) as problem:
                    self.wrong = f"{path}: {problem!r}"
            time.sleep(0.5)

    def memory(self):
        """KiB resident."""
        return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{self.process.pid}/status").read_text())[1])

    def rest(self):
        self.over = True
        self.poller.join()

    def end(self):
        for follower in self.followers:
            follower.over = True
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)


def command(descent, epochs, threads):
    return ["nice", "-n", "10", descent, "train", *RECIPE, "--out", "runs/run", "--epochs", str(epochs), "--threads", str(threads), *EVERY]


def epochs_for(descent, folder, minutes):
    """How many epochs the minutes are worth: measured with both trainings at once, as they will run."""
    seconds = min(10.0, 20.0 * minutes)
    places = [folder / "try2", folder / "try1"]
    running = []
    for place, threads in zip(places, (2, 1)):
        place.mkdir()
        running.append(subprocess.Popen(command(descent, 10000, threads), cwd=place, stdout=subprocess.DEVNULL))
    time.sleep(seconds)
    for process in running:
        process.send_signal(signal.SIGINT)
        process.wait()
    rate = min(last_epoch(place / "runs/run") for place in places) / seconds
    return max(10, round(0.8 * rate * minutes * 60))


class Sittings:
    """The disturbed training: begun, ended by signals, gone on with."""

    def __init__(self, descent, folder, epochs, dice, mean):
        self.descent, self.folder, self.epochs, self.dice, self.mean = descent, folder, epochs, dice, mean
        self.count, self.signals, self.wrong, self.busy = 0, collections.Counter(), [], 0.0

    def words(self):
        if (self.folder / "runs/run/recipe.ini").exists():
            return ["nice", "-n", "10", self.descent, "train", "--resume", "runs/run", "--quiet", "--threads", "2", *EVERY]
        return command(self.descent, self.epochs, 2)

    def hold(self, process):
        """SIGSTOP, a while, SIGCONT."""
        process.send_signal(signal.SIGSTOP)
        self.signals["SIGSTOP and SIGCONT"] += 1
        time.sleep(self.dice.uniform(0.05, 2))
        process.send_signal(signal.SIGCONT)

    def sit(self):
        """One sitting; true when the training is over."""
        process = subprocess.Popen(self.words(), cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        begin, sent = time.monotonic(), None
        self.count += 1
        while sent is None:
            # now and then so soon that it is still starting, or right behind another
            wait = self.dice.expovariate(1 / self.mean) if self.dice.random() < 0.8 else self.dice.uniform(0, 0.3)
            try:
                process.wait(wait)
                break
            except subprocess.TimeoutExpired:
                pass
            sent = self.dice.choice([signal.SIGINT, signal.SIGTERM, signal.SIGKILL, None, None])
            if sent is None:
                self.hold(process)
            else:
                process.send_signal(sent)
                self.signals[sent.name] += 1
        said = process.communicate()[1]
        self.busy += time.monotonic() - begin
        early = -process.returncode in (signal.SIGINT, signal.SIGTERM)  # before it could catch them
        if process.returncode != 0 and not (sent == signal.SIGKILL and process.returncode == -9) and not early:
            self.wrong.append(f"status {process.returncode} after {sent}: {said.strip()}")
        return sent is None and process.returncode == 0


def catch_up(viewer, run, seconds=60):
    """Waits until the followers were told of the log's last steps."""
    last = [json.loads(line) for line in open(run / "log.jsonl") if line.startswith('{"event":"steps"')][-1]
    begin = time.monotonic()
    while time.monotonic() - begin < seconds and any(f.lists["steps"][-1:] != [last] for f in viewer.followers):
        time.sleep(0.5)


def compare(quiet, run, viewer):
    for name in FILES:
        mine, whole = run / name, quiet / name
        check(f"{name} is that of the quiet run", mine.exists() and whole.exists() and filecmp.cmp(mine, whole, shallow=False))
    left = [str(path) for path in run.rglob("*.tmp-*")]
    check("nothing is left behind", not left, ", ".join(left))
    log = [json.loads(line) for line in open(run / "log.jsonl")]
    for i, follower in enumerate(viewer.followers):
        for kind in ("epoch", "steps"):
            told, held = follower.lists[kind], [event for event in log if event["event"] == kind]
            check(f"follower {i}: {kind}", told == held, f"{len(told)} told, {len(held)} in the log")
        check(f"follower {i}: no trouble", not follower.wrong, follower.wrong)
    check("log from the viewer", viewer.ask("/runs/run/log") == (200, (run / "log.jsonl").read_bytes()))
    check("report from the viewer", viewer.ask("/runs/run/report") == (200, (run / "report.html").read_bytes()))
    (row,) = [row for row in json.loads(viewer.ask("/runs")[1])["runs"] if row["name"] == "run"]
    result = next(event for event in reversed(log) if event["event"] == "result")
    check("the list tells of the end", row["state"] == "done" and all(row[key] == result[key] for key in ("steps", "test_loss", "stop")), str(row))


def soak(descent, folder, minutes, seed):
    """One round."""
    start, dice = time.monotonic(), random.Random(seed)
    epochs = epochs_for(descent, folder, minutes)
    quiet, noisy = folder / "quiet", folder / "noisy"
    quiet.mkdir()
    (noisy / "runs").mkdir(parents=True)
    say(start, f"{epochs} epochs, seed {seed}")
    viewer = Viewer(descent, noisy)
    beside = subprocess.Popen(command(descent, epochs, 1), cwd=quiet, stdout=subprocess.DEVNULL)
    sittings = Sittings(descent, noisy, epochs, dice, max(2.0, min(10.0, minutes)))
    early, shown = None, time.monotonic()
    while not sittings.sit():
        now = time.monotonic()
        if early is None and now - start > min(60.0, 15.0 * minutes):
            early = viewer.memory()
        if now - shown > 60:
            shown = now
            say(start, f"epoch {last_epoch(noisy / 'runs/run')}, quiet {last_epoch(quiet / 'runs/run')}, "
                       f"{agree(quiet / 'runs/run', noisy / 'runs/run')} lines the same; {sittings.count} sittings, "
                       f"{sum(sittings.signals.values())} signals, viewer {viewer.memory()} KiB")
    early = early or viewer.memory()
    say(start, f"the disturbed training is over: {sittings.count} sittings, {sittings.busy:.0f} s in all; " +
               ", ".join(f"{count} {name}" for name, count in sorted(sittings.signals.items())))
    check("the quiet run", beside.wait() == 0)
    say(start, "the quiet one is over")
    check("sittings end as they should", not sittings.wrong, "; ".join(sittings.wrong[:5]))
    check("the viewer is alive", viewer.process.poll() is None)
    viewer.rest()
    catch_up(viewer, noisy / "runs/run")
    compare(quiet / "runs/run", noisy / "runs/run", viewer)
    late = viewer.memory()
    check("the viewer does not grow", late - early <= MOST_GROWTH, f"{early} KiB, then {late} KiB")
    check("the viewer answered", not viewer.wrong, viewer.wrong)
    say(start, f"viewer: {viewer.asked} requests, the slowest {viewer.slowest:.2f} s; {sum(f.told for f in viewer.followers)} events told; "
               f"{early} KiB at first, {late} KiB at the end")
    check("the viewer ends on Ctrl-C", viewer.end() == 0)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("descent")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 100000)
    args = parser.parse_args()
    # a shell that starts this with "&" has it ignore Ctrl-C, and so would all that it starts
    signal.signal(signal.SIGINT, signal.default_int_handler)
    begin, left, seed = time.monotonic(), args.minutes, args.seed
    while left > 0:
        with tempfile.TemporaryDirectory() as folder:
            soak(os.path.abspath(args.descent), pathlib.Path(folder), left, seed)
        left, seed = args.minutes - (time.monotonic() - begin) / 60, seed + 1
    end()


main()
