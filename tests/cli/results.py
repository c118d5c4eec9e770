#!/usr/bin/env python3
"""What the command answers to good input, as programs read it (--json) and as people do.

    results.py DESCENT

Where figures depend on the processor, whole lines are compared with patterns. Ends with "N passed, N failed"."""
import fcntl
import json
import math
import os
import pathlib
import pty
import re
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import traceback

DESCENT = os.path.abspath(sys.argv[1])
NUMBER = r"-?\d+(\.\d+)?(e[-+]?\d+)?"


def descent(*words, status=0):
    """Standard output and standard error of a command that ends with this status."""
    done = subprocess.run([DESCENT, *words], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300,
                          env={**os.environ, "NO_COLOR": "1", "TERM": "dumb", "LC_ALL": "C"})
    assert done.returncode == status, f"{words}: status {done.returncode}: {done.stderr}{done.stdout}"
    return done.stdout, done.stderr


def lines_of(*words, status=0):
    """The objects that --json prints."""
    out, _ = descent(*words, "--json", status=status)
    return [json.loads(line, parse_constant=lambda name: sys.exit(f"{words}: {name} is no JSON")) for line in out.splitlines()]


def same(found, expected):
    assert found == expected, f"\n  {found!r}\nin the place of\n  {expected!r}"


def near(found, expected, within):
    assert abs(found - expected) <= within, f"{found} is not within {within} of {expected}"


def match(pattern, text):
    assert re.fullmatch(pattern, text, re.S), f"\n{text}\ndoes not match\n{pattern}"


def find(pattern, text):
    found = re.search(pattern, text, re.M)
    assert found, f"\n{text}\nholds nothing like\n{pattern}"
    return found


def make_files():
    """Two classes that a line tells apart, the same with the classes exchanged, a line, and bytes that are no UTF-8."""
    rows = [(x, x * x % 7) for x in range(-20, 21) if x]
    for name, low, high in ("sides", "left", "right"), ("turned", "right", "left"):
        pathlib.Path(f"{name}.csv").write_text("x,y,kind\n" + "".join(f"{x},{y},{low if x < 0 else high}\n" for x, y in rows))
    pathlib.Path("line.csv").write_text("x,y\n" + "".join(f"{i},{2 * i + 1}\n" for i in range(40)))
    answers = '"no"', '"yes, ""really"""'
    pathlib.Path("quoted.csv").write_text("x,y\n" + "".join(f"{i % 10},{answers[i % 10 > 4]}\n" for i in range(60)))
    pathlib.Path("cycle.bin").write_bytes(b"ab\xe9" * 200)
    pathlib.Path("mine.ini").write_text("data = sides.csv\nmodel = linear\nseed = 3\n")
    train = ("--model", "linear", "--optimizer", "sgd lr=1", "--epochs", "40", "--quiet", "--out")
    descent("train", "sides.csv", *train, "sides")
    descent("train", "quoted.csv", *train, "quoted")
    descent("train", "line.csv", "--model", "linear", "--optimizer", "sgd lr=0.1", "--epochs", "60", "--batch", "all",
            "--quiet", "--out", "line")
    descent("train", "cycle.bin text level=byte context=8", "--model", "embedding 4, linear", "--optimizer", "adam lr=0.1",
            "--steps", "100", "--quiet", "--out", "cycle")


def evaluate_counts_who_is_taken_for_whom():
    for data, counts in ("sides.csv", [[20, 0], [0, 20]]), ("turned.csv", [[0, 20], [20, 0]]):
        [score] = lines_of("evaluate", "sides/model.safetensors", data)
        same([score["event"], score["count"], score["confusion"], score["rmse"]], ["evaluation", 40, counts, None])
        same(score["accuracy"], sum(counts[i][i] for i in (0, 1)) / 40)
    text, _ = descent("evaluate", "sides/model.safetensors", "sides.csv")
    match(rf"40 examples of sides\.csv: loss {NUMBER}, accuracy 100\.00 %\n\n"
          r"         predicted\ntrue       left  right\nleft         20      \.\nright         \.     20\n", text)


def evaluate_tells_the_error_of_numbers():
    [score] = lines_of("evaluate", "line/model.safetensors", "line.csv")
    same([score["accuracy"], "confusion" in score], [None, False])
    assert 0 < score["rmse"] < 0.1
    text, _ = descent("evaluate", "line/model.safetensors", "line.csv")
    match(rf"40 examples of line\.csv: loss {NUMBER}, rmse {NUMBER}\n", text)


def evaluate_tells_of_text():
    [score] = lines_of("evaluate", "cycle/model.safetensors", "cycle.bin text level=byte")
    same([score["count"], score["accuracy"]], [599, 1])
    near(score["bits_per_token"], score["loss"] / math.log(2), 1e-12)
    near(score["perplexity"], math.exp(score["loss"]), 1e-12)


def predict_gives_probabilities():
    rows = lines_of("predict", "sides/model.safetensors", "sides.csv")
    same([row["class"] for row in rows], ["left"] * 20 + ["right"] * 20)
    for row in rows:
        near(sum(row["probabilities"]), 1, 1e-6)
        same(max(row["probabilities"]), row["probabilities"][row["class"] == "right"])
    _, said = descent("predict", "sides/model.safetensors", "sides.csv", "-o", "sides.out")
    same(said, "40 predictions written to sides.out\n")
    written = pathlib.Path("sides.out").read_text().splitlines()
    same([written[0], len(written)], ["kind,p_left,p_right", 41])
    same(written[1].split(",")[0], "left")
    near(float(written[1].split(",")[1]), rows[0]["probabilities"][0], 1e-6)


def predict_quotes_what_csv_would_misread():
    text, _ = descent("predict", "quoted/model.safetensors", "quoted.csv")
    first, *rows = text.splitlines()
    same(first, 'y,p_no,"p_yes, ""really"""')
    same({row.rsplit(",", 2)[0] for row in rows}, {"no", '"yes, ""really"""'})


def predict_gives_numbers():
    rows = lines_of("predict", "line/model.safetensors", "line.csv")
    for i, row in enumerate(rows):
        near(row["values"][0], 2 * i + 1, 0.1)
    text, _ = descent("predict", "line/model.safetensors", "line.csv")
    same(text.splitlines()[0], "y")


def predict_writes_to_files_only():
    os.mkdir("folder")
    _, said = descent("predict", "sides/model.safetensors", "sides.csv", "-o", "folder", status=2)
    same(said, "descent: cannot write 'folder': it is not a regular file\n")


def generate_marks_what_is_no_text():
    words = ("generate", "cycle/model.safetensors", "--prompt", "ab", "--length", "6", "--temperature", "0")
    [told] = lines_of(*words)
    same([told["event"], told["prompt"], told["text"], told["tokens"], told["seed"], told["stop"]],
         ["result", "ab", "\ufffdab\ufffdab", 6, 1, "length"])
    out = subprocess.run([DESCENT, *words], capture_output=True, check=True).stdout
    same(out, b"ab\xe9ab\xe9ab\n")


def inspect_tells_of_models():
    [model] = lines_of("inspect", "sides/model.safetensors")
    same(model, {"event": "model", "layers": "linear", "loss": "cross_entropy", "shape": [2], "outputs": 2, "parameters": 6,
                 "vocabulary": 0, "segments": [{"name": "0.weight", "role": "head", "shape": [2, 2]},
                                               {"name": "0.bias", "role": "bias", "shape": [2]}]})
    text, _ = descent("inspect", "cycle/model.safetensors")
    find(r"^bytes      a b 0xE9$", text)


def inspect_tells_of_data():
    [data] = lines_of("inspect", "sides.csv")
    same(data, {"event": "data", "name": "sides.csv", "count": 40, "test_count": 0, "tokens": 0, "shape": [2], "target": "kind",
                "classes": {"left": 20, "right": 20}, "bytes": 480})
    pathlib.Path("wide.csv").write_text(",".join(f"f{i}" for i in range(50)) + ",y\n" + "".join(
        ",".join(str(i * k % 7) for i in range(50)) + f",{k}\n" for k in range(5)))
    text, _ = descent("inspect", "wide.csv")
    find(r"^\.\.\. and \d+ more$", text)
    pathlib.Path("blank.txt").write_text("a b\tc\n" * 20)
    text, _ = descent("inspect", "blank.txt")
    find(r"^vocabulary tab newline space a b c$", text)


def inspect_tells_of_recipes():
    [recipe] = lines_of("inspect", "mine.ini")
    same({key: value for key, value in recipe.items() if value is not None},
         {"event": "recipe", "data": "sides.csv", "model": "linear", "seed": "3"})
    text, _ = descent("inspect", "mine.ini")
    same(text.splitlines()[0], "data         sides.csv")
    find(r"^loss         - \(open\)$", text)
    find(r"^schedule     cosine \(default\)$", text)


def check_is_read_by_programs():
    words = ("check", "digits", "--model", "linear 32, relu, linear", "--threads", "1", "--optimizer")
    [good] = lines_of(*words, "sgd lr=0.1")
    same([good["event"], good["recipe"]["optimizer"]], ["check", "sgd lr=0.1"])
    same([line["name"] for line in good["lines"]], ["data", "start", "gradient", "signals", "decay", "overfit", "lr", "repeat"])
    assert {line["verdict"] for line in good["lines"]} <= {"pass", "warn", "skip"}, good["lines"]
    same([layer["name"] for layer in good["layers"]], ["0 linear", "1 relu", "2 linear"])
    assert all(layer["grad_norm"] > 0 for layer in good["layers"] if layer["grad_norm"] is not None)
    same([s["name"] for s in good["segments"]], ["0.weight", "0.bias", "2.weight", "2.bias"])
    [bad] = lines_of(*words, "sgd lr=90", status=1)
    same(bad["verdict"], "fail")
    assert any(line["verdict"] == "fail" and line["name"] == "lr" and line["flags"] for line in bad["lines"])


def compare_over_several_sets():
    words = ("compare", "sides.csv ; iris", "--optimizers", "sgd; adam", "--seeds", "2", "--epochs", "30", "--model", "linear",
             "--tune", "3", "--target", "0.6", "--threads", "1")
    [told] = lines_of(*words)
    same([s["data"] for s in told["sets"]], ["sides.csv", "iris"])
    for s in told["sets"]:
        same([c["name"] for c in s["contenders"]], ["sgd", "adam"])
        for c in s["contenders"]:
            same(len(c["sensitivity"]), 3)
            assert c["lr"] in [trial["lr"] for trial in c["sensitivity"]]
            assert c["reached"] == sum(run["target_steps"] is not None for run in c["runs"])
    profile = told["profile"]
    same([profile["cost"], profile["problems"]], ["epochs to the target", 4])
    for k, c in enumerate(profile["contenders"]):
        same(len(c["ratios"]), sum(s["contenders"][k]["reached"] for s in told["sets"]))
        assert c["ratios"] == sorted(c["ratios"]) and all(ratio >= 1 for ratio in c["ratios"])
    text, _ = descent(*words)
    find(r"^rank  contender   found lr ", text)
    find(r"^performance profile: on how many of 4 problems \(2 data sets x 2 seeds\) a\n"
         r"contender reaches the target within so many times the epochs of the fastest$", text)
    ever = [int(find(rf"^{name}( +\d+ %){{4}} +(\d+) %$", text)[2]) for name in ("sgd", "adam")]
    same(ever, [25 * len(c["ratios"]) for c in profile["contenders"]])


def compare_numbers_and_who_diverges():
    text, _ = descent("compare", "line.csv", "--optimizers", "sgd lr=0.01; sgd lr=1000", "--seeds", "2", "--epochs", "20",
                      "--model", "linear", "--threads", "1")
    find(rf"^1 +sgd lr=0\.01 .* {NUMBER} ", text)
    find(r"^2 +sgd lr=1000 .*  2 diverged$", text)


def train_is_read_by_programs():
    events = lines_of("train", "sides.csv", "--model", "linear", "--epochs", "2", "--no-save", "--memory")
    same([e["event"] for e in events], ["memory", "start", "epoch", "epoch", "result"])
    memory, start, first, last, result = events
    same(memory["all"], sum(n for name, n in memory.items() if name not in ("event", "all")))
    same([start["data"], start["parameters"], start["average"]], ["sides.csv", 6, None])
    same([first["step"], last["step"], first["test_rmse"]], [1, 2, None])
    same([result["steps"], result["epochs"], result["train_count"], result["test_count"], result["stop"]], [2, 2, 32, 8, "steps"])
    same([result["train_loss"], result["test_loss"]], [last["train_loss"], last["test_loss"]])
    same({"name", "severity", "confidence", "evidence", "cause", "remedy", "flags"}, set(result["findings"][0]))


def train_tells_of_text():
    events = lines_of("train", "cycle.bin text level=byte context=8", "--model", "embedding 4, linear", "--steps", "20", "--no-save")
    for event in events[1:]:
        near(event["test_perplexity"], math.exp(event["test_loss"]), 1e-9)
        near(event["test_bits_per_token"], event["test_loss"] / math.log(2), 1e-12)
        assert event["tokens_per_second"] > 0


def train_tells_of_averages_and_the_best_epoch():
    events = lines_of("train", "iris", "--optimizer", "ema (adam lr=0.05)", "--patience", "3", "--epochs", "200", "--no-save")
    same(events[0]["average"], "ema")
    losses = [e["test_loss"] for e in events if e["event"] == "epoch"]
    same([events[-1]["stop"], events[-1]["best_epoch"]], ["early", 1 + losses.index(min(losses))])
    same(events[-1]["test_loss"], min(losses))


def train_skips_and_says_so():
    words = ("train", "line.csv", "--model", "linear", "--optimizer", "sgd lr=1e6", "--epochs", "400", "--batch", "all", "--no-save")
    events = lines_of(*words, status=1)
    skips = [e for e in events if e["event"] == "skip"]
    assert skips and skips[0]["segment"] in (None, "0.weight", "0.bias")
    same([e["skipped"] for e in skips], list(range(1, len(skips) + 1)))
    same(events[-1]["stop"], "diverged")


def train_with_a_rate_that_is_looked_for():
    words = ("train", "sides.csv", "--model", "linear", "--optimizer", "adam lr=auto", "--epochs", "2", "--no-save")
    found, start, *_ = lines_of(*words)
    same([found["event"], found["optimizer"], start["optimizer"]], ["find-lr", start["optimizer"], f"adam lr={found['lr']:g}"])
    text, _ = descent(*words)
    find(rf"^found      lr=auto is lr={NUMBER} \({NUMBER} to {NUMBER} over 3 seeds\)$", text)


def train_confirms_a_finding():
    words = ("train", "diabetes", "--model", "linear 16, relu, linear", "--epochs", "10", "--optimizer", "sgd lr=0.6", "--seed",
             "2", "--confirm", "--no-save")
    result = lines_of(*words, status=1)[-1]
    [told] = [f for f in result["findings"] if "confirmation" in f]
    same(told["confirmed"], told["confirmation"]["gone"] or told["confirmed"])
    same(set(told["confirmation"]), {"measure", "before", "after", "gone", "part", "sentence"})


def a_run_is_drawn_with_its_times():
    for of in "seconds", "samples_per_second":
        text, _ = descent("plot", "sides", "--of", of, "--width", "60", "--height", "5")
        find(rf"^ +{of}( \(log scale\))?: {NUMBER} at the end, lowest ", text)


def on_a_terminal(columns, until, *words):
    """What is seen on a terminal of so many columns until a pattern is there; then the command is interrupted."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen([DESCENT, *words], stdout=theirs, stderr=theirs, stdin=subprocess.DEVNULL,
                               env={**os.environ, "TERM": "xterm", "LC_ALL": "C.UTF-8"})
    os.close(theirs)
    seen = b""
    try:
        while piece := os.read(ours, 4096):
            seen += piece
            if process and re.search(until, seen):
                process.send_signal(signal.SIGINT)
                until = rb"$."  # nothing is like it
    except OSError:  # the end of a terminal
        pass
    os.close(ours)
    process.wait(timeout=60)
    return seen.decode().replace("\r\n", "\n")


def a_bar_moves_on_a_terminal():
    for columns, width in (120, 24), (60, 8):
        seen = on_a_terminal(columns, rb"(\[[#.]+\].*){3}", "train", "digits", "--epochs", "1000000", "--no-save", "--model",
                             "linear 64, relu, linear")
        bars = re.findall(r"\repoch (\d+)/1000000 \[(#*)(\.*)\] loss ([^\r]*)", seen)
        assert len(bars) >= 3, seen
        same({len(done + rest) for _, done, rest, _ in bars}, {width})
        same([int(bar[0]) for bar in bars], sorted(int(bar[0]) for bar in bars))
        same({len(bar[3]) + len("epoch 1/1000000 [] loss ") + width + len(bar[0]) - 1 for bar in bars}, {columns - 1})
        if columns == 120:
            match(r"\S+  \S+ % right  lr \S+  \S+/s  \S+ left *", bars[0][3])


def main():
    tests = [value for value in globals().values() if callable(value) and getattr(value, "__module__", "") == "__main__"
             and "_" in value.__name__ and value.__name__ not in ("make_files", "lines_of", "on_a_terminal")]
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        make_files()
        for test in tests:
            try:
                test()
            except (AssertionError, KeyError, ValueError, IndexError, TypeError):
                failed += 1
                print(f"FAIL {test.__name__}")
                traceback.print_exc(limit=-1, file=sys.stdout)
        os.chdir("/")
    print(f"{len(tests) - failed} passed, {failed} failed")
    return 1 if failed or not tests else 0


sys.exit(main())
