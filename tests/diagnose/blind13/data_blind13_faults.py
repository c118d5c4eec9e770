# Written from what a fault is, without a look at what findings measure; thresholds are not chosen by them.
"""What is wrong with the data of the thirteenth blind cases: each takes the base, or with of= a table of data_blind13
(base=digits of=balance: the one that is made of the base)."""
import math
import random

import data_blind13 as own


def _read(rows, of, n, make, **more):
    """Header and rows of the base, or of a table of data_blind13 made from seed `make`."""
    if not of:
        return rows[0], [list(row) for row in rows[1:]]
    if of == "balance":
        header, *rest = own.balance(rows)
        return header, rest
    header, *rest = getattr(own, of)(None, n=n, seed=make, **{key: value for key, value in more.items() if value})
    return header, rest


def ordered(rows, of="", n=2000, make=1, mixed=0):
    """The rows in the order of their answers, as a database hands them out. mixed=1: as they should be."""
    header, rest = _read(rows, of, n, make)
    rest.sort(key=lambda row: row[-1])
    if mixed:
        random.Random(431000).shuffle(rest)
    return [header] + rest


def slipped(rows, of="", n=2000, make=1, by=1):
    """Features and answers come from two files, one of which lacks its first `by` rows; rows were mixed before."""
    header, rest = _read(rows, of, n, make)
    random.Random(432000).shuffle(rest)
    return [header] + [row[:-1] + [rest[i + by][-1]] for i, row in enumerate(rest[:len(rest) - by])]


def hasty(rows, of="", n=2000, make=1, share=0.25, seed=1):
    """A share of the answers was put down wrongly: another class, or the number of another row."""
    header, rest = _read(rows, of, n, make)
    chance, column = random.Random(433000 + seed), [row[-1] for row in rest]
    kinds = sorted(set(column))
    for row in rest:
        if chance.random() < share:
            row[-1] = chance.choice(column) if len(kinds) > 20 else chance.choice([k for k in kinds if k != row[-1]])
    return [header] + rest


def repeated(rows, of="", n=300, make=1, times=5, few=0, noise=0.0, seed=1):
    """Every row several times, anywhere; few: only so many rows of the base, mixed before."""
    header, rest = _read(rows, of, n, make, noise=noise)
    chance = random.Random(434000 + seed)
    chance.shuffle(rest)
    made = [list(row) for row in rest[:few or len(rest)] for _ in range(times)]
    chance.shuffle(made)
    return [header] + made


def knowing(rows, of="", n=2000, make=1, blur=0.1, knows=1, seed=1, noise=0.0):
    """A last feature that is only known when the answer is. knows=0: the same column without it."""
    header, rest = _read(rows, of, n, make, noise=noise)
    chance, kinds = random.Random(435000 + seed), sorted({row[-1] for row in rest})
    values = [kinds.index(row[-1]) if isinstance(row[-1], str) else row[-1] for row in rest]
    extra = [round(knows * v + chance.gauss(0, blur if knows else 1), 5) for v in values]
    return [header[:-1] + ["after", header[-1]]] + [row[:-1] + [e, row[-1]] for e, row in zip(extra, rest)]


def scarce(rows, of="", n=4000, make=1, kinds="a", keep=0.03, seed=1, noise=0.0):
    """Of some classes, divided by "+", only a part is there."""
    header, rest = _read(rows, of, n, make, noise=noise)
    chance, few = random.Random(436000 + seed), str(kinds).split("+")
    return [header] + [row for row in rest if str(row[-1]) not in few or chance.random() < keep]


def measured(rows, of="", n=2000, make=1, columns="0", times=1, plus=0):
    """Some columns, divided by "+" or all of them, in another unit."""
    header, rest = _read(rows, of, n, make)
    which = range(len(header) - 1) if columns == "all" else [int(c) for c in str(columns).split("+")]
    return [header] + [[float(f"{v * times + plus:.7g}") if i in which else v for i, v in enumerate(row[:-1])]
                       + row[-1:] for row in rest]


def priced(rows, of="", n=2000, make=1, times=1, plus=0):
    """The answer in another unit."""
    header, rest = _read(rows, of, n, make)
    return [header] + [row[:-1] + [float(f"{row[-1] * times + plus:.7g}")] for row in rest]


def idle(rows, of="", n=2000, make=1, first=0, last=3, at=0):
    """The sensors of the columns from `first` to `last` say the same all the time."""
    header, rest = _read(rows, of, n, make)
    return [header] + [[at if first <= i <= last else v for i, v in enumerate(row[:-1])] + row[-1:] for row in rest]


def broken(rows, of="", n=2000, make=1, count=4, value=1e30, answer=0, seed=1):
    """A few cells hold a number beyond all bounds."""
    header, rest = _read(rows, of, n, make)
    chance = random.Random(437000 + seed)
    for i in chance.sample(range(len(rest)), count):
        rest[i][-1 if answer else chance.randrange(len(header) - 1)] = value
    return [header] + rest


# --- tables that carry their fault in themselves -------------------------------------------------------------------


def thermometers(rows, n=2000, seed=1, count=8, weather=6.0, noise=0.02):
    """Thermometers in one room, which all follow the weather; the draught is in their small differences.
    weather=0: they do not."""
    chance, made = random.Random(441000 + seed), []
    for _ in range(n):
        out, own_part = chance.gauss(0, 1), [chance.gauss(0, 1) for _ in range(count)]
        y = sum((1 if i % 2 else -1) * v for i, v in enumerate(own_part)) / math.sqrt(count)
        made.append([round(weather * out + 0.3 * v, 5) for v in own_part] + [round(y + chance.gauss(0, noise), 5)])
    return [[f"t{i}" for i in range(count)] + ["draught"]] + made


def switches(rows, n=2000, seed=1, wired=4, others=4, hint=0.0):
    """Whether a lamp is on: every one of its switches turns it on or off. hint: how much more the first switches say."""
    chance, made = random.Random(442000 + seed), []
    for _ in range(n):
        x = [chance.choice((-1, 1)) for _ in range(wired + others)]
        on = math.prod(x[:wired])
        made.append([round(v + chance.gauss(0, 0.1) + hint * on * (i < wired), 4) for i, v in enumerate(x)]
                    + ["on" if on > 0 else "off"])
    return [[f"s{i}" for i in range(wired + others)] + ["lamp"]] + made


def charges(rows, n=2000, seed=1, side=9, noise=0.1, many=2):
    """Pictures of some round charges, each plus or minus; the number is their product."""
    chance, made = random.Random(443000 + seed), []
    for _ in range(n):
        picture, product = [chance.gauss(0, noise) for _ in range(side * side)], 1
        for place in chance.sample([(1, 1), (1, side - 4), (side - 4, 1), (side - 4, side - 4)], many):
            sign, (x0, y0) = chance.choice((-1, 1)), place
            x0, y0, product = x0 + chance.random(), y0 + chance.random(), product * sign
            for i in range(side * side):
                picture[i] += sign * math.exp(-((i % side - x0) ** 2 + (i // side - y0) ** 2) / 1.2)
        made.append([round(v, 4) for v in picture] + [round(product + chance.gauss(0, noise), 4)])
    return [[f"p{i}" for i in range(side * side)] + ["force"]] + made
