"""Tables on which steps go wrong."""
import random


def collinear(rows, copies=1, noise=0.05, seed=0):
    """Every feature again, `copies` times, but for a little noise: the sum of the twins matters, and their
    difference, of which the target gets a part, is hard to see. Where the target is a word it stays."""
    header, *table = rows
    features = len(header) - 1
    chance = random.Random(seed)
    spread = []
    for k in range(features):
        column = [float(row[k]) for row in table]
        mean = sum(column) / len(column)
        spread.append((sum((x - mean) ** 2 for x in column) / len(column)) ** 0.5 or 1.0)
    values = [row[-1] for row in table]
    numbers = all(isinstance(value, (int, float)) for value in values)
    mean = sum(values) / len(values) if numbers else 0.0
    deviation = (sum((y - mean) ** 2 for y in values) / len(values)) ** 0.5 if numbers else 0.0
    made = []
    for row in table:
        twins, hidden = [], 0.0
        for _ in range(copies):
            for k in range(features):
                shift = chance.gauss(0, 1)
                hidden += shift
                twins.append(float(row[k]) + noise * spread[k] * shift)
        target = row[-1] + deviation * hidden / (copies * features) ** 0.5 if numbers else row[-1]
        made.append(list(row[:-1]) + twins + [target])
    names = [f"{name}_{i}" for i in range(copies) for name in header[:-1]]
    return [list(header[:-1]) + names + [header[-1]]] + made


def outlier(rows, count=1, size=300, seed=0):
    """Features of some rows `size` times as large."""
    header, *table = rows
    chance = random.Random(seed)
    struck = set(chance.sample(range(len(table)), count))
    return [header] + [[x * size for x in row[:-1]] + [row[-1]] if i in struck else list(row)
                       for i, row in enumerate(table)]
