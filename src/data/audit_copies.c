/* audit_copies.c - examples that are nearly, but not quite, another one: copies with noise, the
 * same thing measured twice. A split that puts them on both sides tests what training has seen.
 *
 * A copy is far closer than the examples around it. How often that happens by chance depends on how
 * many dimensions the data really have, which neighbours tell: in m of them the fifth nearest is
 * 2^(-1/m) times as far away as the tenth. Where m is large, next to nothing lies close by chance,
 * and copies with more noise can be told; but not of few features, which may be a handful of
 * patterns with some noise. */
#include "data/audit.h"
#include "data/neighbourhood.h"

#include "base/memory.h"

#include <math.h>

enum { TESTS = 100 };
/* Of the distance to the tenth nearest: from LEAST up to MOST, as far as CHANCE allows. */
static const double LEAST = 0.05, MOST = 0.2, CHANCE = 1e-6;
enum { WIDE = 32 };                    /* features */
static const double SUSPICIOUS = 0.02; /* share of training examples, beyond what chance gives */
static const double CERTAIN_TIMES = 3; /* what chance gives, as the estimate is rough */

/* How near the nearest is, of the distance to the tenth; equal examples are twins, which are
 * counted elsewhere. */
static double nearness(const dsc_neighbourhood *hood, const size_t *place)
{
    const double nearest = sqrt((double)hood->distance[place[0]]);
    const double furthest = sqrt((double)hood->distance[place[hood->count - 1]]);

    return nearest > 0.0 && furthest > 0.0 ? nearest / furthest : 1.0;
}

void dsc_copies_see(dsc_copies *copies, const dsc_neighbourhood *hood, const size_t *place)
{
    if (hood->count < DSC_NEAREST)
        return;
    const double middle = (double)hood->distance[place[DSC_NEAREST / 2 - 1]];
    const double furthest = (double)hood->distance[place[DSC_NEAREST - 1]];
    copies->near[copies->asked] = nearness(hood, place);
    copies->ratio[copies->asked++] = furthest > 0.0 ? sqrt(middle / furthest) : 1.0;
}

/* How many dimensions the data have. */
static double dimensions(dsc_copies *copies)
{
    const double ratio = dsc_neighbourhood_median(copies->ratio, copies->asked);

    return ratio < 1.0 ? log(0.5) / log(ratio) : (double)INFINITY;
}

/* The share of examples whose nearest is so close by chance. */
static double by_chance(double close, double m)
{
    return 1.0 - pow(1.0 - pow(close, m), DSC_NEAREST - 1);
}

/* Looks at test examples in the same way: their nearest of the sample. */
static bool ask_tests(dsc_audit *out, const dsc_audit_sample *s, size_t n_tests, double limit)
{
    const dsc_split *split = s->o->split;
    dsc_audit_sample both = {.o = s->o, .n = s->n + n_tests, .width = s->width};
    dsc_neighbourhood hood = {0};
    size_t width, place[DSC_NEAREST], close = 0;
    float *z = NULL;

    both.index = dsc_alloc(both.n, sizeof *both.index);
    both.x = dsc_alloc(both.n * both.width, sizeof *both.x);
    for (size_t i = 0; both.index && i < both.n; i++)
        both.index[i] = i < s->n ? s->index[i] : split->test[(i - s->n) * split->n_test / n_tests];
    bool good = both.index && both.x && dsc_audit_read(&both);
    if (good)
        z = dsc_audit_compared(out, &both, &width);
    good = z && dsc_neighbourhood_make(&hood, z, both.n, width, s->n);
    for (size_t i = s->n; good && i < both.n; i++) {
        dsc_neighbourhood_find(&hood, i, width, place);
        close += nearness(&hood, place) < limit;
    }
    out->copies_in_test = close;
    out->copies_asked = n_tests;
    dsc_neighbourhood_free(&hood);
    dsc_free(both.index);
    dsc_free(both.x);
    dsc_free(z);
    return good;
}

bool dsc_copies_tell(dsc_copies *copies, const dsc_audit_sample *s, dsc_audit *out)
{
    const size_t n_tests = s->o->split->n_test < TESTS ? s->o->split->n_test : TESTS;

    if (copies->asked == 0)
        return true;
    const double m = dimensions(copies);
    const double furthest = s->width < WIDE ? LEAST : MOST;
    const double limit = fmax(LEAST, fmin(furthest, pow(CHANCE, 1.0 / m)));
    const double chance = CERTAIN_TIMES * by_chance(limit, m);
    double close = 0.0;
    for (size_t i = 0; i < copies->asked; i++)
        close += copies->near[i] < limit;
    out->copies_nearness = limit;
    out->copies_by_chance = chance;
    if (n_tests == 0 || !(close / (double)copies->asked > SUSPICIOUS + chance))
        return true;
    return ask_tests(out, s, n_tests, limit);
}
