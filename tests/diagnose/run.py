#!/usr/bin/env python3
"""How good the diagnosis is: small trainings with one fault planted in each, and healthy ones.

    run.py DESCENT [options]

Reads faults_*.txt (finding | data | flags) and healthy.txt (data | flags) beside this file, or what --cases
names, trains each, and compares the findings with the fault that was planted. Exit status 0 when all that
is wanted is reached, 1 when not, 2 when a case cannot be read or run."""
import argparse
import os
import pathlib
import re
import sys
import tempfile

import cases as case_files
import cost
import make_data
import score
import trainings

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FROM, TO = "<!-- from here made by run.py --markdown, cases: {} -->", "<!-- to here -->"


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("descent", type=pathlib.Path, help="the command")
    parser.add_argument("--cases", type=pathlib.Path, default=HERE, metavar="PATH", help="another file or folder of cases")
    parser.add_argument("--half", choices=["tune", "report", "all"], default="all",
                        help="the half that thresholds are tuned on, or the one that counts")
    parser.add_argument("--names", default="", metavar="A,B", help="only cases of these findings; healthy: those without one")
    parser.add_argument("--quick", action="store_true", help="the first case of each finding, every sixth healthy one")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="trainings at a time")
    parser.add_argument("--remedy", action="store_true", help="train again with the first finding's flags")
    parser.add_argument("--failures", action="store_true", help="show the commands of the cases that were missed")
    parser.add_argument("--each", action="store_true", help="show what every case got")
    parser.add_argument("--keep", type=pathlib.Path, metavar="FOLDER", help="make the data there and leave them, so that "
                        "the commands shown can be copied")
    parser.add_argument("--markdown", type=pathlib.Path, metavar="FILE", help="write the table between the marks of FILE")
    parser.add_argument("--cost", type=int, nargs="?", const=9, metavar="RUNS", help="only measure what the diagnosis costs")
    return parser.parse_args()


def chosen(found, arguments):
    """The cases that the options leave."""
    names = set(filter(None, arguments.names.split(",")))
    unknown = names - {case.finding or "healthy" for case in found}
    if unknown:
        raise case_files.BadLine(f"there is no case of {', '.join(sorted(unknown))}")
    found = [case for case in found if not names or (case.finding or "healthy") in names]
    if arguments.half != "all":  # healthy ones are tuned on as well; both halves are looked at
        found = [case for case in found if case.half == arguments.half]
    return case_files.quick_part(found) if arguments.quick else found


def without_case():
    """Findings that the program has and that no case plants, with what covers them instead."""
    listed = re.search(r"findings = \[(.*?)\]", (ROOT / "src/finding/meson.build").read_text(), re.S)[1]
    names = {name.replace("_", "-") for name in re.findall(r"'(\w+)'", listed)}
    planted = {case.finding for case in case_files.read_cases(HERE)}
    tests = {path: path.read_text() for path in sorted((ROOT / "tests/unit").glob("*/*.c"))}
    for name in sorted(names - planted):
        yield name, next((path.relative_to(ROOT).as_posix() for path, text in tests.items() if "dsc_finding_" + name.replace("-", "_") in text), "")


def tell(done, every):
    if sys.stderr.isatty():
        print(f"\r{done} of {every} trainings", end="" if done < every else "\n", file=sys.stderr, flush=True)


def show_missed(outcomes):
    for outcome in outcomes:
        if outcome.skipped:
            continue
        wanted = outcome.case.finding
        got = ", ".join(outcome.names()) or "nothing"
        if outcome.error:
            print(f"\n{outcome.case.place}  {wanted or 'healthy'}: {outcome.error}\n  {outcome.command()}")
        elif (wanted and outcome.rank() != 1) or (not wanted and outcome.alarms()):
            print(f"\n{outcome.case.place}  {wanted or 'healthy'}, {outcome.case.half}: found {got}\n  {outcome.command()}")
        elif outcome.remedy_error:
            print(f"\n{outcome.case.place}  {wanted}: its remedy fails: {outcome.remedy_error}\n  {outcome.command()}")
        elif wanted and outcome.remedied and not score.ended(outcome):
            print(f"\n{outcome.case.place}  {wanted} is still there after {outcome.result['findings'][0]['flags']}\n"
                  f"  {outcome.command()}")


def result_line(result):
    """test accuracy or rmse, and losses, in a few words."""
    for key in "test_accuracy", "test_rmse", "test_loss":
        if result.get(key) is not None:
            return f"{key} {result[key]:.4g}, {result['seconds']:.2f} s"
    return f"no score, {result.get('seconds', 0):.2f} s"


def show_each(outcomes):
    for o in outcomes:
        what = f"skipped: {o.skipped}" if o.skipped else o.error or f"{result_line(o.result)}: {', '.join(o.names()) or 'nothing'}"
        if o.remedied:
            what += f"; then {result_line(o.remedied)}: {', '.join(f['name'] for f in o.remedied['findings']) or 'nothing'}"
        print(f"{o.case.place:<24} {o.case.finding or 'healthy'}  {what}")


def write_markdown(path, cases, lines):
    """Writes the lines between the marks; the first names the file or folder of the cases."""
    mark, text = FROM.format(cases.stem), path.read_text()
    before, found, rest = text.partition(mark)
    _, ended, after = rest.partition(TO)
    if not found or not ended:
        raise case_files.BadLine(f"{path}: the marks are not there: {mark} and {TO}")
    path.write_text("\n".join([before + mark, "", *lines, "", TO + after]))


def report(outcomes, arguments):
    """Prints all of it; the exit status."""
    rows = score.count(outcomes)
    lines = score.table(rows, arguments.remedy)
    said = score.verdicts(rows, outcomes, arguments.remedy)
    if arguments.each:
        show_each(outcomes)
    if rows:
        print(*score.text_table(lines), sep="\n")
    ran, alarmed = score.healthy_counts(outcomes)
    for outcome in alarmed:
        print(f"healthy, but {', '.join(outcome.alarms()) or outcome.error}: {outcome.case.place}  {outcome.command()}")
    if arguments.failures:
        show_missed(outcomes)
    uncovered = list(without_case()) if arguments.cases == HERE and not arguments.names else []
    notes = [f"{name}: no case plants it; {'covered by ' + where if where else 'nothing covers it'}" for name, where in uncovered]
    print(*notes, "", sep="\n")
    for sentence, reached in said:
        print(f"{'ok  ' if reached else 'MISS'} {sentence}")
    skipped = [outcome for outcome in outcomes if outcome.skipped]
    if skipped:
        print(f"skipped: {len(skipped)} cases: {', '.join(sorted({o.skipped for o in skipped}))}")
    if arguments.markdown:
        sentences = [f"* {sentence}" for sentence in [sentence for sentence, _ in said] + notes]
        write_markdown(arguments.markdown, arguments.cases, (score.markdown_table(lines) + [""] if rows else []) + sentences)
    if any(outcome.error for outcome in outcomes):
        print(f"errors: {sum(bool(o.error) for o in outcomes)} cases gave no result; --failures shows them")
        return 2
    return 0 if said and all(reached for _, reached in said) and all(where for _, where in uncovered) else 1


def measure(arguments, folder):
    """Runs what the arguments ask for, with data in the folder; the exit status."""
    place, descent = arguments.cases.resolve(), arguments.descent.resolve()
    try:
        maker = make_data.Maker(folder, [place if place.is_dir() else place.parent])
        if arguments.cost:
            rows, more = cost.measure(descent, maker, arguments.cost)
            if arguments.markdown:
                write_markdown(arguments.markdown, pathlib.Path("cost"), cost.markdown(rows, more, arguments.cost))
            return 0 if more < cost.WANTED else 1
        found = chosen(case_files.read_cases(place), arguments)
        if not found:
            raise case_files.BadLine("there is no such case")
        return report(trainings.run_all(descent, found, maker, arguments.jobs, arguments.remedy, tell), arguments)
    except (case_files.BadLine, make_data.Wrong, OSError) as error:
        print(error, file=sys.stderr)
        return 2


def main():
    arguments = read_arguments()
    if arguments.keep:
        arguments.keep.mkdir(parents=True, exist_ok=True)
        return measure(arguments, arguments.keep.resolve())
    with tempfile.TemporaryDirectory() as folder:
        return measure(arguments, folder)


if __name__ == "__main__":
    sys.exit(main())
