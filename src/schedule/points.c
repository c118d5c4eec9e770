/* points.c - lists of steps, "30, 80", and of values at steps, "0:1e-3, 100:1e-4". */
#include "schedule/schedule.h"

#include "base/memory.h"
#include "base/number.h"

#include <string.h>

typedef struct reader {
    dsc_text text;
    const char *entry; /* the schedule's name */
    bool with_values;
    descent_error *err;
} reader;

static const char *example(const reader *r)
{
    return r->with_values ? "\"0:1e-3, 100:1e-4\"" : "\"30, 80\"";
}

/* The word at the cursor, up to a blank, comma or colon. */
static size_t word_length(const dsc_text *text)
{
    size_t n = 0;

    while (text->at + n < text->end && !strchr(" \t\r\n,:", text->at[n]))
        n++;
    return n;
}

static void skip(dsc_text *text, size_t n)
{
    for (; n > 0; n--)
        dsc_text_next(text);
    dsc_text_skip_blanks(text);
}

static descent_status read_step(reader *r, double *step)
{
    const size_t length = word_length(&r->text);
    const dsc_place place = dsc_text_place(&r->text);
    int64_t whole;

    if (length == 0)
        return dsc_fail_at(r->err, DESCENT_SYNTAX, place,
                           "%s: a step is missing here; write a list such as %s", r->entry,
                           example(r));
    if (!dsc_integer_read(r->text.at, length, &whole) || whole < 0)
        return dsc_fail_at(r->err, DESCENT_INVALID, place,
                           "%s: '%.*s' is no step, a whole number at least 0; write a list such "
                           "as %s",
                           r->entry, (int)length, r->text.at, example(r));
    skip(&r->text, length);
    *step = (double)whole;
    return DESCENT_OK;
}

static descent_status read_value(reader *r, double *value)
{
    static const double largest = 1e6;

    if (dsc_text_peek(&r->text) != ':')
        return dsc_fail_at(r->err, DESCENT_SYNTAX, dsc_text_place(&r->text),
                           "%s: ':' and a value are missing here; write a list such as %s",
                           r->entry, example(r));
    skip(&r->text, 1);
    const size_t length = word_length(&r->text);
    if (!dsc_number_read(r->text.at, length, value) || !(*value >= 0.0 && *value <= largest))
        return dsc_fail_at(r->err, DESCENT_INVALID, dsc_text_place(&r->text),
                           "%s: '%.*s' is no value, a number between 0 and 1000000", r->entry,
                           (int)length, r->text.at);
    skip(&r->text, length);
    return DESCENT_OK;
}

/* Puts the point where it belongs; equal steps may repeat where they have no values. */
static descent_status insert(descent_schedule *self, dsc_point point, const reader *r,
                             dsc_place place)
{
    void *block = self->point;

    if (r->with_values && self->n_points > 0 && point.step <= self->point[self->n_points - 1].step)
        return dsc_fail_at(r->err, DESCENT_INVALID, place,
                           "%s: step %.0f stands after step %.0f; the steps must rise", r->entry,
                           point.step, self->point[self->n_points - 1].step);
    if (!dsc_grow(&block, &self->points_capacity, self->n_points + 1, sizeof point))
        return dsc_fail(r->err, DESCENT_NOMEM, "out of memory for the schedule '%s'", r->entry);
    self->point = block;
    size_t at = self->n_points++;
    for (; at > 0 && self->point[at - 1].step > point.step; at--)
        self->point[at] = self->point[at - 1];
    self->point[at] = point;
    return DESCENT_OK;
}

descent_status dsc_schedule_read_points(descent_schedule *self, const dsc_spec *item, int index,
                                        bool with_values, descent_error *err)
{
    reader r = {.text = dsc_schedule_text(self, item, index),
                .entry = self->rule->info.name,
                .with_values = with_values,
                .err = err};

    dsc_text_skip_blanks(&r.text);
    for (;;) {
        const dsc_place place = dsc_text_place(&r.text);
        dsc_point point = {.value = (double)NAN};
        DSC_TRY(read_step(&r, &point.step));
        if (with_values)
            DSC_TRY(read_value(&r, &point.value));
        DSC_TRY(insert(self, point, &r, place));
        if (dsc_text_peek(&r.text) < 0)
            return DESCENT_OK;
        if (dsc_text_peek(&r.text) != ',')
            return dsc_fail_at(err, DESCENT_SYNTAX, dsc_text_place(&r.text),
                               "%s: expected ',' or the end, found '%.*s'", r.entry,
                               (int)(r.text.end - r.text.at > 20 ? 20 : r.text.end - r.text.at),
                               r.text.at);
        skip(&r.text, 1);
    }
}
