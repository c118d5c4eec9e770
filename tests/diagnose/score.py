"""Counts what was found: a table with a line for each finding, and totals."""
import collections
import dataclasses
import math

WANTED_FIRST, WANTED_THREE, WANTED_HEALTHY, WANTED_ENDED = 0.90, 0.97, 0.97, 0.90
AMONG = 3
HALVES = "tune", "report"


@dataclasses.dataclass
class Tally:
    cases: int = 0
    first: int = 0
    three: int = 0

    def add(self, outcome):
        self.cases += 1
        self.first += outcome.rank() == 1
        self.three += 0 < outcome.rank() <= AMONG


@dataclasses.dataclass
class Row:
    halves: dict = dataclasses.field(default_factory=lambda: {half: Tally() for half in HALVES})
    instead: collections.Counter = dataclasses.field(default_factory=collections.Counter)
    tried: int = 0  # remedies
    ended: int = 0
    better: int = 0
    worse: int = 0


def error_bar(key, score, examples):
    """Standard error of a test score: binomial for a share, chi-square for a root of squares; 1 % of a loss."""
    if key == "test_accuracy":
        return math.sqrt(max(score * (1 - score), 0.25 / examples) / examples)
    return score / math.sqrt(2 * examples) if key == "test_rmse" else 0.01 * score


def compare(before, after):
    """1 when the score is better after the remedy by more than its error bar, -1 when it is worse, else 0."""
    for key, sign in ("test_accuracy", 1), ("test_rmse", -1), ("test_loss", -1):
        old, new = before.get(key), after.get(key)
        if old is None and new is None:
            continue
        if old is None or new is None:  # not a number: nothing is worse
            return 1 if old is None else -1
        gain = sign * (new - old)
        if abs(gain) > error_bar(key, min(old, new), before.get("test_count", 100)):
            return 1 if gain > 0 else -1
        return 0
    return 0


def ended(outcome):
    return outcome.case.finding not in [f["name"] for f in outcome.remedied["findings"]]


def count(outcomes):
    """{finding: Row} over all planted cases that could run; what has no result counts as missed."""
    rows = collections.defaultdict(Row)
    for outcome in outcomes:
        if not outcome.case.finding or outcome.skipped:
            continue
        row = rows[outcome.case.finding]
        row.halves[outcome.case.half].add(outcome)
        if outcome.rank() != 1:
            row.instead[(outcome.names() or ["nothing"])[0] if not outcome.error else "an error"] += 1
        if outcome.rank() and (outcome.remedied or outcome.remedy_error):
            row.tried += 1
        if outcome.rank() and outcome.remedied:
            row.ended += ended(outcome)
            row.better += compare(outcome.result, outcome.remedied) > 0
            row.worse += compare(outcome.result, outcome.remedied) < 0
    return dict(sorted(rows.items()))


def total(rows, half):
    """Sum of one half's tallies, or of both with half=None."""
    all_of_it = Tally()
    for row in rows.values():
        for name, tally in row.halves.items():
            if half in (None, name):
                all_of_it.cases += tally.cases
                all_of_it.first += tally.first
                all_of_it.three += tally.three
    return all_of_it


def share(part, whole):
    return f"{100 * part / whole:.1f} %" if whole else "-"


def percent(wanted):
    return f"{100 * wanted:.0f} %"


def cells_of(row, halves, show):
    """What stands in one line for the halves: first and among the first three."""
    return [show(part, row.halves[half].cases) for half in halves for part in (row.halves[half].first, row.halves[half].three)]


def table(rows, remedy):
    """Lines of cells: a header, one line for each finding, and what all of them sum up to."""
    every = Row(halves={half: total(rows, half) for half in HALVES})
    halves = [half for half in HALVES if every.halves[half].cases]
    titles = {"tune": "tuned: first", "report": "reported: first"}
    lines = [["finding"] + [cell for half in halves for cell in (titles[half], "top 3")] + ["first instead"]]
    lines[0] += ["remedy ends it", "better", "worse"] if remedy else []
    for name, row in rows.items():
        cells = [name] + cells_of(row, halves, lambda part, whole: f"{part}/{whole}")
        cells.append(", ".join(f"{other} {n}" if n > 1 else other for other, n in row.instead.most_common()))
        if remedy:
            cells += [f"{row.ended}/{row.tried}", str(row.better), str(row.worse)] if row.tried else ["no flag", "", ""]
        lines.append(cells)
    cells = ["all"] + cells_of(every, halves, share) + [""]
    if remedy:
        tried, gone, better, worse = (sum(getattr(row, field) for row in rows.values())
                                      for field in ("tried", "ended", "better", "worse"))
        cells += [share(gone, tried), str(better), str(worse)]
    return lines + [cells]


def text_table(lines):
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines]


def markdown_table(lines):
    rule = "|" + "---|" * len(lines[0])
    shown = ["| " + " | ".join(line) + " |" for line in lines]
    return [shown[0], rule] + shown[1:]


def healthy_counts(outcomes):
    """Healthy trainings that ran, and those of them that got a warning, a failure or no result."""
    ran = [o for o in outcomes if not o.case.finding and not o.skipped]
    return ran, [o for o in ran if o.alarms() or o.error]


def verdicts(rows, outcomes, remedy):
    """(sentence, reached) for each thing that is wanted and was looked at."""
    said = []
    for half in HALVES:
        tally = total(rows, half)
        if not tally.cases:
            continue
        for what, n, wanted in (("the first finding", tally.first, WANTED_FIRST),
                                ("among the first three", tally.three, WANTED_THREE)):
            said.append((f"{half}: the planted fault is {what} in {n} of {tally.cases} cases "
                         f"({share(n, tally.cases)}; wanted {percent(wanted)})", n >= wanted * tally.cases))
    ran, alarmed = healthy_counts(outcomes)
    if ran:
        well = len(ran) - len(alarmed)
        said.append((f"healthy: {well} of {len(ran)} trainings get no warning ({share(well, len(ran))}; wanted "
                     f"{percent(WANTED_HEALTHY)})", well >= WANTED_HEALTHY * len(ran)))
    tried, gone = sum(row.tried for row in rows.values()), sum(row.ended for row in rows.values())
    if remedy and tried:
        said.append((f"remedy: the flags of the first finding end the symptom in {gone} of {tried} cases "
                     f"({share(gone, tried)}; wanted {percent(WANTED_ENDED)})", gone >= WANTED_ENDED * tried))
    return said
