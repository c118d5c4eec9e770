# Written from what a fault is, without a look at what findings measure; thresholds are not chosen by them.
"""What is wrong with the data of the tenth blind cases: each takes the base, or with of= a table of data_blind10."""
import math
import random

import data_blind10 as tables


def _taken(rows, of, n, make, **more):
    """The base's rows, or those of a table of data_blind10, made from seed `make`."""
    if not of:
        return rows[0], [list(row) for row in rows[1:]]
    header, *rest = getattr(tables, of)(None, n=n, seed=make, **{key: value for key, value in more.items() if value})
    return header, rest


def filed_by_answer(rows, of="", n=1200, make=1, fall=0):
    """The table as an archive keeps it: by the answer, rising or falling."""
    header, rest = _taken(rows, of, n, make)
    return [header] + sorted(rest, key=lambda row: row[-1], reverse=bool(fall))


def season_by_season(rows, of="", n=1200, make=1, column=0):
    """The rows in the order of one of the features, as a logger wrote them."""
    header, rest = _taken(rows, of, n, make)
    return [header] + sorted(rest, key=lambda row: row[column])


def lost_a_line(rows, of="", n=1200, make=1, after=0.0, by=1, seed=1):
    """Behind a part `after` of the rows the answers were read some lines too late."""
    header, rest = _taken(rows, of, n, make)
    random.Random(131000 + seed).shuffle(rest)
    answers, at = [row[-1] for row in rest], int(after * len(rest))
    answers = answers[:at] + answers[at + by:] + answers[at:at + by]
    return [header] + [row[:-1] + [answer] for row, answer in zip(rest, answers)]


def backwards(rows, of="", n=1200, make=1, seed=1, turned=1):
    """Features from the first row on, answers from the last one on."""
    header, rest = _taken(rows, of, n, make)
    random.Random(132000 + seed).shuffle(rest)
    answers = [row[-1] for row in rest][::-1 if turned else 1]
    return [header] + [row[:-1] + [answer] for row, answer in zip(rest, answers)]


def tired_eyes(rows, of="", n=1200, make=1, part=0.3, seed=1, next_kind=0):
    """A part of the answers is wrong: any other class (with next_kind the next of the list), or another row's number."""
    header, rest = _taken(rows, of, n, make)
    chance, answers = random.Random(133000 + seed), [row[-1] for row in rest]
    kinds = sorted(set(answers)) if len(set(answers)) < 20 else None

    def wrong(answer):
        if not kinds:
            return chance.choice(answers)
        return kinds[(kinds.index(answer) + (1 if next_kind else chance.randrange(1, len(kinds)))) % len(kinds)]
    return [header] + [row[:-1] + [wrong(row[-1])] if chance.random() < part else row for row in rest]


def several_shots(rows, of="", n=400, make=1, times=4, jitter=0.0, seed=1, noise=0.0, spread=0.0, apart=0.0):
    """Of everything there are several shots, all but alike, and nobody kept them together."""
    header, rest = _taken(rows, of, n, make, noise=noise, spread=spread, apart=apart)
    chance, made = random.Random(134000 + seed), []
    for row in rest:
        made += [[round(v + chance.gauss(0, jitter), 5) for v in row[:-1]] + [row[-1]] for _ in range(times)]
    chance.shuffle(made)
    return [header] + made


def with_receipt(rows, of="", n=1500, make=1, blur=0.0, seed=1, known=1, at=0, noise=0.0, apart=0.0):
    """A column, at any place, of something that was charged after the answer was known: it goes up with it."""
    header, rest = _taken(rows, of, n, make, noise=noise, apart=apart)
    chance, kinds = random.Random(135000 + seed), sorted({row[-1] for row in rest})
    numbers = [kinds.index(row[-1]) if isinstance(row[-1], str) else row[-1] for row in rest]
    charged = [round(30 - 2.5 * number * known + chance.gauss(0, blur if known else 1), 5) for number in numbers]
    return [header[:at] + ["receipt"] + header[at:]] + [row[:at] + [c] + row[at:] for c, row in zip(charged, rest)]


def out_of_stock(rows, of="", n=3000, make=1, kinds="a", keep=0.03, seed=1, noise=0.0, spread=0.0):
    """Of some classes, divided by "+", only a part is left; noise and spread of the table, so that classes overlap."""
    header, rest = _taken(rows, of, n, make, noise=noise, spread=spread)
    chance, few = random.Random(136000 + seed), str(kinds).split("+")
    return [header] + [row for row in rest if str(row[-1]) not in few or chance.random() < keep]


def foreign_gauges(rows, of="", n=1200, make=1, first=0, last=1, times=1, plus=0):
    """The columns from `first` to `last` in another unit, or from another zero."""
    header, rest = _taken(rows, of, n, make)
    return [header] + [[float(f"{v * times + plus:.7g}") if first <= i <= last else v for i, v in enumerate(row[:-1])]
                       + [row[-1]] for row in rest]


def answer_in(rows, of="", n=1200, make=1, times=1, plus=0):
    """The answer in another unit, or from another zero; features stay as they are."""
    header, rest = _taken(rows, of, n, make)
    return [header] + [row[:-1] + [float(f"{row[-1] * times + plus:.7g}")] for row in rest]


def kinds_counted(rows, of="", n=1200, make=1, step=1):
    """The classes as numbers 0, step, 2 step ... in the order of their names."""
    header, rest = _taken(rows, of, n, make)
    kinds = sorted({row[-1] for row in rest})
    return [header] + [row[:-1] + [step * kinds.index(row[-1])] for row in rest]


def unplugged(rows, of="", n=1200, make=1, first=0, last=3, value=0):
    """The columns from `first` to `last` always say the same: nothing is plugged in."""
    header, rest = _taken(rows, of, n, make)
    return [header] + [[value if first <= i <= last else v for i, v in enumerate(row[:-1])] + [row[-1]] for row in rest]


def no_reading(rows, of="", n=1200, make=1, count=3, number=1e30, answer=0, seed=1):
    """Some readings, features or answers, failed, and what stands there is a number far beyond all others."""
    header, rest = _taken(rows, of, n, make)
    chance = random.Random(137000 + seed)
    for i in chance.sample(range(len(rest)), count):
        at = len(header) - 1 if answer else chance.randrange(len(header) - 1)
        rest[i] = rest[i][:at] + [number] + rest[i][at + 1:]
    return [header] + rest


# --- tables that carry their fault in themselves -------------------------------------------------------------------


def choir(rows, n=1500, seed=1, width=6, own=0.03, noise=0.02, classes=0):
    """Microphones hear the whole choir, and each a little of its own singer; what counts is how singers differ."""
    chance, made = random.Random(141000 + seed), []
    weights = [(-1) ** i * chance.uniform(0.7, 1.3) for i in range(width)]
    while len(made) < n:
        whole, single = chance.gauss(0, 1), [chance.gauss(0, 1) for _ in range(width)]
        y = sum(w * v for w, v in zip(weights, single)) / math.sqrt(width)
        if not classes or abs(y) > 0.2:
            made.append([round(whole + own * v, 6) for v in single]
                        + [["flat", "sharp"][y > 0] if classes else round(y + chance.gauss(0, noise), 5)])
    return [[f"s{i}" for i in range(width)] + ["answer"]] + made


def windows_of(rows, n=900, seed=1, length=16, stride=1, noise=0.7):
    """One long record cut into windows, `stride` apart, each with how high the last third of it swings on: neighbours
    have nearly all numbers in common, and the answer too."""
    chance, slow, record = random.Random(142000 + seed), 0.0, []
    for _ in range(stride * n + 2 * length):
        slow = 0.97 * slow + chance.gauss(0, 0.25)
        record.append(slow + noise * chance.gauss(0, 1))
    made = []
    for i in range(n):
        at = i * stride
        made.append([round(v, 5) for v in record[at:at + length]]
                    + [round(sum(abs(v) for v in record[at + length:at + 2 * length]) / length, 5)])
    return [[f"t{i}" for i in range(length)] + ["ahead"]] + made


def ballots(rows, n=1500, seed=1, low=0, high=1):
    """Whether a motion passed, as a number: a bent border in five features, nothing close to it."""
    chance, made = random.Random(143000 + seed), []
    while len(made) < n:
        x = [chance.gauss(0, 1) for _ in range(5)]
        score = 0.8 * x[0] - x[1] + 0.8 * x[2] * x[3] + 0.4 * x[4] ** 2 - 0.4
        if abs(score) > 0.3:
            made.append([round(v, 5) for v in x] + [high if score > 0 else low])
    return [["left", "right", "town", "age", "press", "passed"]] + made


def factors(rows, n=1500, seed=1, parts=3, noise=0.02):
    """The product of some numbers, none near zero: one alone says nothing of it."""
    chance, made = random.Random(144000 + seed), []
    for _ in range(n):
        x = [chance.choice([-1, 1]) * chance.uniform(0.7, 1.3) for _ in range(parts + 2)]
        made.append([round(v, 5) for v in x] + [round(math.prod(x[:parts]) + chance.gauss(0, noise), 5)])
    return [[f"f{i}" for i in range(parts + 2)] + ["y"]] + made


def sirens(rows, n=2000, seed=1, part=0.01, loud=30, noise=0.03):
    """What a street costs in sleep, from traffic, and a siren that is silent in most nights, but then is `loud`."""
    chance, made = random.Random(145000 + seed), []
    for _ in range(n):
        x = [chance.gauss(0, 1) for _ in range(4)]
        siren = loud * chance.uniform(0.7, 1.3) if chance.random() < part else 0.0
        y = 0.8 * x[0] + 0.6 * math.sin(x[1]) + 0.5 * x[2] * x[3] + siren / 10
        made.append([round(v, 5) for v in x] + [round(siren, 4), round(y + chance.gauss(0, noise), 5)])
    return [["cars", "trams", "bars", "wind", "siren", "sleep"]] + made
