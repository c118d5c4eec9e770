# Written from what a fault is, without a look at what findings measure; thresholds are not chosen by them.
"""Tables of the twelfth blind cases: bridges, ferries, coins and small pictures of their own; the base is left aside,
or read for its pictures."""
import math
import random


def _table(names, rows, target):
    return [list(names) + [target]] + [[round(x, 5) if isinstance(x, float) else x for x in row] for row in rows]


# --- numbers -------------------------------------------------------------------------------------------------------


def bridges(rows, n=2000, seed=1, noise=0.05):
    """How far a bridge bends, from six measures around unit scale."""
    chance, made = random.Random(311000 + seed), []
    for _ in range(n):
        x = [chance.gauss(0, 1) for _ in range(6)]
        y = 0.7 * math.tanh(x[0] + x[1]) + 0.5 * x[2] * x[3] + 0.4 * math.cos(1.3 * x[4]) - 0.3 * x[5]
        made.append(x + [y + chance.gauss(0, noise)])
    return _table(["span", "load", "width", "steel", "wind", "age"], made, "bend")


def surf(rows, n=2000, seed=1, noise=0.03):
    """How high the water stands at a place and an hour: three waves over each other."""
    chance, made = random.Random(312000 + seed), []
    for _ in range(n):
        a, b, t = (chance.uniform(-1.5, 1.5) for _ in range(3))
        y = math.sin(2.2 * a + t) + 0.6 * math.cos(1.7 * b - 1.2 * t) + 0.3 * math.sin(1.5 * a * b)
        made.append([a, b, t, y + chance.gauss(0, noise)])
    return _table(["a", "b", "t"], made, "level")


def mounds(rows, n=2000, seed=1, side=10, noise=0.08, light=0.0):
    """Pictures of one mound, row by row, seen from above; the number is how broad it is. light: how much the light of
    the whole picture goes up and down."""
    chance, made = random.Random(313000 + seed), []
    for _ in range(n):
        x0, y0, broad = chance.uniform(3, side - 4), chance.uniform(3, side - 4), chance.uniform(0.8, 2.8)
        lamp = chance.gauss(0, light) if light else 0.0
        made.append([math.exp(-((x - x0) ** 2 + (y - y0) ** 2) / (2 * broad ** 2)) + lamp + chance.gauss(0, noise)
                     for y in range(side) for x in range(side)] + [broad])
    return _table([f"p{i}" for i in range(side * side)], made, "broad")


def ink(rows, scale=1.0):
    """The digits of the base with a number for what they show: how far the ink is spread to the sides."""
    made = []
    for row in rows[1:]:
        pixels = row[:-1]
        side, total = math.isqrt(len(pixels)), sum(pixels) or 1
        middle = sum(v * (i % side) for i, v in enumerate(pixels)) / total
        spread = math.sqrt(sum(v * (i % side - middle) ** 2 for i, v in enumerate(pixels)) / total)
        made.append(list(pixels) + [float(scale * spread)])
    return _table(rows[0][:-1], made, "spread")


def tanks(rows, n=2000, seed=1, length=12, noise=0.03):
    """What flows in and out of a tank hour by hour; the number is what is in it at the end, never less than nothing."""
    chance, made = random.Random(314000 + seed), []
    for _ in range(n):
        flows, level = [chance.gauss(0, 1) for _ in range(length)], 0.0
        for flow in flows:
            level = min(2.0, max(0.0, 0.9 * level + 0.5 * flow))
        made.append(flows + [level + chance.gauss(0, noise)])
    return _table([f"h{i}" for i in range(length)], made, "left")


# --- classes -------------------------------------------------------------------------------------------------------


COINS = ["ducat", "florin", "groat", "penny", "real"]


def coins(rows, n=2000, seed=1, width=8, apart=1.2, noise=1.0, classes=5):
    """Coins from eight measurements: every kind has two mints."""
    chance, made = random.Random(321000 + seed), []
    middles = [[[chance.gauss(0, apart) for _ in range(width)] for _ in range(2)] for _ in range(classes)]
    for i in range(n):
        middle = middles[i % classes][(i // classes) % 2]
        made.append([m + chance.gauss(0, 0.7 * noise) for m in middle] + [COINS[i % classes]])
    chance.shuffle(made)
    return _table([f"m{i}" for i in range(width)], made, "coin")


def ferries(rows, n=2000, seed=1, late=0.5, noise=0.6):
    """Whether a ferry is late, from six numbers; both happen at most places."""
    chance, made, wanted = random.Random(322000 + seed), [], round(late * n)
    kinds = {"late": wanted, "punctual": n - wanted}
    while len(made) < n:
        x = [chance.gauss(0, 1) for _ in range(6)]
        score = x[0] * x[1] + 0.8 * x[2] - 0.5 * abs(x[3]) + 0.4 * x[4] + 0.4 + chance.gauss(0, noise)
        kind = "late" if score > 0 else "punctual"
        if kinds[kind]:
            kinds[kind] -= 1
            made.append(x + [kind])
    chance.shuffle(made)
    return _table(["wind", "tide", "cars", "fog", "day", "crew"], made, "came")


MARKS = ["arrow", "bar", "corner", "dot", "frame", "ladder"]


def marks(rows, n=2000, seed=1, side=9, noise=0.3, kinds=6):
    """Pictures of a mason's mark, row by row, five pixels high and anywhere."""
    drawn = {"arrow": ["..#..", ".###.", "#.#.#", "..#..", "..#.."], "bar": ["#####", ".....", "#####", ".....", "....."],
             "corner": ["#....", "#....", "#....", "#....", "#####"], "dot": [".....", ".###.", ".###.", ".###.", "....."],
             "frame": ["#####", "#...#", "#...#", "#...#", "#####"], "ladder": ["#...#", "#####", "#...#", "#####", "#...#"]}
    chance, made = random.Random(323000 + seed), []
    for i in range(n):
        kind, dark = MARKS[i % kinds], chance.uniform(0.7, 1.3)
        x0, y0 = chance.randint(0, side - 5), chance.randint(0, side - 5)
        picture = [chance.gauss(0, noise) for _ in range(side * side)]
        for y, line in enumerate(drawn[kind]):
            for x, pixel in enumerate(line):
                picture[(y0 + y) * side + x0 + x] += dark * (pixel == "#")
        made.append(picture + [kind])
    chance.shuffle(made)
    return _table([f"p{i}" for i in range(side * side)], made, "mark")
