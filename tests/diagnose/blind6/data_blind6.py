# Written from what a fault is, without a look at what findings measure; thresholds are not chosen by them.
"""Tables of the sixth blind cases: twelve data sets of their own; they leave the base aside."""
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
