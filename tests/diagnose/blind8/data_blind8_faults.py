# Written from what a fault is, without a look at what findings measure; thresholds are not chosen by them.
"""What is wrong with the data of the eighth blind cases: each takes the base, or with of= a table of data_blind8."""
import math
import random

import data_blind8 as tables


def _rows(rows, of, n, make, **more):
    """The base's rows, or those of a table of data_blind8, made from seed `make`."""
    if not of:
        return rows[0], [list(row) for row in rows[1:]]
    header, *rest = getattr(tables, of)(None, n=n, seed=make, **more)
    return header, rest


def _mixed(rest, seed):
    rest = list(rest)
    random.Random(seed).shuffle(rest)
    return rest


def sorted_by_class(rows, of="", n=1200, make=1):
    """All of the first class, then all of the second, ..."""
    header, rest = _rows(rows, of, n, make)
    return [header] + sorted(rest, key=lambda row: row[-1])


def slipped(rows, of="", n=1200, make=1, by=1, first=0.0, seed=1):
    """Rows in random order whose answers slipped down by some rows, from the part `first` of the table on."""
    header, rest = _rows(rows, of, n, make)
    rest = _mixed(rest, seed)
    begin = int(first * len(rest))
    answers = [row[-1] for row in rest[begin:]]
    answers = answers[-by:] + answers[:-by]
    return [header] + rest[:begin] + [row[:-1] + [answer] for row, answer in zip(rest[begin:], answers)]


def wrong_labels(rows, of="", n=1200, make=1, part=0.3, seed=1):
    """A part of the answers is drawn anew: another class, or a number of another row."""
    header, rest = _rows(rows, of, n, make)
    chance, answers = random.Random(51000 + seed), [row[-1] for row in rest]
    classes = sorted(set(answers)) if len(set(answers)) < 20 else None
    made = []
    for row in rest:
        if chance.random() < part:
            row = row[:-1] + [chance.choice([c for c in classes if c != row[-1]] if classes else answers)]
        made.append(row)
    return [header] + made


def copies(rows, of="", n=600, make=1, times=3, part=1.0, jitter=0.0, seed=1):
    """A part of the rows stands there several times, all but alike, before anything is split."""
    header, rest = _rows(rows, of, n, make)
    chance, made = random.Random(52000 + seed), []
    for row in rest:
        made.append(row)
        if chance.random() < part:
            made += [[round(v + chance.gauss(0, jitter), 5) for v in row[:-1]] + [row[-1]] for _ in range(times - 1)]
    return [header] + _mixed(made, seed)


def rare(rows, of="", n=3000, make=1, kind="a", keep=0.03, seed=1, noise=0.0):
    """Of one class only a part is left; noise: of the table, so that classes overlap."""
    header, rest = _rows(rows, of, n, make, **({"noise": noise} if noise else {}))
    chance = random.Random(53000 + seed)
    return [header] + [row for row in rest if str(row[-1]) != str(kind) or chance.random() < keep]


def units(rows, of="", n=1200, make=1, low=-2, high=3, shift=1.0, seed=1):
    """Every feature in a unit of its own, from 10^low to 10^high, and not around zero."""
    header, rest = _rows(rows, of, n, make)
    chance, width = random.Random(54000 + seed), len(header) - 1
    scale = [10 ** (low + (high - low) * i / (width - 1)) for i in range(width)]
    chance.shuffle(scale)
    return [header] + [[float(f"{(v + shift) * s:.6g}") for v, s in zip(row, scale)] + [row[-1]] for row in rest]


def large_answers(rows, of="", n=1200, make=1, times=1000, plus=0):
    """The answer in a small unit, such as grams for tons; features of unit scale."""
    header, rest = _rows(rows, of, n, make)
    columns = list(zip(*[row[:-1] for row in rest]))
    means = [sum(column) / len(column) for column in columns]
    wide = [math.sqrt(sum((v - m) ** 2 for v in column) / len(column)) or 1.0 for column, m in zip(columns, means)]
    return [header] + [[round((v - m) / d, 5) for v, m, d in zip(row, means, wide)] + [float(f"{row[-1] * times + plus:.7g}")]
                       for row in rest]


def stuck(rows, of="", n=1200, make=1, columns=6, value=1):
    """The first so many columns show one number for ever: sensors that hang."""
    header, rest = _rows(rows, of, n, make)
    return [header] + [[value] * columns + row[columns:] for row in rest]


def outliers(rows, of="", n=1200, make=1, count=1, far=1000, seed=1, answer=0):
    """Some rows in which the point was lost: every feature is `far` times too large (or the answer is)."""
    header, rest = _rows(rows, of, n, make)
    chance = random.Random(55000 + seed)
    for i in chance.sample(range(len(rest)), count):
        rest[i] = rest[i][:-1] + [rest[i][-1] * far] if answer else [v * far for v in rest[i][:-1]] + [rest[i][-1]]
    return [header] + rest


def holes(rows, of="", n=1200, make=1, count=5, word="nan", seed=1):
    """Some numbers are missing, and something that is no finite number stands there."""
    header, rest = _rows(rows, of, n, make)
    chance = random.Random(56000 + seed)
    for i in chance.sample(range(len(rest)), count):
        at = chance.randrange(len(header) - 1)
        rest[i] = rest[i][:at] + [word] + rest[i][at + 1:]
    return [header] + rest


def kindred(rows, n=1200, seed=1, width=8, differ=0.03, noise=0.02, classes=0):
    """Measurements of the same thing by several devices, so nearly the same column; how they differ is what counts."""
    chance, made = random.Random(57000 + seed), []
    weights = [(-1) ** i * chance.uniform(0.7, 1.3) for i in range(width)]
    for _ in range(n):
        common, own = chance.gauss(0, 1), [chance.gauss(0, 1) for _ in range(width)]
        y = 0.3 * common + sum(w * o for w, o in zip(weights, own)) / math.sqrt(width)
        answer = f"k{int(y > 0)}" if classes else round(y + chance.gauss(0, noise), 5)
        if not classes or abs(y) > 0.2:
            made.append([round(common + differ * o, 6) for o in own] + [answer])
    return [[f"d{i}" for i in range(width)] + ["answer"]] + made


def powers(rows, n=1000, seed=1, degree=7, noise=0.02):
    """The powers of a number between 0 and 1, each brought to unit scale, and a curve to be made of them."""
    chance, made = random.Random(58000 + seed), []
    for _ in range(n):
        x = chance.random()
        y = math.sin(2 * math.pi * x) + 0.5 * math.cos(3 * math.pi * x)
        made.append([round((x ** k - 1 / (k + 1)) * 3, 6) for k in range(1, degree + 1)] + [round(y + chance.gauss(0, noise), 5)])
    return [[f"x{k}" for k in range(1, degree + 1)] + ["y"]] + made


def product(rows, n=1500, seed=1, factors=3, noise=0.02):
    """The product of some numbers around zero: where all of them are small nothing can be told from one alone."""
    chance, made = random.Random(59000 + seed), []
    for _ in range(n):
        x = [chance.choice([-1, 1]) * chance.uniform(0.6, 1.4) for _ in range(factors + 1)]
        made.append([round(v, 5) for v in x] + [round(math.prod(x[:factors]) + chance.gauss(0, noise), 5)])
    return [[f"f{i}" for i in range(factors + 1)] + ["y"]] + made


def answered(rows, n=1500, seed=1, low=0, high=1):
    """Whether a customer answered, as a number: a bent border in five features, nobody close to it."""
    chance, made = random.Random(60000 + seed), []
    while len(made) < n:
        x = [chance.gauss(0, 1) for _ in range(5)]
        score = x[0] - 0.8 * x[1] * x[2] + 0.6 * abs(x[3]) - 0.5
        if abs(score) > 0.3:
            made.append([round(v, 5) for v in x] + [high if score > 0 else low])
    return [["age", "sum", "times", "days", "other", "answered"]] + made


def share(rows, n=1500, seed=1):
    """Which part of a shelf was sold, from 0 to 1, out of four features."""
    chance, made = random.Random(61000 + seed), []
    for _ in range(n):
        x = [chance.gauss(0, 1) for _ in range(4)]
        score = 3 * math.tanh(x[0]) + 2 * x[1] * math.tanh(x[2]) - 1.5 * x[3]
        made.append([round(v, 5) for v in x] + [round(1 / (1 + math.exp(-score - chance.gauss(0, 0.1))), 5)])
    return [["price", "day", "rain", "place", "share"]] + made
