/* audit_copies.c - examples that are nearly, but not quite, another one: copies with noise, the
 * same thing measured twice. A split that puts them on both sides tests what training has seen.
 *
 * A copy is far closer than the examples around it. How often that happens by chance depends on how
 * many dimensions the data really have, which neighbours tell: in m of them the fifth nearest is
 * 2^(-1/m) times as far away as the tenth. */
#include "data/audit.h"
#include "data/neighbourhood.h"

#include "base/memory.h"

#include <math.h>

enum { TESTS = 100 };
static const double CLOSE = 0.05;      /* of the distance to the furthest of the nearest */
static const double SUSPICIOUS = 0.02; /* share of training examples, beyond what chance gives */
static const double CERTAIN_TIMES = 3; /* what chance gives, as the estimate is rough */

/* Is the nearest a copy? Equal examples are twins, which are counted elsewhere. */
static bool is_close(const dsc_neighbourhood *hood, const size_t *place)
{
    const double nearest = sqrt((double)hood->distance[place[0]]);
    const double furthest = sqrt((double)hood->distance[place[hood->count - 1]]);

    return nearest > 0.0 && nearest < CLOSE * furthest;
}

void dsc_copies_see(dsc_copies *copies, const dsc_neighbourhood *hood, const size_t *place)
{
    if (hood->count < DSC_NEAREST)
        return;
    const double middle = (double)hood->distance[place[DSC_NEAREST / 2 - 1]];
    const double furthest = (double)hood->distance[place[DSC_NEAREST - 1]];
    copies->close += is_close(hood, place);
    copies->ratio[copies->asked++] = furthest > 0.0 ? sqrt(middle / furthest) : 1.0;
}

/* The share of examples whose nearest is so close by chance. */
static double by_chance(dsc_copies *copies)
{
    const double ratio = dsc_neighbourhood_median(copies->ratio, copies->asked);
    const double m = ratio < 1.0 ? log(0.5) / log(ratio) : (double)INFINITY;

    return 1.0 - pow(1.0 - pow(CLOSE, m), DSC_NEAREST - 1);
}

/* Looks at test examples in the same way: their nearest of the sample. */
static bool ask_tests(dsc_audit *out, const dsc_audit_sample *s, size_t n_tests)
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
        close += is_close(&hood, place);
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
    const double chance = CERTAIN_TIMES * by_chance(copies);
    out->copies_by_chance = chance;
    if (n_tests == 0 || !((double)copies->close / (double)copies->asked > SUSPICIOUS + chance))
        return true;
    return ask_tests(out, s, n_tests);
}
