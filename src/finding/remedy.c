/* remedy.c - changes as flags to copy. A recipe's other settings stay as they are. */
#include "finding/finding.h"

#include "base/print.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Where the value of `--flag` stands in the flags; NULL: it is not there. */
const char *dsc_remedy_value(const char *flags, const char *flag, size_t *length)
{
    const char *at = strstr(flags, flag);

    *length = 0;
    if (!at)
        return NULL;
    at += strlen(flag) + 1;
    const char stop = *at == '"' ? '"' : ' ';
    at += stop == '"';
    const char *end = strchr(at, stop);
    *length = end ? (size_t)(end - at) : strlen(at);
    return at;
}

static void take_out(char *flags, const char *flag)
{
    size_t length;
    char *begin = strstr(flags, flag);

    if (!begin)
        return;
    const char *end = dsc_remedy_value(begin, flag, &length) + length;
    end += *end == '"';
    end += *end == ' ';
    memmove(begin, end, strlen(end) + 1);
}

void dsc_remedy_flag(descent_finding *out, const char *flag, const char *format, ...)
{
    char value[DSC_FLAGS], flags[DSC_FLAGS];
    va_list list;

    va_start(list, format);
    const int length = dsc_vprint(value, sizeof value, format, list);
    va_end(list);
    if (length < 0 || length >= DSC_FLAGS || strpbrk(value, "\"$`\\"))
        return;
    memcpy(flags, out->flags, sizeof flags);
    take_out(flags, flag);
    const size_t used = strlen(flags);
    const char *quote = strpbrk(value, " ,()*") || !*value ? "\"" : "";
    const char *gap = used > 0 && flags[used - 1] != ' ' ? " " : "";
    const int n =
        snprintf(flags + used, sizeof flags - used, "%s%s %s%s%s", gap, flag, quote, value, quote);
    if (n >= 0 && (size_t)n < sizeof flags - used)
        memcpy(out->flags, flags, sizeof flags);
}

bool dsc_remedy_begin(const descent_finding *out, const char *flag, const char *plan,
                      char value[DSC_FLAGS])
{
    size_t length;
    const char *there = dsc_remedy_value(out->flags, flag, &length);

    if (!there) {
        there = plan;
        length = strlen(plan);
    }
    if (length >= DSC_FLAGS)
        return false;
    memcpy(value, there, length);
    value[length] = '\0';
    return true;
}

/* The value of `param` in "adam lr=0.1 beta2=0.9": where it begins; NULL when it isn't there. */
static const char *find_param(const char *spec, const char *param)
{
    const size_t length = strlen(param);
    int depth = 0;

    for (const char *at = spec; *at; at++) {
        depth += (*at == '(') - (*at == ')');
        const bool begins = at > spec && isspace((unsigned char)at[-1]) && depth == 0;
        if (begins && strncmp(at, param, length) == 0 && at[length] == '=')
            return at + length + 1;
    }
    return NULL;
}

/* Behind a value: a schedule in parentheses belongs to it. */
static const char *value_end(const char *at)
{
    int depth = 0;

    for (; *at && (depth > 0 || !isspace((unsigned char)*at)); at++)
        depth += (*at == '(') - (*at == ')');
    return at;
}

void dsc_remedy_optimizer(const dsc_case *c, descent_finding *out, const char *param, double value)
{
    char spec[DSC_FLAGS];

    if (!dsc_remedy_begin(out, "--optimizer", c->plan.optimizer, spec))
        return;
    const char *old = find_param(spec, param);
    if (old)
        dsc_remedy_flag(out, "--optimizer", "%.*s%.3g%s", (int)(old - spec), spec, value,
                        value_end(old));
    else
        dsc_remedy_flag(out, "--optimizer", "%s %s=%.3g", spec, param, value);
}
