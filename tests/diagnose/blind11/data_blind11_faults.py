# Written from what a fault is, without a look at what findings measure; thresholds are not chosen by them.
"""What is wrong with the data of the eleventh blind cases: each takes the base, or with of= a table of data_blind11."""
import math
import random

import data_blind11 as own


def _read(rows, of, n, make, **more):
    """Header and rows of the base, or of a table of data_blind11 made from seed `make`."""
    if not of:
        return rows[0], [list(row) for row in rows[1:]]
    header, *rest = getattr(own, of)(None, n=n, seed=make, **{key: value for key, value in more.items() if value})
    return header, rest


def alphabetical(rows, of="", n=1200, make=1, down=0):
    """The rows in the order of their answers, as a register has them."""
    header, rest = _read(rows, of, n, make)
    return [header] + sorted(rest, key=lambda row: row[-1], reverse=bool(down))


def by_gauge(rows, of="", n=1200, make=1, at=0):
    """The rows in the order of one feature."""
    header, rest = _read(rows, of, n, make)
    return [header] + sorted(rest, key=lambda row: row[at])


def slipped(rows, of="", n=1200, make=1, rows_late=1, share=1.0, seed=1):
    """In the last `share` of the table the answers slipped down by some rows; rows were mixed before."""
    header, rest = _read(rows, of, n, make)
    random.Random(231000 + seed).shuffle(rest)
    start, answers = round((1 - share) * len(rest)), [row[-1] for row in rest]
    late = answers[start:]
    answers[start:] = late[-rows_late:] + late[:-rows_late] if rows_late else late
    return [header] + [row[:-1] + [answer] for row, answer in zip(rest, answers)]


def sorted_alone(rows, of="", n=1200, make=1, seed=1, alone=1):
    """Somebody sorted the column of answers, and it alone; mixed again afterwards, so that its order does not show."""
    header, rest = _read(rows, of, n, make)
    answers = sorted(row[-1] for row in rest) if alone else [row[-1] for row in rest]
    made = [row[:-1] + [answer] for row, answer in zip(rest, answers)]
    random.Random(232000 + seed).shuffle(made)
    return [header] + made


def in_a_hurry(rows, of="", n=1200, make=1, share=0.3, seed=1):
    """A share of the answers was typed without a look: any other class, or a number of the column."""
    header, rest = _read(rows, of, n, make)
    chance, column = random.Random(233000 + seed), [row[-1] for row in rest]
    kinds = sorted(set(column))
    for row in rest:
        if chance.random() < share:
            row[-1] = chance.choice(column) if len(kinds) > 20 else chance.choice([k for k in kinds if k != row[-1]])
    return [header] + rest


def copied(rows, of="", n=400, make=1, copies=4, blur=0.0, seed=1, noise=0.0, apart=0.0):
    """Every row stands in the table several times, with hardly a difference, and anywhere."""
    header, rest = _read(rows, of, n, make, noise=noise, apart=apart)
    chance = random.Random(234000 + seed)
    made = [[round(v + chance.gauss(0, blur), 5) for v in row[:-1]] + [row[-1]] for row in rest for _ in range(copies)]
    chance.shuffle(made)
    return [header] + made


def told(rows, of="", n=1500, make=1, blur=0.0, seed=1, tells=1, noise=0.0, apart=0.0, part=0.0):
    """A last feature that was filled in when the answer was known, and follows it."""
    header, rest = _read(rows, of, n, make, noise=noise, apart=apart, part=part)
    chance, kinds = random.Random(235000 + seed), sorted({row[-1] for row in rest})
    values = [kinds.index(row[-1]) if isinstance(row[-1], str) else row[-1] for row in rest]
    extra = [round(4 + 1.5 * v * tells + chance.gauss(0, blur if tells else 1), 5) for v in values]
    return [header[:-1] + ["remark"] + header[-1:]] + [row[:-1] + [e] + row[-1:] for e, row in zip(extra, rest)]


def rarely(rows, of="", n=3000, make=1, kinds="a", keep=0.03, seed=1, noise=0.0, apart=0.0):
    """Of some classes, divided by "+", only a part is kept."""
    header, rest = _read(rows, of, n, make, noise=noise, apart=apart)
    chance, few = random.Random(236000 + seed), str(kinds).split("+")
    return [header] + [row for row in rest if str(row[-1]) not in few or chance.random() < keep]


def other_unit(rows, of="", n=1200, make=1, columns="0", times=1, plus=0):
    """Some columns, divided by "+" or all of them, in another unit or from another zero."""
    header, rest = _read(rows, of, n, make)
    which = range(len(header) - 1) if columns == "all" else [int(c) for c in str(columns).split("+")]
    return [header] + [[float(f"{v * times + plus:.7g}") if i in which else v for i, v in enumerate(row[:-1])]
                       + row[-1:] for row in rest]


def other_coin(rows, of="", n=1200, make=1, times=1, plus=0):
    """The answer in another unit, or from another zero."""
    header, rest = _read(rows, of, n, make)
    return [header] + [row[:-1] + [float(f"{row[-1] * times + plus:.7g}")] for row in rest]


def numbered(rows, of="", n=1200, make=1, shuffled=0):
    """The classes as numbers, in the order of their names, or in any order."""
    header, rest = _read(rows, of, n, make)
    kinds = sorted({row[-1] for row in rest})
    if shuffled:
        random.Random(237000 + shuffled).shuffle(kinds)
    return [header] + [row[:-1] + [kinds.index(row[-1])] for row in rest]


def stuck(rows, of="", n=1200, make=1, first=0, last=3, at=0):
    """The columns from `first` to `last` always show the same."""
    header, rest = _read(rows, of, n, make)
    return [header] + [[at if first <= i <= last else v for i, v in enumerate(row[:-1])] + row[-1:] for row in rest]


def overflown(rows, of="", n=1200, make=1, count=5, value=1e30, answer=0, seed=1):
    """A few cells, of features or of the answer, ran over."""
    header, rest = _read(rows, of, n, make)
    chance = random.Random(238000 + seed)
    for i in chance.sample(range(len(rest)), count):
        rest[i][-1 if answer else chance.randrange(len(header) - 1)] = value
    return [header] + rest


# --- tables that carry their fault in themselves -------------------------------------------------------------------


def scales(rows, n=1500, seed=1, width=5, own=0.03, noise=0.02, classes=0):
    """A lorry on a weighbridge: every gauge shows nearly the same weight, and what is asked is how it leans."""
    chance, made = random.Random(241000 + seed), []
    lean = [(-1) ** i * chance.uniform(0.6, 1.4) for i in range(width)]
    while len(made) < n:
        weight, parts = chance.gauss(0, 1), [chance.gauss(0, 1) for _ in range(width)]
        y = sum(a * b for a, b in zip(lean, parts)) / math.sqrt(width)
        if not classes or abs(y) > 0.15:
            made.append([round(weight + own * v, 6) for v in parts]
                        + [["left", "right"][y > 0] if classes else round(y + chance.gauss(0, noise), 5)])
    return [[f"g{i}" for i in range(width)] + ["lean"]] + made


def licences(rows, n=1500, seed=1, yes=1, no=0):
    """Whether a licence was given, as a number, from five features and a bent border, with nothing close to it."""
    chance, made = random.Random(243000 + seed), []
    while len(made) < n:
        x = [chance.gauss(0, 1) for _ in range(5)]
        score = x[0] * x[1] + 0.9 * x[2] - 0.6 * x[3] ** 2 + 0.5 * x[4] + 0.3
        if abs(score) > 0.3:
            made.append([round(v, 5) for v in x] + [yes if score > 0 else no])
    return [["a", "b", "c", "d", "e", "given"]] + made


def gears(rows, n=1500, seed=1, teeth=3, noise=0.02):
    """How fast the last wheel turns: the product of some ratios, signs included; two more do not matter."""
    chance, made = random.Random(244000 + seed), []
    for _ in range(n):
        x = [chance.choice([-1, 1]) * chance.uniform(0.6, 1.4) for _ in range(teeth + 2)]
        made.append([round(v, 5) for v in x] + [round(math.prod(x[:teeth]) + chance.gauss(0, noise), 5)])
    return [[f"w{i}" for i in range(teeth + 2)] + ["speed"]] + made


def floods(rows, n=2000, seed=1, rare=0.01, high=25, noise=0.03):
    """What a mill grinds in a day; in most of them the sluice is at zero, and in a few it is `high`."""
    chance, made = random.Random(245000 + seed), []
    for _ in range(n):
        x = [chance.gauss(0, 1) for _ in range(4)]
        sluice = high * chance.uniform(0.7, 1.3) if chance.random() < rare else 0.0
        y = 0.7 * x[0] - 0.5 * math.cos(1.4 * x[1]) + 0.5 * x[2] * x[3] + sluice / 10
        made.append([round(v, 5) for v in x] + [round(sluice, 4), round(y + chance.gauss(0, noise), 5)])
    return [["wheel", "stone", "corn", "damp", "sluice", "flour"]] + made
