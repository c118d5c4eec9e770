"""Tables of the blind cases: five data sets of their own, and faults put into them or into any base.

A fault's table is `base`, or with `of=houses:n=700` one of the sets below."""
import math
import random

# --- data sets -------------------------------------------------------------------------------------------


def moons(rows, n=600, noise=0.1, seed=0):
    """Two half circles, each reaching into the other."""
    chance, body = random.Random(seed), []
    for i in range(n):
        angle = math.pi * chance.random()
        x, y = (math.cos(angle), math.sin(angle)) if i % 2 else (1 - math.cos(angle), 0.5 - math.sin(angle))
        body.append([round(x + chance.gauss(0, noise), 6), round(y + chance.gauss(0, noise), 6), "ab"[i % 2]])
    return [["x", "y", "moon"]] + body


def houses(rows, n=800, noise=0.1, seed=0):
    """Prices of houses, in some unit: area, rooms, age, distance, light, floor."""
    chance, body = random.Random(seed), []
    for _ in range(n):
        area, rooms, age, far, light, floor = (chance.uniform(-1, 1) for _ in range(6))
        price = (1 + area) * math.exp(-0.7 * far) * 0.8 - 0.6 * age + 0.5 * age * age + 0.4 * math.sin(3 * light) + 0.3 * rooms * floor - 1
        body.append([round(v, 6) for v in (area, rooms, age, far, light, floor, price + chance.gauss(0, noise))])
    return [["area", "rooms", "age", "far", "light", "floor", "price"]] + body


def pulses(rows, n=600, noise=0.3, seed=0, length=24):
    """Short recordings of four kinds of signal: sine, square, saw, burst."""
    chance, body = random.Random(seed), []
    for i in range(n):
        at, period = chance.random(), chance.uniform(8, 12)
        signal = []
        for t in range(length):
            turn = (t / period + at) % 1
            clean = (math.sin(2 * math.pi * turn), 1.0 if turn < 0.5 else -1.0, 2 * turn - 1, 2 * math.exp(-10 * turn) - 0.4)[i % 4]
            signal.append(round(clean + chance.gauss(0, noise), 5))
        body.append(signal + [("sine", "square", "saw", "burst")[i % 4]])
    return [[f"t{t}" for t in range(length)] + ["kind"]] + body


def plants(rows, n=900, features=8, classes=5, noise=0.0, seed=0):
    """Species told by measurements: each species has three places where it grows."""
    chance, body = random.Random(seed), []
    places = [[[chance.gauss(0, 1.3) for _ in range(features)] for _ in range(3)] for _ in range(classes)]
    for i in range(n):
        place = chance.choice(places[i % classes])
        body.append([round(v + chance.gauss(0, 0.6 + noise), 5) for v in place] + ["species_" + "abcdefghij"[i % classes]])
    return [[f"m{i}" for i in range(features)] + ["species"]] + body


def tiles(rows, n=700, noise=0.4, seed=0, side=12):
    """Pictures of woven stuff: stripes that lie, stand or slant, both ways, and checks."""
    chance, body = random.Random(seed), []
    ways = ((0, 1), (1, 0), (1, 1), (1, -1))
    for i in range(n):
        kind, phase, width = i % 5, chance.uniform(0, 2 * math.pi), chance.uniform(1.2, 1.8)
        picture = []
        for y in range(side):
            for x in range(side):
                if kind < 4:
                    at = math.sin(width * (ways[kind][0] * x + ways[kind][1] * y) + phase)
                else:
                    at = math.sin(width * x + phase) * math.sin(width * y + phase)
                picture.append(round(at + chance.gauss(0, noise), 3))
        body.append(picture + [("lying", "standing", "slant", "other_slant", "checks")[kind]])
    return [[f"p{k}" for k in range(side * side)] + ["weave"]] + body


_SETS = {"tiles": tiles, "moons": moons, "houses": houses, "pulses": pulses, "plants": plants}


def _set(rows, of):
    if not of:
        return [list(row) for row in rows]
    name, *words = str(of).split(":")
    options = {key: float(value) if "." in value else int(value) for key, value in (word.split("=") for word in words)}
    return _SETS[name](rows, **options)


# --- faults ----------------------------------------------------------------------------------------------


def sound(rows, of=""):
    """Nothing is wrong: one of the sets."""
    return _set(rows, of)


def other_units(rows, of="", factor=1000, offset=0, every=2):
    """Every so many features are in a unit of their own."""
    rows = _set(rows, of)
    return rows[:1] + [[offset + factor * x if i % every == 0 else x for i, x in enumerate(row[:-1])] + row[-1:] for row in rows[1:]]


def as_bytes(rows, of=""):
    """All features from 0 to 65535, as an instrument of 16 bits writes them."""
    rows = _set(rows, of)
    columns = list(zip(*(row[:-1] for row in rows[1:])))
    low, high = [min(c) for c in columns], [max(c) for c in columns]
    return rows[:1] + [[round(65535 * (x - a) / ((b - a) or 1)) for x, a, b in zip(row, low, high)] + row[-1:] for row in rows[1:]]


def filled_in(rows, of="", columns="0,2", value=0):
    """A join that found nothing filled these features with one value."""
    rows, lost = _set(rows, of), {int(c) for c in str(columns).split(",")}
    return rows[:1] + [[value if i in lost else x for i, x in enumerate(row)] for row in rows[1:]]


def in_cents(rows, of="", factor=1000, offset=0):
    """The target in another unit, or far from zero."""
    rows = _set(rows, of)
    return rows[:1] + [row[:-1] + [offset + factor * row[-1]] for row in rows[1:]]


def sorted_rows(rows, of=""):
    """Exported in the order of the answer."""
    rows = _set(rows, of)
    return rows[:1] + sorted(rows[1:], key=lambda row: row[-1])


def copies(rows, of="", times=3, seed=0):
    """Every row so many times, as a table made larger by hand before it was split."""
    rows = _set(rows, of)
    body = rows[1:] * times
    random.Random(seed).shuffle(body)
    return rows[:1] + body


def told(rows, of="", noise=0.01, seed=0):
    """A last feature that was made after the answer was known."""
    rows, chance = _set(rows, of), random.Random(seed)
    order = {kind: i for i, kind in enumerate(sorted({row[-1] for row in rows[1:]}))}
    number = (lambda y: y) if isinstance(rows[1][-1], float) else order.get
    return [rows[0][:-1] + ["after"] + rows[0][-1:]] + [row[:-1] + [number(row[-1]) + noise * chance.gauss(0, 1)] + row[-1:] for row in rows[1:]]


def careless(rows, of="", share=0.3, seed=0):
    """So many labels were given by someone who did not look: any of the others."""
    rows, chance = _set(rows, of), random.Random(seed)
    kinds = sorted({row[-1] for row in rows[1:]})
    return rows[:1] + [row[:-1] + [chance.choice([k for k in kinds if k != row[-1]])] if chance.random() < share else row for row in rows[1:]]


def mistyped(rows, of="", share=0.1, factor=10, seed=0):
    """So many targets have the point in the wrong place."""
    rows, chance = _set(rows, of), random.Random(seed)
    return rows[:1] + [row[:-1] + [row[-1] * factor] if chance.random() < share else row for row in rows[1:]]


def other_order(rows, of="", seed=0):
    """Features were shuffled and their answers, in another file, were not."""
    rows = _set(rows, of)
    answers = [row[-1] for row in rows[1:]]
    random.Random(seed).shuffle(answers)
    return rows[:1] + [row[:-1] + [answer] for row, answer in zip(rows[1:], answers)]


def few_of(rows, of="", kind="", keep=0.03, seed=0):
    """Of one class, the last where none is named, only this part is left."""
    rows, chance = _set(rows, of), random.Random(seed)
    kind = kind or max(str(row[-1]) for row in rows[1:])
    return rows[:1] + [row for row in rows[1:] if str(row[-1]) != str(kind) or chance.random() < keep]


def no_data(rows, of="", value=3e38, every=100, column=0):
    """A missing measurement is written as the largest number there is."""
    rows = _set(rows, of)
    return rows[:1] + [[value if c == column and i % every == 7 else x for c, x in enumerate(row)] for i, row in enumerate(rows[1:])]


def as_numbers(rows, of=""):
    """Classes are numbers from 0."""
    rows = _set(rows, of)
    order = {kind: i for i, kind in enumerate(sorted({row[-1] for row in rows[1:]}))}
    return rows[:1] + [row[:-1] + [order[row[-1]]] for row in rows[1:]]


def sums(rows, of="", noise=0.02):
    """Each feature is a running sum of those before it, so that neighbours are nearly alike."""
    rows, body = _set(rows, of), []
    for row in rows[1:]:
        total, made = 0.0, []
        for i, x in enumerate(row[:-1]):
            total += x if i == 0 else noise * x
            made.append(total)
        body.append(made + row[-1:])
    return rows[:1] + body


def counted(rows, of="", unit=1):
    """The target is a count, e to its power, and all features are in another unit."""
    rows = _set(rows, of)
    return rows[:1] + [[x * unit for x in row[:-1]] + [round(2 * math.exp(row[-1]))] for row in rows[1:]]
