/* minimize.c - gradient descent on a caller's function: w <- w - lr direction(g), step by step. */
#include "descent/minimize.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"
#include "descent/schedule.h"
#include "minimize/diagnose.h"
#include "minimize/drive.h"
#include "minimize/verdict.h"
#include "optim/optimizer.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { N_VECTORS = 5, FEW_VARIABLES = 100 };
/* f beyond this is as good as infinite: no later step comes back from there */
static const double HOPELESS = 1e100;

/* One run. The vectors lie in one block. */
typedef struct run {
    descent_objective f;
    size_t n;
    const descent_minimize_options *o; /* with every default filled in */
    double *w, *best, *w_before, *g_before, *g, *block;
    double *w_out; /* the caller's, written when all went well */
    double f_best, f_now, g_norm, g_norm_best;
    descent_optimizer *optimizer;
    descent_schedule *schedule;
    dsc_drive drive;
    double lr;
    bool skipped; /* the last step: no gradient to go along was found */
    dsc_path path;
    dsc_strides strides;
} run;

descent_minimize_options descent_minimize_defaults(void)
{
    return (descent_minimize_options){.optimizer = "sgd lr=0.1",
                                      .schedule = "constant",
                                      .steps = 100,
                                      .gradient_tolerance = 1e-8};
}

/* Scaled by the largest element, so that no square over- or underflows. */
static double norm(const double *x, size_t n)
{
    double largest = 0, sum = 0;

    for (size_t i = 0; i < n; i++)
        largest = fabs(x[i]) <= largest ? largest : fabs(x[i]); /* a NaN stays */
    if (largest == 0 || !isfinite(largest))
        return largest;
    for (size_t i = 0; i < n; i++)
        sum += (x[i] / largest) * (x[i] / largest);
    return largest * sqrt(sum);
}

/* f and g at w; the best point so far is kept. Where f is the same the flatter point is better. */
static void look(run *r)
{
    r->f_now = r->f(r->n, r->w, r->g, r->o->user);
    r->g_norm = norm(r->g, r->n);
    if (isfinite(r->f_now) && isfinite(r->g_norm) &&
        (!(r->f_best <= r->f_now) || (r->f_best == r->f_now && r->g_norm < r->g_norm_best))) {
        r->f_best = r->f_now;
        r->g_norm_best = r->g_norm;
        memcpy(r->best, r->w, r->n * sizeof *r->w);
    }
}

/* What one step says: whether it turned back, what it promised, and the curvature along it,
 * (dg . dw) / (dw . dw). Steps so short that rounding makes up dg say nothing about it. */
static void learn_from_step(run *r)
{
    const double shortest = 1e-7;
    double squares = 0, product = 0, promise = 0, turn = 0, size = 0;

    for (size_t i = 0; i < r->n; i++) {
        const double dw = r->w[i] - r->w_before[i];
        squares += dw * dw;
        product += dw * (r->g[i] - r->g_before[i]);
        promise -= dw * r->g_before[i];
        turn += r->g[i] * r->g_before[i];
        size += r->w[i] * r->w[i];
    }
    const bool long_enough = squares > shortest * shortest * size && squares >= DBL_MIN;
    dsc_path_add(&r->path,
                 &(dsc_path_step){.f = r->f_now,
                                  .g_norm = r->g_norm,
                                  .lr = r->lr,
                                  .promised = fabs(promise),
                                  .turned = turn < 0,
                                  .moved = !(squares == 0),
                                  .curvature = long_enough ? product / squares : (double)NAN});
    dsc_strides_add(&r->strides, &r->path, turn, (double)r->path.steps / (double)r->o->steps);
}

static bool still_finite(const run *r)
{
    return !r->skipped && isfinite(r->f_now) && isfinite(r->g_norm) && isfinite(norm(r->w, r->n)) &&
           (fabs(r->f_now) < HOPELESS || r->f_now == r->path.f_first);
}

/* Shows the point; true when the caller wants to stop. */
static bool show(const run *r, int64_t step)
{
    const descent_minimize_step s = {.step = step,
                                     .n = r->n,
                                     .w = r->w,
                                     .g = r->g,
                                     .f = r->f_now,
                                     .g_norm = r->g_norm,
                                     .lr = r->lr};

    return r->o->on_step && r->o->on_step(&s, r->o->user) != 0;
}

/* Rules that look around for themselves are handed f; others go along the g that is known. */
static void move(run *r)
{
    if (dsc_optimizer_needs_objective(r->optimizer))
        descent_optimizer_step_objective_f64(r->optimizer, r->w, r->f, r->o->user);
    else
        descent_optimizer_step_f64(r->optimizer, r->w, r->g);
    r->skipped = descent_optimizer_skipped_in_a_row(r->optimizer) > 0;
}

static descent_status take_step(run *r, int64_t step, descent_error *err)
{
    memcpy(r->w_before, r->w, r->n * sizeof *r->w);
    memcpy(r->g_before, r->g, r->n * sizeof *r->g);
    DSC_TRY(dsc_drive_step(&r->drive, step, &r->lr, err));
    move(r);
    look(r);
    descent_schedule_observe(r->schedule, r->f_now);
    learn_from_step(r);
    return DESCENT_OK;
}

static descent_status walk(run *r, int64_t *steps, descent_stop *stop, descent_error *err)
{
    *steps = 0;
    look(r);
    dsc_path_begin(&r->path, r->f_now, r->g_norm);
    for (;;) {
        const bool enough = show(r, *steps);
        if (!still_finite(r))
            return *stop = DESCENT_STOP_DIVERGED, DESCENT_OK;
        if (r->g_norm <= r->o->gradient_tolerance && r->o->gradient_tolerance > 0)
            return *stop = DESCENT_STOP_CONVERGED, DESCENT_OK;
        if (enough)
            return *stop = DESCENT_STOP_INTERRUPTED, DESCENT_OK;
        if (*steps == r->o->steps)
            return *stop = DESCENT_STOP_STEPS, DESCENT_OK;
        DSC_TRY(take_step(r, (*steps)++, err));
    }
}

static descent_status check_options(const run *r, descent_error *err)
{
    char number[DSC_NUMBER_SIZE];

    if (r->n == 0)
        return dsc_fail(err, DESCENT_INVALID, "there is nothing to minimize: n is 0");
    if (r->o->steps < 1)
        return dsc_fail(err, DESCENT_INVALID, "steps = %lld, must be at least 1",
                        (long long)r->o->steps);
    if (!(r->o->gradient_tolerance >= 0))
        return dsc_fail(err, DESCENT_INVALID, "gradient_tolerance = %s, must be at least 0",
                        dsc_number_plain(r->o->gradient_tolerance, number));
    return DESCENT_OK;
}

static descent_status prepare(run *r, descent_error *err)
{
    descent_optimizer_options options = descent_optimizer_defaults();
    size_t total;

    DSC_TRY(check_options(r, err));
    options.steps = r->o->steps;
    options.gives_objective = DSC_OBJECTIVE_IF_NEEDED;
    DSC_TRY(descent_optimizer_create_with(&r->optimizer, r->o->optimizer, r->n, DESCENT_F64,
                                          &options, err));
    if (descent_optimizer_get(r->optimizer, "maximize") == 1.0)
        return dsc_fail(err, DESCENT_INVALID,
                        "maximize climbs, but a minimum is wanted; leave it out and negate f");
    DSC_TRY(descent_schedule_create(&r->schedule, r->o->schedule, r->o->steps, err));
    DSC_TRY(dsc_drive_begin(&r->drive, r->optimizer, r->schedule, r->o->steps,
                            (dsc_place){.file = ""}, err));
    if (dsc_multiply(r->n, N_VECTORS, &total))
        r->block = dsc_alloc(total, sizeof *r->block);
    if (!r->block)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu variables", r->n);
    r->best = r->block;
    r->w_before = r->best + r->n;
    r->g_before = r->w_before + r->n;
    r->g = r->g_before + r->n;
    r->w = r->g + r->n;
    memcpy(r->w, r->w_out, r->n * sizeof *r->w);
    memcpy(r->best, r->w_out, r->n * sizeof *r->w);
    r->lr = dsc_optimizer_next_lr(r->optimizer);
    return DESCENT_OK;
}

/* A slope of next to zero is that of a ridge as well. With many variables asking f around costs
 * more than the walk did, and one that is broken off is not judged. */
static bool may_be_ridge(const run *r, const descent_minimum *result)
{
    const bool flat =
        result->verdict == DESCENT_CONVERGED || r->g_norm_best < 1e-3 * r->path.g_first;

    return flat && result->verdict != DESCENT_DIVERGED && r->n <= FEW_VARIABLES &&
           result->stop != DESCENT_STOP_INTERRUPTED;
}

static void finish(run *r, int64_t steps, descent_stop stop, descent_minimum *result)
{
    if (isnan(r->f_best)) { /* not even the starting point had a finite f and gradient */
        r->f_best = r->f_now;
        r->g_norm_best = r->g_norm;
    }
    *result =
        (descent_minimum){.f = r->f_best, .g_norm = r->g_norm_best, .steps = steps, .stop = stop};
    dsc_path_judge(&r->path, r->o->optimizer, r->optimizer, result);
    const double lower =
        may_be_ridge(r, result) ? dsc_lower_beside(r->f, r->o->user, r->best, r->g, r->n) : 0.0;
    dsc_walk_judge(&r->path, &r->strides, r->o, r->optimizer, lower, result);
    memcpy(r->w_out, r->best, r->n * sizeof *r->w_out);
}

descent_status descent_minimize(descent_objective f, double *w, size_t n,
                                const descent_minimize_options *options, descent_minimum *result,
                                descent_error *err)
{
    const descent_minimize_options defaults = descent_minimize_defaults();
    descent_minimize_options o = options ? *options : defaults;
    run r = {.f = f,
             .n = n,
             .w_out = w,
             .o = &o,
             .f_best = (double)NAN,
             .g_norm_best = (double)NAN,
             .strides = {.g_least = (double)NAN, .f_most = (double)NAN, .lr = (double)NAN}};
    descent_minimum scratch;
    descent_stop stop = DESCENT_STOP_STEPS;
    int64_t steps = 0;

    o.optimizer = o.optimizer ? o.optimizer : defaults.optimizer;
    o.schedule = o.schedule ? o.schedule : defaults.schedule;
    descent_status status = prepare(&r, err);
    if (status == DESCENT_OK)
        status = walk(&r, &steps, &stop, err);
    if (status == DESCENT_OK)
        finish(&r, steps, stop, result ? result : &scratch);
    descent_optimizer_free(r.optimizer);
    descent_schedule_free(r.schedule);
    dsc_free(r.block);
    return status;
}
