#!/usr/bin/env python3
"""Tests of the benchmark itself: what it reads, counts and says, with a command that finds what it is told to.

    test_run.py [DESCENT]        with the real command, --no-findings is tested too"""
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

import cases  # noqa: E402
import make_data  # noqa: E402
import run  # noqa: E402
import score  # noqa: E402
import trainings  # noqa: E402

REAL = pathlib.Path(sys.argv.pop(1)).resolve() if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else None

# Stands for descent: --find "a b" names what it finds; what it finds proposes --find "".
FAKE = """#!/usr/bin/env python3
import json, sys
words = sys.argv[1:]
wanted = words[words.index("--find") + 1] if "--find" in words else ""
if "broken" in words:
    sys.exit("descent: this cannot be read")
found = [{"name": n, "severity": "note" if n == "small" else "warning", "flags": "--find ''"} for n in wanted.split()]
print(json.dumps({"event": "result", "seconds": 0.1, "test_accuracy": 0.5 if found else 0.9, "findings": found}))
sys.exit(1 if "diverged" in wanted else 0)
"""


def outcome(planted, found, half="tune", remedied=None):
    """As if a training had been run."""
    findings = [{"name": name, "severity": "warning", "flags": ""} for name in found]
    made = trainings.Outcome(cases.Case(planted, "iris", [], "x:1", half), result={"findings": findings, "test_accuracy": 0.5})
    made.remedied = remedied
    return made


class Lines(unittest.TestCase):
    def test_a_fault_and_a_healthy_one(self):
        case = cases.read_line('diverged | iris | --optimizer "sgd lr=9" --seed 4', "f:1")
        self.assertEqual((case.finding, case.data, case.flags, case.seed()),
                         ("diverged", "iris", ["--optimizer", "sgd lr=9", "--seed", "4"], "4"))
        for line in "iris | --epochs 2", "iris |", "iris":
            self.assertEqual(cases.read_line(line, "f:1").finding, "")
        self.assertIsNone(cases.read_line("  # not this", "f:1"))

    def test_all_that_is_there_can_be_read(self):
        for where in HERE, HERE / "unseen":
            self.assertTrue(cases.read_cases(where))
        self.assertEqual({case.half for case in cases.read_cases(HERE / "unseen")}, {"report"})

    def test_the_quick_part_has_every_finding_once(self):
        lines = "a | iris |", "b | iris |", "a | xor |", *["iris |"] * 7
        part = cases.quick_part([cases.read_line(line, "f:1") for line in lines])
        self.assertEqual([(case.finding, case.data) for case in part], [("a", "iris"), ("b", "iris"), ("", "iris"), ("", "iris")])
        self.assertEqual({case.half for case in part}, {"report"})

    def test_what_is_no_case(self):
        for line, message in (("a | b | c | d", "f:1: 'a | b | c | d' is neither 'finding | data | flags' nor 'data | flags'"),
                              ("| iris | --epochs 1", "f:1: '| iris | --epochs 1' is neither 'finding | data | flags' nor 'data | flags'"),
                              ('iris | --model "x', "f:1: No closing quotation")):
            with self.assertRaises(cases.BadLine) as caught:
                cases.read_line(line, "f:1")
            self.assertEqual(str(caught.exception), message)

    def test_a_later_flag_replaces_and_a_group_is_added(self):
        flags = ["--batch", "8", "--group", "role=bias frozen", "--segments", "--seed=2"]
        self.assertEqual(cases.merged(flags, ["--batch=16", "--group", "0.* lr=2x"]),
                         ["--group", "role=bias frozen", "--segments", "--seed", "2", "--batch", "16", "--group", "0.* lr=2x"])

    def test_data_of_a_remedy_replace_the_data(self):
        self.assertEqual(trainings.with_remedy(["a.ini", "b.csv"], ["--seed", "1"], ["--data", "c.csv", "--seed", "2"]),
                         (["a.ini", "c.csv"], ["--seed", "2"]))

    def test_both_halves_have_every_finding(self):
        for case in (everything := cases.read_cases(HERE)):
            others = {other.half for other in everything if other.finding == case.finding}
            self.assertEqual(others, {"tune", "report"}, f"all cases of {case.finding or 'healthy'} are in one half")

    def test_healthy_trainings_are_as_many_as_are_wanted(self):
        self.assertGreaterEqual(sum(not case.finding for case in cases.read_cases(HERE)), 60)

    def test_halves_depend_on_data_and_seed_alone(self):
        for seed in range(20):
            one, other = (cases.Case("", "digits", [*more, "--seed", str(seed)], "x") for more in (["--batch", "8"], []))
            self.assertEqual(cases.drawn(one), cases.drawn(other))


class Data(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.place = pathlib.Path(self.folder.name)
        (self.place / "data_own.py").write_text("def doubled(rows, column=0, times=2):\n"
                                                "    return rows[:1] + [[r[column] * times] + r[1:] for r in rows[1:]]\n")
        self.maker = make_data.Maker(self.place, [self.place])

    def test_a_plain_table_is_the_built_in_one(self):
        words = self.maker.words("@table base=iris task=classification")
        self.assertEqual(len(words), 1)
        path, option = words[0].split()
        self.assertEqual(option, "task=classification")
        self.assertEqual([float(line.split(",")[0]) for line in pathlib.Path(path).read_text().splitlines()[1:]],
                         [float(line.split(",")[0]) for line in (make_data.BUILT_IN / "iris.csv").read_text().splitlines()[1:]])

    def test_a_generator_changes_it_and_a_file_is_made_once(self):
        words = self.maker.words("recipes/iris.ini @doubled base=line:n=5 times=10")
        self.assertEqual(words[0], "recipes/iris.ini")
        text = pathlib.Path(words[1]).read_text()
        plain = pathlib.Path(self.maker.words("@table base=line:n=5")[0]).read_text()
        self.assertEqual(len(text.splitlines()), 6)
        self.assertAlmostEqual(float(text.splitlines()[1].split(",")[0]), 10 * float(plain.splitlines()[1].split(",")[0]), places=4)
        self.assertEqual(self.maker.words("recipes/iris.ini @doubled base=line:n=5 times=10"), words)

    def test_what_is_no_at_word_stays(self):
        self.assertEqual(self.maker.words("spiral noise=0.1"), ["spiral noise=0.1"])
        self.assertEqual(self.maker.words("recipes/iris.ini"), ["recipes/iris.ini"])

    def test_tables_are_functions_of_their_words(self):
        for name, make in make_data.TABLES.items():
            if name == "mnist":
                continue
            rows = make(n=30)
            self.assertEqual(rows, make(n=30), name)
            self.assertEqual(len(rows), 31, name)
            self.assertEqual({len(row) for row in rows}, {len(rows[0])}, name)

    def test_two_generators_of_one_name(self):
        (self.place / "data_zebra.py").write_text("def doubled(rows):\n    return rows\n")
        with self.assertRaises(make_data.Wrong) as caught:
            make_data.Maker(self.place, [self.place])
        self.assertEqual(str(caught.exception), "data_zebra.py: there is another generator 'doubled'")

    def test_wrong_words(self):
        for data, message in (("@table base=irsi", "there is no base 'irsi'; there are "),
                              ("@nobody base=iris", "there is no generator 'nobody'; there are table, "),
                              ("@table base=iris times=2", "@table takes only base and what the CSV reader takes, not times"),
                              ("@table iris", "'iris': options are key=value"),
                              ("@doubled base=iris by=2", "@doubled base=iris by=2: doubled() got an unexpected keyword")):
            with self.assertRaises(make_data.Wrong) as caught:
                self.maker.words(data)
            self.assertTrue(str(caught.exception).startswith(message), caught.exception)


class Scores(unittest.TestCase):
    def test_ranks_and_confusions(self):
        rows = score.count([outcome("a", ["a", "b"]), outcome("a", ["b", "c", "a"]), outcome("a", [], "report"),
                            outcome("a", ["b", "c", "d", "a"], "report"), outcome("", ["a"])])
        self.assertEqual(list(rows), ["a"])
        self.assertEqual(rows["a"].halves["tune"], score.Tally(cases=2, first=1, three=2))
        self.assertEqual(rows["a"].halves["report"], score.Tally(cases=2, first=0, three=0))
        self.assertEqual(rows["a"].instead, {"b": 2, "nothing": 1})
        self.assertEqual(score.total(rows, None), score.Tally(cases=4, first=1, three=2))

    def test_a_skipped_case_does_not_count_and_an_error_is_a_miss(self):
        skipped, broken = outcome("a", []), outcome("a", [])
        skipped.skipped, broken.error = "no data", "no result"
        rows = score.count([skipped, broken])
        self.assertEqual(rows["a"].halves["tune"].cases, 1)
        self.assertEqual(rows["a"].instead, {"an error": 1})

    def test_remedies(self):
        well = {"findings": [{"name": "b"}], "test_accuracy": 0.8}
        badly = {"findings": [{"name": "a"}], "test_accuracy": 0.4}
        rows = score.count([outcome("a", ["a"], remedied=well), outcome("a", ["a"], remedied=badly), outcome("a", ["a"])])
        rows["a"].tried += score.count([outcome("a", ["b"], remedied=well)])["a"].tried  # it was not there: nothing ends
        self.assertEqual((rows["a"].tried, rows["a"].ended, rows["a"].better, rows["a"].worse), (2, 1, 1, 1))

    def test_better_and_worse(self):
        self.assertEqual(score.compare({"test_rmse": 5.0, "test_count": 100}, {"test_rmse": 4.0}), 1)
        self.assertEqual(score.compare({"test_rmse": 5.0, "test_count": 100}, {"test_rmse": 4.9}), 0)
        self.assertEqual(score.compare({"test_accuracy": 0.9, "test_count": 100}, {"test_accuracy": 0.88}), 0)
        self.assertEqual(score.compare({"test_accuracy": 0.9, "test_count": 100}, {"test_accuracy": 0.8}), -1)
        self.assertEqual(score.compare({"test_accuracy": 0.5}, {"test_accuracy": 0.5}), 0)
        self.assertEqual(score.compare({"test_loss": 1.0, "test_accuracy": None}, {"test_loss": None}), -1)

    def test_verdicts(self):
        outcomes = [outcome("a", ["a"]) for _ in range(9)] + [outcome("a", ["b", "a"]), outcome("", []), outcome("", ["b"])]
        said = score.verdicts(score.count(outcomes), outcomes, False)
        self.assertEqual([reached for _, reached in said], [True, True, False])
        self.assertEqual(said[0][0], "tune: the planted fault is the first finding in 9 of 10 cases (90.0 %; wanted 90 %)")
        self.assertEqual(said[2][0], "healthy: 1 of 2 trainings get no warning (50.0 %; wanted 97 %)")


class Whole(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.fake = self.folder / "fake"
        self.fake.write_text(FAKE)
        self.fake.chmod(0o755)

    def run_on(self, text, *options):
        (self.folder / "own.txt").write_text(text)
        done = subprocess.run([sys.executable, HERE / "run.py", self.fake, "--cases", self.folder / "own.txt", "--jobs", "2", *options],
                              capture_output=True, text=True)
        return done.returncode, done.stdout, done.stderr

    def test_all_found(self):
        page = self.folder / "page.md"
        mark = run.FROM.format("own")
        page.write_text(f"before\n{mark}\nold\n{run.TO}\nafter\n")
        status, out, _ = self.run_on('a | iris | --find "a small"\ndiverged | iris | --find diverged --seed 5\n'
                                     'iris | --find small\n', "--remedy", "--markdown", str(page))
        self.assertEqual(status, 0, out)
        self.assertIn("ok   healthy: 1 of 1 trainings get no warning (100.0 %; wanted 97 %)", out)
        self.assertIn("ok   remedy: the flags of the first finding end the symptom in 2 of 2 cases (100.0 %; wanted 90 %)", out)
        text = page.read_text()
        self.assertTrue(text.startswith(f"before\n{mark}\n\n| finding |") and text.endswith(f"{run.TO}\nafter\n"), text)
        self.assertNotIn("old", text)

    def test_a_page_without_marks(self):
        page = self.folder / "page.md"
        page.write_text("nothing\n")
        status, _, said = self.run_on("a | iris | --find a\n", "--markdown", str(page))
        self.assertEqual((status, said), (2, f"{page}: the marks are not there: {run.FROM.format('own')} and {run.TO}\n"))

    def test_missed(self):
        status, out, _ = self.run_on('a | iris | --find "b a"\niris | --find c\n', "--failures")
        self.assertEqual(status, 1, out)
        self.assertIn("found b, a\n  descent train iris --find 'b a' --no-save --threads 1", out)
        self.assertIn("healthy, but c: own.txt:2", out)

    def test_no_result(self):
        status, out, _ = self.run_on("a | broken | --epochs 1\n", "--failures")
        self.assertEqual(status, 2)
        self.assertIn("own.txt:1  a: descent: this cannot be read", out)
        self.assertEqual(self.run_on("a | b | c | d\n")[0], 2)
        self.assertEqual(self.run_on("# nothing\n"), (2, "", "there is no such case\n"))

    def test_names_choose(self):
        status, out, _ = self.run_on("a | iris | --find a\nb | iris | --find a\n", "--names", "a")
        self.assertEqual(status, 0, out)
        self.assertEqual(self.run_on("a | iris |\n", "--names", "z")[2], "there is no case of z\n")


@unittest.skipUnless(REAL, "the command is not given")
class Real(unittest.TestCase):
    def test_no_findings_changes_nothing_but_the_findings(self):
        flags = ["--optimizer", "sgd lr=1000000", "--epochs", "3"]
        with_them, without = (trainings.train(REAL, ["iris"], flags + more) for more in ([], ["--no-findings"]))
        self.assertTrue(with_them["findings"])
        self.assertEqual(without["findings"], [])
        for key in "steps", "train_loss", "test_loss", "test_accuracy", "stop":
            self.assertEqual(with_them[key], without[key], key)


if __name__ == "__main__":
    unittest.main()
