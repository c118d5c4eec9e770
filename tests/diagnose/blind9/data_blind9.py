# Written from what a fault is, without a look at what findings measure; thresholds are not chosen by them.
"""Tables of the ninth blind cases: machines, fields, small pictures and series of their own; the base is left aside."""
import math
import random


def _table(names, rows, target):
    return [list(names) + [target]] + [[round(x, 5) if isinstance(x, float) else x for x in row] for row in rows]


# --- numbers -------------------------------------------------------------------------------------------------------


def crane(rows, n=1500, seed=1, noise=0.02):
    """How far a crane's load swings, from the angle of its jib, the time, the wind and the length of the rope."""
    chance, made = random.Random(71000 + seed), []
    for _ in range(n):
        jib, time = chance.uniform(-1.8, 1.8), chance.uniform(-1.8, 1.8)
        wind, rope = chance.gauss(0, 1), chance.gauss(0, 1)
        y = math.sin(1.5 * jib) * math.cos(time) + 0.5 * math.sin(2 * time) + 0.3 * wind * math.tanh(rope)
        made.append([jib, time, wind, rope, y + chance.gauss(0, noise)])
    return _table(["jib", "time", "wind", "rope"], made, "swing")


def glaze(rows, n=1500, seed=1, noise=0.05):
    """How a glaze shines: eight doses around unit scale that bend, meet and cancel each other."""
    chance, made = random.Random(72000 + seed), []
    for _ in range(n):
        x = [chance.gauss(0, 1) for _ in range(8)]
        y = (0.8 * x[0] + 0.6 * math.sin(1.5 * x[1]) + 0.5 * x[2] * x[3] - 0.5 * abs(x[4])
             + 0.4 * math.tanh(2 * x[5]) * x[6] + 0.2 * x[7])
        made.append(x + [y + chance.gauss(0, noise)])
    return _table(["quartz", "lime", "lead", "tin", "heat", "iron", "ash", "clay"], made, "shine")


def ovals(rows, n=1200, seed=1, side=10, noise=0.05):
    """Pictures of an oval, row by row; the number is how much wider than high it is."""
    chance, made = random.Random(73000 + seed), []
    for _ in range(n):
        x0, y0 = chance.uniform(3, side - 4), chance.uniform(3, side - 4)
        wide, high = chance.uniform(1, 3.5), chance.uniform(1, 3.5)
        made.append([1 / (1 + math.exp(6 * (math.hypot((x - x0) / wide, (y - y0) / high) - 1))) + chance.gauss(0, noise)
                     for y in range(side) for x in range(side)] + [wide - high])
    return _table([f"p{i}" for i in range(side * side)], made, "wider")


def springs(rows, n=1200, seed=1, length=36, noise=0.03):
    """A spring that swings and comes to rest, at `length` moments; the number is how quickly it does."""
    chance, made = random.Random(74000 + seed), []
    for _ in range(n):
        rest, times, phase = chance.uniform(0, 4), chance.uniform(3, 6), chance.uniform(0, 2 * math.pi)
        turn = 2 * math.pi * times / length
        made.append([math.exp(-rest * t / length) * math.sin(turn * t + phase) + chance.gauss(0, noise)
                     for t in range(length)] + [rest])
    return _table([f"t{i}" for i in range(length)], made, "rest")


def buffer(rows, n=1500, seed=1, length=18, noise=0.02):
    """What comes into a buffer at every hour, less what is worked off; the number is what waits at the end."""
    chance, made = random.Random(75000 + seed), []
    for _ in range(n):
        hours, waits = [chance.gauss(0, 1) for _ in range(length)], 0.0
        for hour in hours:
            waits = max(0.0, waits + hour)
        made.append(hours + [waits / 2 + chance.gauss(0, noise)])
    return _table([f"h{i}" for i in range(length)], made, "waits")


def clicks(rows, n=1500, seed=1, top=6):
    """How often a page is asked for in a minute: counts around a rate that five features make."""
    chance, made = random.Random(76000 + seed), []
    for _ in range(n):
        x = [chance.gauss(0, 1) for _ in range(5)]
        rate = top * math.exp(0.5 * math.sin(x[0]) + 0.3 * math.tanh(x[1] * x[2]) - 0.25 * x[3])
        count, past = 0, chance.expovariate(1)
        while past < rate and count < 100000:
            count, past = count + 1, past + chance.expovariate(1)
        made.append(x + [count])
    return _table(["hour", "news", "mail", "price", "age"], made, "clicks")


# --- classes -------------------------------------------------------------------------------------------------------


def ores(rows, n=1500, seed=1, classes=4, width=8, spread=1.3):
    """Ores from eight measurements: each kind comes from two places, whose clouds lie anywhere."""
    chance, made = random.Random(81000 + seed), []
    places = [[chance.gauss(0, spread) for _ in range(width)] for _ in range(2 * classes)]
    for i in range(n):
        place = places[i % (2 * classes)]
        made.append([at + chance.gauss(0, 1) for at in place] + ["abcdefgh"[i % classes]])
    chance.shuffle(made)
    return _table([f"m{i}" for i in range(width)], made, "ore")


def fields(rows, n=1500, seed=1, classes=5, bands=12, noise=0.12):
    """What grows on a field, from its light in twelve bands: a hill at the plant's place, sloping soil, sun or shade."""
    chance, made = random.Random(82000 + seed), []
    for i in range(n):
        kind, sun, soil, wide = i % classes, chance.uniform(0.6, 1.4), chance.uniform(-0.6, 0.6), chance.uniform(1, 1.6)
        at = 1.5 + (bands - 3) * kind / (classes - 1) + chance.gauss(0, 0.25)
        made.append([sun * math.exp(-((b - at) / wide) ** 2) + soil * (b / bands - 0.5) * 2 + chance.gauss(0, noise)
                     for b in range(bands)] + [["barley", "clover", "maize", "oats", "rape"][kind]])
    chance.shuffle(made)
    return _table([f"b{i}" for i in range(bands)], made, "plant")


MARKS = {"bar": lambda x, y: y == 0, "post": lambda x, y: x == 0, "plus": lambda x, y: x == 0 or y == 0,
         "cross": lambda x, y: abs(x) == abs(y), "square": lambda x, y: max(abs(x), abs(y)) == 2,
         "slash": lambda x, y: x == -y}


def marks(rows, n=1500, seed=1, side=10, noise=0.25, kinds=6):
    """Small pictures of a mark at any place and brightness, row by row, with noise."""
    chance, made, names = random.Random(83000 + seed), [], list(MARKS)[:kinds]
    for i in range(n):
        name, light = names[i % kinds], chance.uniform(0.8, 1.3)
        x0, y0 = chance.randrange(2, side - 2), chance.randrange(2, side - 2)
        near = [[max(abs(x - x0), abs(y - y0)) < 3 for x in range(side)] for y in range(side)]
        made.append([light * (near[y][x] and MARKS[name](x - x0, y - y0)) + chance.gauss(0, noise)
                     for y in range(side) for x in range(side)] + [name])
    chance.shuffle(made)
    return _table([f"p{i}" for i in range(side * side)], made, "mark")


def tones(rows, n=1200, seed=1, length=36, noise=0.15):
    """A tone at `length` moments, of any height and beginning: round, square or like a saw."""
    chance, made = random.Random(84000 + seed), []
    for i in range(n):
        kind, times, phase, loud = i % 3, chance.uniform(2, 4), chance.random(), chance.uniform(0.8, 1.2)
        series = []
        for t in range(length):
            at = (times * t / length + phase) % 1
            value = [math.sin(2 * math.pi * at) * 1.2, 1.0 if at < 0.5 else -1.0, 1.7 * (2 * at - 1)][kind]
            series.append(loud * value + chance.gauss(0, noise))
        made.append(series + [["round", "square", "saw"][kind]])
    chance.shuffle(made)
    return _table([f"t{i}" for i in range(length)], made, "tone")


def thunder(rows, n=1500, seed=1, length=16, noise=0.2):
    """A row of moments with one flash, up, and one thunder, down; the class is which of them came first."""
    chance, made = random.Random(85000 + seed), []
    for i in range(n):
        series, early, late = [chance.gauss(0, noise) for _ in range(length)], *sorted(chance.sample(range(length), 2))
        series[early] += 2 if i % 2 else -2
        series[late] += -2 if i % 2 else 2
        made.append(series + [["thunder", "flash"][i % 2]])
    chance.shuffle(made)
    return _table([f"t{i}" for i in range(length)], made, "first")


def tilework(rows, n=1500, seed=1, cells=3, edge=0.12):
    """Black and white tiles of a floor of cells x cells; no point lies on a joint."""
    chance, made = random.Random(86000 + seed), []
    while len(made) < n:
        x, y = chance.uniform(0, cells), chance.uniform(0, cells)
        if all(edge < v % 1 < 1 - edge for v in (x, y)):
            made.append([x - cells / 2, y - cells / 2, ["black", "white"][(int(x) + int(y)) % 2]])
    return _table(["x", "y"], made, "tile")


def levers(rows, n=2000, seed=1, levers=3, width=5):
    """A lamp that every one of the first `levers` of `width` levers turns on or off; each is clearly up or down."""
    chance, made = random.Random(87000 + seed), []
    for _ in range(n):
        x = [chance.choice([-1, 1]) * chance.uniform(0.8, 1.2) for _ in range(width)]
        made.append(x + [["dark", "light"][sum(v > 0 for v in x[:levers]) % 2]])
    return _table([f"l{i}" for i in range(width)], made, "lamp")


def claims(rows, n=3000, seed=1, fraud=0.5, apart=1.1, width=6):
    """Claims to an insurance, honest ones and frauds, which overlap; only a part `fraud` of them are frauds."""
    chance, made = random.Random(88000 + seed), []
    for i in range(n):
        false = i < fraud * n
        x = [chance.gauss(0, 1) for _ in range(width)]
        x[0], x[1] = x[0] + apart * false, x[1] - 0.7 * apart * false
        x[2] *= 1 + 0.4 * false
        made.append(x + [["honest", "fraud"][false]])
    chance.shuffle(made)
    return _table([f"c{i}" for i in range(width)], made, "claim")
