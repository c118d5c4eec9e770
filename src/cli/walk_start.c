/* walk_start.c - where a minimization starts: "x=1,y=2". */
#include "walk.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct starts {
    const descent_expression *formula;
    size_t n;
    double *start;
    bool given[CLI_MOST_VARIABLES];
} starts;

static int variable_of(const starts *s, const char *name, size_t length)
{
    for (size_t i = 0; i < s->n; i++) {
        const char *known = descent_expression_variable(s->formula, i);
        if (strlen(known) == length && memcmp(known, name, length) == 0)
            return (int)i;
    }
    return -1;
}

static int unknown_variable(const starts *s, const char *name, size_t length)
{
    const char *names[CLI_MOST_VARIABLES];
    char word[64];

    snprintf(word, sizeof word, "%.*s", (int)length, name);
    for (size_t i = 0; i < s->n; i++)
        names[i] = descent_expression_variable(s->formula, i);
    const char *nearest = descent_nearest(word, names, s->n);
    return cli_complain("--from: the formula has no variable '%s'%s%s%s", word,
                        nearest ? "; did you mean '" : "", nearest ? nearest : "",
                        nearest ? "'?" : "");
}

/* "x=1,y=2" */
static int read_start(starts *s, const char *text)
{
    for (const char *at = text ? text : ""; *(at += strspn(at, " "));) {
        const size_t name = strcspn(at, "=,"), whole = strcspn(at, ",");
        const int variable = variable_of(s, at, name);
        char *end;
        if (at[name] != '=')
            return cli_complain("--from: expected name=value, found '%.*s'", (int)whole, at);
        if (variable < 0)
            return unknown_variable(s, at, name);
        if (s->given[variable])
            return cli_complain("--from: %.*s was given twice", (int)name, at);
        s->start[variable] = strtod(at + name + 1, &end);
        if (end != at + whole || whole == name + 1 || !isfinite(s->start[variable]))
            return cli_complain("--from: '%.*s' is not a number", (int)(whole - name - 1),
                                at + name + 1);
        s->given[variable] = true;
        at += whole + (at[whole] == ',');
    }
    for (size_t i = 0; i < s->n; i++)
        if (!s->given[i])
            return cli_complain("the variable '%s' has no start; add --from %s=VALUE",
                                descent_expression_variable(s->formula, i),
                                descent_expression_variable(s->formula, i));
    return EXIT_DONE;
}

int cli_walk_start(const descent_expression *formula, const char *text, double *start)
{
    starts s = {.formula = formula, .n = descent_expression_variables(formula), .start = start};

    return read_start(&s, text);
}
