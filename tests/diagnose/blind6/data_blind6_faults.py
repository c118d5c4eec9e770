# Written from what a fault is, without a look at what findings measure; thresholds are not chosen by them.
"""Faults of the sixth blind cases: put into any base, or with `own=glyphs:n=1000` into a table of data_blind6.py."""
import random

import data_blind6


def _start(rows, own):
    if not own:
        return rows
    name, *words = str(own).split(":")
    options = {k: float(v) if "." in v else int(v) for k, v in (w.split("=") for w in words)}
    return getattr(data_blind6, name)(**options)


def units(rows, own="", high=300, offset=0, share=0.4, seed=1):
    """A part of the features in other units: times `high`, and moved."""
    rows, chance = _start(rows, own), random.Random(seed)
    width = len(rows[0]) - 1
    chosen = set(chance.sample(range(width), max(1, round(share * width))))
    return [rows[0]] + [[round(offset + high * float(x), 5) if c in chosen else x for c, x in enumerate(row[:-1])] + row[-1:]
                        for row in rows[1:]]


def bytes_of(rows, own="", low=0, high=255):
    """All features as whole numbers from 0 to 255, as pictures come from a camera."""
    rows = _start(rows, own)
    cells = [float(x) for row in rows[1:] for x in row[:-1]]
    a, b = min(cells), max(cells)
    return [rows[0]] + [[round(low + (high - low) * (float(x) - a) / (b - a)) for x in row[:-1]] + row[-1:] for row in rows[1:]]


def extra_stuck(rows, own="", columns=4, value=1.0):
    """So many columns more, all of one value."""
    rows = _start(rows, own)
    return [rows[0][:-1] + [f"site{i}" for i in range(columns)] + rows[0][-1:]] + [row[:-1] + [value] * columns + row[-1:] for row in rows[1:]]


def big_target(rows, own="", factor=5000, offset=0):
    """The number to predict in small units, hence large."""
    rows = _start(rows, own)
    return [rows[0]] + [row[:-1] + [round(offset + factor * float(row[-1]), 3)] for row in rows[1:]]


def z_features(rows, own=""):
    """Features with mean 0 and deviation 1, for trainings that do not standardize."""
    rows = _start(rows, own)
    columns = []
    for column in list(zip(*rows[1:]))[:-1]:
        v = [float(x) for x in column]
        m = sum(v) / len(v)
        s = (sum((x - m) ** 2 for x in v) / len(v)) ** 0.5 or 1.0
        columns.append([round((x - m) / s, 5) for x in v])
    return [rows[0]] + [list(x) + [row[-1]] for x, row in zip(zip(*columns), rows[1:])]


def doubled(rows, own="", times=2, share=0.6, seed=1):
    """A part of the rows stands in the file several times."""
    rows, chance = _start(rows, own), random.Random(seed)
    rest = rows[1:] + (times - 1) * chance.sample(rows[1:], int(share * (len(rows) - 1)))
    chance.shuffle(rest)
    return [rows[0]] + rest


def verdict(rows, own="", noise=0.02, seed=1):
    """One more column that was filled in after the answer was known."""
    rows, chance = _start(rows, own), random.Random(seed)
    if isinstance(rows[1][-1], str):
        order = {w: i for i, w in enumerate(sorted({r[-1] for r in rows[1:]}))}
        values = [order[r[-1]] for r in rows[1:]]
    else:
        values = [float(r[-1]) for r in rows[1:]]
    wide = max(values) - min(values)
    return [rows[0][:-1] + ["settled"] + rows[0][-1:]] + [
        row[:-1] + [round(v + noise * wide * chance.gauss(0, 1), 5), row[-1]] for row, v in zip(rows[1:], values)]


def careless(rows, own="", share=0.3, seed=1):
    """A part of the labels is wrong: another class at random, or a number drawn from the others'."""
    rows, chance = _start(rows, own), random.Random(seed)
    kinds = sorted({r[-1] for r in rows[1:]}, key=str)
    few, targets, out = len(kinds) <= 20, [r[-1] for r in rows[1:]], [rows[0]]
    for row in rows[1:]:
        label = row[-1]
        if chance.random() < share:
            label = chance.choice([k for k in kinds if k != label]) if few else chance.choice(targets)
        out.append(row[:-1] + [label])
    return out


def typing_errors(rows, own="", share=0.04, factor=12, seed=1):
    """A few of the numbers to predict were typed with errors: far off, upwards or downwards."""
    rows, chance = _start(rows, own), random.Random(seed)
    values = [float(r[-1]) for r in rows[1:]]
    m = sum(values) / len(values)
    s = (sum((v - m) ** 2 for v in values) / len(values)) ** 0.5
    return [rows[0]] + [row[:-1] + [round(m + chance.choice([-1, 1]) * factor * s * chance.uniform(0.7, 1.3), 4)
                                    if chance.random() < share else row[-1]] for row in rows[1:]]


def slipped(rows, own="", by=1, seed=1):
    """Every row has the label of the row before: the column slipped."""
    rows = _start(rows, own)
    rest = rows[1:]
    random.Random(seed).shuffle(rest)
    return [rows[0]] + [row[:-1] + [rest[i - by][-1]] for i, row in enumerate(rest)]


def resorted(rows, own="", seed=1):
    """Only the label column was shuffled."""
    rows = _start(rows, own)
    labels = [r[-1] for r in rows[1:]]
    random.Random(seed).shuffle(labels)
    return [rows[0]] + [row[:-1] + [label] for row, label in zip(rows[1:], labels)]


def by_target(rows, own=""):
    """Rows in the order of their targets, as an export groups them."""
    rows = _start(rows, own)
    return [rows[0]] + sorted(rows[1:], key=lambda r: r[-1])


def seldom(rows, own="", ratio=40, common=1, seed=1):
    """All classes but the first few keep one row in `ratio`."""
    rows = _start(rows, own)
    kinds, out, seen = sorted({r[-1] for r in rows[1:]}, key=str), [rows[0]], {}
    for row in rows[1:]:
        k = row[-1]
        seen[k] = seen.get(k, 0) + 1
        if k in kinds[:common] or seen[k] % ratio == 0:
            out.append(row)
    return out


def glitch(rows, own="", count=2, factor=400, seed=1):
    """So many rows were written with the decimal point at the wrong place: their features are huge."""
    rows, chance = _start(rows, own), random.Random(seed)
    hit = set(chance.sample(range(1, len(rows)), count))
    return [rows[0]] + [[round(factor * float(x), 4) for x in row[:-1]] + row[-1:] if i in hit else row for i, row in enumerate(rows[1:], 1)]


def overflow(rows, own="", count=3, value=1e36, seed=1):
    """So many cells hold the number that a broken device writes."""
    rows, chance = _start(rows, own), random.Random(seed)
    rest = [list(row) for row in rows[1:]]
    for i in chance.sample(range(len(rest)), count):
        rest[i][chance.randrange(len(rest[i]) - 1)] = value
    return [rows[0]] + rest
