/* audit_twins.c - examples that training has twice, and those that the test part has as well. */
#include "data/audit.h"
#include "data/twins.h"

#include <math.h>

enum { LEAST = 4000, MOST = 100000 };
static const double COST = 12000.0; /* of one look-up, in additions: it waits for memory */

static bool differ(const descent_dataset *d, size_t a, size_t b)
{
    if (d->labels)
        return d->labels[a] != d->labels[b];
    const float y = d->targets[a * (size_t)d->outputs], z = d->targets[b * (size_t)d->outputs];
    return y < z || y > z;
}

bool dsc_audit_twins(dsc_audit *out, const dsc_audit_options *o)
{
    const double limit = o->additions > 0.0 ? o->additions / COST : MOST;
    const size_t most = limit < LEAST ? LEAST : limit < MOST ? (size_t)limit : MOST;
    const size_t n = o->split->n_train < most ? o->split->n_train : most;
    const size_t tests = o->split->n_test < most ? o->split->n_test : most;
    size_t twins = 0, other = 0, both = 0;
    dsc_twins table;

    if (!dsc_twins_make(&table, o->data, n))
        return false;
    for (size_t i = 0; i < n; i++) {
        const size_t first = dsc_twins_find(&table, o->split->train[i], true);
        twins += first != SIZE_MAX;
        other += first != SIZE_MAX && differ(o->data, first, o->split->train[i]);
    }
    for (size_t i = 0; i < tests; i++)
        both += dsc_twins_find(&table, o->split->test[i], false) != SIZE_MAX;
    dsc_twins_free(&table);
    out->twins = (double)twins / (double)n;
    out->twins_that_differ = (double)other / (double)n;
    out->twins_in_test = both;
    out->test_in_train = tests > 0 ? (double)both / (double)tests : (double)NAN;
    return true;
}
