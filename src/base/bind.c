/* bind.c - from an item's words to checked values of its entry's parameters. */
#include "base/number.h"
#include "base/spec.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static bool one_of(const char *text, const char *const *words, int n)
{
    for (int i = 0; i < n; i++)
        if (strcmp(text, words[i]) == 0)
            return true;
    return false;
}

static bool read_flag(const char *text, double *value)
{
    static const char *const yes[] = {"yes", "true", "1"}, *const no[] = {"no", "false", "0"};

    *value = one_of(text, yes, 3);
    return *value != 0.0 || one_of(text, no, 3);
}

/* "3" or "3x5" */
static bool read_size(const char *text, dsc_value *value)
{
    const size_t length = strlen(text), first = strcspn(text, "x");
    int64_t a, b;

    if (!dsc_integer_read(text, first, &a))
        return false;
    b = a;
    if (first < length && !dsc_integer_read(text + first + 1, length - first - 1, &b))
        return false;
    value->number = (double)a;
    value->second = (double)b;
    return true;
}

static const char *choice_at(size_t i, void *user)
{
    const char(*names)[32] = user;

    return names[i];
}

static descent_status read_choice(const char *entry, const descent_param *param,
                                  const dsc_spec_arg *arg, dsc_value *value, descent_error *err)
{
    char word[16][32];
    size_t n = 0;

    for (const char *c = param->choices; c && n < 16; n++) {
        const size_t length = strcspn(c, "|");
        snprintf(word[n], sizeof word[n], "%.*s", (int)length, c);
        c = c[length] ? c + length + 1 : NULL;
        if (strcmp(word[n], arg->text) == 0) {
            value->number = (double)n;
            return DESCENT_OK;
        }
    }
    const char *nearest = dsc_nearest(arg->text, n, choice_at, word);
    return dsc_fail_at(err, DESCENT_INVALID, arg->place, "%s: %s = '%s', must be one of %s%s%s%s",
                       entry, param->name, arg->text, param->choices,
                       nearest ? "; did you mean '" : "", nearest ? nearest : "",
                       nearest ? "'?" : "");
}

static descent_status read_value(const char *entry, const descent_param *param,
                                 const dsc_spec_arg *arg, dsc_value *value, descent_error *err)
{
    const char *text = arg->text, *expected = "a number";
    int64_t whole;
    bool fine = false;

    value->given = true;
    switch (param->kind) {
    case DESCENT_TEXT:
        value->text = text;
        return DESCENT_OK;
    case DESCENT_CHOICE:
        return read_choice(entry, param, arg, value, err);
    case DESCENT_LAYERS:
        expected = "layers in parentheses, such as (linear 64, relu)";
        break;
    case DESCENT_FLAG:
        expected = "yes or no";
        fine = read_flag(text, &value->number);
        break;
    case DESCENT_SIZE:
        expected = "a size such as 3 or 3x3";
        fine = read_size(text, value);
        if (fine)
            DSC_TRY(dsc_param_check(entry, param, value->second, arg->place, err));
        break;
    case DESCENT_INTEGER:
        expected = "a whole number";
        fine = dsc_integer_read(text, strlen(text), &whole);
        value->number = fine ? (double)whole : 0.0;
        break;
    case DESCENT_NUMBER:
        fine = dsc_number_read(text, strlen(text), &value->number);
        break;
    }
    if (!fine)
        return dsc_fail_at(err, DESCENT_INVALID, arg->place, "%s: %s = '%s', must be %s", entry,
                           param->name, text, expected);
    if (param->kind == DESCENT_FLAG)
        return DESCENT_OK;
    return dsc_param_check(entry, param, value->number, arg->place, err);
}

static descent_status given_twice(const dsc_spec_arg *arg, const char *entry, const char *param,
                                  descent_error *err)
{
    return dsc_fail_at(err, DESCENT_SYNTAX, arg->key_place, "%s: %s was given twice", entry, param);
}

/* A word without '=': the name of a flag, or the next positional parameter. */
static descent_status bind_bare(const dsc_spec_arg *arg, const descent_info *info, int *position,
                                dsc_value *values, descent_error *err)
{
    for (int i = 0; i < info->n_params; i++)
        if (info->params[i].kind == DESCENT_FLAG && strcmp(info->params[i].name, arg->text) == 0) {
            if (values[i].given)
                return given_twice(arg, info->name, arg->text, err);
            values[i] = (dsc_value){.number = 1.0, .given = true};
            return DESCENT_OK;
        }
    while (*position < info->n_positional && values[*position].given)
        ++*position;
    if (*position >= info->n_positional)
        return dsc_fail_at(err, DESCENT_SYNTAX, arg->place, "%s: unexpected '%s'; %s", info->name,
                           arg->text,
                           info->n_params > 0 ? "write name=value" : "it has no parameters");
    const int i = (*position)++;
    return read_value(info->name, &info->params[i], arg, &values[i], err);
}

static bool takes_layers(const descent_info *info)
{
    for (int i = 0; i < info->n_params; i++)
        if (info->params[i].kind == DESCENT_LAYERS)
            return true;
    return false;
}

/* Whether a parameter of that kind takes "( ... )": layers always, a schedule in place of a number
 * and numbers in place of a text where the caller accepts them. */
static bool takes_list(descent_kind kind, unsigned accept)
{
    return kind == DESCENT_LAYERS || (kind == DESCENT_NUMBER && (accept & DSC_ACCEPT_SCHEDULES)) ||
           (kind == DESCENT_TEXT && (accept & DSC_ACCEPT_NUMBERS));
}

/* key=( ... ): layers, a schedule in place of a number, or numbers in place of a text. */
static descent_status bind_list(const dsc_spec_arg *arg, const descent_info *info, unsigned accept,
                                dsc_value *values, descent_error *err)
{
    const bool schedules = accept & DSC_ACCEPT_SCHEDULES;
    int i;

    DSC_TRY(dsc_param_find(info, arg->key, arg->key_place, &i, err));
    if (values[i].given)
        return given_twice(arg, info->name, arg->key, err);
    if (!takes_list(info->params[i].kind, accept) &&
        !(accept & (DSC_ACCEPT_SCHEDULES | DSC_ACCEPT_NUMBERS)))
        return dsc_fail_at(err, DESCENT_SYNTAX, arg->place, "%s takes no '(...)' here", info->name);
    if (!takes_list(info->params[i].kind, accept))
        return dsc_fail_at(err, DESCENT_INVALID, arg->place,
                           schedules ? "%s: %s is no number that could follow a schedule"
                                     : "%s: %s takes one value, found a list",
                           info->name, arg->key);
    values[i].given = true;
    values[i].list = arg->list;
    return DESCENT_OK;
}

/* key=0.1x: false when the text is no such thing. */
static bool read_factor(const dsc_spec_arg *arg, const descent_param *param, dsc_value *value)
{
    const size_t length = strlen(arg->text);

    if (param->kind != DESCENT_NUMBER || length < 2 || arg->text[length - 1] != 'x')
        return false;
    value->given = value->factor = dsc_number_read(arg->text, length - 1, &value->number) &&
                                   value->number >= 0.0 && !isinf(value->number);
    return value->factor;
}

static descent_status bind_arg(const dsc_spec_arg *arg, const descent_info *info,
                               const dsc_spec_list *inner, unsigned accept, int *position,
                               dsc_value *values, descent_error *err)
{
    int i;

    if (arg->list && (arg->list == inner || (inner && !arg->key && (accept & DSC_ACCEPT_BRANCHES))))
        return DESCENT_OK;
    if (arg->list && arg->key &&
        (takes_layers(info) || (accept & (DSC_ACCEPT_SCHEDULES | DSC_ACCEPT_NUMBERS))))
        return bind_list(arg, info, accept, values, err);
    if (arg->list && inner && !arg->key)
        return dsc_fail_at(err, DESCENT_SYNTAX, arg->place, "%s takes one '(...)', found a second",
                           info->name);
    if (arg->list)
        return dsc_fail_at(err, DESCENT_SYNTAX, arg->place, "%s takes no '(...)' here", info->name);
    if (!arg->key)
        return bind_bare(arg, info, position, values, err);
    DSC_TRY(dsc_param_find(info, arg->key, arg->key_place, &i, err));
    if (values[i].given)
        return given_twice(arg, info->name, arg->key, err);
    if ((accept & DSC_ACCEPT_FACTORS) && read_factor(arg, &info->params[i], &values[i]))
        return DESCENT_OK;
    return read_value(info->name, &info->params[i], arg, &values[i], err);
}

descent_status dsc_spec_bind(const dsc_spec *spec, const descent_info *info, unsigned accept,
                             dsc_value values[DSC_MAX_PARAMS], descent_error *err)
{
    const dsc_spec_list *inner = accept & DSC_ACCEPT_LIST ? dsc_spec_inner(spec) : NULL;
    int position = 0;

    dsc_param_defaults(info, values);
    for (int a = 0; a < spec->n_args; a++)
        DSC_TRY(bind_arg(&spec->arg[a], info, inner, accept, &position, values, err));
    for (int i = 0; i < info->n_params; i++)
        if (!values[i].given && isnan(info->params[i].initial))
            return dsc_fail_at(err, DESCENT_INVALID, spec->place, "%s: %s is missing (%s)",
                               info->name, info->params[i].name, info->params[i].help);
    return DESCENT_OK;
}
