# Written from what a fault is, without a look at what findings measure; thresholds are not chosen by them.
"""Tables of the eighth blind cases: measurements, small pictures and series of their own; the base is left aside."""
import math
import random


def _table(names, rows, target):
    return [list(names) + [target]] + [[round(x, 5) if isinstance(x, float) else x for x in row] for row in rows]


# --- numbers -------------------------------------------------------------------------------------------------------


def robot(rows, n=1500, seed=1, noise=0.02):
    """How high the hand of an arm of three joints is, from sine and cosine of its angles and the load."""
    chance, made = random.Random(31000 + seed), []
    for _ in range(n):
        a, b, c = (chance.uniform(-1.6, 1.6) for _ in range(3))
        load = chance.gauss(0, 1)
        y = math.sin(a) + 0.8 * math.sin(a + b) + 0.5 * math.sin(a + b + c) - 0.15 * load * math.cos(a)
        made.append([a, b, c, load, y + chance.gauss(0, noise)])
    return _table(["shoulder", "elbow", "wrist", "load"], made, "height")


def energy(rows, n=1500, seed=1, noise=0.05):
    """Energy that a building takes: nine features around unit scale, products, steps and a curve."""
    chance, made = random.Random(32000 + seed), []
    for _ in range(n):
        x = [chance.gauss(0, 1) for _ in range(9)]
        y = (0.9 * x[0] - 0.7 * math.tanh(2 * x[1]) + 0.5 * x[2] * x[3] + 0.4 * max(0.0, x[4]) - 0.3 * abs(x[5])
             + 0.4 * math.cos(1.5 * x[6]) + 0.2 * x[7])
        made.append(x + [y + chance.gauss(0, noise)])
    return _table(["area", "wall", "glass", "sun", "cold", "wind", "hour", "people", "age"], made, "energy")


def spot(rows, n=1200, seed=1, side=9, noise=0.05):
    """Pictures of two warm spots, row by row; the number is how far apart they are."""
    chance, made = random.Random(33000 + seed), []
    for _ in range(n):
        ax, ay, bx, by = (chance.uniform(0.5, side - 1.5) for _ in range(4))
        made.append([math.exp(-((x - ax) ** 2 + (y - ay) ** 2) / 2) + math.exp(-((x - bx) ** 2 + (y - by) ** 2) / 2)
                     + chance.gauss(0, noise) for y in range(side) for x in range(side)] + [math.hypot(ax - bx, ay - by)])
    return _table([f"p{i}" for i in range(side * side)], made, "apart")


def pendulum(rows, n=1200, seed=1, length=32, noise=0.05):
    """A swinging pendulum at `length` moments; the number is its frequency."""
    chance, made = random.Random(34000 + seed), []
    for _ in range(n):
        times, phase, wide = chance.uniform(1.5, 5), chance.uniform(0, 2 * math.pi), chance.uniform(0.7, 1.3)
        made.append([wide * math.sin(2 * math.pi * times * t / length + phase) + chance.gauss(0, noise)
                     for t in range(length)] + [times])
    return _table([f"t{i}" for i in range(length)], made, "times")


def balance(rows, n=1200, seed=1, length=20, noise=0.02):
    """Money that comes and goes; the number is what is left of it, where what lies fades by a twentieth a day."""
    chance, made = random.Random(35000 + seed), []
    for _ in range(n):
        days, left = [chance.gauss(0, 1) for _ in range(length)], 0.0
        for day in days:
            left = 0.95 * left + day
        made.append(days + [left / 3 + chance.gauss(0, noise)])
    return _table([f"d{i}" for i in range(length)], made, "left")


def calls(rows, n=1500, seed=1, top=8):
    """How many calls come in an hour: counts around a rate that four features make."""
    chance, made = random.Random(36000 + seed), []
    for _ in range(n):
        x = [chance.gauss(0, 1) for _ in range(4)]
        rate = top * math.exp(0.4 * math.tanh(x[0]) + 0.25 * x[1] * math.tanh(x[2]) - 0.2 * x[3])
        count, past = 0, chance.expovariate(1)
        while past < rate and count < 100000:
            count, past = count + 1, past + chance.expovariate(1)
        made.append(x + [count])
    return _table(["hour", "day", "rain", "price"], made, "calls")


# --- classes -------------------------------------------------------------------------------------------------------


def wine(rows, n=1200, seed=1, classes=3, width=10, near=1.0):
    """Kinds of wine: each is where one of some bent sums of the measurements is the largest, nobody at the border."""
    chance, made = random.Random(41000 + seed), []
    axes = [[chance.gauss(0, 1) / math.sqrt(width) for _ in range(width)] for _ in range(2 * classes)]
    while len(made) < n:
        x = [chance.gauss(0, 1) for _ in range(width)]
        sums = [sum(a * v for a, v in zip(axis, x)) for axis in axes]
        scores = [math.tanh(1.5 * sums[2 * k]) + 0.6 * sums[2 * k + 1] ** 2 for k in range(classes)]
        first, second = sorted(scores, reverse=True)[:2]
        if first - second > 0.25 * near:
            made.append(x + ["abcdefgh"[scores.index(first)]])
    return _table([f"m{i}" for i in range(width)], made, "wine")


def orbits(rows, n=1500, seed=1, classes=3, noise=0.06):
    """Bodies on rings around a centre, one class a ring, from place and speed."""
    chance, made = random.Random(42000 + seed), []
    for i in range(n):
        kind, angle = i % classes, chance.uniform(0, 2 * math.pi)
        r = 0.5 + 0.5 * kind
        v = 1 / math.sqrt(r)
        x = [r * math.cos(angle), r * math.sin(angle), -v * math.sin(angle), v * math.cos(angle)]
        made.append([value + chance.gauss(0, noise) for value in x] + [f"ring{kind}"])
    chance.shuffle(made)
    return _table(["x", "y", "vx", "vy"], made, "ring")


LETTERS = {"T": "11111 00100 00100 00100 00100", "L": "10000 10000 10000 10000 11111", "X": "10001 01010 00100 01010 10001",
           "O": "01110 10001 10001 10001 01110", "H": "10001 10001 11111 10001 10001", "E": "11111 10000 11110 10000 11111"}


def letters(rows, n=1500, seed=1, side=9, noise=0.25, kinds=6):
    """Small pictures of letters at any place and brightness, row by row, with noise."""
    chance, made, names = random.Random(43000 + seed), [], list(LETTERS)[:kinds]
    for i in range(n):
        name, light = names[i % kinds], chance.uniform(0.7, 1.3)
        glyph, px, py = LETTERS[name].split(), chance.randrange(side - 4), chance.randrange(side - 4)
        made.append([light * (0 <= x - px < 5 and 0 <= y - py < 5 and glyph[y - py][x - px] == "1") + chance.gauss(0, noise)
                     for y in range(side) for x in range(side)] + [name])
    chance.shuffle(made)
    return _table([f"p{i}" for i in range(side * side)], made, "letter")


def beats(rows, n=1200, seed=1, length=40, noise=0.15):
    """A heart's curve: regular beats, double beats, or a beat upside down, at any phase."""
    chance, made = random.Random(44000 + seed), []
    for i in range(n):
        kind, every, start = i % 3, chance.uniform(9, 13), chance.uniform(0, 9)
        series = [chance.gauss(0, noise) for _ in range(length)]
        at, turn = start, chance.randrange(2)
        while at < length + 3:
            marks = [(at, 1.5), (at + 3, 0.9)] if kind == 1 else [(at, -1.5 if kind == 2 and turn % 2 else 1.5)]
            for t in range(length):
                series[t] += sum(high * math.exp(-(t - place) ** 2 / 1.2) for place, high in marks)
            at, turn = at + every, turn + 1
        made.append(series + [["even", "double", "turned"][kind]])
    chance.shuffle(made)
    return _table([f"t{i}" for i in range(length)], made, "beat")


def recall(rows, n=1200, seed=1, length=24, noise=0.2):
    """The first two numbers say which of three classes; all that follow are noise that is to be forgotten."""
    chance, made = random.Random(45000 + seed), []
    for i in range(n):
        angle = 2 * math.pi * (i % 3) / 3
        made.append([1.8 * math.cos(angle) + chance.gauss(0, noise), 1.8 * math.sin(angle) + chance.gauss(0, noise)]
                    + [chance.gauss(0, 1) for _ in range(length - 2)] + ["rgb"[i % 3]])
    chance.shuffle(made)
    return _table([f"t{i}" for i in range(length)], made, "colour")


def brackets(rows, n=1500, seed=1, length=16):
    """A row of steps up and down by about one; the class is whether the way ends above or below where it began."""
    chance, made, count = random.Random(46000 + seed), [], [0, 0]
    while len(made) < n:
        steps = [chance.choice([-1, 1]) * chance.uniform(0.8, 1.2) for _ in range(length)]
        end = sum(steps)
        kind = int(end > 0)
        if abs(end) > 1 and count[kind] < (n + 1) // 2:
            count[kind] += 1
            made.append(steps + [["below", "above"][kind]])
    return _table([f"s{i}" for i in range(length)], made, "end")


def sensors(rows, n=1500, seed=1, noise=0.15):
    """Four states of a machine from eight sensors, curves of a hidden load."""
    chance, made = random.Random(47000 + seed), []
    for i in range(n):
        state, load = i % 4, chance.uniform(-1, 1)
        turn = math.pi * state / 2 + 1.1 * load
        x = [math.cos(turn), math.sin(turn), math.cos(2 * turn + load), math.sin(2 * turn + load), load, load * math.cos(turn),
             load ** 2, math.tanh(2 * load) * math.sin(turn)]
        made.append([v + chance.gauss(0, noise) for v in x] + [f"state{state}"])
    chance.shuffle(made)
    return _table([f"s{i}" for i in range(8)], made, "state")


def parity(rows, n=2000, seed=1, bits=3, width=5):
    """Whether an even or odd number of the first `bits` of `width` numbers is above 0; none lies near it."""
    chance, made = random.Random(48000 + seed), []
    for _ in range(n):
        x = [chance.choice([-1, 1]) * chance.uniform(0.7, 1.3) for _ in range(width)]
        made.append(x + [["even", "odd"][sum(v > 0 for v in x[:bits]) % 2]])
    return _table([f"b{i}" for i in range(width)], made, "parity")


def patients(rows, n=3000, seed=1, sick=0.5, apart=1.6, width=6):
    """Healthy and ill people from blood values that overlap; only a part `sick` of them is ill."""
    chance, made = random.Random(49000 + seed), []
    for i in range(n):
        ill = i < sick * n
        x = [chance.gauss(0, 1) for _ in range(width)]
        x[0] += apart * ill
        x[1] += 0.5 * x[0] * x[2] + 0.5 * apart * ill
        made.append(x + [["healthy", "ill"][ill]])
    chance.shuffle(made)
    return _table([f"blood{i}" for i in range(width)], made, "state")
