"""Runs the trainings of cases, several at a time, and reads what descent found."""
import concurrent.futures
import dataclasses
import json
import pathlib
import shlex
import subprocess

from cases import merged, pairs
from make_data import Skipped, Wrong

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LAST = ["--threads", "1", "--no-save", "--json", "--quiet"]
LIMIT = 300  # seconds; a case takes about 2


@dataclasses.dataclass
class Outcome:
    case: object
    words: list = dataclasses.field(default_factory=list)  # recipe and data
    skipped: str = ""  # why it was not run
    error: str = ""  # why it has no result
    result: dict = dataclasses.field(default_factory=dict)
    remedied: dict = None  # the result with the first finding's flags; None: not tried
    remedy_error: str = ""

    def names(self):
        return [finding["name"] for finding in self.result.get("findings", [])]

    def rank(self):
        """Where the planted finding stands, from 1; 0: nowhere."""
        return self.names().index(self.case.finding) + 1 if self.case.finding in self.names() else 0

    def alarms(self):
        """Warnings and failures: what a healthy training must not get."""
        return [f["name"] for f in self.result.get("findings", []) if f["severity"] != "note"]

    def command(self):
        return shlex.join(["descent_planted" if self.case.planted else "descent", "train", *self.words, *self.case.flags, "--no-save", "--threads", "1"])


def train(descent, words, flags):
    """The result object of one training; raises RuntimeError with what the command says."""
    command = [str(descent), "train", *words, *flags, *LAST]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=LIMIT)
    except subprocess.TimeoutExpired as error:
        raise RuntimeError(f"took more than {LIMIT} s") from error
    lines = done.stdout.strip().splitlines()
    if done.returncode not in (0, 1) or not lines:
        raise RuntimeError(done.stderr.strip() or f"exit status {done.returncode}")
    result = json.loads(lines[-1])
    if result.get("event") != "result":
        raise RuntimeError(f"the last line is no result: {lines[-1][:200]}")
    return result


def with_remedy(words, flags, remedy):
    """Words and flags of the same training after a finding's flags; --data replaces the data."""
    data = next((value for flag, value in pairs(remedy) if flag == "--data"), None)
    if data is not None:
        words = [word for word in words if word.endswith(".ini")] + [data]
        remedy = [word for flag, value in pairs(remedy) if flag != "--data" for word in (flag, value) if word is not None]
    return words, merged(flags, remedy)


def planted_program(descent):
    """The same command with ops whose backward is wrong, as the build leaves it beside the command."""
    return pathlib.Path(descent).resolve().parent / "tests/diagnose/planted/descent_planted"


def run_case(descent, outcome, remedy):
    descent = planted_program(descent) if outcome.case.planted else descent
    try:
        outcome.result = train(descent, outcome.words, outcome.case.flags)
    except (RuntimeError, json.JSONDecodeError) as error:
        outcome.error = str(error)
        return outcome
    first = outcome.result.get("findings", [])[:1]
    if remedy and outcome.case.finding and first and first[0]["flags"]:
        try:
            words, flags = with_remedy(outcome.words, outcome.case.flags, shlex.split(first[0]["flags"]))
            outcome.remedied = train(descent, words, flags)
        except (RuntimeError, ValueError) as error:
            outcome.remedy_error = str(error)
    return outcome


def run_all(descent, cases, maker, jobs, remedy, tell):
    """The outcomes in the order of the cases; tell(done, all) hears of every one that is done."""
    outcomes = []
    for case in cases:
        outcome = Outcome(case)
        try:
            if case.planted and not planted_program(descent).is_file():
                raise Skipped("descent_planted is not built")
            outcome.words = maker.words(case.data)
        except Skipped as why:
            outcome.skipped = str(why)
        except Wrong as why:
            outcome.error = str(why)
        outcomes.append(outcome)
    open_ones = [outcome for outcome in outcomes if not outcome.skipped and not outcome.error]
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        waiting = [pool.submit(run_case, descent, outcome, remedy) for outcome in open_ones]
        for done, future in enumerate(concurrent.futures.as_completed(waiting), 1):
            future.result()
            tell(done, len(waiting))
    return outcomes
