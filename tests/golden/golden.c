/* golden.c - reading the numbers of a golden case, and comparing with them. See golden.h. */
#include "golden.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

golden_outcome golden_say(golden_note *note, golden_outcome outcome, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vsnprintf(note->text, sizeof note->text, fmt, args);
    va_end(args);
    return outcome;
}

/* --- numbers ---------------------------------------------------------------------------------- */

double golden_number(const json_t *value)
{
    if (json_is_boolean(value))
        return json_is_true(value) ? 1.0 : 0.0;
    if (json_is_number(value))
        return json_number_value(value);
    if (json_is_string(value) && strcmp(json_string_value(value), "inf") == 0)
        return (double)INFINITY;
    return (double)NAN; /* never equal to anything, so that a case with it fails */
}

double golden_get(const json_t *object, const char *key, double otherwise)
{
    const json_t *value = json_object_get(object, key);

    return value && !json_is_null(value) ? golden_number(value) : otherwise;
}

const char *golden_string(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text ? text : "";
}

bool golden_is_f32(const json_t *root)
{
    return strcmp(golden_string(root, "dtype"), "float32") == 0;
}

double *golden_array(const json_t *array, size_t *n)
{
    *n = json_array_size(array);
    double *values = calloc(*n + 1, sizeof *values);

    if (!values)
        *n = 0;
    for (size_t i = 0; i < *n; i++)
        values[i] = golden_number(json_array_get(array, i));
    return values;
}

bool golden_close(const json_t *holder, const char *what, const double *got, const double *expected,
                  size_t n, golden_note *note)
{
    const json_t *tol = json_object_get(holder, "tol");
    const double rtol = golden_get(tol, "rtol", (double)NAN);
    const double atol = golden_get(tol, "atol", (double)NAN);

    if (isnan(rtol) || isnan(atol)) {
        golden_say(note, GOLDEN_FAILED, "the case gives no tolerance for %s", what);
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (got[i] == expected[i] || fabs(got[i] - expected[i]) <= atol + rtol * fabs(expected[i]))
            continue;
        golden_say(note, GOLDEN_FAILED, "%s[%zu] = %.17g, expected %.17g (off by %.3g, rtol %g)",
                   what, i, got[i], expected[i], got[i] - expected[i], rtol);
        return false;
    }
    return true;
}

double *golden_join(const json_t *list, const char *key, size_t *n)
{
    const json_t *tensor;
    size_t i, used = 0;

    *n = 0;
    json_array_foreach(list, i, tensor) *n +=
        json_array_size(key ? json_object_get(tensor, key) : tensor);
    double *all = calloc(*n + 1, sizeof *all);
    json_array_foreach(list, i, tensor)
    {
        size_t count;
        double *part = golden_array(key ? json_object_get(tensor, key) : tensor, &count);
        if (all && part)
            memcpy(all + used, part, count * sizeof *part);
        used += count;
        free(part);
    }
    return all;
}
