/* param.c - descriptor tables: names, bounds, and the nearest known word. */
#include "base/param.h"

#include "base/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WORD = 40, MOST_NAMES = 10 };

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

/* Edit distance with swaps of neighbours counted once (Damerau 1964), of the first WORD bytes. */
static int distance(const char *a, const char *b)
{
    const int n = smaller((int)strlen(a), WORD), m = smaller((int)strlen(b), WORD);
    int d[WORD + 1][WORD + 1];

    for (int i = 0; i <= n; i++)
        d[i][0] = i;
    for (int j = 0; j <= m; j++)
        d[0][j] = j;
    for (int i = 1; i <= n; i++)
        for (int j = 1; j <= m; j++) {
            const int changed = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            d[i][j] = smaller(changed, smaller(d[i - 1][j], d[i][j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = smaller(d[i][j], d[i - 2][j - 2] + 1);
        }
    return d[n][m];
}

const char *dsc_nearest(const char *word, size_t count, const char *(*name)(size_t i, void *user),
                        void *user)
{
    const int length = (int)strlen(word);
    const char *nearest = NULL;
    int best = (length > 6 ? length / 3 : 2) + 1;

    for (size_t i = 0; i < count; i++) {
        const char *candidate = name(i, user);
        const int d = distance(word, candidate);
        /* three letters changed into three others are no misspelling */
        if (d < best && d < length && d < (int)strlen(candidate)) {
            best = d;
            nearest = candidate;
        }
    }
    return nearest;
}

static const char *word_at(size_t i, void *user)
{
    return (*(const char *const *const *)user)[i];
}

const char *descent_nearest(const char *word, const char *const *words, size_t n)
{
    return dsc_nearest(word, n, word_at, &words);
}

typedef struct registry {
    const descent_info *(*info)(size_t);
} registry;

static const char *entry_name(size_t i, void *user)
{
    return ((const registry *)user)->info(i)->name;
}

void dsc_suggest_entry(const char *word, const descent_info *(*info)(size_t), char out[80])
{
    registry r = {info};
    size_t count = 0;

    while (info(count))
        count++;
    const char *nearest = dsc_nearest(word, count, entry_name, &r);
    out[0] = '\0';
    if (nearest)
        snprintf(out, 80, "; did you mean '%s'?", nearest);
}

descent_status dsc_param_check(const char *entry, const descent_param *param, double value,
                               dsc_place place, descent_error *err)
{
    char found[DSC_NUMBER_SIZE], min[DSC_NUMBER_SIZE], max[DSC_NUMBER_SIZE], bounds[100];
    const bool whole = param->kind == DESCENT_INTEGER || param->kind == DESCENT_SIZE ||
                       param->kind == DESCENT_CHOICE;

    if (value >= param->min && value <= param->max && (!whole || value == floor(value)))
        return DESCENT_OK; /* written so that NaN fails */

    dsc_number_plain(param->min, min);
    dsc_number_plain(param->max, max);
    if (isinf(param->min) && isinf(param->max))
        snprintf(bounds, sizeof bounds, "%s", whole ? "" : " a number");
    else if (isinf(param->max))
        snprintf(bounds, sizeof bounds, " at least %s", min);
    else if (isinf(param->min))
        snprintf(bounds, sizeof bounds, " at most %s", max);
    else
        snprintf(bounds, sizeof bounds, " between %s and %s", min, max);
    return dsc_fail_at(err, DESCENT_INVALID, place, "%s: %s = %s, must be%s%s", entry, param->name,
                       dsc_number_plain(value, found), whole ? " a whole number" : "", bounds);
}

static const char *param_name(size_t i, void *user)
{
    return ((const descent_info *)user)->params[i].name;
}

/* "lr, momentum, ... and 9 more": the names of a long table would fill the screen. */
static void list_names(const descent_info *info, char *out, size_t size)
{
    const int most = info->n_params > MOST_NAMES + 1 ? MOST_NAMES : info->n_params;
    size_t used = 0;

    for (int i = 0; i < most && used < size; i++)
        used +=
            (size_t)snprintf(out + used, size - used, "%s%s", i ? ", " : "", info->params[i].name);
    if (most < info->n_params && used < size)
        snprintf(out + used, size - used, " and %d more", info->n_params - most);
}

descent_status dsc_param_find(const descent_info *info, const char *name, dsc_place place,
                              int *index, descent_error *err)
{
    char known[256] = "";
    descent_info copy = *info;

    for (int i = 0; i < info->n_params; i++)
        if (strcmp(info->params[i].name, name) == 0) {
            *index = i;
            return DESCENT_OK;
        }
    list_names(info, known, sizeof known);
    const char *nearest = dsc_nearest(name, (size_t)info->n_params, param_name, &copy);
    if (info->n_params == 0)
        return dsc_fail_at(err, DESCENT_UNKNOWN, place, "%s has no parameter '%s'; it has none",
                           info->name, name);
    return dsc_fail_at(err, DESCENT_UNKNOWN, place, "%s has no parameter '%s'; it has %s%s%s%s",
                       info->name, name, known, nearest ? "; did you mean '" : "",
                       nearest ? nearest : "", nearest ? "'?" : "");
}

void dsc_param_defaults(const descent_info *info, dsc_value values[DSC_MAX_PARAMS])
{
    for (int i = 0; i < info->n_params; i++)
        values[i] = (dsc_value){
            .number = info->params[i].initial,
            .second = info->params[i].initial,
            .text = info->params[i].kind == DESCENT_TEXT ? info->params[i].choices : NULL};
}
