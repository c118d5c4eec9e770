# Written from what a fault is, without a look at what findings measure; thresholds are not chosen by them.
"""Tables of the third blind cases: eight data sets of their own, and faults put into them or into any base.

A fault's table is `base`, or with `of=soils:n=700` one of the sets below."""
import math
import random

# --- data sets -------------------------------------------------------------------------------------------


def soils(rows, n=900, noise=0.1, seed=0):
    """Seven measurements of soils of five kinds; which kind follows from clay, wetness and depth, in steps and bends."""
    chance, body = random.Random(11000 + seed), []
    for _ in range(n):
        clay, wet, deep = chance.uniform(0, 1), chance.uniform(0, 1), chance.uniform(0, 1)
        heavy = clay + 0.35 * math.sin(5 * wet) > 0.75
        kind = ("loam" if wet + 0.4 * deep < 0.5 else "gley") if heavy else ("sand" if wet * wet + deep * deep < 0.45 else "silt" if wet > deep else "chalk")
        seen = (clay, wet, deep, clay * wet, math.exp(-2 * deep) - wet, clay - deep, math.sqrt(wet + clay))
        body.append([round(v + chance.gauss(0, noise * 0.4), 5) for v in seen] + [kind])
    return [["clay", "wet", "deep", "plastic", "air", "grain", "hold", "kind"]] + body


def kilns(rows, n=900, noise=0.1, seed=0):
    """How hard a tile comes out of a kiln: eight settings, of which six matter, with an optimum and crossed effects."""
    chance, body = random.Random(12000 + seed), []
    for _ in range(n):
        x = [chance.uniform(-1, 1) for _ in range(8)]
        hard = 1.5 * math.exp(-4 * (x[0] - 0.5 * x[1]) ** 2) + math.sin(2.5 * x[2]) * (1 + 0.7 * x[3]) + 0.6 * abs(x[4]) - 0.8 * x[1] * x[5] - 0.7
        body.append([round(v, 5) for v in x] + [round(hard + chance.gauss(0, noise), 5)])
    return [["heat", "hold", "ramp", "draft", "damp", "load", "shelf", "day", "hard"]] + body


def _inside(kind, v, u, r):
    """Whether a place belongs to a badge of this kind, at (v, u) from its centre, its radius r."""
    far = math.hypot(v, u)
    return {"disc": far <= r, "ring": r - 1.3 <= far <= r, "diamond": abs(v) + abs(u) <= r, "plus": min(abs(v), abs(u)) <= 0.6 and far <= r,
            "bars": abs(abs(v) - r * 0.7) <= 0.6 and abs(u) <= r}[kind]


def badges(rows, n=800, noise=0.2, seed=0, side=11):
    """Pictures of five filled shapes, light on dark or dark on light, of any size and place."""
    chance, body, kinds = random.Random(13000 + seed), [], ["disc", "ring", "diamond", "plus", "bars"]
    for i in range(n):
        kind, r, light = kinds[i % 5], chance.uniform(2.3, 4), chance.choice([-1, 1])
        y, x = chance.uniform(r, side - 1 - r), chance.uniform(r, side - 1 - r)
        body.append([round(light * _inside(kind, k // side - y, k % side - x, r) + chance.gauss(0, noise), 3) for k in range(side * side)] + [kind])
    return [[f"p{k}" for k in range(side * side)] + ["badge"]] + body


def dials(rows, n=800, noise=0.1, seed=0, side=9):
    """Pictures of a needle that turns about the middle; the number on the dial goes with its angle, and a little with its length."""
    chance, body, middle = random.Random(14000 + seed), [], (side - 1) / 2
    for _ in range(n):
        turn, long = chance.uniform(-2.4, 2.4), chance.uniform(2.6, 4.2)
        dy, dx, picture = -math.cos(turn), math.sin(turn), []
        for k in range(side * side):
            v, u = k // side - middle, k % side - middle
            along = min(max(v * dy + u * dx, 0), long)
            picture.append(round(math.exp(-((v - along * dy) ** 2 + (u - along * dx) ** 2) / 0.9) + chance.gauss(0, noise), 3))
        body.append(picture + [round(0.6 * turn + 0.5 * math.sin(2 * turn) + 0.3 * (long - 3.4), 5)])
    return [[f"p{k}" for k in range(side * side)] + ["shown"]] + body


def calls(rows, n=800, noise=0.25, seed=0, length=40):
    """Calls of four birds: a tone that rises, one that falls, one that wavers, and clicks."""
    chance, body = random.Random(15000 + seed), []
    for i in range(n):
        phase, speed, loud, signal = chance.uniform(0, 6.28), chance.uniform(0.9, 1.1), chance.uniform(0.7, 1.2), []
        for t in range(length):
            s = t / length
            tone = (math.sin(phase + speed * (8 * s + 22 * s * s)), math.sin(phase + speed * (52 * s - 22 * s * s)),
                    math.sin(phase + speed * (28 * s + 3 * math.sin(12 * s))), 1.6 * float(int(t * speed + phase) % 8 == 0))[i % 4]
            signal.append(round(loud * tone + chance.gauss(0, noise), 4))
        body.append(signal + [("lark", "crow", "owl", "pecker")[i % 4]])
    return [[f"t{t}" for t in range(length)] + ["bird"]] + body


def echoes(rows, n=800, noise=0.08, seed=0, length=30):
    """A pulse and its echo; how far the wall is follows from the time between them, and how soft from the echo's height."""
    chance, body = random.Random(16000 + seed), []
    for _ in range(n):
        at, lag, height = chance.uniform(3, 8), chance.uniform(5, 17), chance.uniform(0.4, 0.9)
        signal = [round(math.exp(-(t - at) ** 2 / 2.5) + height * math.exp(-(t - at - lag) ** 2 / 2.5) + chance.gauss(0, noise), 4) for t in range(length)]
        body.append(signal + [round((lag - 11) / 4 + 1.5 * (height - 0.65), 5)])
    return [[f"t{t}" for t in range(length)] + ["wall"]] + body


def ledgers(rows, n=1000, noise=0.05, seed=0, length=10):
    """Amounts and marks, an entry after another; what counts is the sum of the marked ones. Two numbers for each entry."""
    chance, body = random.Random(17000 + seed), []
    for _ in range(n):
        entries = [(chance.uniform(-1, 1), float(chance.random() < 0.35)) for _ in range(length)]
        body.append([round(v, 4) for entry in entries for v in entry] + [round(sum(a * m for a, m in entries) + chance.gauss(0, noise), 5)])
    return [[f"{what}{t}" for t in range(length) for what in ("amount", "mark")] + ["sum"]] + body


def signals(rows, n=1000, noise=0.2, seed=0, length=9):
    """Three lamps over time, of which two flash once, at different times; the class is which came first and which second: six."""
    chance, body = random.Random(18000 + seed), []
    orders = [(a, b) for a in range(3) for b in range(3) if a != b]
    for i in range(n):
        first, second = orders[i % 6]
        one, two = sorted(chance.sample(range(length), 2))
        body.append([round(float((t, c) in ((one, first), (two, second))) + chance.gauss(0, noise), 4) for t in range(length) for c in range(3)]
                    + ["rgb"[first] + "rgb"[second]])
    return [[f"{c}{t}" for t in range(length) for c in "rgb"] + ["order"]] + body


_SETS = {"soils": soils, "kilns": kilns, "badges": badges, "dials": dials, "calls": calls, "echoes": echoes, "ledgers": ledgers, "signals": signals}


def _chosen(rows, of):
    if not of:
        return [list(row) for row in rows]
    name, *words = str(of).split(":")
    options = {key: float(value) if "." in value else int(value) for key, value in (word.split("=") for word in words)}
    return _SETS[name](rows, **options)


# --- faults ----------------------------------------------------------------------------------------------


def clean(rows, of=""):
    """Nothing is wrong: one of the sets."""
    return _chosen(rows, of)


def in_grams(rows, of="", factor=1000, offset=0, columns=""):
    """Some features, or all, in a unit that suits the one who wrote them down."""
    rows, picked = _chosen(rows, of), {int(c) for c in str(columns).split(",") if c != ""}
    return rows[:1] + [[round(offset + factor * x, 5) if not picked or i in picked else x for i, x in enumerate(row[:-1])] + row[-1:] for row in rows[1:]]


def broken_sensor(rows, of="", columns="0-3", value=0):
    """These features, from one to another, stayed at one value all the time."""
    rows = _chosen(rows, of)
    first, last = (int(c) for c in str(columns).split("-"))
    return rows[:1] + [[value if first <= i <= last and i < len(row) - 1 else x for i, x in enumerate(row)] for row in rows[1:]]


def other_zero(rows, of="", factor=1, offset=0):
    """The target in another unit, or counted from another zero."""
    rows = _chosen(rows, of)
    return rows[:1] + [row[:-1] + [round(offset + factor * row[-1], 8)] for row in rows[1:]]


def grouped(rows, of="", down=0):
    """Rows come grouped by their answer; down=1: from the last to the first."""
    rows = _chosen(rows, of)
    return rows[:1] + sorted(rows[1:], key=lambda row: row[-1], reverse=bool(down))


def oversampled(rows, of="", times=3, jitter=0.0, seed=0):
    """Rows drawn again and again to have more of them, before anything was held out."""
    rows, chance = _chosen(rows, of), random.Random(seed)
    body = [list(row) for row in rows[1:]]
    more = [[round(x + chance.gauss(0, jitter), 5) if jitter else x for x in row[:-1]] + row[-1:] for row in body for _ in range(times - 1)]
    body += more
    chance.shuffle(body)
    return rows[:1] + body


def knows(rows, of="", column=2, noise=0.02, seed=0):
    """Among the features stands one that is nothing but the answer, measured again."""
    rows, chance = _chosen(rows, of), random.Random(seed)
    codes = {kind: i for i, kind in enumerate(sorted({row[-1] for row in rows[1:]}))}
    value = (lambda y: y) if isinstance(rows[1][-1], float) else codes.get
    out = [rows[0][:column] + ["result"] + rows[0][column:]]
    for row in rows[1:]:
        out.append(row[:column] + [round(value(row[-1]) + chance.gauss(0, noise), 5)] + row[column:])
    return out


def guessed(rows, of="", share=0.25, seed=0):
    """Some labels were guessed: any class, even the right one by luck."""
    rows, chance = _chosen(rows, of), random.Random(seed)
    kinds = sorted({row[-1] for row in rows[1:]})
    return rows[:1] + [row[:-1] + [chance.choice(kinds)] if chance.random() < share else row for row in rows[1:]]


def swapped_classes(rows, of="", share=0.4, seed=0):
    """The two first classes are taken for one another this often."""
    rows, chance = _chosen(rows, of), random.Random(seed)
    one, two = sorted({row[-1] for row in rows[1:]})[:2]
    other = {one: two, two: one}
    return rows[:1] + [row[:-1] + [other[row[-1]]] if row[-1] in other and chance.random() < share else row for row in rows[1:]]


def wild_targets(rows, of="", share=0.06, size=12, seed=0):
    """A few targets have nothing to do with their row: far off, to either side."""
    rows, chance = _chosen(rows, of), random.Random(seed)
    return rows[:1] + [row[:-1] + [round(chance.uniform(-size, size), 5)] if chance.random() < share else row for row in rows[1:]]


def shifted(rows, of="", by=1, seed=0):
    """The column of answers begins some rows too late, in a table that is in no order."""
    rows = _chosen(rows, of)
    body = rows[1:]
    random.Random(seed).shuffle(body)
    return rows[:1] + [row[:-1] + [body[i - by][-1]] for i, row in enumerate(body)]


def hardly_met(rows, of="", kind="", keep=0.03, seed=0):
    """One class, the last in the alphabet where none is named, was hardly ever met."""
    rows, chance = _chosen(rows, of), random.Random(seed)
    kind = str(kind) or max(str(row[-1]) for row in rows[1:])
    return rows[:1] + [row for row in rows[1:] if str(row[-1]) != kind or chance.random() < keep]


def missing_code(rows, of="", value=1e38, every=100, column=0):
    """Where nothing was measured stands a number that no measurement can have."""
    rows = _chosen(rows, of)
    return rows[:1] + [[value if c == column and i % every == 7 else x for c, x in enumerate(row)] for i, row in enumerate(rows[1:])]


def codes(rows, of=""):
    """Classes are written as whole numbers, in the order of the alphabet."""
    rows = _chosen(rows, of)
    order = {kind: i for i, kind in enumerate(sorted({row[-1] for row in rows[1:]}))}
    return rows[:1] + [row[:-1] + [order[row[-1]]] for row in rows[1:]]


def drifting(rows, of="", share=0.05, seed=0):
    """A drift of the instrument, another in each row and of no use, goes through all features and drowns them."""
    rows, chance, body = _chosen(rows, of), random.Random(seed), []
    for row in rows[1:]:
        drift = chance.gauss(0, 1)
        body.append([round(drift + share * x, 6) for x in row[:-1]] + row[-1:])
    return rows[:1] + body


def powers(rows, of="", n=900, degree=7, noise=0.05, seed=0):
    """One quantity and its powers as features, between 0 and 1, where they are nearly alike; the answer is a wave."""
    chance, body = random.Random(19000 + seed), []
    for _ in range(n):
        x = chance.uniform(0, 1)
        body.append([round(x ** (k + 1), 7) for k in range(degree)] + [round(math.sin(6.5 * x) + chance.gauss(0, noise), 5)])
    return [[f"x{k + 1}" for k in range(degree)] + ["y"]] + body
