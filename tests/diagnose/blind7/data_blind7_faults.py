# Written from what a fault is, without a look at what findings measure; thresholds are not chosen by them.
"""Faults of the seventh blind cases: put into any base, or with `of=houses n=700` into a table of data_blind7.py."""
import random

import data_blind7


def _source(rows, of, n, seed, own):
    """The rows, or those of the data set `of` with options of its own."""
    if not of:
        return rows
    return getattr(data_blind7, of)(rows, **({"n": n} if n else {}), seed=seed, **own)


def _mixed(rows, seed):
    rest = rows[1:]
    random.Random(seed).shuffle(rest)
    return [rows[0]] + rest


def units(rows, of="", n=0, seed=1, top=1000, low=0.01, **own):
    """Every feature in a unit of its own, factors from `low` to `top`, and not centred."""
    rows = _source(rows, of, n, seed, own)
    width = len(rows[0]) - 1
    factors = [low * (top / low) ** (i / max(1, width - 1)) for i in range(width)]
    random.Random(seed).shuffle(factors)
    return [rows[0]] + [[round(f * (float(x) + 2), 6) for f, x in zip(factors, row)] + row[-1:] for row in rows[1:]]


def bytes_of(rows, of="", n=0, seed=1, middle=128, scale=60, **own):
    """Features as raw numbers around `middle`, such as the bytes of a camera."""
    rows = _source(rows, of, n, seed, own)
    return [rows[0]] + [[round(middle + scale * float(x), 3) for x in row[:-1]] + row[-1:] for row in rows[1:]]


def currency(rows, of="", n=0, seed=1, factor=1000, offset=0, **own):
    """The number to predict in a unit that makes it large."""
    rows = _source(rows, of, n, seed, own)
    return [rows[0]] + [row[:-1] + [round(offset + factor * float(row[-1]), 4)] for row in rows[1:]]


def stuck(rows, of="", n=0, seed=1, columns=3, value=1.5, **own):
    """So many more columns of sensors that never move."""
    rows = _source(rows, of, n, seed, own)
    header = [f"k{i}" for i in range(columns)] + rows[0]
    return [header] + [[value + i for i in range(columns)] + row for row in rows[1:]]


def blocked(rows, of="", n=0, seed=1, **own):
    """Rows one class after the other, or from the lowest number to the highest."""
    rows = _source(rows, of, n, seed, own)
    return [rows[0]] + sorted(rows[1:], key=lambda row: (str(row[-1]), 0) if isinstance(row[-1], str) else ("", row[-1]))


def copies(rows, of="", n=0, seed=1, times=2, **own):
    """Every row stands in the table `times` times, as after a join gone wrong."""
    rows = _source(rows, of, n, seed, own)
    return _mixed([rows[0]] + rows[1:] * times, seed)


def told(rows, of="", n=0, seed=1, noise=0.01, **own):
    """A column more that was filled in after the fact: the answer, with a little noise."""
    rows = _source(rows, of, n, seed, own)
    chance = random.Random(seed)
    if isinstance(rows[1][-1], str):
        order = {word: i for i, word in enumerate(sorted({row[-1] for row in rows[1:]}))}
        values = [order[row[-1]] for row in rows[1:]]
    else:
        values = [float(row[-1]) for row in rows[1:]]
    spread = max(values) - min(values)
    return [rows[0][:-1] + ["later", rows[0][-1]]] + [row[:-1] + [round(v + noise * spread * chance.gauss(0, 1), 5), row[-1]]
                                                      for row, v in zip(rows[1:], values)]


def careless(rows, of="", n=0, seed=1, share=0.3, **own):
    """A part of the labels is another class, drawn by lot; of numbers: another row's."""
    rows = _source(rows, of, n, seed, own)
    chance, kinds = random.Random(seed), sorted({str(row[-1]) for row in rows[1:]})
    numbers = len(kinds) > 20
    result = [rows[0]]
    for row in rows[1:]:
        label = row[-1]
        if chance.random() < share:
            label = chance.choice(rows[1:])[-1] if numbers else chance.choice([k for k in kinds if k != str(label)])
        result.append(row[:-1] + [label])
    return result


def slipped(rows, of="", n=0, seed=1, by=1, **own):
    """The column of labels slipped by some rows against the others."""
    rows = _mixed(_source(rows, of, n, seed, own), seed)
    labels = [row[-1] for row in rows[1:]]
    return [rows[0]] + [row[:-1] + [labels[(i - by) % len(labels)]] for i, row in enumerate(rows[1:])]


def seldom(rows, of="", n=0, seed=1, one_in=40, common=1, **own):
    """All classes but the first `common` keep one row in `one_in`."""
    rows = _source(rows, of, n, seed, own)
    kinds = sorted({str(row[-1]) for row in rows[1:]})
    kept, count = [rows[0]], dict.fromkeys(kinds, 0)
    for row in rows[1:]:
        count[str(row[-1])] += 1
        if str(row[-1]) in kinds[:common] or count[str(row[-1])] % one_in == 0:
            kept.append(row)
    return kept


def overflow(rows, of="", n=0, seed=1, rows_hit=3, value=1e38, **own):
    """A few cells hold the number that a logger writes when it has none."""
    rows = [list(row) for row in _source(rows, of, n, seed, own)]
    chance = random.Random(seed)
    for i in chance.sample(range(1, len(rows)), rows_hit):
        rows[i][chance.randrange(len(rows[0]) - 1)] = value
    return rows


def glitch(rows, of="", n=0, seed=1, at=100, factor=40, **own):
    """One row, in which a sensor failed: all its features are `factor` times too large."""
    rows = [list(row) for row in _source(rows, of, n, seed, own)]
    rows[at] = [round(factor * float(x), 4) for x in rows[at][:-1]] + rows[at][-1:]
    return rows


def coded(rows, of="", n=0, seed=1, first=0, **own):
    """Classes written as numbers."""
    rows = _source(rows, of, n, seed, own)
    order = {word: first + i for i, word in enumerate(sorted({str(row[-1]) for row in rows[1:]}))}
    return [rows[0]] + [row[:-1] + [order[str(row[-1])]] for row in rows[1:]]
