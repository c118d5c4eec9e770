/* probe.c - short trainings with a few learning rates, since a range test alone can't tell how well
 * a rate does that stays: the best of SGD lies near where it diverges, that of Adam far below. */
#include "study/search.h"

#include "base/memory.h"

#include <math.h>

/* The lowest rate is taken whose loss is as good as the least but for this part of what there was
 * to lose: it is the safer one, and small data are learned by heart the faster the higher lr is. */
static const double tolerance = 0.015;

/* The lowest probe is that part of the steepest rate. */
static const double below = 0.5;

/* One short training while it runs. */
typedef struct probing {
    descent_lr_search *search;
    double sum; /* of the last losses */
    int n, seen;
    bool diverged;
} probing;

/* The last quarter counts: before that a high rate looks worse than it is. */
static int on_progress(const descent_train_progress *now, void *user)
{
    probing *p = user;

    p->search->steps_done++;
    p->diverged = p->diverged || now->step_skipped || !isfinite(now->step_loss);
    if (4 * (int64_t)++p->seen > 3 * (int64_t)p->search->options.probe_steps) {
        p->sum += now->step_loss;
        p->n++;
    }
    return dsc_lr_search_tell(p->search) || p->diverged;
}

/* Short, and without the recipe's schedule, whose warm-up may be longer than this. */
static descent_status probe(descent_lr_search *s, size_t index, size_t seed, descent_error *err)
{
    probing p = {.search = s};
    const dsc_lr_training training = {.seed = seed,
                                      .lr = s->probe[index].lr,
                                      .steps = s->options.probe_steps,
                                      .on_progress = on_progress,
                                      .user = &p};
    const descent_status status = dsc_lr_search_train(s, &training, err);

    s->probe_loss[index * s->n + seed] =
        p.diverged || p.n == 0 ? (double)INFINITY : p.sum / (double)p.n;
    return status;
}

descent_status dsc_lr_search_probe(descent_lr_search *s, descent_error *err)
{
    const size_t n = (size_t)s->options.probes;
    const descent_lr_suggestion range = descent_lr_suggest(s);
    const double low = below * range.steepest, ratio = log(range.lowest / low);

    s->steps_done = (int64_t)s->options.seeds * s->options.steps;
    descent_lr_probe *list = dsc_alloc(n, sizeof *list);
    s->probe_loss = dsc_alloc(n * s->n, sizeof *s->probe_loss);
    s->probe = list;
    if (!list || !s->probe_loss)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu probes", n);
    for (size_t i = 0; i < n; i++) {
        list[i].lr = dsc_lr_round(low * exp(ratio * (double)i / (double)(n - 1)));
        for (size_t seed = 0; seed < s->n && !s->interrupted; seed++) {
            DSC_TRY(probe(s, i, seed, err));
            list[i].loss += s->probe_loss[i * s->n + seed] / (double)s->n;
        }
    }
    return DESCENT_OK;
}

/* The loss before anything is learned: that of the first steps, whose lr is next to nothing. */
static double first_loss(const dsc_lr_curve *curve)
{
    enum { FIRST = 10 };
    double sum = 0.0;
    size_t n = 0;

    for (; n < FIRST && n < curve->n; n++)
        sum += curve->point[n].loss;
    return sum / (double)n;
}

double dsc_lr_search_best(const descent_lr_search *s, size_t seed)
{
    const size_t n = (size_t)s->options.probes;
    double least = (double)INFINITY, first = 0.0;

    for (size_t k = 0; k < s->n; k++)
        if (seed == k || seed == s->n)
            first += first_loss(&s->curve[k]) / (seed == k ? 1.0 : (double)s->n);
    for (size_t i = 0; i < n; i++)
        least = fmin(least, seed < s->n ? s->probe_loss[i * s->n + seed] : s->probe[i].loss);
    for (size_t i = 0; i < n; i++) {
        const double loss = seed < s->n ? s->probe_loss[i * s->n + seed] : s->probe[i].loss;
        if (loss <= least + fmax(0.0, tolerance * (first - least)))
            return s->probe[i].lr;
    }
    return s->probe[0].lr;
}

size_t descent_lr_probes(const descent_lr_search *s)
{
    return s->probe ? (size_t)s->options.probes : 0;
}

descent_lr_probe descent_lr_probe_at(const descent_lr_search *s, size_t index)
{
    return index < descent_lr_probes(s) ? s->probe[index] : (descent_lr_probe){0};
}
