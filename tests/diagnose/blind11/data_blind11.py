# Written from what a fault is, without a look at what findings measure; thresholds are not chosen by them.
"""Tables of the eleventh blind cases: rents, wines, small woven pictures and series of their own; the base is left
aside."""
import math
import random


def _table(names, rows, target):
    return [list(names) + [target]] + [[round(x, 5) if isinstance(x, float) else x for x in row] for row in rows]


# --- numbers -------------------------------------------------------------------------------------------------------


def rents(rows, n=1500, seed=1, noise=0.05):
    """What a flat costs a month, from seven measures around unit scale that work together in pairs."""
    chance, made = random.Random(211000 + seed), []
    for _ in range(n):
        x = [chance.gauss(0, 1) for _ in range(7)]
        y = 0.6 * x[0] + 0.5 * x[1] * x[2] - 0.4 * abs(x[3]) + 0.5 * math.sin(1.5 * x[4])
        y += 0.3 * x[0] * math.tanh(2 * x[5])
        made.append(x + [y + chance.gauss(0, noise)])
    return _table(["rooms", "floor", "lift", "street", "north", "garden", "age"], made, "rent")


def hillside(rows, n=1500, seed=1, noise=0.02, steep=1.0):
    """How high a place is, from its two coordinates: ridges and hollows."""
    chance, made = random.Random(212000 + seed), []
    for _ in range(n):
        x, y = chance.uniform(-1.7, 1.7), chance.uniform(-1.7, 1.7)
        z = math.sin(2 * steep * x) * math.cos(1.6 * steep * y) + 0.3 * x - 0.2 * y * y
        made.append([x, y, z + chance.gauss(0, noise)])
    return _table(["east", "north"], made, "height")


def harvest(rows, n=1500, seed=1, noise=0.03):
    """What a field yields: rain and sun each have a best, and soil makes use of both."""
    chance, made = random.Random(213000 + seed), []
    for _ in range(n):
        rain, sun, soil, dung, wind = (chance.uniform(-1.7, 1.7) for _ in range(5))
        y = math.exp(-(rain - 0.3) ** 2) * (1 + 0.5 * soil) + 0.6 * math.cos(1.2 * sun)
        y += 0.3 * math.tanh(2 * dung) - 0.15 * wind
        made.append([rain, sun, soil, dung, wind, y + chance.gauss(0, noise)])
    return _table(["rain", "sun", "soil", "dung", "wind"], made, "grain")


def lanterns(rows, n=1200, seed=1, side=9, noise=0.06):
    """Pictures of two lights, row by row; the number is how far they are from each other."""
    chance, made = random.Random(214000 + seed), []
    for _ in range(n):
        x0, y0, x1, y1 = (chance.uniform(1, side - 2) for _ in range(4))
        made.append([math.exp(-((x - x0) ** 2 + (y - y0) ** 2)) + math.exp(-((x - x1) ** 2 + (y - y1) ** 2))
                     + chance.gauss(0, noise) for y in range(side) for x in range(side)]
                    + [math.hypot(x0 - x1, y0 - y1)])
    return _table([f"p{i}" for i in range(side * side)], made, "apart")


def swing(rows, n=1200, seed=1, length=24, noise=0.05):
    """A swing that nobody pushes, at `length` moments, begun anywhere; the number is how fast it comes to rest."""
    chance, made = random.Random(215000 + seed), []
    for _ in range(n):
        rest, pace, phase = chance.uniform(0.02, 0.2), chance.uniform(2.5, 3.5), chance.uniform(0, 6.28)
        made.append([1.6 * math.exp(-rest * t) * math.cos(2 * math.pi * pace * t / length + phase)
                     + chance.gauss(0, noise) for t in range(length)] + [10 * rest])
    return _table([f"t{i}" for i in range(length)], made, "damping")


def debts(rows, n=1500, seed=1, length=14, noise=0.03):
    """What comes onto a tab every day; it is never below zero, and the number is what is owed at the end."""
    chance, made = random.Random(216000 + seed), []
    for _ in range(n):
        days, owed = [chance.gauss(0, 1) for _ in range(length)], 0.0
        for day in days:
            owed = max(0.0, 0.85 * owed + 0.6 * day)
        made.append(days + [owed + chance.gauss(0, noise)])
    return _table([f"d{i}" for i in range(length)], made, "owed")


# --- classes -------------------------------------------------------------------------------------------------------


WINES = ["airen", "bobal", "cinsault", "dolcetto", "encruzado", "fiano", "gamay", "hondarrabi"]


def wines(rows, n=1600, seed=1, classes=8, width=12, apart=1.0, noise=1.0):
    """Wines from twelve measurements: every sort a cloud of its own length and direction, some with a second year."""
    chance, made = random.Random(221000 + seed), []
    middles = [[[chance.gauss(0, apart) for _ in range(width)] for _ in range(2)] for _ in range(classes)]
    ways = [[chance.gauss(0, 0.4) for _ in range(width)] for _ in range(classes)]
    for i in range(n):
        kind, along = i % classes, chance.gauss(0, 1)
        middle = middles[kind][(i // classes) % 2 if kind < classes // 2 else 0]
        made.append([m + along * w + chance.gauss(0, 0.6 * noise) for m, w in zip(middle, ways[kind])] + [WINES[kind]])
    chance.shuffle(made)
    return _table([f"m{i}" for i in range(width)], made, "wine")


def petals(rows, n=1500, seed=1, leaves=5, edge=0.08):
    """Points inside a flower, on it or around it; none lies on a border."""
    chance, made = random.Random(222000 + seed), []
    while len(made) < n:
        x, y = chance.uniform(-1.6, 1.6), chance.uniform(-1.6, 1.6)
        r, border = math.hypot(x, y), 1 + 0.35 * math.cos(leaves * math.atan2(y, x))
        if abs(r - border) > edge and abs(r - 0.5 * border) > edge:
            made.append([x, y, "heart" if r < 0.5 * border else "leaf" if r < border else "grass"])
    return _table(["x", "y"], made, "part")


WEAVES = {"warp": (1, 0, 0), "weft": (0, 1, 0), "twill": (1, 1, 0), "satin": (1, -1, 0), "check": (1, 0, 1),
          "felt": (0, 0, 0)}


def weaves(rows, n=1500, seed=1, side=10, noise=0.4, kinds=6):
    """Small pictures of cloth, row by row: threads of one direction, of two, or of none, anywhere in their period."""
    chance, made, names = random.Random(223000 + seed), [], list(WEAVES)[:kinds]
    for i in range(n):
        a, b, both = WEAVES[names[i % kinds]]
        step = chance.uniform(1.5, 2.1) / max(1, math.hypot(a, b))
        p, q = chance.uniform(0, 6.28), chance.uniform(0, 6.28)
        dark, plain = chance.uniform(0.7, 1.2), not (a or b)
        made.append([(chance.gauss(0, 0.7 * dark) if plain else
                      dark * (math.sin(step * (a * x + b * y) + p) * (math.sin(step * y + q) * 1.4 if both else 1)))
                     + chance.gauss(0, noise) for y in range(side) for x in range(side)] + [names[i % kinds]])
    chance.shuffle(made)
    return _table([f"p{i}" for i in range(side * side)], made, "cloth")


def pulses(rows, n=1200, seed=1, length=28, noise=0.15):
    """A pulse at `length` moments, beginning anywhere: even, double, skipping or turned over."""
    chance, made = random.Random(224000 + seed), []
    for i in range(n):
        kind, every, at = i % 4, chance.uniform(6.5, 8), chance.uniform(0, 7)
        beats = [at + every * k for k in range(-1, 6)]
        series = []
        for t in range(length):
            value = 0.0
            for k, beat in enumerate(beats):
                value += (0 if kind == 2 and k % 2 else 1) * math.exp(-(t - beat) ** 2)
                value += 0.8 * math.exp(-(t - beat - 2.6) ** 2) if kind == 1 else 0
            series.append((-1.3 if kind == 3 else 1.3) * value + chance.gauss(0, noise))
        made.append(series + [["even", "double", "skips", "turned"][kind]])
    chance.shuffle(made)
    return _table([f"t{i}" for i in range(length)], made, "pulse")


def password(rows, n=1500, seed=1, length=12, noise=0.2):
    """What is said at a gate, one number after the other: the third one is the word, three of them are known; the rest
    is talk."""
    chance, made = random.Random(225000 + seed), []
    for i in range(n):
        series = [chance.gauss(0, 0.7) for _ in range(length)]
        series[2] = [-2.0, 0.0, 2.0][i % 3] + chance.gauss(0, noise)
        made.append(series + [["friend", "guest", "foe"][i % 3]])
    chance.shuffle(made)
    return _table([f"t{i}" for i in range(length)], made, "who")


def loans(rows, n=3000, seed=1, part=0.5, apart=0.9, width=6):
    """Loans that are paid back or fail, which look much alike; a part of them fails."""
    chance, made = random.Random(226000 + seed), []
    for i in range(n):
        fails = i < part * n
        x = [chance.gauss(0, 1) for _ in range(width)]
        x[1], x[3], x[4] = x[1] - apart * fails, x[3] + 0.9 * apart * fails, x[4] * (1 + 0.4 * fails)
        made.append(x + [["paid", "fails"][fails]])
    chance.shuffle(made)
    return _table([f"a{i}" for i in range(width)], made, "loan")


def switches(rows, n=2000, seed=1, count=3, width=6, slack=0.25):
    """A lamp that each of the first `count` of `width` switches turns over."""
    chance, made = random.Random(227000 + seed), []
    for _ in range(n):
        x = [chance.choice([-1, 1]) * (1 + chance.uniform(-slack, slack)) for _ in range(width)]
        made.append(x + [["off", "on"][sum(v > 0 for v in x[:count]) % 2]])
    return _table([f"s{i}" for i in range(width)], made, "lamp")
