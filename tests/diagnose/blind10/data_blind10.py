# Written from what a fault is, without a look at what findings measure; thresholds are not chosen by them.
"""Tables of the tenth blind cases: boats, cheeses, small pictures and series of their own; the base is left aside."""
import math
import random


def _made(names, rows, target):
    return [list(names) + [target]] + [[round(x, 5) if isinstance(x, float) else x for x in row] for row in rows]


# --- numbers -------------------------------------------------------------------------------------------------------


def barge(rows, n=1500, seed=1, noise=0.04):
    """How deep a barge lies in the water: six measures around unit scale, one product, one bend, one step made soft."""
    chance, made = random.Random(111000 + seed), []
    for _ in range(n):
        x = [chance.gauss(0, 1) for _ in range(6)]
        y = 0.7 * x[0] - 0.5 * x[1] * x[2] + 0.6 * math.sin(1.3 * x[3]) + 0.4 * math.tanh(3 * x[4]) + 0.2 * x[5] ** 2
        made.append(x + [y + chance.gauss(0, noise)])
    return _made(["load", "length", "beam", "current", "lock", "salt"], made, "draught")


def pastry(rows, n=1500, seed=1, noise=0.03):
    """How high a dough rises, from warmth and time, which have a best place, and from yeast and salt, which work against
    each other."""
    chance, made = random.Random(112000 + seed), []
    for _ in range(n):
        warm, time, yeast, salt = (chance.uniform(-1.7, 1.7) for _ in range(4))
        y = 1.5 * math.exp(-(warm - 0.4) ** 2 - 0.5 * (time - 0.2 * yeast) ** 2) + 0.4 * yeast * (1 - 0.5 * salt) - 0.3 * salt
        made.append([warm, time, yeast, salt, y + chance.gauss(0, noise)])
    return _made(["warm", "time", "yeast", "salt"], made, "height")


def beacons(rows, n=1500, seed=1, lights=4, noise=0.02):
    """How bright a place at the coast is: some beacons of different brightness stand around it."""
    chance, made = random.Random(113000 + seed), []
    places = [(chance.uniform(-1.5, 1.5), chance.uniform(-1.5, 1.5), chance.choice([-1, 1]) * chance.uniform(0.7, 1.5))
              for _ in range(lights)]
    for _ in range(n):
        x, y = chance.uniform(-2, 2), chance.uniform(-2, 2)
        made.append([x, y, sum(b * math.exp(-2 * ((x - u) ** 2 + (y - v) ** 2)) for u, v, b in places)
                     + chance.gauss(0, noise)])
    return _made(["east", "north"], made, "light")


def comets(rows, n=1200, seed=1, side=10, noise=0.05):
    """Pictures of a head with a tail to the right of it, row by row; the number is how long the tail is."""
    chance, made = random.Random(114000 + seed), []
    for _ in range(n):
        x0, y0, tail = chance.uniform(1, 3), chance.uniform(1.5, side - 2.5), chance.uniform(0.8, 5)
        picture = []
        for y in range(side):
            for x in range(side):
                along = max(0.0, x - x0)
                light = math.exp(-(y - y0) ** 2) * (math.exp(-along / tail) if x >= x0 else math.exp(-(x - x0) ** 2))
                picture.append(light + chance.gauss(0, noise))
        made.append(picture + [tail])
    return _made([f"p{i}" for i in range(side * side)], made, "tail")


def fiddles(rows, n=1200, seed=1, length=32, noise=0.08):
    """A string at `length` moments, with any beginning and loudness; the number is how often it swings."""
    chance, made = random.Random(115000 + seed), []
    for _ in range(n):
        times, phase, loud = chance.uniform(1.5, 5), chance.uniform(0, 2 * math.pi), chance.uniform(0.8, 1.4)
        made.append([loud * math.sin(2 * math.pi * times * t / length + phase) + chance.gauss(0, noise)
                     for t in range(length)] + [times])
    return _made([f"t{i}" for i in range(length)], made, "swings")


def cellar(rows, n=1500, seed=1, length=16, leak=0.25, noise=0.03):
    """Water that comes into a cellar at every hour, of which a part runs off again; the number is what stands there at
    the end."""
    chance, made = random.Random(116000 + seed), []
    for _ in range(n):
        hours, stands = [chance.gauss(0, 1) for _ in range(length)], 0.0
        for hour in hours:
            stands = (1 - leak) * stands + hour
        made.append(hours + [math.tanh(stands) + chance.gauss(0, noise)])
    return _made([f"h{i}" for i in range(length)], made, "water")


# --- classes -------------------------------------------------------------------------------------------------------


CHEESES = ["blue", "brie", "cheddar", "feta", "gouda", "halloumi", "paneer", "ricotta", "romano", "tilsit"]


def cheeses(rows, n=1500, seed=1, classes=6, width=10, spread=1.1, noise=1.0):
    """Cheeses from ten measurements: a cloud for each, and half of them from a second dairy somewhere else."""
    chance, made = random.Random(121000 + seed), []
    dairies = [[[chance.gauss(0, spread) for _ in range(width)] for _ in range(2)] for _ in range(classes)]
    for i in range(n):
        at = dairies[i % classes][i // classes % 2 if i % classes % 2 else 0]
        made.append([v + chance.gauss(0, 0.7 * noise) for v in at] + [CHEESES[i % classes]])
    chance.shuffle(made)
    return _made([f"m{i}" for i in range(width)], made, "cheese")


def ripples(rows, n=1500, seed=1, classes=3, edge=0.12):
    """Stripes of sand that bend, of `classes` colours in turn; no point lies on a border."""
    chance, made = random.Random(122000 + seed), []
    while len(made) < n:
        x, y = chance.uniform(-1.7, 1.7), chance.uniform(-1.7, 1.7)
        at = 1.2 * y + 0.8 * math.sin(1.8 * x) + 10
        if edge < at % 1 < 1 - edge:
            made.append([x, y, ["amber", "beige", "coral", "dun"][int(at) % classes]])
    return _made(["x", "y"], made, "sand")


RUNES = {"fork": lambda x, y: (x == 0 and y > 0) or abs(x) == -y, "gate": lambda x, y: abs(x) == 2 or y == -2,
         "cup": lambda x, y: abs(x) == 2 or y == 2, "dagger": lambda x, y: x == 0 or y == -1,
         "hill": lambda x, y: abs(x) == y, "rail": lambda x, y: y in (-1, 1), "stair": lambda x, y: x in (y, y + 1),
         "dot": lambda x, y: abs(x) < 2 and abs(y) < 2}


def runes(rows, n=1500, seed=1, side=12, noise=0.25, kinds=6):
    """Small pictures of a rune at any place and brightness, row by row, with noise."""
    chance, made, names = random.Random(123000 + seed), [], list(RUNES)[:kinds]
    for i in range(n):
        name, light = names[i % kinds], chance.uniform(0.8, 1.3)
        x0, y0 = chance.randrange(2, side - 2), chance.randrange(2, side - 2)
        picture = []
        for y in range(side):
            for x in range(side):
                near = max(abs(x - x0), abs(y - y0)) < 3
                picture.append(light * (near and RUNES[name](x - x0, y - y0)) + chance.gauss(0, noise))
        made.append(picture + [name])
    chance.shuffle(made)
    return _made([f"p{i}" for i in range(side * side)], made, "rune")


def gaits(rows, n=1200, seed=1, length=30, noise=0.2):
    """The height of a horse's back at `length` moments: walk, trot or gallop, by how its beats follow each other."""
    chance, made = random.Random(124000 + seed), []
    for i in range(n):
        kind, pace, phase = i % 3, chance.uniform(2.2, 3.2), chance.random()
        series = []
        for t in range(length):
            at = 2 * math.pi * (pace * t / length + phase)
            value = [math.sin(at), math.sin(at) + 0.8 * math.sin(2 * at), math.sin(at) + 0.8 * math.cos(2 * at)][kind]
            series.append(value + chance.gauss(0, noise))
        made.append(series + [["walk", "trot", "gallop"][kind]])
    chance.shuffle(made)
    return _made([f"t{i}" for i in range(length)], made, "gait")


def turnstile(rows, n=1500, seed=1, length=14, noise=0.15):
    """Who goes in (up) and out (down) at a turnstile; the class is the direction of the last one whose step is heavy."""
    chance, made = random.Random(125000 + seed), []
    for i in range(n):
        series = [chance.choice([-0.5, 0.5]) + chance.gauss(0, noise) for _ in range(length)]
        heavy = sorted(chance.sample(range(length - 2), 2))
        last = 1 if i % 2 else -1
        series[heavy[0]] = 2.0 * chance.choice([-1, 1]) + chance.gauss(0, noise)
        series[heavy[1]] = 2.0 * last + chance.gauss(0, noise)
        made.append(series + [["in", "out"][last < 0]])
    chance.shuffle(made)
    return _made([f"t{i}" for i in range(length)], made, "way")


def hinges(rows, n=2000, seed=1, parts=3, width=5):
    """A door that every one of the first `parts` of `width` hinges turns over; each is clearly left or right."""
    chance, made = random.Random(126000 + seed), []
    for _ in range(n):
        x = [chance.choice([-1, 1]) * chance.uniform(0.8, 1.2) for _ in range(width)]
        made.append(x + [["open", "shut"][sum(v > 0 for v in x[:parts]) % 2]])
    return _made([f"h{i}" for i in range(width)], made, "door")


def parcels(rows, n=3000, seed=1, lost=0.5, apart=1.1, width=6):
    """Parcels that arrive or get lost, which look much alike; only a part `lost` of them is lost."""
    chance, made = random.Random(127000 + seed), []
    for i in range(n):
        gone = i < lost * n
        x = [chance.gauss(0, 1) for _ in range(width)]
        x[0], x[1], x[2] = x[0] + apart * gone, x[1] * (1 + 0.5 * gone), x[2] - 0.8 * apart * gone
        made.append(x + [["arrived", "lost"][gone]])
    chance.shuffle(made)
    return _made([f"c{i}" for i in range(width)], made, "parcel")
