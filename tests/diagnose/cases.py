"""The cases: one training a line, with a fault planted (finding | data | flags) or without one (data | flags)."""
import dataclasses
import hashlib
import pathlib
import shlex

HERE = pathlib.Path(__file__).resolve().parent
ADDS_UP = {"--group"}  # flags that do not replace what was given before
PLANTED = "planted"  # the folder of cases that the program with wrong ops trains
BARE = {"--json", "--quiet", "--no-save", "--segments", "--memory", "--instruments", "--no-findings"}


class BadLine(Exception):
    """A line that is no case."""


@dataclasses.dataclass
class Case:
    finding: str  # "": healthy
    data: str
    flags: list
    place: str  # file:line
    half: str = "report"
    planted: bool = False  # trained by the program whose ops are wrong on purpose: planted/

    def seed(self):
        return next((value for flag, value in pairs(self.flags) if flag == "--seed"), "1")


def pairs(flags):
    """["--lr", "1", "--json"] -> [("--lr", "1"), ("--json", None)]."""
    found, words = [], list(flags)
    while words:
        flag, equals, value = words.pop(0).partition("=")
        if equals:
            found.append((flag, value))
        else:
            found.append((flag, None if flag in BARE or not words else words.pop(0)))
    return found


def merged(flags, more):
    """The flags with others given afterwards: a flag given again replaces the first, a group is added."""
    kept, added = pairs(flags), pairs(more)
    again = {flag for flag, _ in added} - ADDS_UP
    both = [(flag, value) for flag, value in kept if flag not in again] + added
    return [word for flag, value in both for word in (flag, value) if word is not None]


def read_line(line, place):
    """One line of a file of cases, or None where nothing stands there."""
    if not line.strip() or line.lstrip().startswith("#"):
        return None
    fields = [field.strip() for field in line.split("|")]
    if len(fields) > 3 or not all(fields[:-1]):
        raise BadLine(f"{place}: '{line.strip()}' is neither 'finding | data | flags' nor 'data | flags'")
    if len(fields) < 3:
        fields = [""] + fields + [""] * (2 - len(fields))
    try:
        return Case(fields[0], fields[1], shlex.split(fields[2]), place)
    except ValueError as error:
        raise BadLine(f"{place}: {error}") from error


def files_of(folder):
    return sorted(folder.glob("faults_*.txt")) + sorted(folder.glob("healthy*.txt"))


def read_cases(where):
    """All cases of a file, or of a folder's faults_*.txt and healthy*.txt, and of its folder planted/. Those that stand elsewhere are only
    reported on: nothing is tuned on them."""
    where = pathlib.Path(where).resolve()
    found = []
    for folder in (where, where / PLANTED) if where.is_dir() else (where.parent,):
        planted = folder.name == PLANTED
        for path in files_of(folder) if where.is_dir() else [where]:
            lines = path.read_text().splitlines()
            of_file = filter(None, (read_line(line, f"{path.name}:{i}") for i, line in enumerate(lines, 1)))
            found += [dataclasses.replace(case, planted=planted) for case in of_file]
    if where == HERE:
        choose_halves(found)
    return found


def drawn(case):
    """A number from 0 to 1 that depends on data and seed alone."""
    digest = hashlib.sha256(f"{case.data} {case.seed()}".encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32


def choose_halves(cases):
    """Thresholds are tuned on one half and reported on the other. Data and seed decide; where they leave a
    finding without a case in one half, that half gets the cases nearest to the border, up to a third."""
    by_name = {}
    for case in cases:
        case.half = "tune" if drawn(case) < 0.5 else "report"
        by_name.setdefault(case.finding, []).append(case)
    for group in by_name.values():
        halves = {case.half for case in group}
        if len(halves) == 1 and len(group) > 1:
            other = ({"tune", "report"} - halves).pop()
            group = sorted(group, key=lambda case: abs(drawn(case) - 0.5))
            for case in group[:max(1, len(group) // 3)]:
                case.half = other


def quick_part(cases):
    """The first case of every finding, and of the healthy ones every sixth; as one half, for they are few."""
    seen, healthy = {}, [case for case in cases if not case.finding]
    for case in cases:
        seen.setdefault(case.finding, case)
    seen.pop("", None)
    return [dataclasses.replace(case, half="report") for case in list(seen.values()) + healthy[::6]]
