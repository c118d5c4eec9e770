#!/usr/bin/env python3
"""descent view from outside: what it serves, what it refuses, logs that grow, clients that misbehave.

    view.py DESCENT

Ends with "N passed, N failed"."""
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

from checks import check, end

DESCENT = os.path.abspath(sys.argv[1])
START = {"event": "start", "data": "iris", "model": "linear", "optimizer": "sgd lr=0.1", "batch": 32, "epochs": 3, "seed": 1}


def epoch(n):
    return {"event": "epoch", "epoch": n, "step": 4 * n, "test_accuracy": n / 4, "test_loss": 1 / n}


def write(folder, *events, mode="w"):
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "log.jsonl", mode) as log:
        log.writelines(json.dumps(event) + "\n" for event in events)


def pieces(body):
    """Of a body whose length was not told before."""
    while body:
        size, _, rest = body.partition(b"\r\n")
        yield rest[:int(size, 16)]
        body = rest[int(size, 16) + 2:]


class Server:
    def __init__(self, folder, *arguments):
        self.process = subprocess.Popen([DESCENT, "view", "--no-open", *arguments], cwd=folder, text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.line = self.process.stdout.readline()
        self.port = int(re.search(r":(\d+)/", self.line)[1])

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def ask(self, path, method="GET", host="localhost", more=""):
        """Status, headers and body; the path is sent as it is."""
        with self.connect() as s:
            s.sendall(f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n".encode())
            answer = b""
            while piece := s.recv(1 << 16):
                answer += piece
        head, _, body = answer.partition(b"\r\n\r\n")
        if b"transfer-encoding: chunked" in head.lower():
            body = b"".join(pieces(body))
        return int(head.split()[1]), head.decode(), body

    def end(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=10)


class Watcher:
    """One browser that follows a log."""

    def __init__(self, server, run, last=None):
        self.socket = server.connect()
        more = f"Last-Event-ID: {last}\r\n" if last else ""
        self.socket.sendall(f"GET /runs/{run}/events HTTP/1.1\r\nHost: localhost\r\n{more}\r\n".encode())
        self.text = b""

    def wait(self, count, seconds=10):
        """The first `count` events, each (id, object)."""
        end = time.monotonic() + seconds
        self.socket.settimeout(0.2)
        while time.monotonic() < end and len(self.events()) < count:
            try:
                piece = self.socket.recv(1 << 16)
            except TimeoutError:
                continue
            if not piece:
                break
            self.text += piece
        return self.events()

    def events(self):
        body = re.sub(rb"\r\n[0-9a-fA-F]+\r\n", b"", b"\r\n" + self.text.partition(b"\r\n\r\n")[2])
        return [(int(number), json.loads(line)) for number, line in re.findall(rb"id: (\d+)\ndata: (.*)\n\n", body)]


def lists_runs(folder):
    server = Server(folder)
    check("says how many", server.line.startswith("3 runs at http://127.0.0.1:"))
    status, head, body = server.ask("/runs")
    runs = {run["name"]: run for run in json.loads(body)["runs"]}
    check("status of the list", status == 200 and "application/json" in head)
    check("names", sorted(runs) == ["done", "live", "still"])
    check("a run that is over", runs["done"]["state"] == "done" and runs["done"]["test_accuracy"] == 0.75)
    check("how many findings it has", runs["done"]["findings"] == 2)
    check("a run that goes on", runs["live"]["state"] == "running" and runs["live"]["epoch"] == 1)
    check("a run that was left", runs["still"]["state"] == "stopped")
    check("settings", runs["live"]["optimizer"] == "sgd lr=0.1")
    write(folder / "runs" / "later", START)
    check("a run that comes later", len(json.loads(server.ask("/runs")[2])["runs"]) == 4)
    write(folder / "runs/done", {"event": "resume", "step": 4}, epoch(2), mode="a")
    runs = {run["name"]: run for run in json.loads(server.ask("/runs")[2])["runs"]}
    check("a run that was over and goes on", runs["done"]["state"] == "running" and runs["done"]["epoch"] == 2)
    check("a log", server.ask("/runs/done/log")[2] == (folder / "runs/done/log.jsonl").read_bytes())
    check("HEAD has no body", server.ask("/runs", "HEAD")[2] == b"")
    check("the page", b'"kind":"view"' in server.ask("/")[2])
    check("ends on Ctrl-C", server.end() == 0)


def names_the_run_it_stands_in(folder):
    """A browser takes "runs/./log" for "runs/log"."""
    (folder / "runs/done/sub").mkdir()
    for where, argument in (("runs/done", "."), ("runs/done", "./"), ("runs/done/sub", "..")):
        server = Server(folder / where, argument)
        runs = json.loads(server.ask("/runs")[2])["runs"]
        check(f"view {argument}", [run["name"] for run in runs] == ["done"] and server.ask("/runs/done/log")[0] == 200)
        check("ends", server.end() == 0)


def refuses(folder):
    outside = folder / "secret"
    outside.write_text("secret")
    (folder / "runs/done/recipe.ini").symlink_to(outside)
    (folder / "runs/done/report.html").mkdir()
    server = Server(folder, "runs/done", "--port", "8991")
    check("one run", server.line == "1 run at http://127.0.0.1:8991/\n")
    for path in ["/runs/../secret", "/runs/%2e%2e/secret", "/runs/..%2f..%2fsecret/log", "/secret", "//secret", "/runs/done/",
                 "/runs/done/log.jsonl", "/runs/done/../done/log", "/runs/live/log", "/runs/done/recipe", "/runs/done/report",
                 "/runs/done%00/log", "/runs//log", "/runs/done/log/", "/favicon.ico"]:
        status, _, body = server.ask(path)
        check(f"{path}: {status}", status in (400, 404) and b"secret" not in body)
    check("other methods", server.ask("/", "POST", more="Content-Length: 0\r\n")[0] == 405)
    check("other names", server.ask("/runs", host="evil.example")[0] == 403)
    check("a name that begins like ours", server.ask("/runs", host="localhost.evil.example")[0] == 403)
    check("no name", server.ask("/runs", host="")[0] in (400, 403))
    check("headers without end", server.ask("/runs", more="X: " + "x" * 100000 + "\r\n")[0] in (413, 414, 431, 494))
    check("still answers", server.ask("/runs")[0] == 200)
    check("the port is taken", subprocess.run([DESCENT, "view", "runs/done", "--port", "8991"], cwd=folder,
                                              capture_output=True, text=True).returncode == 2)
    check("ends", server.end() == 0)


def leaves_out_endless_lines(folder):
    """A line of more than 16 MB is nothing that a training writes, and is not kept in memory."""
    write(folder / "runs/endless", START)
    with open(folder / "runs/endless/log.jsonl", "a") as log:
        log.write("{\"event\":\"" + "x" * (35 << 20) + "\"}\n")
    write(folder / "runs/endless", epoch(1), mode="a")
    server = Server(folder, "runs/endless")
    events = Watcher(server, "endless").wait(2)
    check("the lines around it", [event["event"] for _, event in events] == ["start", "epoch"])
    memory = open(f"/proc/{server.process.pid}/status").read()
    check("memory", int(re.search(r"VmHWM:\s+(\d+) kB", memory)[1]) < 300_000)
    server.end()


def follows_logs(folder):
    server = Server(folder)
    watchers = [Watcher(server, "live") for _ in range(20)]
    check("what is there", all(len(w.wait(2)) == 2 for w in watchers))
    with open(folder / "runs/live/log.jsonl", "a") as log:
        log.write(json.dumps(epoch(2))[:10])
        log.flush()
        time.sleep(0.6)
        check("half a line is not sent", len(watchers[0].wait(3, 0.5)) == 2)
        log.write(json.dumps(epoch(2))[10:] + "\n")
    seen = [w.wait(3) for w in watchers]
    check("what comes", all(len(events) == 3 and events[2][1]["epoch"] == 2 for events in seen))
    for w in watchers[:10]:
        w.socket.close()  # without a word
    back = Watcher(server, "live", last=seen[0][1][0])
    check("goes on behind the last", [event["epoch"] for _, event in back.wait(1)] == [2])
    write(folder / "runs/live", {**START, "long": "x" * 300000}, mode="a")
    check("a long line", watchers[15].wait(4)[3][1]["long"] == "x" * 300000)
    write(folder / "runs/live", START)  # the log begins anew
    check("a log that begins anew", watchers[16].wait(5)[-1][1] == START)
    check("no such run", server.ask("/runs/none/events")[0] == 404)
    check("ends with watchers", server.end() == 0)


def sends_logs_that_are_cut(folder):
    """A training that is gone on with cuts its log back, while somebody reads it."""
    path, line = folder / "runs/live/log.jsonl", json.dumps(epoch(1)) + "\n"
    text = line * ((40 << 20) // len(line))
    server = Server(folder)
    for grows in (False, True):
        path.write_text(text)
        ask = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        ask.request("GET", "/runs/live/log")
        answer = ask.getresponse()
        body = answer.read(1 << 16)
        os.truncate(path, len(line) * 30000)
        if grows:
            with open(path, "a") as log:
                log.write("{}\n" + text)
        body += answer.read()
        check(f"whole lines, {len(body)} bytes", len(body) > 1 << 16 and body.decode() == line * (len(body) // len(line)))
        ask.close()
    path.write_text(line + "x" * 200000 + "\n" + line[:9])
    check("a long line, and without the one that is being written", server.ask("/runs/live/log")[2].decode() == line + "x" * 200000 + "\n")
    check("ends", server.end() == 0)


def bears_bad_clients(folder):
    server = Server(folder)
    silent = [server.connect() for _ in range(50)]
    for s in silent[:25]:
        s.sendall(b"GET /runs HT")
    reset = server.connect()
    reset.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    reset.sendall(b"GET /runs HTTP/1.1\r\nHost: localhost\r\n\r\n")
    reset.close()
    with server.connect() as s:
        s.sendall(bytes(range(256)) * 40)
    begin = time.monotonic()
    check("others are answered", server.ask("/runs")[0] == 200 and time.monotonic() - begin < 2)
    check("ends", server.end() == 0)


def main():
    with tempfile.TemporaryDirectory() as name:
        (pathlib.Path(name) / "runs").mkdir()
        if "no pages" in subprocess.run([DESCENT, "minimize", "x^2", "--from", "x=1", "--report", "x.html"], cwd=name, capture_output=True, text=True).stderr:
            print("skipped: this build has no pages")
            sys.exit(77)
    for test in (lists_runs, names_the_run_it_stands_in, refuses, follows_logs, leaves_out_endless_lines, sends_logs_that_are_cut, bears_bad_clients):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            write(folder / "runs/done", START, epoch(1), epoch(2), epoch(3), {"event": "result", "stop": "steps", "test_accuracy": 0.75, "findings": 2})
            write(folder / "runs/live", START, epoch(1))
            write(folder / "runs/still", START, epoch(1))
            os.utime(folder / "runs/still/log.jsonl", (1e9, 1e9))
            (folder / "runs/no-run").mkdir()
            test(folder)
    end()


main()
