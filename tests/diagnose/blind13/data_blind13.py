# Written from what a fault is, without a look at what findings measure; thresholds are not chosen by them.
"""Tables of the thirteenth blind cases: a greenhouse, a robot's arm, wines, loans, letters, rings and heart beats; the
base is left aside, or read for its pictures."""
import math
import random


def _table(names, rows, target):
    return [list(names) + [target]] + [[round(x, 5) if isinstance(x, float) else x for x in row] for row in rows]


# --- numbers -------------------------------------------------------------------------------------------------------


def greenhouse(rows, n=2000, seed=1, noise=0.05):
    """What a greenhouse yields, from seven measures around unit scale."""
    chance, made = random.Random(411000 + seed), []
    for _ in range(n):
        x = [chance.gauss(0, 1) for _ in range(7)]
        y = (0.8 * math.sin(1.2 * x[0]) + 0.6 * math.tanh(x[1] - x[2]) + 0.4 * x[3] * math.cos(x[4]) + 0.3 * x[5]
             - 0.2 * abs(x[6]))
        made.append(x + [y + chance.gauss(0, noise)])
    return _table(["light", "heat", "damp", "soil", "feed", "seedlings", "days"], made, "yield")


def arm(rows, n=2000, seed=1, noise=0.02):
    """How far to the right the hand of a robot is, whose arm has three joints."""
    chance, made = random.Random(412000 + seed), []
    for _ in range(n):
        a, b, c = chance.uniform(-2, 2), chance.uniform(-1.5, 1.5), chance.uniform(-1.5, 1.5)
        made.append([a, b, c, math.cos(a) + 0.8 * math.cos(a + b) + 0.5 * math.cos(a + b + c) + chance.gauss(0, noise)])
    return _table(["shoulder", "elbow", "wrist"], made, "reach")


def rings(rows, n=2000, seed=1, side=11, noise=0.08):
    """Pictures of one ring, row by row, anywhere; the number is its radius."""
    chance, made = random.Random(413000 + seed), []
    for _ in range(n):
        r = chance.uniform(1.0, 4.0)
        x0, y0 = chance.uniform(r, side - 1 - r), chance.uniform(r, side - 1 - r)
        made.append([math.exp(-(math.hypot(x - x0, y - y0) - r) ** 2 / 0.6) + chance.gauss(0, noise)
                     for y in range(side) for x in range(side)] + [r])
    return _table([f"p{i}" for i in range(side * side)], made, "radius")


def rain(rows, n=2000, seed=1, length=14, noise=0.03):
    """Rain day by day, and how high a brook stands on the last one: it runs off quickly above a mark."""
    chance, made = random.Random(414000 + seed), []
    for _ in range(n):
        days, height = [chance.gauss(0, 1) for _ in range(length)], 0.0
        for day in days:
            height += 0.4 * day
            height *= 0.95 if height < 0.5 else 0.7
        made.append(days + [height + chance.gauss(0, noise)])
    return _table([f"d{i}" for i in range(length)], made, "height")


def balance(rows):
    """The digits of the base with a number for what they show: how far up the middle of the ink is."""
    made = []
    for row in rows[1:]:
        pixels = row[:-1]
        side, total = math.isqrt(len(pixels)), sum(pixels) or 1
        made.append(list(pixels) + [float(sum(v * (i // side) for i, v in enumerate(pixels)) / total)])
    return _table(rows[0][:-1], made, "middle")


# --- classes -------------------------------------------------------------------------------------------------------


WINES = ["barolo", "cava", "malbec", "riesling"]


def wines(rows, n=2000, seed=1, width=9, apart=1.1, noise=1.0, classes=4):
    """Wines from nine measurements: every kind has three vineyards."""
    chance, made = random.Random(421000 + seed), []
    middles = [[[chance.gauss(0, apart) for _ in range(width)] for _ in range(3)] for _ in range(classes)]
    for i in range(n):
        middle = middles[i % classes][(i // classes) % 3]
        made.append([m + chance.gauss(0, 0.6 * noise) for m in middle] + [WINES[i % classes]])
    chance.shuffle(made)
    return _table([f"m{i}" for i in range(width)], made, "wine")


def loans(rows, n=2000, seed=1, lost=0.5, noise=0.3):
    """Whether a loan is paid back, from six numbers. lost: the part that is not."""
    chance, made, wanted = random.Random(422000 + seed), [], round(lost * n)
    kinds = {"lost": wanted, "paid": n - wanted}
    while len(made) < n:
        x = [chance.gauss(0, 1) for _ in range(6)]
        score = 1.2 * math.sin(1.3 * x[0]) + x[1] * x[2] - 0.8 * x[3] + 0.5 * abs(x[4]) - 0.4 + chance.gauss(0, noise)
        kind = "lost" if score > 0 else "paid"
        if kinds[kind]:
            kinds[kind] -= 1
            made.append(x + [kind])
    chance.shuffle(made)
    return _table(["sum", "wage", "age", "years", "house", "rate"], made, "end")


LETTERS = {"a": ["..#..", ".#.#.", "#####", "#...#", "#...#"], "c": [".####", "#....", "#....", "#....", ".####"],
           "f": ["#####", "#....", "####.", "#....", "#...."], "k": ["#..#.", "#.#..", "##...", "#.#..", "#..#."],
           "t": ["#####", "..#..", "..#..", "..#..", "..#.."], "x": ["#...#", ".#.#.", "..#..", ".#.#.", "#...#"],
           "z": ["#####", "...#.", "..#..", ".#...", "#####"]}


def letters(rows, n=4000, seed=1, side=10, noise=0.2, kinds=7):
    """Pictures of a letter, row by row, five pixels high and anywhere."""
    chance, made, names = random.Random(423000 + seed), [], sorted(LETTERS)[:kinds]
    for i in range(n):
        kind, dark = names[i % kinds], chance.uniform(0.8, 1.4)
        x0, y0 = chance.randint(0, side - 5), chance.randint(0, side - 5)
        picture = [chance.gauss(0, noise) for _ in range(side * side)]
        for y, line in enumerate(LETTERS[kind]):
            for x, pixel in enumerate(line):
                picture[(y0 + y) * side + x0 + x] += dark * (pixel == "#")
        made.append(picture + [kind])
    chance.shuffle(made)
    return _table([f"p{i}" for i in range(side * side)], made, "letter")


BEATS = ["double", "flat", "steep", "wide"]


def beats(rows, n=2000, seed=1, length=32, noise=0.15, drift=0.0):
    """One heart beat somewhere in 32 measurements. drift: how far the whole curve is up or down, from one to the next."""
    chance, made = random.Random(424000 + seed), []
    for i in range(n):
        kind, at = BEATS[i % 4], chance.uniform(9, length - 10)
        off = chance.gauss(0, drift) if drift else 0.0

        def curve(t):
            if kind == "double":
                return math.exp(-(t + 3) ** 2 / 2) + math.exp(-(t - 3) ** 2 / 2)
            if kind == "flat":
                return 0.5 * math.exp(-t ** 2 / 18)
            if kind == "steep":
                return 1.3 * math.exp(-t ** 2 / 2) - 0.5 * math.exp(-(t - 3) ** 2 / 3)
            return 1.1 * math.exp(-t ** 2 / 18)
        made.append([off + curve(t - at) + chance.gauss(0, noise) for t in range(length)] + [kind])
    chance.shuffle(made)
    return _table([f"t{i}" for i in range(length)], made, "beat")


def tickets(rows, n=2000, seed=1, sold=1, kept=0):
    """Whether a ticket is sold, as a number, from five features; nothing is close to the border."""
    chance, made = random.Random(425000 + seed), []
    while len(made) < n:
        x = [chance.gauss(0, 1) for _ in range(5)]
        score = 0.9 * x[0] - x[1] * x[2] + 0.6 * math.cos(2 * x[3]) - 0.4 * x[4]
        if abs(score) > 0.2:
            made.append(x + [sold if score > 0 else kept])
    return _table(["row", "seat", "price", "day", "hour"], made, "sold")
