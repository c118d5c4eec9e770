/* course.c - what several findings read off the course of a training, and how they put it. */
#include "finding/finding.h"

#include "base/print.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const double dsc_probe_ahead[DSC_PROBE_POINTS] = {(double)NAN, 0, 1, 2, 4, 8};

static double field_of(const dsc_moment *m, size_t field)
{
    double x;

    memcpy(&x, (const char *)m + field, sizeof x);
    return x;
}

/* Is the moment within these shares of the steps taken? */
static bool within(const dsc_case *c, const dsc_moment *m, double from, double to)
{
    const double all = c->moments > 0 ? c->moment[c->moments - 1].step : 0.0;

    return m->step > from * all && m->step <= to * all;
}

double dsc_course_mean(const dsc_case *c, size_t field, double from, double to)
{
    double sum = 0.0, n = 0.0;

    for (size_t i = 0; i < c->moments; i++) {
        const double x = field_of(&c->moment[i], field);
        if (c->moment[i].measured > 0.0 && within(c, &c->moment[i], from, to) && !isnan(x)) {
            sum += x;
            n++;
        }
    }
    return n > 0.0 ? sum / n : (double)NAN;
}

double dsc_course_largest(const dsc_case *c, size_t field, double from, double to, size_t *at)
{
    double largest = (double)NAN;

    for (size_t i = 0; i < c->moments; i++) {
        const double x = field_of(&c->moment[i], field);
        if (!(c->moment[i].measured > 0.0) || !within(c, &c->moment[i], from, to) || isnan(x))
            continue;
        if (isnan(largest) || x > largest) {
            largest = x;
            if (at)
                *at = i;
        }
    }
    return largest;
}

double dsc_course_loss(const dsc_case *c, double from, double to)
{
    double sum = 0.0, steps = 0.0;

    for (size_t i = 0; i < c->moments; i++) {
        const dsc_moment *m = &c->moment[i];
        const double n = m->step - m->first + 1.0;
        if (within(c, m, from, to) && isfinite(m->loss)) {
            sum += n * m->loss;
            steps += n;
        }
    }
    return steps > 0.0 ? sum / steps : (double)NAN;
}

double dsc_course_best_test(const dsc_case *c, size_t *epoch)
{
    double best = (double)NAN;

    for (size_t i = 0; i < c->epochs; i++)
        if (isfinite(c->epoch[i].test_loss) && !(c->epoch[i].test_loss >= best)) {
            best = c->epoch[i].test_loss;
            if (epoch)
                *epoch = i;
        }
    return best;
}

double dsc_sure(double x, double nothing, double certain)
{
    const double share = (x - nothing) / (certain - nothing);

    return share > 0.0 ? fmin(share, 1.0) : 0.0;
}

double dsc_sure_log(double x, double nothing, double certain)
{
    if (isnan(x))
        return 0.0;
    return x > 0.0 ? dsc_sure(log(x), log(nothing), log(certain))
                   : dsc_sure(-1.0, nothing < certain ? 0.0 : 1.0, nothing < certain ? 1.0 : 0.0);
}

void dsc_tell(char *text, size_t room, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    const int n = dsc_vprint(text, room, format, list);
    va_end(list);
    /* a NaN has a sign, which depends on the machine and says nothing */
    for (char *at = text; n > 0 && (at = strstr(at, " -nan")) != NULL; at++)
        memmove(at + 1, at + 2, strlen(at + 1));
    if (n < 0 || (size_t)n < room)
        return;
    char *blank = strrchr(text, ' ');
    if (blank)
        *blank = '\0';
}
