# Written from what a fault is, without a look at what findings measure; thresholds are not chosen by them.
"""Tables of the sixth blind cases: twelve data sets of their own, and faults put into them or into any base.

Every function takes a table (rows, header first, target last) and returns one. Those of the first part don't look at
what they get: they make a data set of their own. Those of the second change a table: the one they get, or with
`own=NAME` the data set NAME of the first part (own=glyphs:n=1000 for one with options)."""
import math
import random


def _table(names, examples, seed):
    random.Random(seed).shuffle(examples)
    return [names] + examples


def _round(values):
    return [round(v, 5) for v in values]


# --- data sets ----------------------------------------------------------------------------------------------


def kiln(rows=None, n=2500, noise=0.1, seed=11):
    """Regression: strength of a brick from eight settings of the kiln, smooth and bent."""
    chance, out = random.Random(seed), []
    for _ in range(n):
        x = [chance.gauss(0, 1) for _ in range(8)]
        y = 1.2 * math.tanh(x[0]) + 0.8 * x[1] - 0.6 * x[2] * x[3] + math.sin(1.5 * x[4]) + 0.4 * x[5] ** 2 - 0.4
        out.append(_round(x) + [round(y + chance.gauss(0, noise), 5)])
    return _table([f"k{i}" for i in range(8)] + ["strength"], out, seed)


def tariff(rows=None, n=2000, noise=0.15, seed=12):
    """Regression: a price from five uniform numbers, with a kink and a product."""
    chance, out = random.Random(seed), []
    for _ in range(n):
        x = [chance.uniform(-1.7, 1.7) for _ in range(5)]
        y = 2 * max(0.0, x[0] - 0.3) + x[1] * x[2] + 0.7 * x[3] + math.cos(2 * x[4])
        out.append(_round(x) + [round(y + chance.gauss(0, noise), 5)])
    return _table(["a", "b", "c", "d", "e", "price"], out, seed)


def orchard(rows=None, n=2000, spread=0.75, seed=13):
    """Four kinds of fruit, each in two clouds, by six measures."""
    chance, out = random.Random(seed), []
    centres = {(k, j): [chance.gauss(0, 1.3) for _ in range(6)] for k in range(4) for j in range(2)}
    for i in range(n):
        k, c = i % 4, centres[(i % 4, chance.randrange(2))]
        out.append(_round([m + chance.gauss(0, spread) for m in c]) + [["apple", "cherry", "pear", "plum"][k]])
    return _table([f"m{i}" for i in range(6)] + ["fruit"], out, seed)


def survey(rows=None, n=2000, sharp=6.0, seed=14):
    """Two classes, as many of each, by twelve answers of which six tell, not in a straight line."""
    chance, out, want = random.Random(seed), [], n // 2
    count = {"no": 0, "yes": 0}
    while len(out) < 2 * want:
        x = [chance.gauss(0, 1) for _ in range(12)]
        z = x[0] + 0.8 * x[1] - x[2] * x[3] + 0.7 * (abs(x[4]) - 0.8) - 0.5 * x[5]
        kind = "yes" if chance.random() < 1 / (1 + math.exp(-sharp * z)) else "no"
        if count[kind] < want:
            count[kind] += 1
            out.append(_round(x) + [kind])
    return _table([f"q{i}" for i in range(12)] + ["answer"], out, seed)


def glyphs(rows=None, n=2500, noise=0.35, size=12, seed=15):
    """Pictures of 12x12: a bar, a column, a diagonal, a ring or a cross, somewhere, on a noisy ground."""
    chance, out = random.Random(seed), []
    for i in range(n):
        kind, r = i % 5, 3
        cy, cx = chance.randint(r, size - 1 - r), chance.randint(r, size - 1 - r)
        p = [[chance.gauss(0, noise) for _ in range(size)] for _ in range(size)]
        ink = chance.uniform(0.8, 1.2)
        for a in range(-r, r + 1):
            if kind in (0, 4):
                p[cy][cx + a] += ink
            if kind in (1, 4):
                p[cy + a][cx] += ink
            if kind == 2:
                p[cy + a][cx + a] += ink
        if kind == 3:
            for s in range(16):
                y, x = cy + round(2.6 * math.sin(s * math.pi / 8)), cx + round(2.6 * math.cos(s * math.pi / 8))
                p[y][x] = max(p[y][x], ink)
        out.append([round(v, 3) for line in p for v in line] + [["bar", "column", "diagonal", "ring", "cross"][kind]])
    return _table([f"p{i}" for i in range(size * size)] + ["glyph"], out, seed)


def drops(rows=None, n=1800, noise=0.1, size=10, seed=16):
    """Pictures of 10x10 with one round drop; the target is how large it is."""
    chance, out = random.Random(seed), []
    for _ in range(n):
        cy, cx, r = chance.uniform(2.5, 6.5), chance.uniform(2.5, 6.5), chance.uniform(0.8, 2.5)
        p = [math.exp(-((y - cy) ** 2 + (x - cx) ** 2) / (2 * r * r)) + chance.gauss(0, noise)
             for y in range(size) for x in range(size)]
        out.append([round(v, 3) for v in p] + [round(r, 4)])
    return _table([f"p{i}" for i in range(size * size)] + ["radius"], out, seed)


def waves(rows=None, n=1800, length=32, noise=0.3, seed=17):
    """Signals of 32 numbers: a slow wave, a fast one, or a square one, of any phase."""
    chance, out = random.Random(seed), []
    for i in range(n):
        kind, phase = i % 3, chance.uniform(0, 2 * math.pi)
        turn = 2 * math.pi * (2 if kind == 0 else 4 if kind == 1 else 3) / length * chance.uniform(0.9, 1.1)
        x = [math.sin(turn * t + phase) for t in range(length)]
        if kind == 2:
            x = [math.copysign(1, v) for v in x]
        out.append([round(v + chance.gauss(0, noise), 4) for v in x] + [["slow", "fast", "square"][kind]])
    return _table([f"t{i}" for i in range(length)] + ["wave"], out, seed)


def meter(rows=None, n=1800, length=20, noise=0.05, seed=18):
    """Regression of a sequence: a leaking sum of 20 readings."""
    chance, out = random.Random(seed), []
    for _ in range(n):
        x = [chance.gauss(0, 1) for _ in range(length)]
        s = 0.0
        for v in x:
            s = 0.85 * s + math.tanh(v)
        out.append([round(v, 4) for v in x] + [round(s + chance.gauss(0, noise), 4)])
    return _table([f"r{i}" for i in range(length)] + ["level"], out, seed)


def switches(rows=None, n=1600, bits=3, idle=4, noise=0.15, seed=19):
    """The parity of some switches; others are idle."""
    chance, out = random.Random(seed), []
    for i in range(n):
        s = [chance.choice([-1, 1]) for _ in range(bits + idle)]
        odd = sum(v > 0 for v in s[:bits]) % 2
        out.append([round(v + chance.gauss(0, noise), 4) for v in s] + ["odd" if odd else "even"])
    return _table([f"s{i}" for i in range(bits + idle)] + ["parity"], out, seed)


def counter(rows=None, n=2500, seed=20):
    """Two classes as the numbers 0 and 1, as many of each, from eight readings: inside or outside a shell."""
    chance, out = random.Random(seed), []
    for i in range(n):
        x = [chance.gauss(0, 1) for _ in range(8)]
        z = x[0] ** 2 + x[1] ** 2 + 0.8 * x[2] - 1.2 * x[3]
        out.append(_round(x) + [z + chance.gauss(0, 0.2)])
    border = sorted(r[-1] for r in out)[n // 2]
    return _table([f"g{i}" for i in range(8)] + ["inside"], [r[:-1] + [int(r[-1] < border)] for r in out], seed)


def visits(rows=None, n=2500, seed=21):
    """Counts, of a Poisson law whose rate depends on six numbers."""
    chance, out = random.Random(seed), []
    for _ in range(n):
        x = [chance.gauss(0, 1) for _ in range(6)]
        rate, k, p = math.exp(1.2 + 0.5 * x[0] - 0.4 * x[1] + 0.3 * math.sin(2 * x[2])), 0, chance.random()
        while p > math.exp(-rate):
            k, p = k + 1, p * chance.random()
        out.append(_round(x) + [k])
    return _table([f"v{i}" for i in range(6)] + ["visits"], out, seed)


_OWN = {"kiln": kiln, "tariff": tariff, "orchard": orchard, "survey": survey, "glyphs": glyphs, "drops": drops,
        "waves": waves, "meter": meter, "switches": switches, "counter": counter, "visits": visits, "narrow": lambda **o: narrow(**o)}


def _start(rows, own):
    if not own:
        return rows
    name, *words = str(own).split(":")
    options = {k: float(v) if "." in v else int(v) for k, v in (w.split("=") for w in words)}
    return _OWN[name](**options)


# --- faults -------------------------------------------------------------------------------------------------


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


def narrow(rows=None, n=800, features=6, close=0.03, noise=0.02, classes=0, seed=22):
    """Linear: all features nearly the same number, and the answer lies in how they differ. A number, or with classes=1
    one of two classes."""
    chance, out = random.Random(seed), []
    for _ in range(n):
        common, own_part = chance.gauss(0, 1), [chance.gauss(0, 1) for _ in range(features)]
        x = [common + close * e for e in own_part]
        out.append([round(v, 6) for v in x] + [round(common + sum((-1) ** i * e for i, e in enumerate(own_part)) / features ** 0.5
                                                   + chance.gauss(0, noise), 5)])
    if classes:
        border = sorted(row[-1] for row in out)[n // 2]
        out = [row[:-1] + ["low" if row[-1] < border else "high"] for row in out]
    return _table([f"n{i}" for i in range(features)] + ["y"], out, seed)


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
