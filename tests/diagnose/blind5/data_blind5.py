# Written from what a fault is, without a look at what findings measure; thresholds are not chosen by them.
"""Tables of the fifth blind cases: nine data sets of their own, and faults put into them or into any base.

A fault's table is `base`, or with `whence=quarries:n=700` one of the sets below."""
import math
import random

# --- data sets -------------------------------------------------------------------------------------------


def quarries(rows, n=1500, noise=0.1, seed=0):
    """Eight measurements of stones from five quarries; each quarry has three veins, in a bent space of four numbers."""
    fixed, chance, body = random.Random(811), random.Random(11000 + seed), []
    veins = [([fixed.gauss(0, 1) for _ in range(4)], i % 5) for i in range(15)]
    mix = [[fixed.gauss(0, 0.6) for _ in range(4)] for _ in range(8)]
    for i in range(n):
        centre, kind = veins[i % 15]
        hidden = [c + chance.gauss(0, 0.3) for c in centre]
        body.append([round(math.tanh(sum(a * h for a, h in zip(row, hidden))) + 0.2 * sum(row) * hidden[k % 4] + chance.gauss(0, noise), 5)
                     for k, row in enumerate(mix)] + [("basalt", "chalk", "flint", "granite", "slate")[kind]])
    chance.shuffle(body)
    return [["hard", "grain", "dense", "pale", "iron", "lime", "quartz", "mica", "quarry"]] + body


def harbours(rows, n=1500, noise=0.1, seed=0):
    """The level of the water: two tides that beat, a storm that comes with wind from one side, low pressure, the river."""
    chance, body = random.Random(12000 + seed), []
    for _ in range(n):
        moon, sun, press, wind, side, river = (chance.uniform(-1, 1) for _ in range(6))
        tide = math.sin(math.pi * moon) * (1 + 0.4 * math.cos(math.pi * sun)) + 0.3 * math.sin(2 * math.pi * sun)
        surge = 0.9 * max(0, wind) ** 2 * math.cos(math.pi * side) - 0.4 * press + 0.5 * river * abs(river)
        body.append([round(v, 5) for v in (moon, sun, press, wind, side, river, tide + surge + chance.gauss(0, noise))])
    return [["moon", "sun", "pressure", "wind", "side", "river", "level"]] + body


def tweeds(rows, n=1500, noise=0.25, seed=0, side=12):
    """Pieces of five cloths: stripes of four directions and a check, of any width and phase."""
    chance, body = random.Random(13000 + seed), []
    for i in range(n):
        kind, width, at = i % 5, chance.uniform(3, 5), chance.uniform(0, 2 * math.pi)
        bright, w, picture = chance.uniform(0.6, 1.2), 2 * math.pi / width, []
        for k in range(side * side):
            y, x = divmod(k, side)
            v = (math.sin(w * y + at), math.sin(w * x + at), math.sin(w * (x + y) / 1.4 + at), math.sin(w * (x - y) / 1.4 + at),
                 math.sin(w * x + at) * math.sin(w * y + at) * 1.4)[kind]
            picture.append(round(bright * v + chance.gauss(0, noise), 3))
        body.append(picture + [("weft", "warp", "twill", "serge", "check")[kind]])
    return [[f"p{k}" for k in range(side * side)] + ["cloth"]] + body


def buoys(rows, n=1000, noise=0.1, seed=0, side=9):
    """Pictures of a bright and a dark spot; the number is how far they are apart, and whether the bright one is above."""
    chance, body = random.Random(14000 + seed), []
    for _ in range(n):
        y0, x0, y1, x1 = (chance.uniform(1, side - 2) for _ in range(4))
        picture = [round(math.exp(-((k // side - y0) ** 2 + (k % side - x0) ** 2) / 2.2) - math.exp(-((k // side - y1) ** 2 + (k % side - x1) ** 2) / 2.2)
                         + chance.gauss(0, noise), 3) for k in range(side * side)]
        body.append(picture + [round((math.hypot(y1 - y0, x1 - x0) - 3.2) / 2 + 0.25 * (y1 - y0), 5)])
    return [[f"p{k}" for k in range(side * side)] + ["apart"]] + body


def whistles(rows, n=1500, noise=0.2, seed=0, length=36):
    """Calls of a bird, four kinds: the pitch rises, falls, stays or warbles."""
    chance, body = random.Random(15000 + seed), []
    for i in range(n):
        phase, pitch, call, loud = chance.uniform(0, 6.28), chance.uniform(0.7, 0.9), [], chance.uniform(0.8, 1.2)
        for t in range(length):
            u = t / (length - 1)
            phase += pitch * ((0.4 + 1.2 * u), (1.6 - 1.2 * u), 1.0, 1 + 0.7 * math.sin(12 * u))[i % 4]
            call.append(round(loud * math.sin(phase) + chance.gauss(0, noise), 4))
        body.append(call + [("rising", "falling", "level", "warble")[i % 4]])
    return [[f"t{t}" for t in range(length)] + ["call"]] + body


def pendulums(rows, n=1200, noise=0.05, seed=0, length=20):
    """A swing that fades, seen for a while; the number is where it will be some steps later."""
    chance, body = random.Random(16000 + seed), []
    for _ in range(n):
        w, fade, phase, wide = chance.uniform(0.25, 0.7), chance.uniform(0, 0.04), chance.uniform(0, 6.28), chance.uniform(0.8, 1.5)
        def swing(t):
            return wide * math.exp(-fade * t) * math.cos(w * t + phase)
        body.append([round(swing(t) + chance.gauss(0, noise), 4) for t in range(length)] + [round(swing(length + 3), 5)])
    return [[f"t{t}" for t in range(length)] + ["later"]] + body


def mosaics(rows, n=1600, noise=0.02, seed=0):
    """The plane in bent tiles of three colours."""
    chance, body = random.Random(17000 + seed), []
    for _ in range(n):
        x, y = chance.uniform(-1, 1), chance.uniform(-1, 1)
        a, b = math.sin(2.6 * x + y * y) + 0.3 * y, math.cos(2.8 * y - x) - 0.2 * x
        kind = 0 if a * b > 0.25 else 1 if a * b < -0.15 else 2
        body.append([round(x + chance.gauss(0, noise), 5), round(y + chance.gauss(0, noise), 5), ("amber", "blue", "cream")[kind]])
    return [["x", "y", "tile"]] + body


def relays(rows, n=1500, noise=0.15, seed=0, length=14):
    """One mark somewhere in the first four steps, up or down, another in the last four; the class is the pair."""
    chance, body = random.Random(18000 + seed), []
    for i in range(n):
        first, second = (1, 1, -1, -1)[i % 4], (1, -1, 1, -1)[i % 4]
        a, b = chance.randrange(4), length - 1 - chance.randrange(4)
        body.append([round(1.5 * (first * (t == a) + second * (t == b)) + chance.gauss(0, noise), 4) for t in range(length)]
                    + [("upup", "updown", "downup", "downdown")[i % 4]])
    return [[f"t{t}" for t in range(length)] + ["relay"]] + body


def knots(rows, n=1500, noise=0.0, seed=0, tied=3):
    """Five numbers; whether the product of the first three (or more) is below zero is the class: fewer of them tell nothing."""
    chance, body = random.Random(19000 + seed), []
    for _ in range(n):
        x = [chance.choice([-1, 1]) * chance.uniform(0.3, 1) for _ in range(5)]
        body.append([round(v + chance.gauss(0, noise), 5) for v in x] + ["left" if math.prod(x[:tied]) < 0 else "right"])
    return [["a", "b", "c", "d", "e", "turn"]] + body


_SHELF = {"knots": knots, "quarries": quarries, "harbours": harbours, "tweeds": tweeds, "buoys": buoys, "whistles": whistles,
          "pendulums": pendulums, "mosaics": mosaics, "relays": relays}


def _fetch(rows, whence):
    if not whence:
        return [list(row) for row in rows]
    name, *words = str(whence).split(":")
    options = {key: float(value) if "." in value else int(value) for key, value in (word.split("=") for word in words)}
    return _SHELF[name](rows, **options)


def _ranks(rows):
    """The answer of a row as a number: itself, or the place of its class among the names in order."""
    if isinstance(rows[1][-1], float):
        return lambda row: row[-1]
    order = {kind: i for i, kind in enumerate(sorted({row[-1] for row in rows[1:]}))}
    return lambda row: order[row[-1]]


# --- faults ----------------------------------------------------------------------------------------------


def hale(rows, whence=""):
    """Nothing is wrong: one of the sets, or the base."""
    return _fetch(rows, whence)


def furlongs(rows, whence="", times=500, plus=0, only=""):
    """Some features, or all, in a small unit and from a far zero."""
    rows, those = _fetch(rows, whence), {int(c) for c in str(only).split("+") if c != ""}
    return rows[:1] + [[round(plus + times * x, 5) if not those or i in those else x for i, x in enumerate(row[:-1])] + row[-1:] for row in rows[1:]]


def stuck_valves(rows, whence="", first=0, last=0, reads=7.0):
    """The features from first to last read the same in every row: their instrument was stuck."""
    rows = _fetch(rows, whence)
    return rows[:1] + [[reads if first <= i <= last else x for i, x in enumerate(row[:-1])] + row[-1:] for row in rows[1:]]


def doubloons(rows, whence="", times=5000, plus=0):
    """The answer in another coin, or counted from another year."""
    rows = _fetch(rows, whence)
    return rows[:1] + [row[:-1] + [round(plus + times * row[-1], 9)] for row in rows[1:]]


def queued_by_verdict(rows, whence=""):
    """Rows stand in the file by their answer, as a query with ORDER BY leaves them."""
    rows = _fetch(rows, whence)
    answer_rank = _ranks(rows)
    return rows[:1] + sorted(rows[1:], key=answer_rank)


def photocopied(rows, whence="", sheets=3, smudge=0.0, seed=0):
    """Every row is in the file several times, the copies perhaps a little blurred, and the file is mixed."""
    rows, chance = _fetch(rows, whence), random.Random(500 + seed)
    body = [[round(x + chance.gauss(0, smudge), 5) if smudge else x for x in row[:-1]] + row[-1:] for row in rows[1:] for _ in range(sheets)]
    chance.shuffle(body)
    return rows[:1] + body


def afterthought(rows, whence="", blur=0.02, at=-1, seed=0):
    """One more feature that was filled in when the answer was known already: the answer as a number, in another unit."""
    rows, chance = _fetch(rows, whence), random.Random(600 + seed)
    answer_rank = _ranks(rows)
    at = len(rows[0]) - 1 if at < 0 else at
    return [rows[0][:at] + ["review"] + rows[0][at:]] + [row[:at] + [round(40 + 12 * (answer_rank(row) + chance.gauss(0, blur)), 4)] + row[at:] for row in rows[1:]]


def drowsy_clerk(rows, whence="", share=0.25, seed=0):
    """So many labels were drawn from the other classes."""
    rows, chance = _fetch(rows, whence), random.Random(700 + seed)
    kinds = sorted({row[-1] for row in rows[1:]})
    return rows[:1] + [row[:-1] + [chance.choice([k for k in kinds if k != row[-1]])] if chance.random() < share else row for row in rows[1:]]


def two_confused(rows, whence="", share=0.4, seed=0):
    """Whoever wrote the labels often took the last two classes, by name, for each other."""
    rows, chance = _fetch(rows, whence), random.Random(750 + seed)
    a, b = sorted({row[-1] for row in rows[1:]})[-2:]
    swap = {a: b, b: a}
    return rows[:1] + [row[:-1] + [swap.get(row[-1], row[-1])] if chance.random() < share else row for row in rows[1:]]


def typist(rows, whence="", share=0.08, seed=0):
    """So many targets are those of some other row, a few of them with the point in the wrong place."""
    rows, chance = _fetch(rows, whence), random.Random(800 + seed)
    answers = [row[-1] for row in rows[1:]]
    return rows[:1] + [row[:-1] + [round(chance.choice(answers) * chance.choice([1, 10]), 5)] if chance.random() < share else row for row in rows[1:]]


def misthreaded(rows, whence="", by=1, seed=0):
    """Answers come from another file and begin some rows later than the features; the rows are in no order."""
    rows = _fetch(rows, whence)
    body = rows[1:]
    random.Random(900 + seed).shuffle(body)
    return rows[:1] + [row[:-1] + [body[(i + by) % len(body)][-1]] for i, row in enumerate(body)]


def endangered(rows, whence="", left=20, kind="", seed=0):
    """Of one class, the last by name where none is named, there are only so many rows left."""
    rows, seen, kept = _fetch(rows, whence), 0, []
    kind = str(kind) or max(str(row[-1]) for row in rows[1:])
    for row in rows[1:]:
        seen += str(row[-1]) == kind
        if str(row[-1]) != kind or seen <= left:
            kept.append(row)
    return rows[:1] + kept


def overrun(rows, whence="", code=3e38, rare=100, column=0):
    """A reading that did not fit was written as the largest number there is, once in so many rows."""
    rows = _fetch(rows, whence)
    return rows[:1] + [[code if c == column and i % rare == rare // 2 else x for c, x in enumerate(row)] for i, row in enumerate(rows[1:])]


def ordinals(rows, whence=""):
    """Classes written as numbers, by their names in order."""
    rows = _fetch(rows, whence)
    answer_rank = _ranks(rows)
    return rows[:1] + [row[:-1] + [float(answer_rank(row))] for row in rows[1:]]


def odometers(rows, whence="", slip=0.05):
    """Every feature is the running total of itself and all before it, and of a large common part: they look alike."""
    rows, body = _fetch(rows, whence), []
    for i, row in enumerate(rows[1:]):
        total, seen = math.sin(1 + 1.7 * i) * 1.5, []
        for x in row[:-1]:
            total += slip * x
            seen.append(round(total, 6))
        body.append(seen + row[-1:])
    return rows[:1] + body


def rungs(rows, whence="", count=7, noise=0.05, seed=0):
    """A curve over the first feature, to be fitted by a polynomial: the features are x, x^2, x^3 ... of an x between 0.5 and
    1.5, which all look alike."""
    rows, body, chance = _fetch(rows, whence), [], random.Random(950 + seed)
    for row in rows[1:]:
        x = 1 + 0.5 * max(-1.0, min(1.0, row[0]))
        body.append([round(x ** k, 6) for k in range(1, count + 1)] + [round(math.sin(5 * x) + chance.gauss(0, noise), 5)])
    return [[f"power{k}" for k in range(1, count + 1)] + ["height"]] + body


def heights(rows, whence="", count=7, noise=0.05, seed=0):
    """The same curve over Chebyshev's polynomials of the same x, which look unlike: nothing is wrong."""
    rows, body, chance = _fetch(rows, whence), [], random.Random(950 + seed)
    for row in rows[1:]:
        u = max(-1.0, min(1.0, row[0]))
        body.append([round(math.cos(k * math.acos(u)), 6) for k in range(1, count + 1)] + [round(math.sin(5 * (1 + 0.5 * u)) + chance.gauss(0, noise), 5)])
    return [[f"wave{k}" for k in range(1, count + 1)] + ["height"]] + body
