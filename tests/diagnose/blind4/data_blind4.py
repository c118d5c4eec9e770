# Written from what a fault is, without a look at what findings measure; thresholds are not chosen by them.
"""Tables of the fourth blind cases: eight data sets of their own, and faults put into them or into any base.

A fault's table is `base`, or with `of=moths:n=700` one of the sets below."""
import math
import random

# --- data sets -------------------------------------------------------------------------------------------


def alloys(rows, n=1000, noise=0.12, seed=0):
    """How hard an alloy is, from what is in it and how it was cooled: thresholds, a hump and products."""
    chance, body = random.Random(11000 + seed), []
    for _ in range(n):
        tin, zinc, lead, iron, heat, cool, age = (chance.uniform(-1, 1) for _ in range(7))
        hard = (1.3 * math.tanh(3 * (tin - 0.2)) + math.exp(-6 * (zinc - 0.1) ** 2) - 0.9 * abs(lead)
                + 1.1 * iron * heat + 0.7 * math.sin(2.5 * cool) * (1 if heat > 0 else 0.3) + 0.3 * age)
        body.append([round(v, 5) for v in (tin, zinc, lead, iron, heat, cool, age, hard + chance.gauss(0, noise))])
    return [["tin", "zinc", "lead", "iron", "heat", "cool", "age", "hard"]] + body


_MOTHS = {"ash": (0.0, 0.9, 0.0), "birch": (0.9, -0.3, 1.6), "elm": (-0.7, -0.6, 3.1), "lime": (0.3, 0.3, 4.6), "oak": (1.3, 1.2, 0.8)}


def moths(rows, n=1000, noise=0.2, seed=0):
    """Six measurements of moths of five trees; wing and body go along a curve of its own for each tree."""
    chance, body, kinds = random.Random(12000 + seed), [], sorted(_MOTHS)
    for i in range(n):
        kind = kinds[i % 5]
        a, b, turn = _MOTHS[kind]
        t = chance.uniform(-1.5, 1.5)
        clean = (a + t * math.cos(turn), b + t * math.sin(turn), a * t - 0.4 * t * t, b + 0.5 * math.sin(2 * t + turn),
                 0.6 * t * math.sin(2 * turn), a - b + 0.5 * t)
        body.append([round(v + chance.gauss(0, noise), 5) for v in clean] + [kind])
    return [["wing", "body", "antenna", "legs", "spots", "fringe", "tree"]] + body


def weaves(rows, n=1000, noise=0.4, seed=0, side=12):
    """Pictures of cloth woven in five ways, at any phase, of threads of several widths, dark or light."""
    chance, body, kinds = random.Random(13000 + seed), [], ("across", "check", "down", "fall", "rise")
    for i in range(n):
        kind, period, phase, phase2, bright = kinds[i % 5], chance.uniform(3, 5), chance.random(), chance.random(), chance.uniform(0.6, 1.2)
        pictures = []
        for k in range(side * side):
            y, x = divmod(k, side)
            along = {"across": y, "down": x, "fall": (x - y) * 0.75, "rise": (x + y) * 0.75, "check": y}[kind]
            v = math.sin(2 * math.pi * (along / period + phase))
            if kind == "check":
                v *= math.sin(2 * math.pi * (x / period + phase2)) * 1.3
            pictures.append(round(bright * v + chance.gauss(0, noise), 3))
        body.append(pictures + [kind])
    return [[f"p{k}" for k in range(side * side)] + ["weave"]] + body


def needles(rows, n=900, noise=0.15, seed=0, side=12):
    """Pictures of a meter's needle of any length around a hub that is not quite in the middle; the height of its tip,
    and a bend from how far to the right it is, are to be read."""
    chance, body = random.Random(14000 + seed), []
    for _ in range(n):
        angle, far = chance.uniform(0, 2 * math.pi), chance.uniform(3, 5)
        y0, x0 = side / 2 - 0.5 + chance.uniform(-0.7, 0.7), side / 2 - 0.5 + chance.uniform(-0.7, 0.7)
        picture = [0.0] * (side * side)
        for step in range(12):
            y, x = y0 + far * math.sin(angle) * step / 11, x0 + far * math.cos(angle) * step / 11
            for cy in (math.floor(y), math.floor(y) + 1):
                for cx in (math.floor(x), math.floor(x) + 1):
                    if 0 <= cy < side and 0 <= cx < side:
                        share = (1 - abs(y - cy)) * (1 - abs(x - cx))
                        picture[side * cy + cx] = max(picture[side * cy + cx], share)
        value = far / 4 * (math.sin(angle) + 0.6 * math.cos(2 * angle))
        body.append([round(v + chance.gauss(0, noise), 3) for v in picture] + [round(value, 5)])
    return [[f"p{k}" for k in range(side * side)] + ["value"]] + body


def trills(rows, n=1000, noise=0.35, seed=0, length=40):
    """Calls of birds, four kinds: the pitch rises, falls, stays or wavers."""
    chance, body = random.Random(15000 + seed), []
    for i in range(n):
        low, phase, loud, signal = chance.uniform(0.35, 0.6), chance.uniform(0, 2 * math.pi), chance.uniform(0.7, 1.2), []
        for t in range(length):
            p = t / (length - 1)
            pitch = (low + 0.9 * p, low + 0.9 * (1 - p), low + 0.45, low + 0.45 + 0.45 * math.sin(4 * math.pi * p))[i % 4]
            phase += pitch
            signal.append(round(loud * math.sin(phase) + chance.gauss(0, noise), 4))
        body.append(signal + [("rise", "fall", "stay", "waver")[i % 4]])
    return [[f"t{t}" for t in range(length)] + ["call"]] + body


def tills(rows, n=1200, noise=0.02, seed=0, length=10):
    """Slips of a till, pairs of a price and a mark: the marked prices are to be added, less a rebate for large sums."""
    chance, body = random.Random(16000 + seed), []
    for _ in range(n):
        prices, marks = [chance.random() for _ in range(length)], [float(chance.random() < 0.3) for _ in range(length)]
        total = sum(p * m for p, m in zip(prices, marks))
        body.append([round(v, 4) for pair in zip(prices, marks) for v in pair] + [round(total - 0.1 * total * total + chance.gauss(0, noise), 5)])
    return [[f"{'pm'[k % 2]}{k // 2}" for k in range(2 * length)] + ["total"]] + body


def lakes(rows, n=1000, noise=0.08, seed=0):
    """Points of a map: water is two crescents that hook into each other, an island, and land around."""
    chance, body = random.Random(17000 + seed), []
    for i in range(n):
        t = chance.uniform(0, math.pi)
        x, y, kind = ((math.cos(t), math.sin(t) - 0.25, "east"), (1 - math.cos(t), 0.25 - math.sin(t), "west"),
                      (0.5 + 1.9 * math.cos(2 * t), 1.5 * math.sin(2 * t), "land"))[i % 3]
        body.append([round(x + chance.gauss(0, noise), 5), round(y + chance.gauss(0, noise), 5), kind])
    return [["x", "y", "where"]] + body


def dunes(rows, n=1000, noise=0.1, seed=0):
    """How high sand lies over a plane: waves that bend, and a heap."""
    chance, body = random.Random(18000 + seed), []
    for _ in range(n):
        x, y = chance.uniform(-1, 1), chance.uniform(-1, 1)
        high = math.sin(3.5 * x + 1.5 * y * y) + 1.5 * math.exp(-8 * ((x - 0.4) ** 2 + (y + 0.3) ** 2)) - 0.4 * y
        body.append([round(x, 5), round(y, 5), round(high + chance.gauss(0, noise), 5)])
    return [["x", "y", "height"]] + body


_OWN = {"alloys": alloys, "moths": moths, "weaves": weaves, "needles": needles, "trills": trills, "tills": tills, "lakes": lakes,
        "dunes": dunes}


def _own(rows, of):
    if not of:
        return [list(row) for row in rows]
    name, *words = str(of).split(":")
    options = {key: float(value) if "." in value else int(value) for key, value in (word.split("=") for word in words)}
    return _OWN[name](rows, **options)


def _columns(text, width):
    """"0,3-5" -> {0, 3, 4, 5}; all where nothing is named."""
    found = set()
    for piece in str(text).split(","):
        if piece:
            first, _, last = piece.partition("-")
            found |= set(range(int(first), int(last or first) + 1))
    return found or set(range(width))


# --- faults ----------------------------------------------------------------------------------------------


def plainly(rows, of=""):
    """Nothing is wrong: one of the sets."""
    return _own(rows, of)


def fine_units(rows, of="", times=500, plus=0, columns=""):
    """Some features, or all, were kept in a small unit or from a far zero."""
    rows = _own(rows, of)
    chosen = _columns(columns, len(rows[0]) - 1)
    return rows[:1] + [[round(plus + times * x, 5) if i in chosen else x for i, x in enumerate(row[:-1])] + row[-1:] for row in rows[1:]]


def stuck_sensors(rows, of="", columns="0", value=7):
    """These sensors hung: the same number in every row."""
    rows = _own(rows, of)
    stuck = _columns(columns, 0)
    return rows[:1] + [[value if i in stuck else x for i, x in enumerate(row)] for row in rows[1:]]


def small_coin(rows, of="", times=100000, plus=0):
    """What is to be learned was written in a small unit, or from a far zero."""
    rows = _own(rows, of)
    return rows[:1] + [row[:-1] + [round(plus + times * row[-1], 6)] for row in rows[1:]]


def ordered_out(rows, of="", falling=0):
    """The rows came from a query with ORDER BY on the answer, rising or falling."""
    rows = _own(rows, of)
    return rows[:1] + sorted(rows[1:], key=lambda row: row[-1], reverse=bool(falling))


def joined(rows, of="", copies=3, seed=0):
    """A join against a table with several matches wrote every row so many times, in some order."""
    rows = _own(rows, of)
    body = [list(row) for row in rows[1:] for _ in range(copies)]
    random.Random(31 + seed).shuffle(body)
    return rows[:1] + body


def hindsight(rows, of="", at=2, noise=0.02, seed=0):
    """One feature, in the midst of the others, is worked out from the answer."""
    rows, chance = _own(rows, of), random.Random(41 + seed)
    kinds = sorted({row[-1] for row in rows[1:]}, key=str)
    code, body = {kind: (3 * i) % 7 for i, kind in enumerate(kinds)}, []
    for row in rows[1:]:
        known = row[-1] if len(kinds) > 7 else code[row[-1]]
        body.append(row[:at] + [round(known + chance.gauss(0, noise), 5)] + row[at:])
    return [rows[0][:at] + ["grade"] + rows[0][at:]] + body


def hurried(rows, of="", share=0.2, seed=0):
    """So many labels are somebody's guess: drawn from all kinds but the right one."""
    rows, chance = _own(rows, of), random.Random(51 + seed)
    kinds = sorted({row[-1] for row in rows[1:]}, key=str)
    return rows[:1] + [row[:-1] + [chance.choice([k for k in kinds if k != row[-1]])] if chance.random() < share else row for row in rows[1:]]


def typos(rows, of="", share=0.05, seed=0):
    """So many targets are wild: a figure from anywhere in ten times the range."""
    rows, chance = _own(rows, of), random.Random(61 + seed)
    low, high = min(row[-1] for row in rows[1:]), max(row[-1] for row in rows[1:])
    wide = 5 * (high - low)
    return rows[:1] + [row[:-1] + [round(chance.uniform(low - wide, high + wide), 5)] if chance.random() < share else row for row in rows[1:]]


def shifted_answers(rows, of="", by=3, seed=0):
    """A lost line moved the column of answers up by some rows; the rows are in no order."""
    rows = _own(rows, of)
    body = rows[1:]
    random.Random(71 + seed).shuffle(body)
    return rows[:1] + [row[:-1] + [body[(i + by) % len(body)][-1]] for i, row in enumerate(body)]


def seldom(rows, of="", kinds="", keep=0.03, seed=0):
    """Of these kinds, divided by commas, only a few were found; none named: of all but the first."""
    rows, chance = _own(rows, of), random.Random(81 + seed)
    every = sorted({str(row[-1]) for row in rows[1:]})
    few = set(str(kinds).split(",")) if str(kinds) else set(every[1:])
    return rows[:1] + [row for row in rows[1:] if str(row[-1]) not in few or chance.random() < keep]


def overflowing(rows, of="", value=3e38, every=100, columns="1"):
    """A counter ran over in some rows, and wrote a number without meaning."""
    rows = _own(rows, of)
    hit = _columns(columns, 0)
    return rows[:1] + [[value if c in hit and i % every == 5 else x for c, x in enumerate(row)] for i, row in enumerate(rows[1:])]


def numbered(rows, of=""):
    """Kinds are written as numbers, in an order that says nothing."""
    rows = _own(rows, of)
    kinds = sorted({row[-1] for row in rows[1:]}, key=str)
    return rows[:1] + [row[:-1] + [(2 * kinds.index(row[-1])) % len(kinds)] for row in rows[1:]]


def twin_columns(rows, of="", apart=0.03, seed=0):
    """Instead of features a and b there are, for each pair of neighbours, their sum with a bit of a, and with a bit of b."""
    rows, body = _own(rows, of), []
    for row in rows[1:]:
        x, new = row[:-1], []
        for i in range(0, len(x) - 1, 2):
            new += [round(x[i] + x[i + 1] + apart * x[i], 6), round(x[i] + x[i + 1] + apart * x[i + 1], 6)]
        body.append(new + x[len(new):] + row[-1:])
    return rows[:1] + body


def common_swing(rows, of="", share=0.97):
    """All features are mostly one common swing, the first feature's, and a rest of their own."""
    rows, body = _own(rows, of), []
    for row in rows[1:]:
        body.append([round(share * row[0] + (1 - share) * x, 6) for x in row[:-1]] + row[-1:])
    return rows[:1] + body
