/* golden.c - reading the numbers of a golden case, and comparing with them. See golden.h. */
#include "golden.h"

#include "descent/optimizer.h"

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

/* --- optimizers ------------------------------------------------------------------------------- */

static const descent_info *find_optimizer(const char *name)
{
    const descent_info *info;

    for (size_t i = 0; (info = descent_optimizer_info(i)) != NULL; i++)
        if (strcmp(info->name, name) == 0)
            return info;
    return NULL;
}

static const descent_param *find_param(const descent_info *info, const char *name)
{
    for (int i = 0; i < info->n_params; i++)
        if (strcmp(info->params[i].name, name) == 0)
            return &info->params[i];
    return NULL;
}

/* "torch.optim.RMSprop" to "rmsprop"; a name without dots is taken as it is. */
static void rule_name(const char *implementation, char *out, size_t size)
{
    const char *dot = strrchr(implementation, '.');

    snprintf(out, size, "%s", dot ? dot + 1 : implementation);
    for (char *c = out; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
}

/* Adds " name=value"; false when the optimizer has no such hyperparameter or it does not fit. */
static bool add_setting(const descent_info *info, const char *name, const json_t *value, char *out,
                        size_t size)
{
    const size_t used = strlen(out);
    char number[32];

    if (json_is_null(value)) /* not set */
        return true;
    if (!find_param(info, name))
        return false;
    const int length =
        snprintf(out + used, size - used, " %s=%s", name,
                 json_is_boolean(value) ? (json_is_true(value) ? "yes" : "no")
                                        : descent_number_text(golden_number(value), number));
    return length > 0 && (size_t)length < size - used;
}

bool golden_optimizer_spec(const char *implementation, const json_t *hyper, char *out, size_t size)
{
    char name[64];
    const char *key;
    const json_t *value;

    rule_name(implementation, name, sizeof name);
    const descent_info *info = find_optimizer(name);
    if (!info) {
        snprintf(out, size, "optimizer %s is not built", name);
        return false;
    }
    snprintf(out, size, "%s", name);
    /* jansson's own macro takes the object without const */
    for (void *at = json_object_iter((json_t *)(uintptr_t)hyper); at;
         at = json_object_iter_next((json_t *)(uintptr_t)hyper, at)) {
        key = json_object_iter_key(at);
        value = json_object_iter_value(at);
        bool known = true;
        if (strcmp(key, "betas") == 0 && json_array_size(value) == 2)
            known = add_setting(info, "beta1", json_array_get(value, 0), out, size) &&
                    add_setting(info, "beta2", json_array_get(value, 1), out, size);
        else
            known = add_setting(info, key, value, out, size);
        if (!known) {
            snprintf(out, size, "%s of optimizer %s is not built", key, name);
            return false;
        }
    }
    return true;
}
