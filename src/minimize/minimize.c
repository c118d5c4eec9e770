/* minimize.c - gradient descent on a caller's function: w <- w - lr direction(g), step by step. */
#include "descent/minimize.h"

#include "base/error.h"
#include "base/memory.h"
#include "descent/optimizer.h"
#include "descent/schedule.h"
#include "minimize/verdict.h"

#include <math.h>
#include <string.h>

enum { N_VECTORS = 4 };
/* f beyond this is as good as infinite: no later step comes back from there */
static const double HOPELESS = 1e100;

/* One run. The vectors lie in one block. */
typedef struct run {
    descent_objective f;
    size_t n;
    const descent_minimize_options *o;
    double *w, *best, *w_before, *g_before, *g, *block;
    double f_best, f_now, g_norm, g_norm_best;
    descent_optimizer *optimizer;
    descent_schedule *schedule;
    double base_lr, lr;
    dsc_path path;
} run;

descent_minimize_options descent_minimize_defaults(void)
{
    return (descent_minimize_options){.optimizer = "sgd lr=0.1",
                                      .schedule = "constant",
                                      .steps = 100,
                                      .gradient_tolerance = 1e-8};
}

static double norm(const double *x, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += x[i] * x[i];
    return sqrt(sum);
}

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* f and g at w; the best point so far is kept. */
static void look(run *r)
{
    r->f_now = r->f(r->n, r->w, r->g, r->o->user);
    r->g_norm = norm(r->g, r->n);
    if (isfinite(r->f_now) && isfinite(r->g_norm) && !(r->f_best <= r->f_now)) {
        r->f_best = r->f_now;
        r->g_norm_best = r->g_norm;
        memcpy(r->best, r->w, r->n * sizeof *r->w);
    }
}

/* What one step says about the curvature along it: (dg . dw) / (dw . dw). */
static void learn_from_step(run *r)
{
    double squares = 0, product = 0;

    for (size_t i = 0; i < r->n; i++) {
        const double dw = r->w[i] - r->w_before[i];
        squares += dw * dw;
        product += dw * (r->g[i] - r->g_before[i]);
    }
    dsc_path_add(&r->path, &(dsc_path_step){.f = r->f_now,
                                            .g_norm = r->g_norm,
                                            .turned = dot(r->g, r->g_before, r->n) < 0,
                                            .curvature = product / squares});
}

static bool still_finite(const run *r)
{
    return isfinite(r->f_now) && isfinite(r->g_norm) && fabs(r->f_now) < HOPELESS;
}

/* Shows the point; true when the caller wants to stop. */
static bool show(const run *r, int64_t step)
{
    const descent_minimize_step s = {
        .step = step, .n = r->n, .w = r->w, .g = r->g, .f = r->f_now, .g_norm = r->g_norm};

    return r->o->on_step && r->o->on_step(&s, r->o->user) != 0;
}

static void take_step(run *r, int64_t step)
{
    memcpy(r->w_before, r->w, r->n * sizeof *r->w);
    memcpy(r->g_before, r->g, r->n * sizeof *r->g);
    r->lr = r->base_lr * descent_schedule_factor(r->schedule, step);
    descent_optimizer_set(r->optimizer, "lr", r->lr, NULL);
    descent_optimizer_step_f64(r->optimizer, r->w, r->g);
    look(r);
    learn_from_step(r);
}

static descent_stop walk(run *r, int64_t *steps)
{
    *steps = 0;
    look(r);
    dsc_path_begin(&r->path, r->f_now, r->g_norm);
    for (;;) {
        if (show(r, *steps))
            return DESCENT_STOP_INTERRUPTED;
        if (!still_finite(r))
            return DESCENT_STOP_DIVERGED;
        if (r->g_norm <= r->o->gradient_tolerance)
            return DESCENT_STOP_CONVERGED;
        if (*steps == r->o->steps)
            return DESCENT_STOP_STEPS;
        take_step(r, (*steps)++);
    }
}

static descent_status prepare(run *r, descent_error *err)
{
    size_t total;

    if (r->n == 0)
        return dsc_fail(err, DESCENT_INVALID, "there is nothing to minimize: n is 0");
    if (r->o->steps < 1)
        return dsc_fail(err, DESCENT_INVALID, "steps = %lld, must be at least 1",
                        (long long)r->o->steps);
    DSC_TRY(descent_optimizer_create(&r->optimizer, r->o->optimizer, r->n, DESCENT_F64, err));
    DSC_TRY(descent_schedule_create(&r->schedule, r->o->schedule, r->o->steps, err));
    if (dsc_multiply(r->n, N_VECTORS, &total))
        r->block = dsc_alloc(total, sizeof *r->block);
    if (!r->block)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu variables", r->n);
    r->best = r->block;
    r->w_before = r->best + r->n;
    r->g_before = r->w_before + r->n;
    r->g = r->g_before + r->n;
    memcpy(r->best, r->w, r->n * sizeof *r->w);
    r->base_lr = r->lr = descent_optimizer_get(r->optimizer, "lr");
    return DESCENT_OK;
}

static void finish(run *r, int64_t steps, descent_stop stop, descent_minimum *result)
{
    *result =
        (descent_minimum){.f = r->f_best, .g_norm = r->g_norm_best, .steps = steps, .stop = stop};
    dsc_path_judge(&r->path, r->o->optimizer, r->optimizer, r->lr, result);
    memcpy(r->w, r->best, r->n * sizeof *r->w);
}

descent_status descent_minimize(descent_objective f, double *w, size_t n,
                                const descent_minimize_options *options, descent_minimum *result,
                                descent_error *err)
{
    const descent_minimize_options defaults = descent_minimize_defaults();
    run r = {.f = f,
             .n = n,
             .w = w,
             .o = options ? options : &defaults,
             .f_best = (double)NAN,
             .g_norm_best = (double)NAN};
    descent_minimum scratch;
    int64_t steps;

    const descent_status status = prepare(&r, err);
    if (status == DESCENT_OK) {
        const descent_stop stop = walk(&r, &steps);
        finish(&r, steps, stop, result ? result : &scratch);
    }
    descent_optimizer_free(r.optimizer);
    descent_schedule_free(r.schedule);
    dsc_free(r.block);
    return status;
}
