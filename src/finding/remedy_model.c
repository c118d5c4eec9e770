/* remedy_model.c - a change of layers in a model string, as a flag to copy. */
#include "finding/finding.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* The model string that is being made. */
typedef struct text {
    char at[DSC_FLAGS];
    size_t n;
    bool full;
} text;

static void add(text *t, const char *from, size_t length)
{
    t->full = t->full || t->n + length >= sizeof t->at;
    if (t->full)
        return;
    memcpy(t->at + t->n, from, length);
    t->n += length;
    t->at[t->n] = '\0';
}

static bool divides(char c)
{
    return c == ',' || c == '(' || c == ')' || c == '\0';
}

/* What is left of a layer that was taken out: a comma too many. */
static void drop_comma(text *t, const char **after)
{
    while (t->n > 0 && t->at[t->n - 1] == ' ')
        t->n--;
    if (t->n > 0 && t->at[t->n - 1] == ',')
        t->n--;
    else if (**after == ',')
        (*after)++;
    t->at[t->n] = '\0';
}

/* Is a layer as typed, of `length` characters, the one that is to go? */
static bool is_same(const char *at, size_t length, const char *from, bool any_arguments)
{
    const size_t name = strlen(from);

    if (length < name || memcmp(at, from, name) != 0)
        return false;
    return length == name || (any_arguments && isspace((unsigned char)at[name]));
}

/* made <- `model` with every layer `from` replaced, whatever its arguments if any_arguments; true
 * when there is one. */
static bool replace(const char *model, const char *from, bool any_arguments, const char *to,
                    text *made)
{
    bool any = false;

    for (const char *at = model; *at;) {
        if (divides(*at) || isspace((unsigned char)*at)) {
            add(made, at++, 1);
            continue;
        }
        const char *end = at;
        while (!divides(*end))
            end++;
        const char *last = end;
        while (last > at && isspace((unsigned char)last[-1]))
            last--;
        const bool same = is_same(at, (size_t)(last - at), from, any_arguments);
        add(made, same ? to : at, same ? strlen(to) : (size_t)(last - at));
        at = last;
        if (same && !*to)
            drop_comma(made, &at);
        any = any || same;
    }
    return any;
}

void dsc_remedy_model(const dsc_case *c, descent_finding *out, const char *from, const char *to)
{
    char model[DSC_FLAGS];
    text made = {.n = 0};

    if (!dsc_remedy_begin(out, "--model", c->plan.model, model))
        return;
    if (replace(model, from, false, to, &made) && !made.full)
        dsc_remedy_flag(out, "--model", "%s", made.at);
}

bool dsc_remedy_layer(const dsc_case *c, descent_finding *out, const char *kind, const char *to)
{
    text made = {.n = 0};
    const bool any = replace(c->plan.model, kind, true, to, &made);

    if (any && !made.full)
        dsc_remedy_flag(out, "--model", "%s", made.at);
    return any;
}

static bool begins(const char *at, const char *word)
{
    return strncmp(at, word, strlen(word)) == 0;
}

/* Adds --model without " word=value" for any of some words; false: none was there. */
static bool leave_out(const dsc_case *c, descent_finding *out, const char *const *word, size_t n)
{
    text made = {.n = 0};
    bool any = false;

    for (const char *at = c->plan.model; *at;) {
        bool said = false;
        for (size_t i = 0; i < n; i++)
            said = said || begins(at, word[i]);
        const char *end = at + 1;
        while (said && !divides(*end) && !isspace((unsigned char)*end))
            end++;
        if (!said)
            add(&made, at, 1);
        any = any || said;
        at = end;
    }
    if (any && !made.full)
        dsc_remedy_flag(out, "--model", "%s", made.at);
    return any;
}

bool dsc_remedy_init(const dsc_case *c, descent_finding *out)
{
    return leave_out(c, out, (const char *const[]){" init=", " gain=", " bias_init="}, 3);
}

bool dsc_remedy_momentum(const dsc_case *c, descent_finding *out)
{
    return leave_out(c, out, (const char *const[]){" momentum="}, 1);
}

void dsc_remedy_last(const dsc_case *c, descent_finding *out)
{
    const char *comma = strrchr(c->plan.model, ',');

    if (comma && !strpbrk(comma, "()"))
        dsc_remedy_flag(out, "--model", "%.*s", (int)(comma - c->plan.model), c->plan.model);
}

bool dsc_remedy_squeezing(const dsc_case *c, descent_finding *out, const char *to)
{
    static const char *const squeezing[] = {"sigmoid", "tanh", "softsign", "hardsigmoid"};
    char model[DSC_FLAGS];
    const char *now = c->plan.model;

    for (size_t i = 0; i < sizeof squeezing / sizeof *squeezing; i++) {
        text made = {.n = 0};
        if (!replace(now, squeezing[i], false, to, &made))
            continue;
        if (made.full)
            return true;
        now = memcpy(model, made.at, made.n + 1);
    }
    if (now == c->plan.model)
        return false;
    dsc_remedy_flag(out, "--model", "%s", now);
    return true;
}
