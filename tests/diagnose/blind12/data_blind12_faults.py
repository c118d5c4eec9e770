# Written from what a fault is, without a look at what findings measure; thresholds are not chosen by them.
"""What is wrong with the data of the twelfth blind cases: each takes the base, or with of= a table of data_blind12
(base=digits of=ink: the one that is made of the base)."""
import math
import random

import data_blind12 as own


def _read(rows, of, n, make, **more):
    """Header and rows of the base, or of a table of data_blind12 made from seed `make`."""
    if not of:
        return rows[0], [list(row) for row in rows[1:]]
    if of == "ink":
        header, *rest = own.ink(rows)
        return header, rest
    header, *rest = getattr(own, of)(None, n=n, seed=make, **{key: value for key, value in more.items() if value})
    return header, rest


def filed(rows, of="", n=2000, make=1, turn=0):
    """The rows as a drawer holds them: by their answers. turn=1: mixed, as they should be."""
    header, rest = _read(rows, of, n, make)
    rest.sort(key=lambda row: row[-1])
    if turn:
        random.Random(331000).shuffle(rest)
    return [header] + rest


def moved(rows, of="", n=2000, make=1, by=1):
    """The column of answers moved by some rows against the others; rows were mixed before."""
    header, rest = _read(rows, of, n, make)
    random.Random(332000).shuffle(rest)
    answers = [row[-1] for row in rest]
    return [header] + [row[:-1] + [answers[(i + by) % len(rest)]] for i, row in enumerate(rest)]


def upended(rows, of="", n=2000, make=1, share=1.0):
    """In the first `share` of the table the column of answers was pasted from the last row to the first."""
    header, rest = _read(rows, of, n, make)
    random.Random(333000).shuffle(rest)
    answers, end = [row[-1] for row in rest], round(share * len(rest))
    answers[:end] = answers[:end][::-1]
    return [header] + [row[:-1] + [answer] for row, answer in zip(rest, answers)]


def misread(rows, of="", n=2000, make=1, share=0.25, seed=1):
    """A share of the answers is wrong: another class, or the number of another row."""
    header, rest = _read(rows, of, n, make)
    chance, column = random.Random(334000 + seed), [row[-1] for row in rest]
    kinds = sorted(set(column))
    for row in rest:
        if chance.random() < share:
            row[-1] = chance.choice(column) if len(kinds) > 20 else chance.choice([k for k in kinds if k != row[-1]])
    return [header] + rest


def again(rows, of="", n=400, make=1, times=4, few=0, noise=0.0, seed=1):
    """Every row several times, anywhere; few: only so many rows of the base, mixed before."""
    header, rest = _read(rows, of, n, make, noise=noise)
    chance = random.Random(335000 + seed)
    chance.shuffle(rest)
    made = [list(row) for row in rest[:few or len(rest)] for _ in range(times)]
    chance.shuffle(made)
    return [header] + made


def given_away(rows, of="", n=2000, make=1, blur=0.1, says=1, seed=1, noise=0.0):
    """A first column that is written after the answer is known. says=0: the same column without it."""
    header, rest = _read(rows, of, n, make, noise=noise)
    chance, kinds = random.Random(336000 + seed), sorted({row[-1] for row in rest})
    values = [kinds.index(row[-1]) if isinstance(row[-1], str) else row[-1] for row in rest]
    extra = [round(says * v + chance.gauss(0, blur if says else 1), 5) for v in values]
    return [["stamp"] + header] + [[e] + row for e, row in zip(extra, rest)]


def thinned(rows, of="", n=4000, make=1, kinds="a", keep=0.03, seed=1, noise=0.0):
    """Of some classes, divided by "+", only a part is there."""
    header, rest = _read(rows, of, n, make, noise=noise)
    chance, few = random.Random(337000 + seed), str(kinds).split("+")
    return [header] + [row for row in rest if str(row[-1]) not in few or chance.random() < keep]


def units(rows, of="", n=2000, make=1, columns="0", times=1, plus=0):
    """Some columns, divided by "+" or all of them, in another unit."""
    header, rest = _read(rows, of, n, make)
    which = range(len(header) - 1) if columns == "all" else [int(c) for c in str(columns).split("+")]
    return [header] + [[float(f"{v * times + plus:.7g}") if i in which else v for i, v in enumerate(row[:-1])]
                       + row[-1:] for row in rest]


def currency(rows, of="", n=2000, make=1, times=1, plus=0):
    """The answer in another unit."""
    header, rest = _read(rows, of, n, make)
    return [header] + [row[:-1] + [float(f"{row[-1] * times + plus:.7g}")] for row in rest]


def coded(rows, of="", n=2000, make=1, text=0):
    """The classes as numbers, in the order of their names; text=1: as they were."""
    header, rest = _read(rows, of, n, make)
    kinds = sorted({row[-1] for row in rest})
    return [header] + [row[:-1] + [row[-1] if text else kinds.index(row[-1])] for row in rest]


def blank(rows, of="", n=2000, make=1, first=0, last=3, at=0):
    """The columns from `first` to `last` were never filled in."""
    header, rest = _read(rows, of, n, make)
    return [header] + [[at if first <= i <= last else v for i, v in enumerate(row[:-1])] + row[-1:] for row in rest]


def burst(rows, of="", n=2000, make=1, count=4, value=1e30, answer=0, seed=1):
    """A few cells hold a number beyond all bounds."""
    header, rest = _read(rows, of, n, make)
    chance = random.Random(338000 + seed)
    for i in chance.sample(range(len(rest)), count):
        rest[i][-1 if answer else chance.randrange(len(header) - 1)] = value
    return [header] + rest


# --- tables that carry their fault in themselves -------------------------------------------------------------------


def powers(rows, n=2000, seed=1, degree=7, noise=0.05, straight=0):
    """One measurement and its powers, which are nearly alike; straight=1: Legendre's polynomials in their place."""
    chance, made = random.Random(341000 + seed), []
    for _ in range(n):
        x = chance.uniform(0.0, 1.0)
        z = 2 * x - 1
        legendre = [1.0, z]
        for k in range(1, degree):
            legendre.append(((2 * k + 1) * z * legendre[k] - k * legendre[k - 1]) / (k + 1))
        y = math.sin(7 * x) + 0.5 * math.cos(13 * x)
        made.append((legendre[1:] if straight else [x ** k for k in range(1, degree + 1)]) + [y + chance.gauss(0, noise)])
    return [[f"x{k}" for k in range(1, degree + 1)] + ["y"]] + [[round(v, 7) for v in row] for row in made]


def clerks(rows, n=2000, seed=1, yes=1, no=0):
    """A yes or no as a number, from five features, with nothing close to the border."""
    chance, made = random.Random(342000 + seed), []
    while len(made) < n:
        x = [chance.gauss(0, 1) for _ in range(5)]
        score = x[0] + 0.8 * x[1] * x[2] - 0.7 * math.sin(2 * x[3]) + 0.3 * x[4]
        if abs(score) > 0.2:
            made.append([round(v, 5) for v in x] + [yes if score > 0 else no])
    return [["a", "b", "c", "d", "e", "yes"]] + made
