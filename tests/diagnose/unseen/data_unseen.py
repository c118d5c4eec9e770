"""Faulty tables of the cases that no threshold was tuned on."""
import random


def column_in_other_units(rows, column=0, factor=1000, offset=0):
    """As if one feature were in grams where the others are in kilograms."""
    return rows[:1] + [[offset + factor * x if i == column else x for i, x in enumerate(row)] for row in rows[1:]]


def with_constants(rows, copies=2, value=1):
    """Features that never change, in front."""
    return [[f"constant{i}" for i in range(copies)] + rows[0]] + [[value] * copies + row for row in rows[1:]]


def target_in_other_units(rows, factor=1000, offset=0):
    """Features of mean 0 and deviation 1, a target that is large."""
    columns = list(zip(*(row[:-1] for row in rows[1:])))
    means = [sum(column) / len(column) for column in columns]
    deviations = [(sum((x - m) ** 2 for x in column) / len(column)) ** 0.5 or 1 for column, m in zip(columns, means)]
    return rows[:1] + [[(x - m) / d for x, m, d in zip(row, means, deviations)] + [offset + factor * row[-1]] for row in rows[1:]]


def rows_twice(rows, share=0.6, seed=0):
    """As two exports of the same table, joined."""
    chance, body = random.Random(seed), rows[1:]
    body = body + chance.sample(body, int(share * len(body)))
    chance.shuffle(body)
    return rows[:1] + body


def answer_inside(rows, noise=0.02, seed=0):
    """A feature that was made from the answer, such as the bill of a patient who stayed long."""
    chance, kinds = random.Random(seed), {}
    body = [[(row[-1] if isinstance(row[-1], float) else kinds.setdefault(row[-1], len(kinds))) + noise * chance.gauss(0, 1)] + row
            for row in rows[1:]]
    return [["made_from_answer"] + rows[0]] + body


def wrong_answers(rows, share=0.3, seed=0):
    """Some labels are another one of the table's."""
    chance, kinds = random.Random(seed), sorted({row[-1] for row in rows[1:]})
    body = [row[:-1] + [chance.choice([k for k in kinds if k != row[-1]])] if chance.random() < share else row for row in rows[1:]]
    return rows[:1] + body


def answers_moved(rows, by=1, seed=0):
    """Features and labels are read from two files of which one has lost a line."""
    body = rows[1:]
    random.Random(seed).shuffle(body)
    return rows[:1] + [row[:-1] + [body[i - by][-1]] for i, row in enumerate(body)]


def answers_of_nobody(rows, seed=0):
    """The labels in any order."""
    answers = [row[-1] for row in rows[1:]]
    random.Random(seed).shuffle(answers)
    return rows[:1] + [row[:-1] + [answer] for row, answer in zip(rows[1:], answers)]


def rare(rows, keep=0.03, seed=0):
    """Of all classes but the first only a few examples are left."""
    chance, first = random.Random(seed), min(row[-1] for row in rows[1:])
    return rows[:1] + [row for row in rows[1:] if row[-1] == first or chance.random() < keep]


def in_order(rows):
    """Sorted by the answer."""
    return rows[:1] + sorted(rows[1:], key=lambda row: row[-1])


def twins(rows, noise=0.01, seed=0):
    """Every feature stands there twice, but for a little noise, and the target is partly in their difference."""
    chance, body = random.Random(seed), []
    for row in rows[1:]:
        shifts = [chance.gauss(0, 1) for _ in row[:-1]]
        body.append(row[:-1] + [x + noise * s for x, s in zip(row, shifts)] + [row[-1] + sum(shifts)])
    return [rows[0][:-1] + [f"{name}_again" for name in rows[0][:-1]] + rows[0][-1:]] + body


def a_wild_row(rows, size=500, every=400):
    """Some rows were measured with a broken instrument."""
    return rows[:1] + [[x * size for x in row[:-1]] + row[-1:] if i % every == every // 2 else row for i, row in enumerate(rows[1:])]
