"""Faults in data: what goes wrong with tables before a training reads them.

Each function takes a table (a list of rows, header first, target last) and returns a changed one. The
same words make the same table."""
import random


def _number(cell):
    return float(cell)


def _mixed(rows, seed):
    header, *rest = rows
    random.Random(seed).shuffle(rest)
    return [header] + rest


def stretch(rows, low=0.01, high=100, seed=1):
    """Multiplies each feature by a factor of its own, between low and high on a logarithmic scale."""
    chance, width = random.Random(seed), len(rows[0]) - 1
    factors = [low * (high / low) ** chance.random() for _ in range(width)]
    factors[0], factors[-1] = high, low if width > 1 else high
    return [rows[0]] + [[f * _number(x) for f, x in zip(factors, row)] + row[-1:] for row in rows[1:]]


def move(rows, by=1000, scale=1):
    """Adds the same to every feature, after multiplying it."""
    return [rows[0]] + [[by + scale * _number(x) for x in row[:-1]] + row[-1:] for row in rows[1:]]


def constant(rows, columns=3, value=7, seed=1):
    """So many features hold one value throughout."""
    chosen = set(random.Random(seed).sample(range(len(rows[0]) - 1), columns))
    return [rows[0]] + [[value if c in chosen else x for c, x in enumerate(row)] for row in rows[1:]]


def target_scale(rows, factor=1000, offset=0):
    """The number to predict, in other units; features get deviation 1."""
    columns = list(zip(*[[_number(x) for x in row[:-1]] for row in rows[1:]]))
    scaled = []
    for column in columns:
        mean = sum(column) / len(column)
        deviation = (sum((x - mean) ** 2 for x in column) / len(column)) ** 0.5 or 1.0
        scaled.append([(x - mean) / deviation for x in column])
    targets = [offset + factor * _number(row[-1]) for row in rows[1:]]
    return [rows[0]] + [list(x) + [y] for x, y in zip(zip(*scaled), targets)]


def repeat_rows(rows, share=0.5, seed=1):
    """A part of the rows stands in the table twice."""
    chance = random.Random(seed)
    return _mixed(rows + chance.sample(rows[1:], int(share * (len(rows) - 1))), seed)


def answer(rows, noise=0.01, seed=1):
    """One more feature, computed from the target."""
    chance = random.Random(seed)
    try:
        values = [_number(row[-1]) for row in rows[1:]]
    except ValueError:
        order = {word: i for i, word in enumerate(sorted({row[-1] for row in rows[1:]}))}
        values = [order[row[-1]] for row in rows[1:]]
    spread = max(values) - min(values)
    told = [value + noise * spread * chance.gauss(0, 1) for value in values]
    return [rows[0][:-1] + ["score", rows[0][-1]]] + [row[:-1] + [t, row[-1]] for row, t in zip(rows[1:], told)]


def rare(rows, times=30, keep=1, least=8):
    """All classes but the first `keep` lose all but one row in `times`, though not more than `least`."""
    classes = sorted({str(row[-1]) for row in rows[1:]})
    kept, seen = [rows[0]], dict.fromkeys(classes, 0)
    full = max(sum(str(row[-1]) == c for row in rows[1:]) for c in classes)
    for row in rows[1:]:
        kind = str(row[-1])
        if kind in classes[:keep] or seen[kind] < max(least, full // times):
            seen[kind] += 1
            kept.append(row)
    return kept


def shift_labels(rows, by=1, seed=1):
    """Every row gets the label of the row so many further up."""
    rows = _mixed(rows, seed)
    labels = [row[-1] for row in rows[1:]]
    return [rows[0]] + [row[:-1] + [labels[(i - by) % len(labels)]] for i, row in enumerate(rows[1:])]


def shuffle_labels(rows, seed=1):
    """Labels in a random order, features not."""
    labels = [row[-1] for row in rows[1:]]
    random.Random(seed).shuffle(labels)
    return [rows[0]] + [row[:-1] + [label] for row, label in zip(rows[1:], labels)]


def wrong_labels(rows, share=0.2, seed=1):
    """A part of the labels is replaced: by another class, or by a number far off."""
    chance, result = random.Random(seed), [rows[0]]
    kinds = sorted({row[-1] for row in rows[1:]})
    numbers = not isinstance(kinds[0], str) and len(kinds) > 20
    for row in rows[1:]:
        label = row[-1]
        if chance.random() < share:
            label = label + chance.choice([-1, 1]) * 10 * (kinds[-1] - kinds[0]) if numbers else \
                chance.choice([kind for kind in kinds if kind != label])
        result.append(row[:-1] + [label])
    return result


def in_order(rows):
    """Rows in the order of their targets."""
    return [rows[0]] + sorted(rows[1:], key=lambda row: (str(row[-1]) if isinstance(row[-1], str) else "", row[-1]))


def number_classes(rows, first=0):
    """Names of classes become numbers, as many files have them."""
    order = {word: first + i for i, word in enumerate(sorted({row[-1] for row in rows[1:]}, key=str))}
    return [rows[0]] + [row[:-1] + [order[row[-1]]] for row in rows[1:]]
