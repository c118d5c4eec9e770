"""The data of the cases: tables that descent carries along, generated ones, MNIST and a text, and what
generators of faults make of them.

The data column of a case is a data string of descent, or begins with "@":

    @table base=digits                    the plain table as a CSV file; nothing but what `base` says
    @table base=blobs:n=500:classes=4     options of a base stand behind it, divided by ":"
    @NAME base=iris key=value             what the function NAME of a data_*.py makes of the table
    @mnist n=2000                         a folder with the first pictures of MNIST, as IDX files
    @tinyshakespeare characters=100000    the beginning of a text

Words that the CSV reader takes (task=classification, target=...) go on to it. A recipe may stand before
the data: recipes/mnist-mlp.ini @mnist n=2000. Everything is a function of its words alone."""
import csv
import gzip
import hashlib
import importlib.util
import math
import os
import pathlib
import random
import struct
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILT_IN = ROOT / "src" / "data" / "builtin"
SHARED = pathlib.Path(os.environ.get("DESCENT_SHARED", ROOT.parent / "shared")) / "data"
READER_OPTIONS = {"task", "target", "header", "separator"}


class Skipped(Exception):
    """What the case needs is not on this machine."""


class Wrong(Exception):
    """The words of the data column make no sense."""


def number(text):
    """12 -> 12, 0.5 -> 0.5; other words stay as they are."""
    for kind in int, float:
        try:
            return kind(text)
        except ValueError:
            pass
    return text


# --- base tables: lists of rows, the header first, the target last -------------------------------------


def built_in(name, n=None):
    """A table that the program carries along; n: so many rows of it, evenly spaced."""
    with open(BUILT_IN / f"{name}.csv", newline="") as file:
        header, *rows = csv.reader(file)
    rows = [[number(cell) for cell in row] for row in rows]
    if n is not None and n < len(rows):
        rows = [rows[i * len(rows) // n] for i in range(n)]
    return [header] + rows


def points(draw, n, noise, seed):
    """A table of n points of the plane from draw(random, i), which gives x, y and a class."""
    chance, rows = random.Random(seed), []
    for i in range(n):
        x, y, kind = draw(chance, i)
        rows.append([round(x + chance.gauss(0, noise), 6), round(y + chance.gauss(0, noise), 6), "abcdefghij"[kind]])
    return [["x", "y", "class"]] + rows


def blobs(n=600, noise=0.2, classes=3, seed=0):
    """Round clouds on a circle."""
    turn = 2 * math.pi / classes
    return points(lambda chance, i: (math.cos(turn * (i % classes)), math.sin(turn * (i % classes)), i % classes),
                  n, noise, seed)


def circles(n=600, noise=0.05, seed=0):
    """A disc inside a ring."""
    def draw(chance, i):
        angle, u = chance.uniform(0, 2 * math.pi), chance.random()
        r = 0.75 + 0.25 * u if i % 2 else 0.5 * math.sqrt(u)
        return r * math.cos(angle), r * math.sin(angle), i % 2
    return points(draw, n, noise, seed)


def spiral(n=600, noise=0.02, classes=2, seed=0):
    """Arms that no straight line parts."""
    def draw(chance, i):
        r = 0.1 + 0.9 * chance.random()
        angle = 2 * math.pi * (r + (i % classes) / classes)
        return r * math.cos(angle), r * math.sin(angle), i % classes
    return points(draw, n, noise, seed)


def xor(n=600, noise=0.05, seed=0):
    """Four quadrants, opposite ones alike."""
    def draw(chance, i):
        x, y = chance.uniform(-1, 1), chance.uniform(-1, 1)
        return x, y, int((x > 0) != (y > 0))
    return points(draw, n, noise, seed)


def line(n=400, noise=0.1, slope=2, offset=1, seed=0):
    """A straight line with noise."""
    chance = random.Random(seed)
    x = [chance.uniform(-1, 1) for _ in range(n)]
    return [["x", "y"]] + [[round(at, 6), round(offset + slope * at + chance.gauss(0, noise), 6)] for at in x]


def friedman(n=800, noise=0.5, seed=0):
    """Friedman 1991, MARS, problem 1: five of ten features matter, and not in a straight line."""
    chance, rows = random.Random(seed), []
    for _ in range(n):
        x = [chance.random() for _ in range(10)]
        y = 10 * math.sin(math.pi * x[0] * x[1]) + 20 * (x[2] - 0.5) ** 2 + 10 * x[3] + 5 * x[4]
        rows.append([round(value, 6) for value in x] + [round(y + chance.gauss(0, noise), 6)])
    return [[f"x{i}" for i in range(10)] + ["y"]] + rows


def mnist_part(part, n):
    """The first n pictures of a part of MNIST, rows of 784 bytes, and their labels."""
    folder = SHARED / "mnist"
    if not folder.is_dir():
        raise Skipped("MNIST is not there")
    with gzip.open(folder / f"{part}-images-idx3-ubyte.gz") as images, gzip.open(folder / f"{part}-labels-idx1-ubyte.gz") as labels:
        images.read(16)
        labels.read(8)
        pixels = images.read(784 * n)
        return [pixels[784 * i:784 * (i + 1)] for i in range(n)], labels.read(n)


def mnist_table(n=2000):
    images, labels = mnist_part("train", n)
    return [[f"p{i}" for i in range(784)] + ["label"]] + [list(row) + [label] for row, label in zip(images, labels)]


TABLES = {"digits": lambda **o: built_in("digits", **o), "iris": lambda **o: built_in("iris", **o),
          "diabetes": lambda **o: built_in("diabetes", **o), "blobs": blobs, "circles": circles, "spiral": spiral,
          "xor": xor, "line": line, "friedman": friedman, "mnist": mnist_table}


def base_table(text):
    """blobs:n=500:classes=4 -> its rows."""
    name, *words = str(text).split(":")
    if name not in TABLES:
        raise Wrong(f"there is no base '{name}'; there are {', '.join(TABLES)}")
    return TABLES[name](**options_of(words))


def options_of(words):
    """["n=500"] -> {"n": 500}."""
    if any("=" not in word for word in words):
        raise Wrong(f"'{' '.join(words)}': options are key=value")
    return {key: number(value) for key, value in (word.split("=", 1) for word in words)}


# --- what is no table ------------------------------------------------------------------------------------


def write_mnist(folder, n=2000, test=500):
    """IDX files of the first n pictures of the training part and `test` of the other."""
    folder.mkdir(exist_ok=True)
    for part, count in ("train", n), ("t10k", test):
        images, labels = mnist_part(part, count)
        (folder / f"{part}-images-idx3-ubyte").write_bytes(struct.pack(">4I", 2051, count, 28, 28) + b"".join(images))
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(struct.pack(">2I", 2049, count) + labels)


def write_text(path, characters=100000):
    source = SHARED / "text" / "tinyshakespeare.txt"
    if not source.is_file():
        raise Skipped("the text is not there")
    path.write_text(source.read_text()[:characters])


# --- words to files ------------------------------------------------------------------------------------------


def generators_of(folder):
    """{name: function} of the folder's data_*.py. Raises Wrong where a name stands for two functions."""
    found = {}
    sys.path.insert(0, str(folder))  # for what one file takes from another
    for path in sorted(folder.glob("data_*.py")):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for name, thing in vars(module).items():
            if callable(thing) and not name.startswith("_") and getattr(thing, "__module__", "") == path.stem:
                if name in found or name in ("table", "mnist", "tinyshakespeare"):
                    raise Wrong(f"{path.name}: there is another generator '{name}'")
                found[name] = thing
    return found


class Maker:
    """Makes the files that data columns ask for, each once, in a folder that the caller removes."""

    def __init__(self, folder, generator_folders=()):
        self.folder, self.made, self.generators = pathlib.Path(folder), {}, {}
        for place in dict.fromkeys([pathlib.Path(__file__).resolve().parent, *map(pathlib.Path, generator_folders)]):
            self.generators |= generators_of(place)

    def words(self, data):
        """The words of the command for a data column: [recipe], data. Raises Skipped or Wrong."""
        words = data.split()
        recipe = [words.pop(0)] if words and words[0].endswith(".ini") else []
        if words and words[0].startswith("@"):
            return recipe + [self.make(words)]
        return recipe + ([" ".join(words)] if words else [])

    def make(self, words):
        key = " ".join(words)
        if key not in self.made:
            stem = f"{words[0][1:]}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"
            self.made[key] = self.write(words[0][1:].replace("-", "_"), words[1:], self.folder / stem)
        return self.made[key]

    def write(self, name, words, path):
        try:
            if name == "mnist":
                write_mnist(path, **options_of(words))
                return str(path)
            if name == "tinyshakespeare":
                path = path.with_suffix(".txt")
                write_text(path, **options_of(words))
                return str(path)
            return self.write_table(name, words, path.with_suffix(".csv"))
        except TypeError as error:
            raise Wrong(f"@{name} {' '.join(words)}: {error}") from error

    def write_table(self, name, words, path):
        options = options_of(words)
        reader = {key: options.pop(key) for key in list(options) if key in READER_OPTIONS}
        rows = base_table(options.pop("base", "digits"))
        if name != "table":
            if name not in self.generators:
                raise Wrong(f"there is no generator '{name}'; there are {', '.join(['table', *self.generators])}")
            rows = self.generators[name](rows, **options)
        elif options:
            raise Wrong(f"@table takes only base and what the CSV reader takes, not {', '.join(options)}")
        with open(path, "w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
        return " ".join([str(path)] + [f"{key}={value}" for key, value in reader.items()])
