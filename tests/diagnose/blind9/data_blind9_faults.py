# Written from what a fault is, without a look at what findings measure; thresholds are not chosen by them.
"""What is wrong with the data of the ninth blind cases: each takes the base, or with of= a table of data_blind9."""
import math
import random

import data_blind9 as tables


def _rows(rows, of, n, make, **more):
    """The base's rows, or those of a table of data_blind9, made from seed `make`."""
    if not of:
        return rows[0], [list(row) for row in rows[1:]]
    header, *rest = getattr(tables, of)(None, n=n, seed=make, **{key: value for key, value in more.items() if value})
    return header, rest


def in_ranks(rows, of="", n=1200, make=1):
    """The table as it was filed: ordered by the answer."""
    header, rest = _rows(rows, of, n, make)
    return [header] + sorted(rest, key=lambda row: row[-1])


def shifted_down(rows, of="", n=1200, make=1, by=1, seed=1):
    """Rows in random order, and every answer stands some rows below its own."""
    header, rest = _rows(rows, of, n, make)
    random.Random(91000 + seed).shuffle(rest)
    answers = [row[-1] for row in rest]
    return [header] + [row[:-1] + [answer] for row, answer in zip(rest, answers[-by:] + answers[:-by])]


def dealt_anew(rows, of="", n=1200, make=1, deal=1, seed=1):
    """The rows were put into another order, the answers were not."""
    header, rest = _rows(rows, of, n, make)
    answers = [row[-1] for row in rest]
    if deal:
        random.Random(92000 + seed).shuffle(answers)
    return [header] + [row[:-1] + [answer] for row, answer in zip(rest, answers)]


def misread(rows, of="", n=1200, make=1, part=0.3, seed=1):
    """A part of the answers was misread: another class, or the number of another row."""
    header, rest = _rows(rows, of, n, make)
    chance, answers = random.Random(93000 + seed), [row[-1] for row in rest]
    kinds = sorted(set(answers)) if len(set(answers)) < 20 else None
    return [header] + [row[:-1] + [chance.choice([k for k in kinds if k != row[-1]] if kinds else answers)]
                       if chance.random() < part else row for row in rest]


def filed_twice(rows, of="", n=500, make=1, times=3, jitter=0.0, seed=1, noise=0.0, spread=0.0, apart=0.0):
    """Every row stands there several times, all but alike, before anything is split."""
    header, rest = _rows(rows, of, n, make, noise=noise, spread=spread, apart=apart)
    chance, made = random.Random(94000 + seed), []
    for row in rest:
        made += [row] + [[round(v + chance.gauss(0, jitter), 5) for v in row[:-1]] + [row[-1]] for _ in range(times - 1)]
    chance.shuffle(made)
    return [header] + made


def with_verdict(rows, of="", n=1500, make=1, blur=0.0, seed=1, known=1):
    """A first column that was written down after the answer was known: its number, in other units."""
    header, rest = _rows(rows, of, n, make)
    chance, kinds = random.Random(95000 + seed), sorted({row[-1] for row in rest})
    numbers = [kinds.index(row[-1]) if isinstance(row[-1], str) else row[-1] for row in rest]
    return [["file"] + header] + [[round((7 + 4 * number) * known + chance.gauss(0, blur if known else 1), 5)] + row
                                  for number, row in zip(numbers, rest)]


def thinned(rows, of="", n=3000, make=1, kind="a", keep=0.03, seed=1, noise=0.0, spread=0.0):
    """Of one class only a part is left; noise and spread of the table, so that classes overlap."""
    header, rest = _rows(rows, of, n, make, noise=noise, spread=spread)
    chance = random.Random(96000 + seed)
    return [header] + [row for row in rest if str(row[-1]) != kind or chance.random() < keep]


def own_scales(rows, of="", n=1200, make=1, low=-2, high=3, seed=1):
    """Every feature on a scale of its own, from 10^low to 10^high."""
    header, rest = _rows(rows, of, n, make)
    width = len(header) - 1
    scales = [10 ** (low + (high - low) * i / (width - 1)) for i in range(width)]
    random.Random(97000 + seed).shuffle(scales)
    return [header] + [[float(f"{v * s:.6g}") for v, s in zip(row, scales)] + [row[-1]] for row in rest]


def other_scale(rows, of="", n=1200, make=1, times=1, plus=0):
    """All features in another unit, or counted from another zero."""
    header, rest = _rows(rows, of, n, make)
    return [header] + [[float(f"{v * times + plus:.7g}") for v in row[:-1]] + [row[-1]] for row in rest]


def other_answers(rows, of="", n=1200, make=1, times=1, plus=0):
    """The answer in another unit, or counted from another zero; features stay as they are."""
    header, rest = _rows(rows, of, n, make)
    return [header] + [row[:-1] + [float(f"{row[-1] * times + plus:.7g}")] for row in rest]


def class_numbers(rows, of="", n=1200, make=1):
    """The classes as numbers from 0, in the order of their names."""
    header, rest = _rows(rows, of, n, make)
    kinds = sorted({row[-1] for row in rest})
    return [header] + [row[:-1] + [kinds.index(row[-1])] for row in rest]


def cut_wires(rows, of="", n=1200, make=1, columns=6, value=0):
    """The first so many columns never change: their wires are cut."""
    header, rest = _rows(rows, of, n, make)
    return [header] + [[value] * columns + row[columns:] for row in rest]


def too_long(rows, of="", n=1200, make=1, count=2, number=1e30, answer=0, seed=1):
    """Some numbers, features or answers, ran together with their neighbours and are far beyond all others."""
    header, rest = _rows(rows, of, n, make)
    chance = random.Random(98000 + seed)
    for i in chance.sample(range(len(rest)), count):
        at = len(header) - 1 if answer else chance.randrange(len(header) - 1)
        rest[i] = rest[i][:at] + [number] + rest[i][at + 1:]
    return [header] + rest


# --- tables that carry their fault in themselves -------------------------------------------------------------------


def stethoscopes(rows, n=1500, seed=1, width=6, own=0.01, noise=0.02, classes=0):
    """Six stethoscopes hear the same heart, each with a little of its own; what counts is that little."""
    chance, made = random.Random(99000 + seed), []
    weights = [(-1) ** i * chance.uniform(0.8, 1.2) for i in range(width)]
    while len(made) < n:
        heart, little = chance.gauss(0, 1), [chance.gauss(0, 1) for _ in range(width)]
        y = sum(w * v for w, v in zip(weights, little)) / math.sqrt(width)
        if not classes or abs(y) > 0.2:
            made.append([round(heart + own * v, 6) for v in little] + [f"k{int(y > 0)}" if classes else
                                                                      round(y + chance.gauss(0, noise), 5)])
    return [[f"s{i}" for i in range(width)] + ["answer"]] + made


def track(rows, n=1500, seed=1, every=0.05, points=4, noise=0.01):
    """Where a ball was at four moments, `every` apart; the number is its acceleration."""
    chance, made = random.Random(100000 + seed), []
    for _ in range(n):
        at, speed, push = (chance.gauss(0, 1) for _ in range(3))
        made.append([round(at + speed * t + push * t * t / 2, 6) for t in (every * i for i in range(points))]
                    + [round(push + chance.gauss(0, noise), 5)])
    return [[f"at{i}" for i in range(points)] + ["push"]] + made


def signs(rows, n=1500, seed=1, factors=3, noise=0.02):
    """The product of some numbers, none near zero: one alone says nothing of it."""
    chance, made = random.Random(101000 + seed), []
    for _ in range(n):
        x = [chance.choice([-1, 1]) * chance.uniform(0.7, 1.3) for _ in range(factors + 1)]
        made.append([round(v, 5) for v in x] + [round(math.prod(x[:factors]) + chance.gauss(0, noise), 5)])
    return [[f"f{i}" for i in range(factors + 1)] + ["y"]] + made


def voters(rows, n=1500, seed=1, low=0, high=1):
    """Whether someone went to vote, as a number: a bent border in five features, nobody close to it."""
    chance, made = random.Random(102000 + seed), []
    while len(made) < n:
        x = [chance.gauss(0, 1) for _ in range(5)]
        score = x[0] + 0.7 * x[1] * x[2] - 0.7 * abs(x[3]) + 0.5
        if abs(score) > 0.3:
            made.append([round(v, 5) for v in x] + [high if score > 0 else low])
    return [["age", "way", "rain", "news", "house", "voted"]] + made


def filling(rows, n=1500, seed=1):
    """How full a theatre is, from 0 to 1, out of four features."""
    chance, made = random.Random(103000 + seed), []
    for _ in range(n):
        x = [chance.gauss(0, 1) for _ in range(4)]
        score = 2.5 * math.sin(x[0]) + 1.5 * x[1] * math.tanh(x[2]) - 1.2 * x[3]
        made.append([round(v, 5) for v in x] + [round(1 / (1 + math.exp(-score - chance.gauss(0, 0.1))), 5)])
    return [["price", "day", "fame", "rain", "full"]] + made
