"""Tables of other kinds than those of make_data.py: half moons, clouds in many dimensions, waves (a row is a
sequence), a gene table with more columns than matter, a smooth surface, prices. Any of them may get one of
the faults of data_data.py or data_steps.py: @made of=waves fault=wrong_labels share=0.2."""
import math
import random

import data_data
import data_steps


def _moons(chance, n, noise):
    rows = [["x", "y", "class"]]
    for i in range(n):
        angle, kind = math.pi * chance.random(), i % 2
        x, y = (math.cos(angle), math.sin(angle)) if kind == 0 else (1 - math.cos(angle), 0.5 - math.sin(angle))
        rows.append([round(x + chance.gauss(0, noise), 5), round(y + chance.gauss(0, noise), 5), "ab"[kind]])
    return rows


def _clouds(chance, n, noise, features=20, classes=6):
    """Gaussian clouds around points of chance, noise 1: they overlap a little."""
    centres = [[chance.gauss(0, 1) for _ in range(features)] for _ in range(classes)]
    rows = [[f"f{k}" for k in range(features)] + ["kind"]]
    for i in range(n):
        rows.append([round(c + noise * chance.gauss(0, 1), 5) for c in centres[i % classes]] + [f"k{i % classes}"])
    return rows


def _waves(chance, n, noise, length=32, classes=4):
    """Sequences: sine, square wave, saw tooth and a burst, at any phase."""
    rows = [[f"t{k}" for k in range(length)] + ["form"]]
    for i in range(n):
        kind, phase, period = i % classes, chance.random(), chance.uniform(8, 14)
        at = [(k / period + phase) % 1 for k in range(length)]
        form = [lambda u: math.sin(2 * math.pi * u), lambda u: 1.0 if u < 0.5 else -1.0, lambda u: 2 * u - 1,
                lambda u: 2.0 if u < 0.15 else -0.3][kind]
        rows.append([round(form(u) + noise * chance.gauss(0, 1), 5) for u in at] + [["sine", "square", "saw", "burst"][kind]])
    return rows


def _genes(chance, n, noise, features=60):
    """Two classes; eight of the columns matter, each a little."""
    rows = [[f"g{k}" for k in range(features)] + ["ill"]]
    for _ in range(n):
        x = [chance.gauss(0, 1) for _ in range(features)]
        score = sum(x[k] * (-1) ** k for k in range(8)) + noise * chance.gauss(0, 1)
        rows.append([round(v, 5) for v in x] + ["yes" if score > 0 else "no"])
    return rows


def _surface(chance, n, noise, features=4):
    rows = [[f"u{k}" for k in range(features)] + ["height"]]
    for _ in range(n):
        u = [chance.uniform(-1, 1) for _ in range(features)]
        z = math.sin(3 * u[0]) * math.cos(2 * u[1]) + 0.5 * u[2] * u[3]
        rows.append([round(v, 5) for v in u] + [round(z + noise * chance.gauss(0, 1), 6)])
    return rows


def _prices(chance, n, noise):
    """Area, rooms, age, distance and floor of flats; prices grow with area and fall with distance."""
    rows = [["area", "rooms", "age", "distance", "floor", "price"]]
    for _ in range(n):
        area, age, distance = math.exp(chance.gauss(4.2, 0.35)), chance.uniform(0, 90), chance.expovariate(0.2)
        rooms, floor = max(1, round(area / 28 + chance.gauss(0, 0.6))), chance.randrange(6)
        price = area * (4 + 3 * math.exp(-distance / 4)) * (1 - 0.003 * age) + 6 * floor
        rows.append([round(area, 1), rooms, round(age), round(distance, 2), floor, round(price * math.exp(noise * chance.gauss(0, 1)), 2)])
    return rows


_TABLES = {"moons": _moons, "clouds": _clouds, "waves": _waves, "genes": _genes, "surface": _surface, "prices": _prices}


def made(rows, of="moons", n=800, noise=0.1, seed=0, fault="", **how):
    """A table of this file, with a fault; `rows` are left alone. Words for the table begin with its name:
    clouds_classes=3."""
    mine = {key[len(of) + 1:]: how.pop(key) for key in list(how) if key.startswith(of + "_")}
    table = _TABLES[of](random.Random(f"{of} {seed}"), n, noise, **mine)
    maker = getattr(data_data, fault, None) or getattr(data_steps, fault, None) if fault else None
    return maker(table, **how) if maker else table
