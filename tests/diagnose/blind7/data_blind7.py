# Written from what a fault is, without a look at what findings measure; thresholds are not chosen by them.
"""Tables of the seventh blind cases: series, small pictures and tables of their own; they leave the base aside."""
import math
import random


def _table(names, rows, target):
    return [list(names) + [target]] + [[round(x, 5) if isinstance(x, float) else x for x in row] for row in rows]


# --- numbers from tables -------------------------------------------------------------------------------------------


def houses(rows, n=1200, seed=1, noise=0.08):
    """Price of a house, from size, age, distance, floor, light and quiet (all about unit scale)."""
    chance, made = random.Random(1000 + seed), []
    for _ in range(n):
        size, age, far, floor, light, quiet = (chance.gauss(0, 1) for _ in range(6))
        price = (size + 0.35 * size * light - 0.6 * math.tanh(1.5 * age) - 0.7 * math.log1p(math.exp(1.5 * far))
                 + 0.3 * math.sin(1.6 * floor) + 0.35 * quiet)
        made.append([size, age, far, floor, light, quiet, price + chance.gauss(0, noise)])
    return _table(["size", "age", "far", "floor", "light", "quiet"], made, "price")


def concrete(rows, n=1500, seed=1, noise=0.05):
    """Strength of concrete, from eight parts of its mixture: products and saturation."""
    chance, made = random.Random(2000 + seed), []
    for _ in range(n):
        x = [chance.uniform(-1.7, 1.7) for _ in range(8)]
        y = (math.tanh(1.2 * x[0]) + 0.6 * x[1] * x[2] - 0.5 * x[3] ** 2 + 0.7 * x[4] * math.tanh(x[0])
             + 0.4 * math.sin(2 * x[5]) - 0.3 * x[6] + 0.2 * x[7])
        made.append(x + [y + chance.gauss(0, noise)])
    return _table(["cement", "slag", "ash", "water", "sand", "gravel", "agent", "days"], made, "strength")


def tides(rows, n=1000, seed=1, noise=0.05):
    """Height of the water, from sine and cosine of three tides and the wind."""
    chance, made = random.Random(3000 + seed), []
    for _ in range(n):
        a, b, c = (chance.uniform(0, 2 * math.pi) for _ in range(3))
        wind = chance.gauss(0, 1)
        y = math.cos(a) + 0.5 * math.cos(a - b) + 0.3 * math.sin(2 * c) + 0.4 * wind * math.sin(a)
        x = [math.sin(a), math.cos(a), math.sin(b), math.cos(b), math.sin(c), math.cos(c), wind]
        made.append(x + [y + chance.gauss(0, noise)])
    return _table(["sa", "ca", "sb", "cb", "sc", "cc", "wind"], made, "height")


def heat(rows, n=1200, seed=1, side=10, noise=0.03):
    """Pictures of a warm spot on a plate, row by row; the number is how far the spot is from the middle."""
    chance, made = random.Random(4000 + seed), []
    for _ in range(n):
        px, py = chance.uniform(1, side - 2), chance.uniform(1, side - 2)
        wide, high = chance.uniform(1.0, 1.8), chance.uniform(0.8, 1.2)
        pixels = [high * math.exp(-((x - px) ** 2 + (y - py) ** 2) / (2 * wide ** 2)) + chance.gauss(0, noise)
                  for y in range(side) for x in range(side)]
        middle = (side - 1) / 2
        made.append(pixels + [math.hypot(px - middle, py - middle)])
    return _table([f"p{i}" for i in range(side * side)], made, "distance")


def curves(rows, n=1200, seed=1, length=40, noise=0.05):
    """A curve that fades away in `length` moments; the number is how fast."""
    chance, made = random.Random(5000 + seed), []
    for _ in range(n):
        rate, turn, phase = chance.uniform(0.5, 3.0), chance.uniform(8, 14), chance.uniform(0, 6.28)
        made.append([math.exp(-rate * t / length) * math.cos(turn * t / length + phase) + chance.gauss(0, noise)
                     for t in range(length)] + [rate])
    return _table([f"t{i}" for i in range(length)], made, "rate")


# --- classes from tables -------------------------------------------------------------------------------------------


def grapes(rows, n=1200, seed=1, classes=3, width=8, apart=1.0):
    """Kinds of grapes: clouds with correlated measurements around two centres each, well apart."""
    chance, made = random.Random(6000 + seed), []
    centres = [[chance.gauss(0, 1.3 * apart) for _ in range(width)] for _ in range(2 * classes)]
    mix = [[chance.gauss(0, 0.45) for _ in range(width)] for _ in range(width)]
    for i in range(n):
        kind = i % classes
        centre = centres[2 * kind + chance.randrange(2)]
        free = [chance.gauss(0, 0.8) for _ in range(width)]
        made.append([c + f * 0.6 + sum(m * z for m, z in zip(line, free)) for c, f, line in zip(centre, free, mix)]
                    + ["abcdefgh"[kind]])
    chance.shuffle(made)
    return _table([f"m{i}" for i in range(width)], made, "grape")


def motors(rows, n=1500, seed=1, noise=0.1):
    """Five states of a motor from twelve measurements that depend on load and speed in a bent way."""
    chance, made = random.Random(7000 + seed), []
    for i in range(n):
        state = i % 5
        load, speed = chance.uniform(-1, 1), chance.uniform(-1, 1)
        angle = 2 * math.pi * state / 5 + 1.2 * load
        base = [math.cos(angle), math.sin(angle), load, speed, math.cos(2 * angle) * speed, math.sin(2 * angle) * speed,
                load * speed, math.cos(angle + speed), math.sin(angle + speed), load ** 2, speed ** 2, math.cos(angle) * load]
        made.append([1.4 * b + chance.gauss(0, noise) for b in base] + [f"s{state}"])
    chance.shuffle(made)
    return _table([f"v{i}" for i in range(12)], made, "state")


def loans(rows, n=2000, seed=1, gap=0.25):
    """Loans that are paid back or not: a bent border in six features, nobody close to it."""
    chance, made, count = random.Random(8000 + seed), [], [0, 0]
    while sum(count) < n:
        x = [chance.gauss(0, 1) for _ in range(6)]
        score = x[0] + 0.8 * x[1] * x[2] - 0.6 * abs(x[3]) + 0.5 * x[4] + 0.45
        kind = int(score > 0)
        if abs(score) > gap and count[kind] < (n + 1) // 2:
            count[kind] += 1
            made.append(x + [["lost", "paid"][kind]])
    chance.shuffle(made)
    return _table(["income", "years", "sum", "age", "home", "other"], made, "end")


def moons(rows, n=1200, seed=1, noise=0.12):
    """Two half moons that reach into each other."""
    chance, made = random.Random(9000 + seed), []
    for i in range(n):
        angle = chance.uniform(0, math.pi)
        x, y = (math.cos(angle), math.sin(angle)) if i % 2 else (1 - math.cos(angle), 0.5 - math.sin(angle))
        made.append([x + chance.gauss(0, noise), y + chance.gauss(0, noise), ["low", "high"][i % 2]])
    chance.shuffle(made)
    return _table(["x", "y"], made, "moon")


def figures(rows, n=1500, seed=1, side=12, noise=0.15):
    """Pictures of a cross, a ring, a slash and a square at any place, row by row, with a little noise."""
    chance, made = random.Random(11000 + seed), []
    for i in range(n):
        kind, r = i % 4, chance.uniform(2.2, 3.6)
        px, py = chance.uniform(r, side - 1 - r), chance.uniform(r, side - 1 - r)
        pixels = []
        for y in range(side):
            for x in range(side):
                dx, dy = x - px, y - py
                inside = max(abs(dx), abs(dy)) <= r
                far = (min(abs(dx), abs(dy)) if kind == 0 else abs(math.hypot(dx, dy) - r) if kind == 1
                       else abs(dx - dy) / 1.41 if kind == 2 else abs(max(abs(dx), abs(dy)) - r))
                lit = max(0.0, 1 - far) if inside or kind in (1, 3) else 0.0
                pixels.append(lit + chance.gauss(0, noise))
        made.append(pixels + [["cross", "ring", "slash", "square"][kind]])
    chance.shuffle(made)
    return _table([f"p{i}" for i in range(side * side)], made, "figure")


def waves(rows, n=1200, seed=1, length=48, noise=0.2):
    """Series of a sine, a saw or a rectangle wave, of any frequency and phase."""
    chance, made = random.Random(12000 + seed), []
    for i in range(n):
        kind, times, phase = i % 3, chance.uniform(2, 4), chance.random()
        series = []
        for t in range(length):
            at = (times * t / length + phase) % 1
            value = (math.sin(2 * math.pi * at) * 1.2 if kind == 0 else (2 * at - 1) * 1.5 if kind == 1
                     else 0.9 if at < 0.5 else -0.9)
            series.append(value + chance.gauss(0, noise))
        made.append(series + [["sine", "saw", "box"][kind]])
    chance.shuffle(made)
    return _table([f"t{i}" for i in range(length)], made, "wave")


def gestures(rows, n=1200, seed=1, steps=20, noise=0.15):
    """Ways of a hand in the plane, 20 moments of x, y and speed: circle left, circle right, line, zigzag."""
    chance, made = random.Random(13000 + seed), []
    for i in range(n):
        kind, turn, start = i % 4, chance.uniform(0.8, 1.2), chance.uniform(0, 6.28)
        row = []
        for t in range(steps):
            at = 2 * math.pi * turn * t / steps
            if kind < 2:
                angle = start + (at if kind == 0 else -at)
                x, y, v = math.cos(angle), math.sin(angle), 0.2
            else:
                along, side = 2 * t / steps - 1, (0.5 if (t // 3) % 2 else -0.5) if kind == 3 else 0.0
                x, y = along * math.cos(start) - side * math.sin(start), along * math.sin(start) + side * math.cos(start)
                v = 0.0 if kind == 2 else 0.4
            row += [value + chance.gauss(0, noise) for value in (x, y, v)]
        made.append(row + [["left", "right", "line", "zigzag"][kind]])
    chance.shuffle(made)
    return _table([f"{c}{t}" for t in range(steps) for c in "xyv"], made, "gesture")


def first_sign(rows, n=1200, seed=1, length=40, noise=0.3):
    """A series of noise whose first three numbers are all high or all low: which, is to be remembered."""
    chance, made = random.Random(14000 + seed), []
    for i in range(n):
        sign = 1 if i % 2 else -1
        made.append([sign * 1.5 + chance.gauss(0, noise) for _ in range(3)]
                    + [chance.gauss(0, 1) for _ in range(length - 3)] + [["down", "up"][i % 2]])
    chance.shuffle(made)
    return _table([f"t{i}" for i in range(length)], made, "start")


def sums(rows, n=1200, seed=1, length=40, noise=0.02):
    """A series of small steps; the number is where they lead, which a recurrent network has to add up."""
    chance, made = random.Random(15000 + seed), []
    for _ in range(n):
        steps = [chance.uniform(-1, 1) for _ in range(length)]
        made.append(steps + [sum(steps) / math.sqrt(length / 3) + chance.gauss(0, noise)])
    return _table([f"t{i}" for i in range(length)], made, "end")


def parity(rows, n=2000, seed=1, bits=3, width=6):
    """The sign of a product of `bits` of `width` numbers, none near 0: no number alone tells anything."""
    chance, made = random.Random(16000 + seed), []
    for _ in range(n):
        x = [chance.choice([-1, 1]) * chance.uniform(0.6, 1.4) for _ in range(width)]
        made.append(x + ["even" if math.prod(x[:bits]) > 0 else "odd"])
    return _table([f"x{i}" for i in range(width)], made, "parity")


def product(rows, n=1500, seed=1, factors=3, noise=0.02):
    """The product of some numbers: flat around the middle, where no number alone tells anything."""
    chance, made = random.Random(17000 + seed), []
    for _ in range(n):
        x = [chance.choice([-1, 1]) * chance.uniform(0.5, 1.5) for _ in range(factors + 2)]
        made.append(x + [math.prod(x[:factors]) + chance.gauss(0, noise)])
    return _table([f"x{i}" for i in range(factors + 2)], made, "y")


# --- badly conditioned, though every feature is of unit scale ------------------------------------------------------


def alike(rows, n=1000, seed=1, width=8, differ=0.03, noise=0.02):
    """Thermometers that stand side by side: nearly the same number each; what counts is how they differ."""
    chance, made = random.Random(18000 + seed), []
    weights = [chance.choice([-1, 1]) * chance.uniform(0.7, 1.3) for _ in range(width)]
    middle = sum(weights) / width
    for _ in range(n):
        common, own = chance.gauss(0, 1), [chance.gauss(0, 1) for _ in range(width)]
        y = 0.3 * common + sum((w - middle) * o for w, o in zip(weights, own)) / math.sqrt(width)
        made.append([common + differ * o for o in own] + [y + chance.gauss(0, noise)])
    return _table([f"t{i}" for i in range(width)], made, "flow")


def powers(rows, n=1000, seed=1, degree=8, noise=0.02):
    """The powers of one number, each of unit scale, and a wave to be made of them."""
    chance, made = random.Random(19000 + seed), []
    for _ in range(n):
        x = chance.uniform(0, 1)
        made.append([(x ** k - 1 / (k + 1)) * (k + 1) * math.sqrt(2 * k + 1) / k for k in range(1, degree + 1)]
                    + [math.sin(2 * math.pi * 1.2 * x) + chance.gauss(0, noise)])
    return _table([f"x{k}" for k in range(1, degree + 1)], made, "y")


def smooth(rows, n=1200, seed=1, length=12, noise=0.02):
    """A slowly moving measurement at twelve moments; the class is whether it bends up or down at the end."""
    chance, made = random.Random(20000 + seed), []
    for i in range(n):
        level, slope, bend = chance.gauss(0, 1), chance.gauss(0, 0.15), (1 if i % 2 else -1) * chance.uniform(0.05, 0.15)
        made.append([level + slope * t / length + bend * (t / length) ** 2 + chance.gauss(0, noise * 0.1)
                     for t in range(length)] + [["down", "up"][i % 2]])
    chance.shuffle(made)
    return _table([f"t{i}" for i in range(length)], made, "bend")


def counts(rows, n=1200, seed=1, top=6):
    """How many visitors come in an hour: counts around a rate that depends on five features."""
    chance, made = random.Random(21000 + seed), []
    for _ in range(n):
        x = [chance.gauss(0, 1) for _ in range(5)]
        rate = top / (1 + math.exp(-(0.8 * x[0] + 0.5 * x[1] * x[2] - 0.5 * x[3])))
        count, left = 0, math.exp(-rate)
        product_of = chance.random()
        while product_of > left:
            count, product_of = count + 1, product_of * chance.random()
        made.append(x + [count])
    return _table([f"x{i}" for i in range(5)], made, "visitors")


def alike_kinds(rows, n=1000, seed=1, width=8, differ=0.05):
    """Thermometers that stand side by side: the class is which half of them is a little warmer."""
    header, *rest = alike(rows, n=2 * n, seed=seed, width=width, differ=differ)
    chosen, count = [], {"left": 0, "right": 0}
    for row in rest:
        own = [x - sum(row[:-1]) / width for x in row[:-1]]
        tilt = sum(own[:width // 2]) - sum(own[width // 2:])
        kind = "left" if tilt > 0 else "right"
        if abs(tilt) > 0.3 * differ and count[kind] < n // 2:
            count[kind] += 1
            chosen.append(row[:-1] + [kind])
    return [header[:-1] + ["side"]] + chosen
