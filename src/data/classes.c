/* classes.c - words as class numbers: collected in a hash table, sorted, renumbered. */
#include "data/classes.h"

#include "base/memory.h"
#include "base/number.h"
#include "data/field.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 10000, SLOTS = 1 << 15 }; /* slots: a power of two, three times as many as classes */

/* One class while they are collected. */
typedef struct class
{
    const dsc_field *field; /* its first example */
    double value;           /* if it is a number */
    bool number;
    int32_t seen; /* the order of first appearance */
} class;

typedef struct collector {
    int32_t slot[SLOTS]; /* 1 + index into class; 0: free */
    class class[MOST];
    int count;
} collector;

/* FNV-1a */
static uint32_t hash(const dsc_field *field)
{
    uint32_t h = 2166136261u;

    for (size_t i = 0; i < field->length; i++)
        h = (h ^ (unsigned char)field->text[i]) * 16777619u;
    return h;
}

static bool same(const dsc_field *a, const dsc_field *b)
{
    return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

/* The number of a field's class in the order of first appearance; -1: too many classes. */
static int32_t collect(collector *c, const dsc_field *field)
{
    uint32_t at = hash(field) % SLOTS;

    while (c->slot[at] && !same(c->class[c->slot[at] - 1].field, field))
        at = (at + 1) % SLOTS;
    if (c->slot[at])
        return c->slot[at] - 1;
    if (c->count == MOST)
        return -1;
    class *new = &c->class[c->count];
    *new = (class){.field = field, .seen = c->count};
    new->number = dsc_number_read(field->text, field->length, &new->value);
    c->slot[at] = ++c->count;
    return new->seen;
}

/* Numbers before words, numbers by value, words by byte. */
static int compare(const void *a, const void *b)
{
    const class *x = a, *y = b;
    const size_t m = x->field->length, n = y->field->length;

    if (x->number != y->number)
        return x->number ? -1 : 1;
    if (x->number && x->value != y->value)
        return x->value < y->value ? -1 : 1;
    const int order = memcmp(x->field->text, y->field->text, m < n ? m : n);
    return order ? order : (m > n) - (m < n);
}

static descent_status no_memory(const descent_dataset *data, descent_error *err)
{
    return dsc_fail(err, DESCENT_NOMEM, "out of memory for the classes of '%s'", data->name);
}

/* Sorts the classes, takes their names, and renumbers the labels. */
static descent_status settle(descent_dataset *data, collector *c, int32_t *labels,
                             descent_error *err)
{
    int32_t *rank = c->slot; /* the hash table has done its work */

    qsort(c->class, (size_t)c->count, sizeof *c->class, compare);
    data->class_name = dsc_alloc((size_t)c->count, sizeof *data->class_name);
    data->outputs = c->count;
    if (!data->class_name)
        return no_memory(data, err);
    for (int i = 0; i < c->count; i++) {
        const dsc_field *field = c->class[i].field;
        rank[c->class[i].seen] = i;
        data->class_name[i] = dsc_copy_n(field->text, field->length);
        if (!data->class_name[i])
            return no_memory(data, err);
    }
    for (size_t i = 0; i < data->count; i++)
        labels[i] = rank[labels[i]];
    return DESCENT_OK;
}

static descent_status take(descent_dataset *data, const dsc_rows *rows, const dsc_field *field,
                           collector *c, int32_t *labels, descent_error *err)
{
    for (size_t i = 0; i < data->count; i++) {
        labels[i] = collect(c, &field[i]);
        if (labels[i] < 0)
            return dsc_fail_at(err, DESCENT_INVALID, dsc_field_place(rows, &field[i]),
                               "'%.*s' is class %d, at most %d can be told apart; is this the "
                               "right target?",
                               dsc_field_shown(&field[i]), field[i].text, MOST + 1, MOST);
    }
    return settle(data, c, labels, err);
}

descent_status dsc_classes_take(descent_dataset *data, const dsc_rows *rows, const dsc_field *field,
                                descent_error *err)
{
    int32_t *labels = dsc_alloc(data->count, sizeof *labels);
    collector *c = dsc_alloc(1, sizeof *c);

    data->task = DESCENT_CLASSIFICATION;
    data->labels = labels;
    const descent_status status =
        labels && c ? take(data, rows, field, c, labels, err) : no_memory(data, err);
    dsc_free(c);
    return status;
}

descent_status dsc_classes_number(descent_dataset *data, descent_error *err)
{
    char number[16];

    data->class_name = dsc_alloc((size_t)data->outputs, sizeof *data->class_name);
    for (int i = 0; data->class_name && i < data->outputs; i++) {
        snprintf(number, sizeof number, "%d", i);
        data->class_name[i] = dsc_copy(number);
        if (!data->class_name[i])
            return no_memory(data, err);
    }
    return data->class_name ? DESCENT_OK : no_memory(data, err);
}

descent_status dsc_classes_check(const descent_dataset *data, descent_error *err)
{
    for (size_t i = 1; i < data->count; i++)
        if (data->labels[i] != data->labels[0])
            return DESCENT_OK;
    return dsc_fail(err, DESCENT_INVALID,
                    "'%s' has one class only ('%s'); classification needs two", data->name,
                    descent_dataset_class(data, data->labels[0]));
}
