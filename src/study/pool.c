/* pool.c - trainings side by side: threads take the next one that nobody has begun. */
#include "study/pool.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "model/model.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PARTS = 1000 }; /* of a training, for progress */

static const double look_every = 0.05; /* seconds between two calls of on_progress */

typedef struct pool {
    dsc_trial *trial;
    const dsc_pool_options *o;
    int count;
    atomic_int next, finished, parts;
    atomic_bool stop, interrupted;
    double looked; /* of the caller's thread alone */
} pool;

/* One trial on its thread. */
typedef struct runner {
    pool *pool;
    dsc_trial *trial;
    bool callers; /* runs on the thread that called dsc_pool_run() */
    int parts;    /* told so far */
} runner;

/* Calls on_progress now and then. */
static void look(pool *p)
{
    const double now = dsc_seconds();

    if (!p->o->on_progress || now - p->looked < look_every)
        return;
    p->looked = now;
    const int done = p->o->before + atomic_load(&p->finished);
    const double part = p->o->before + (double)atomic_load(&p->parts) / PARTS;
    if (p->o->on_progress(part / p->o->all, done, p->o->all, p->o->user)) {
        atomic_store(&p->interrupted, true);
        atomic_store(&p->stop, true);
    }
}

static uint64_t check_sum(const float *w, size_t n)
{
    uint64_t sum = 14695981039346656037u; /* FNV-1a over the bits */

    for (size_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, &w[i], sizeof bits);
        sum = (sum ^ bits) * 1099511628211u;
    }
    return sum;
}

static void on_start(const descent_recipe *resolved, const descent_dataset *data,
                     const descent_model *model, const descent_optimizer *optimizer, void *user)
{
    dsc_trial *t = ((runner *)user)->trial;

    (void)data;
    (void)optimizer;
    t->weights = check_sum(model->w, model->n_w);
    t->room = (size_t)strtoull(descent_recipe_get(resolved, "epochs"), NULL, 10) + 1;
    t->epoch = dsc_alloc(t->room, sizeof *t->epoch);
}

static int on_progress(const descent_train_progress *now, void *user)
{
    runner *r = user;
    dsc_trial *t = r->trial;
    const int parts = (int)(now->step * PARTS / (now->steps > 0 ? now->steps : 1));

    if (now->epoch_ended && t->epoch && t->n_epochs < t->room)
        t->epoch[t->n_epochs++] = (dsc_trial_epoch){.step = now->step,
                                                    .train_loss = now->loss,
                                                    .test_loss = now->test_loss,
                                                    .test_accuracy = now->test_accuracy,
                                                    .test_rmse = now->test_rmse,
                                                    .lr = now->lr,
                                                    .seconds = now->seconds};
    atomic_fetch_add(&r->pool->parts, parts - r->parts);
    r->parts = parts;
    if (r->callers)
        look(r->pool);
    return atomic_load(&r->pool->stop);
}

static void run_trial(pool *p, dsc_trial *trial, bool callers)
{
    runner r = {.pool = p, .trial = trial, .callers = callers};
    descent_train_options options = descent_train_defaults();
    descent_model *model = NULL;

    options.threads = 1;
    options.diagnose = 0;
    options.kernels = p->o->kernels;
    options.hold_out = p->o->hold_out;
    options.on_start = on_start;
    options.on_progress = on_progress;
    options.user = &r;
    trial->status =
        descent_train(&model, trial->recipe, trial->data, &options, &trial->result, &trial->err);
    if (trial->status == DESCENT_OK && !trial->epoch)
        trial->status =
            dsc_fail(&trial->err, DESCENT_NOMEM, "out of memory for %zu epochs", trial->room);
    descent_model_free(model);
    if (trial->status != DESCENT_OK)
        atomic_store(&p->stop, true);
    atomic_fetch_add(&p->parts, PARTS - r.parts);
    atomic_fetch_add(&p->finished, 1);
}

/* What one thread does; the caller's goes on telling the progress until all are done. */
static void work(int index, void *user)
{
    const struct timespec pause = {.tv_nsec = 20000000};
    pool *p = user;
    int i;

    while ((i = atomic_fetch_add(&p->next, 1)) < p->count) {
        if (atomic_load(&p->stop))
            atomic_fetch_add(&p->finished, 1);
        else
            run_trial(p, &p->trial[i], index == 0);
    }
    while (index == 0 && atomic_load(&p->finished) < p->count) {
        look(p);
        nanosleep(&pause, NULL);
    }
}

descent_status dsc_pool_run(dsc_trial *trial, int count, const dsc_pool_options *options,
                            bool *interrupted, descent_error *err)
{
    const int threads = dsc_threads(options->threads);
    const int team = threads < count ? threads : count;
    pool p = {.trial = trial, .o = options, .count = count};

    dsc_parallel_for(team, team, work, &p);
    *interrupted = atomic_load(&p.interrupted);
    for (int i = 0; i < count; i++)
        if (trial[i].status != DESCENT_OK) {
            if (err)
                *err = trial[i].err;
            return trial[i].status;
        }
    return DESCENT_OK;
}

void dsc_trial_free(dsc_trial *trial)
{
    descent_recipe_free(trial->recipe);
    dsc_free(trial->epoch);
    *trial = (dsc_trial){0};
}
