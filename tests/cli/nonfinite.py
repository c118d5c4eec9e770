#!/usr/bin/env python3
"""No training ends in a silent NaN: nonfinite.py DESCENT [--all] [--only WORD].

Every loss, kinds of layers, optimizers, schedules and data are driven to overflow. Then either the run says that it diverged
(exit status 1, a sentence and a finding that name something), or everything it leaves is finite: weights, losses, what the
saved model predicts. What predict, evaluate and generate say of inputs that overflow is looked at as well. --all takes every
optimizer, which needs a minute; otherwise one of each family. Ends with "N passed, N failed"."""
import argparse
import array
import json
import math
import pathlib
import random
import re
import struct
import subprocess
import sys
import tempfile

from checks import check, end

DESCENT = ""
FAMILIES = ["sgd", "sophia_g", "adam", "adagrad", "lion", "rprop", "muon", "lbfgs", "sam", "ema", "schedule_free_adamw", "prodigy", "adafactor"]
AROUND = {"lookahead", "sam", "ema", "swa"}


def descent(folder, *words):
    return subprocess.run([DESCENT, *words], cwd=folder, capture_output=True, text=True, timeout=120)


def odd_weights(path):
    """The tensors of a safetensors file that hold something not finite."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    odd = []
    for name, entry in json.loads(data[8:8 + length]).items():
        if name == "__metadata__" or entry["dtype"] not in ("F32", "F64"):
            continue
        begin, end = entry["data_offsets"]
        numbers = array.array("f" if entry["dtype"] == "F32" else "d", data[8 + length + begin:8 + length + end])
        if not all(map(math.isfinite, numbers)):
            odd.append(name)
    return odd


def names_something(result):
    """The sentence says what gave up, and a failure among the findings says where."""
    told = [f for f in result["findings"] if f["severity"] == "failure"]
    blames = re.search(r"'[^']+'|loss is not finite|test loss|schedule|weights", result["sentence"])
    return result["sentence"].startswith("diverged") and blames and told and all(f["evidence"] for f in told)


def trained(what, folder, data, *words, refusal=None):
    """Trains, and looks at all that comes of it. Where a refusal is given, the words of one will do as well."""
    run = folder / "run"
    for path in sorted(run.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    done = descent(folder, "train", data, *words, "--out", "run", "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    result = next((line for line in reversed(lines) if line.get("event") == "result"), None)
    if done.returncode == 2:
        said = done.stderr.strip().splitlines()[-1]
        check(what, refusal and said.startswith("descent: ") and re.search(refusal, said), done.stderr)
        return
    if done.returncode not in (0, 1) or not result:
        check(what, False, f"status {done.returncode}, {done.stderr}")
        return
    odd = odd_weights(run / "model.safetensors")
    if done.returncode == 1:
        check(what, names_something(result), f"{result['sentence']}, findings {[f['name'] for f in result['findings']]}")
    else:
        check(f"{what}: weights", not odd, f"not finite: {odd}; {result['sentence']}")
        losses = {key: result[key] for key in ("train_loss", "test_loss")}
        check(f"{what}: losses", all(isinstance(x, (int, float)) for x in losses.values()), f"{losses}; {result['sentence']}")
    if data.endswith(".txt"):
        return
    said = descent(folder, "predict", "run/model.safetensors", data, "--json")
    silent = said.returncode == 0 and ("null" in said.stdout or "nan" in said.stdout or "inf" in said.stdout)
    check(f"{what}: predictions", not silent and (not odd or said.returncode == 2), said.stdout[:200])


def write_csv(path, header, rows):
    path.write_text("\n".join([header, *(",".join(f"{x:.9g}" if isinstance(x, float) else str(x) for x in row) for row in rows)]) + "\n")


def make_data(folder):
    dice = random.Random(1)
    points = [(dice.gauss(0, 1), dice.gauss(0, 1)) for _ in range(80)]
    write_csv(folder / "numbers.csv", "a,b,y", [(a, b, a - b) for a, b in points])
    write_csv(folder / "unit.csv", "a,b,y", [(a, b, 1 / (1 + math.exp(b - a))) for a, b in points])
    write_csv(folder / "signs.csv", "a,b,y", [(a, b, float(a > b) * 1.9 - 0.95) for a, b in points])
    write_csv(folder / "counts.csv", "a,b,y", [(a, b, round(math.exp(a)) + 0.5) for a, b in points])
    write_csv(folder / "classes.csv", "a,b,y", [(a, b, "up" if a > b else "down") for a, b in points])
    write_csv(folder / "huge_x.csv", "a,b,y", [(a * 1e38, b * 1e38, a - b) for a, b in points])
    write_csv(folder / "huge_one.csv", "a,b,y", [(3e38 if i == 40 else a, b, a - b) for i, (a, b) in enumerate(points)])
    write_csv(folder / "huge_y.csv", "a,b,y", [(a, b, (a - b) * 5e37) for a, b in points])
    write_csv(folder / "huge_classes.csv", "a,b,y", [(a * 1e38, b * 1e38, "up" if a > b else "down") for a, b in points])
    (folder / "prose.txt").write_text("a tale of words that come and go " * 60)


QUICK = ["--epochs", "4", "--batch", "16"]
NET = ["--model", "linear 8, relu, linear"]
SOFT = ["--model", "linear 8, relu, linear, log_softmax"]
LOSSES = [("cross_entropy", "classes.csv", NET), ("nll", "classes.csv", SOFT), ("multi_margin p=2", "classes.csv", NET),
          ("mse", "numbers.csv", NET), ("l1", "numbers.csv", NET), ("huber delta=1e9", "numbers.csv", NET),
          ("smooth_l1 beta=0", "numbers.csv", NET), ("log_cosh", "numbers.csv", NET), ("bce_with_logits", "unit.csv", NET),
          ("bce", "unit.csv", ["--model", "linear 8, relu, linear, sigmoid"]), ("hinge p=10", "signs.csv", NET),
          ("hinge_embedding", "signs.csv", NET), ("kl_div", "unit.csv", NET), ("poisson_nll", "counts.csv", NET),
          ("poisson_nll log_input=no", "counts.csv", NET)]


def of_losses(folder, args):
    for loss, data, model in LOSSES:
        for optimizer in ("sgd lr=1e6", "sgd lr=100", "adam lr=1e6"):
            trained(f"loss {loss}, {optimizer}", folder, data, *model, "--loss", loss, "--optimizer", optimizer, *QUICK)
    # the very last step is what breaks it: nothing comes behind that could be skipped
    for loss, data, model in LOSSES:
        trained(f"loss {loss}, one step", folder, data, *model, "--loss", loss, "--optimizer", "adam lr=1e6", "--steps", "1")


LAYERS = ["linear 8, batch_norm, silu, linear", "linear 8, layer_norm, gelu, linear", "linear 8, tanh, linear 8, softplus, linear",
          "linear 8, elu, group_norm 2, linear", "linear 16, reshape 4x4, attention 2, flatten, linear",
          "linear 16, reshape 4x4, lstm 4, flatten, linear", "linear 16, reshape 4x4, gru 4, flatten, linear",
          "linear 16, reshape 1x4x4, conv 2 3x3, avg_pool 2, flatten, linear", "linear 16, reshape 4x4, conv1d 3 2, flatten, linear",
          "linear 8, prelu, linear", "linear 8, residual (linear 8, softsign), linear", "linear 8, selu, dropout 0.5, linear"]


def of_layers(folder, args):
    for model in LAYERS:
        for optimizer in ("sgd lr=1e6", "adam lr=1e6"):
            trained(f"{model}, {optimizer}", folder, "numbers.csv", "--model", model, "--optimizer", optimizer, *QUICK)


def of_optimizers(folder, args):
    every = re.findall(r"^  (\w+) ", descent(folder, "list", "optimizers").stdout, re.M)
    check("there are optimizers", len(every) > 40)
    for name in every if args.all else FAMILIES:
        for lr in ("1e3", "1e6"):
            spec = f"{name} (sgd lr={lr})" if name in AROUND else f"{name} lr={lr}"
            batch = ["--batch", "all", "--epochs", "12"] if name in ("lbfgs", "cg") else QUICK
            data = "classes.csv" if name == "sophia_g" else "numbers.csv"  # it draws labels
            trained(spec, folder, data, *NET, "--optimizer", spec, *batch, refusal=r"\blr\b")  # some have none, or bound it


def of_data(folder, args):
    for data in ("huge_x.csv", "huge_one.csv", "huge_y.csv", "huge_classes.csv"):
        for more in ([], ["--standardize", "no"], ["--model", "linear"], ["--model", "linear", "--standardize", "no", "--batch", "1"]):
            trained(f"{data} {' '.join(more)}", folder, data, *more, "--epochs", "4")
    trained("bf16", folder, "huge_x.csv", "--precision", "bf16", "--standardize", "no", "--epochs", "3", refusal="AVX512_BF16|bf16")
    trained("bf16, lr", folder, "digits", "--precision", "bf16", "--optimizer", "sgd lr=1e6", "--epochs", "1", *NET, refusal="AVX512_BF16|bf16")


FORMULAS = ["1/(10-step)", "log(10-step)", "sqrt(10-step)", "1-step/10", "exp(step*10)", "0/0", "1/0", "-1", "0*exp(step*100)", "(step-10)^0.5",
            "10^(step*20)", "1e300*1e300*step"]


def of_schedules(folder, args):
    for formula in FORMULAS:
        for optimizer in ("sgd lr=0.01", "adam lr=0.01"):
            trained(f"schedule {formula}, {optimizer}", folder, "numbers.csv", *NET, "--optimizer", optimizer,
                    "--schedule", f'expression "{formula}"', *QUICK, refusal=r"the schedule 'expression' at step \d+: \w+: lr = |expression")


def of_saved_models(folder, args):
    """A sound model, and inputs that it overflows on."""
    for data, huge, more in (("numbers.csv", "huge_x.csv", ["--standardize", "no"]), ("classes.csv", "huge_classes.csv", ["--standardize", "no"])):
        trained(data, folder, data, *NET, *more, *QUICK, "--optimizer", "adam lr=0.1")
        for command, words in (("predict", []), ("predict", ["--json"]), ("evaluate", []), ("evaluate", ["--json"])):
            done = descent(folder, command, "run/model.safetensors", huge, *words)
            odd = re.search(r"\bnan\b|\binf\b|null|not finite", done.stdout)
            told = "not finite" in done.stderr and done.returncode == 1
            check(f"{command} {' '.join(words)} {huge} says so", odd and told and "-nan" not in done.stdout, f"status {done.returncode}: {done.stdout[-160:]}{done.stderr}")
    text = ["--context", "8", "--model", "embedding 8, linear 8, linear", "--steps", "3", "--batch", "4"]
    trained("prose", folder, "prose.txt", *text, "--optimizer", "sgd lr=1e6", "--loss", "cross_entropy")
    for words in ([], ["--json"], ["--temperature", "0"]):
        done = descent(folder, "generate", "run/model.safetensors", "--length", "40", *words)
        whole = done.returncode == 0 and len(done.stdout) > 40
        check(f"generate {' '.join(words)}", whole or done.returncode == 1 and "not finite" in done.stderr, f"{done.stdout}{done.stderr}")


TESTS = [of_losses, of_layers, of_optimizers, of_data, of_schedules, of_saved_models]


def main():
    global DESCENT
    parser = argparse.ArgumentParser()
    parser.add_argument("descent")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--only", default="of_")
    args = parser.parse_args()
    DESCENT = str(pathlib.Path(args.descent).resolve())
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        make_data(folder)
        for test in TESTS:
            if args.only in test.__name__:
                test(folder, args)
    end()


main()
