# Written from what a fault is, without a look at what findings measure; thresholds are not chosen by them.
"""Tables of the second blind cases: seven data sets of their own, and faults put into them or into any base.

A fault's table is `base`, or with `of=wines:n=700` one of the sets below."""
import math
import random

# --- data sets -------------------------------------------------------------------------------------------


def wines(rows, n=900, noise=0.15, seed=0):
    """Nine measurements of wines of four regions, which three hidden quantities decide in bent ways."""
    chance, body = random.Random(1000 + seed), []
    mix = [[random.Random(7 * i + j + 1).gauss(0, 1) for j in range(3)] for i in range(9)]
    for _ in range(n):
        soil, sun, rain = (chance.gauss(0, 1) for _ in range(3))
        angle = math.atan2(sun + 0.8 * soil * rain, soil - 0.6 * sun * sun + 0.5)
        region = ("north", "coast", "hills", "valley")[int((angle / math.pi + 1) * 2) % 4]
        body.append([round(math.sinh(0.4 * (a * soil + b * sun + c * rain)) + chance.gauss(0, noise), 5) for a, b, c in mix] + [region])
    return [["acid", "sugar", "alcohol", "ash", "hue", "iron", "phenol", "sulphur", "density", "region"]] + body


def rides(rows, n=900, noise=0.1, seed=0):
    """How many bicycles are lent, in some unit: peaks by the hour, weather, weekends."""
    chance, body = random.Random(2000 + seed), []
    for _ in range(n):
        hour, warm, wind, damp = chance.uniform(0, 1), chance.uniform(-1, 1), chance.uniform(0, 1), chance.uniform(0, 1)
        rain, weekend = float(chance.random() < 0.25), float(chance.random() < 0.3)
        work = math.exp(-150 * (hour - 0.34) ** 2) + 1.2 * math.exp(-110 * (hour - 0.72) ** 2)
        free = 1.1 * math.exp(-18 * (hour - 0.6) ** 2)
        lent = (free if weekend else work) * (1.3 + warm) * (1 - 0.6 * rain) - 0.4 * wind * damp
        body.append([round(v, 5) for v in (hour, warm, wind, damp, rain, weekend, 2 * lent - 0.6 + chance.gauss(0, noise))])
    return [["hour", "warm", "wind", "damp", "rain", "weekend", "lent"]] + body


_STROKES = {"el": ((0, 0, 1, 0), (1, 0, 1, 1)), "tee": ((0, 0, 0, 1), (0, 0.5, 1, 0.5)), "cross": ((0, 0, 1, 1), (0, 1, 1, 0)),
            "cup": ((0, 0, 1, 0), (1, 0, 1, 1), (1, 1, 0, 1)), "zed": ((0, 0, 0, 1), (0, 1, 1, 0), (1, 0, 1, 1)),
            "box": ((0, 0, 0, 1), (0, 1, 1, 1), (1, 1, 1, 0), (1, 0, 0, 0))}


def glyphs(rows, n=800, noise=0.15, seed=0, side=10):
    """Pictures of six signs drawn with strokes, at any place and in several sizes."""
    chance, body, kinds = random.Random(3000 + seed), [], sorted(_STROKES)
    for i in range(n):
        kind, size = kinds[i % len(kinds)], chance.choice([5, 6, 7])
        top, left, picture = chance.randint(0, side - 1 - size), chance.randint(0, side - 1 - size), [0.0] * (side * side)
        for y0, x0, y1, x1 in _STROKES[kind]:
            for step in range(2 * size + 1):
                at = step / (2 * size)
                y, x = top + size * (y0 + at * (y1 - y0)), left + size * (x0 + at * (x1 - x0))
                picture[side * round(y) + round(x)] = 1.0
        body.append([round(v + chance.gauss(0, noise), 3) for v in picture] + [kind])
    return [[f"p{k}" for k in range(side * side)] + ["sign"]] + body


def gauges(rows, n=700, noise=0.1, seed=0, side=10):
    """Pictures of a spot; the number to read from them follows from its place and its size."""
    chance, body = random.Random(4000 + seed), []
    for _ in range(n):
        y, x, width = chance.uniform(1, side - 2), chance.uniform(1, side - 2), chance.uniform(0.8, 1.8)
        picture = [round(math.exp(-((k // side - y) ** 2 + (k % side - x) ** 2) / (2 * width * width)) + chance.gauss(0, noise), 3)
                   for k in range(side * side)]
        u, v = 2 * y / (side - 1) - 1, 2 * x / (side - 1) - 1
        body.append(picture + [round(1.2 * u + math.sin(3 * v) + (width - 1.3) * u * v, 5)])
    return [[f"p{k}" for k in range(side * side)] + ["reading"]] + body


def beats(rows, n=800, noise=0.08, seed=0, length=32):
    """Beats of a heart, four kinds: narrow, wide, double, with a late dip."""
    chance, body = random.Random(5000 + seed), []
    for i in range(n):
        at, height, signal = chance.uniform(9, 20), chance.uniform(0.8, 1.3), []
        for t in range(length):
            def peak(where, width):
                return math.exp(-((t - at - where) / width) ** 2 / 2)
            clean = (peak(0, 1.2), peak(0, 2.3), 0.8 * peak(-1.8, 1) + 0.8 * peak(1.8, 1), peak(0, 1.2) - 0.5 * peak(5, 1.5))[i % 4]
            signal.append(round(height * clean + chance.gauss(0, noise), 4))
        body.append(signal + [("narrow", "wide", "double", "dip")[i % 4]])
    return [[f"t{t}" for t in range(length)] + ["beat"]] + body


def petals(rows, n=900, noise=0.03, seed=0, leaves=3):
    """Sectors of the plane that bend as they go outwards, of two kinds in turn."""
    chance, body = random.Random(6000 + seed), []
    for _ in range(n):
        angle, far = chance.uniform(0, 2 * math.pi), math.sqrt(chance.uniform(0.02, 1))
        kind = "red" if math.sin(leaves * angle + 2 * far) > 0 else "white"
        body.append([round(far * math.cos(angle) + chance.gauss(0, noise), 5), round(far * math.sin(angle) + chance.gauss(0, noise), 5), kind])
    return [["x", "y", "petal"]] + body


def cues(rows, n=900, noise=0.2, seed=0, length=12):
    """A signal of which only the first few values tell the kind, and noise follows."""
    chance, body = random.Random(7000 + seed), []
    for i in range(n):
        cue = (-1.5, 0.0, 1.5)[i % 3]
        body.append([round((cue if t < 2 else 0) + chance.gauss(0, noise), 4) for t in range(length)] + [("low", "none", "high")[i % 3]])
    return [[f"t{t}" for t in range(length)] + ["cue"]] + body


_SETS = {"wines": wines, "rides": rides, "glyphs": glyphs, "gauges": gauges, "beats": beats, "petals": petals, "cues": cues}


def _set(rows, of):
    if not of:
        return [list(row) for row in rows]
    name, *words = str(of).split(":")
    options = {key: float(value) if "." in value else int(value) for key, value in (word.split("=") for word in words)}
    return _SETS[name](rows, **options)


# --- faults ----------------------------------------------------------------------------------------------


def good(rows, of=""):
    """Nothing is wrong: one of the sets."""
    return _set(rows, of)


def raw_units(rows, of="", factor=1000, offset=0, columns=""):
    """Some features, or all, as their instrument writes them."""
    rows, chosen = _set(rows, of), {int(c) for c in str(columns).split(",") if c != ""}
    return rows[:1] + [[offset + factor * x if not chosen or i in chosen else x for i, x in enumerate(row[:-1])] + row[-1:] for row in rows[1:]]


def lost_columns(rows, of="", columns="0", value=-1):
    """The export wrote one value for these features, in every row."""
    rows, lost = _set(rows, of), {int(c) for c in str(columns).split(",")}
    return rows[:1] + [[value if i in lost else x for i, x in enumerate(row)] for row in rows[1:]]


def other_money(rows, of="", factor=1000, offset=0):
    """The target in another unit, or counted from another zero."""
    rows = _set(rows, of)
    return rows[:1] + [row[:-1] + [offset + factor * row[-1]] for row in rows[1:]]


def by_answer(rows, of=""):
    """The file is in the order of the answer."""
    rows = _set(rows, of)
    return rows[:1] + sorted(rows[1:], key=lambda row: row[-1])


def appended(rows, of="", times=2, jitter=0.0, seed=0):
    """The file was appended to itself, perhaps with a little noise to "augment" it, before it was split."""
    rows, chance = _set(rows, of), random.Random(seed)
    body = rows[1:] + [[round(x + chance.gauss(0, jitter), 5) if jitter else x for x in row[:-1]] + row[-1:]
                       for _ in range(times - 1) for row in rows[1:]]
    chance.shuffle(body)
    return rows[:1] + body


def outcome_column(rows, of="", noise=0.01, seed=0):
    """A first feature that was written down after the outcome was known."""
    rows, chance = _set(rows, of), random.Random(seed)
    order = {kind: i for i, kind in enumerate(sorted({row[-1] for row in rows[1:]}))}
    number = (lambda y: y) if isinstance(rows[1][-1], float) else order.get
    return [["followup"] + rows[0]] + [[round(number(row[-1]) + noise * chance.gauss(0, 1), 5)] + row for row in rows[1:]]


def hasty(rows, of="", share=0.25, seed=0):
    """So many labels are those of another kind."""
    rows, chance = _set(rows, of), random.Random(seed)
    kinds = sorted({row[-1] for row in rows[1:]})
    return rows[:1] + [row[:-1] + [chance.choice([k for k in kinds if k != row[-1]])] if chance.random() < share else row for row in rows[1:]]


def sign_lost(rows, of="", share=0.1, factor=-8, seed=0):
    """So many targets were written with a wrong sign and unit."""
    rows, chance = _set(rows, of), random.Random(seed)
    return rows[:1] + [row[:-1] + [round(row[-1] * factor, 5)] if chance.random() < share else row for row in rows[1:]]


def slipped(rows, of="", by=1, seed=0):
    """Answers slipped by some rows against their features; the rows are in no order."""
    rows = _set(rows, of)
    body = rows[1:]
    random.Random(seed).shuffle(body)
    return rows[:1] + [row[:-1] + [body[(i + by) % len(body)][-1]] for i, row in enumerate(body)]


def scarce(rows, of="", kind="", keep=0.03, seed=0):
    """Of one class, the first where none is named, only this part was ever collected."""
    rows, chance = _set(rows, of), random.Random(seed)
    kind = str(kind) or min(str(row[-1]) for row in rows[1:])
    return rows[:1] + [row for row in rows[1:] if str(row[-1]) != kind or chance.random() < keep]


def sentinel(rows, of="", value=1e38, every=120, column=0):
    """A gap in the measurements is written as a huge number."""
    rows = _set(rows, of)
    return rows[:1] + [[value if c == column and i % every == 11 else x for c, x in enumerate(row)] for i, row in enumerate(rows[1:])]


def coded(rows, of=""):
    """Classes are written as numbers from 0."""
    rows = _set(rows, of)
    order = {kind: i for i, kind in enumerate(sorted({row[-1] for row in rows[1:]}))}
    return rows[:1] + [row[:-1] + [order[row[-1]]] for row in rows[1:]]


def near_alike(rows, of="", share=0.03):
    """All features show nearly the same: their mean, and only a small part of their own."""
    rows, body = _set(rows, of), []
    for row in rows[1:]:
        whole = sum(row[:-1]) / (len(row) - 1) ** 0.5
        body.append([round(whole + share * x, 6) for x in row[:-1]] + row[-1:])
    return rows[:1] + body
