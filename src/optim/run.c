/* run.c - steps that compute gradients themselves, averages of w, and estimates of curvature. */
#include "base/parallel.h"
#include "optim/passes.h"

#include <math.h>
#include <string.h>

/* Which wrapper looks for the gradient elsewhere; -1: none. */
static int perturbing(const descent_optimizer *opt)
{
    for (int i = 0; i < opt->n_wraps; i++)
        if (opt->wrap[i].kind->perturb)
            return i;
    return -1;
}

bool dsc_optimizer_needs_objective(const descent_optimizer *opt)
{
    return perturbing(opt) >= 0 || opt->rule->solve;
}

bool dsc_optimizer_searches(const descent_optimizer *opt)
{
    return opt->rule->solve != NULL;
}

bool dsc_optimizer_needs_curvature(const descent_optimizer *opt)
{
    return (opt->rule->flags & DSC_RULE_CURVATURE) != 0;
}

bool dsc_optimizer_samples(const descent_optimizer *opt)
{
    return (opt->rule->flags & DSC_RULE_SAMPLES) != 0;
}

/* --- SAM -------------------------------------------------------------------------------------- */

typedef struct perturbation {
    const dsc_wrap *wrap;
    double total[DSC_MAX_SUMS];
} perturbation;

typedef struct perturb_pass {
    dsc_pass pass;
    perturbation *p;
} perturb_pass;

static dsc_ring ring_of(const dsc_job *job, const dsc_wrap *wrap)
{
    dsc_ring ring = {0};

    for (int i = 0; i < job->n_rings; i++)
        if (job->ring[i].kind == wrap->kind)
            ring = job->ring[i];
    return ring;
}

static void survey_chunk(int index, void *user)
{
    const perturb_pass *q = user;
    descent_optimizer *opt = q->pass.opt;
    const dsc_chunk *c = &opt->chunk[index];
    dsc_job job;

    dsc_fill_job(&q->pass, &opt->span[c->span], &job);
    const dsc_ring ring = ring_of(&job, q->p->wrap);
    memset(opt->chunk_sum[index], 0, sizeof opt->chunk_sum[index]);
    opt->pipeline->perturb_survey(&job, &ring, c->begin, c->begin + c->count,
                                  opt->chunk_sum[index]);
}

static void perturb_chunk(int index, void *user)
{
    const perturb_pass *q = user;
    descent_optimizer *opt = q->pass.opt;
    const dsc_chunk *c = &opt->chunk[index];
    dsc_job job;

    dsc_fill_job(&q->pass, &opt->span[c->span], &job);
    job.l2 = job.clip_value = 0.0;
    job.gain = dsc_setting_common(opt, &opt->setting[opt->span[c->span].setting], DSC_MAXIMIZE) != 0
                   ? -1.0 /* the worst nearby is where f is least */
                   : 1.0;
    const dsc_ring ring = ring_of(&job, q->p->wrap);
    opt->pipeline->perturb(&job, &ring, c->begin, c->begin + c->count, q->p->total);
}

/* w is moved to where the gradient that counts is taken; the wrapper's vector holds the old w. */
static void perturb(descent_optimizer *opt, const dsc_wrap *wrap, void *w)
{
    perturbation p = {.wrap = wrap};
    perturb_pass q = {.pass = {.opt = opt, .w = w, .g = opt->g}, .p = &p};

    memcpy(wrap->vector, w, opt->n * opt->element);
    dsc_parallel_for(dsc_team(opt), (int)opt->n_chunks, survey_chunk, &q);
    for (size_t c = 0; c < opt->n_chunks; c++)
        for (int k = 0; k < DSC_MAX_SUMS; k++)
            p.total[k] += opt->chunk_sum[c][k];
    dsc_parallel_for(dsc_team(opt), (int)opt->n_chunks, perturb_chunk, &q);
}

/* --- steps with an objective ------------------------------------------------------------------ */

/* Watches what a rule is told where it stands. */
typedef struct watch {
    descent_optimizer *opt;
    double (*evaluate)(void *user, const void *w, void *g);
    void *user;
    int64_t in_a_row; /* skipped before this step */
    bool started, lost;
} watch;

/* Where f or g are not finite a rule has nowhere to go from, and the step counts as skipped. */
static double watched(void *user, const void *w, void *g)
{
    watch *x = user;
    dsc_pass p = {.opt = x->opt, .g = g};

    const double loss = x->evaluate(x->user, w, g);
    if (!x->started && (!isfinite(loss) || !dsc_scan_all(&p).finite)) {
        x->lost = true;
        x->opt->skipped_in_a_row = x->in_a_row;
        dsc_optimizer_skip(x->opt, g);
    }
    x->started = true;
    return loss;
}

static double solve(descent_optimizer *opt, void *w,
                    double (*evaluate)(void *user, const void *w, void *g), void *user)
{
    void *state[DSC_MAX_STATE] = {NULL};
    watch x = {.opt = opt, .evaluate = evaluate, .user = user, .in_a_row = opt->skipped_in_a_row};
    dsc_solve job = {.n = opt->n, .w = w, .state = state, .evaluate = watched, .user = &x};

    for (int k = 0; k < opt->rule->n_state; k++)
        if (opt->state_count[k] > 0)
            state[k] = (char *)opt->state + opt->state_begin[k];
    dsc_step_begin(opt);
    opt->rule->solve(&opt->setting[0].step, &job);
    opt->evaluations += job.evaluations;
    opt->iterations += job.iterations;
    opt->count -= x.lost;
    return job.loss;
}

double dsc_optimizer_run(descent_optimizer *opt, void *w,
                         double (*evaluate)(void *user, const void *w, void *g), void *user)
{
    const int at = perturbing(opt);
    dsc_wrap *wrap = at >= 0 ? &opt->wrap[at] : NULL;

    if (opt->rule->solve)
        return solve(opt, w, evaluate, user);
    const double loss = evaluate(user, w, opt->g);
    double worst = loss;
    opt->evaluations++;
    if (wrap && isfinite(loss)) {
        dsc_pass p = {.opt = opt, .w = w, .g = opt->g};
        if (!dsc_look(&p, (dsc_gradient_facts){0}))
            return loss;
        dsc_wrap_values(wrap, opt->count);
        perturb(opt, wrap, w);
        worst = evaluate(user, w, opt->g);
        opt->evaluations++;
        memcpy(w, wrap->vector, opt->n * opt->element);
    }
    if (isfinite(worst))
        dsc_optimizer_move(opt, w, opt->g, (dsc_gradient_facts){0});
    else
        dsc_optimizer_skip(opt, opt->g);
    return loss;
}

/* The public forms hand on typed functions. */
typedef struct typed {
    descent_objective f64;
    descent_objective_f32 f32;
    size_t n;
    void *user;
} typed;

static double evaluate_f32(void *user, const void *w, void *g)
{
    const typed *t = user;

    return t->f32(t->n, w, g, t->user);
}

static double evaluate_f64(void *user, const void *w, void *g)
{
    const typed *t = user;

    return t->f64(t->n, w, g, t->user);
}

double descent_optimizer_step_objective_f32(descent_optimizer *opt, float *w,
                                            descent_objective_f32 f, void *user)
{
    if (opt->type != DESCENT_F32 || !opt->gives_objective)
        return (double)NAN;
    return dsc_optimizer_run(opt, w, evaluate_f32, &(typed){.f32 = f, .n = opt->n, .user = user});
}

double descent_optimizer_step_objective_f64(descent_optimizer *opt, double *w, descent_objective f,
                                            void *user)
{
    if (opt->type != DESCENT_F64 || !opt->gives_objective)
        return (double)NAN;
    return dsc_optimizer_run(opt, w, evaluate_f64, &(typed){.f64 = f, .n = opt->n, .user = user});
}

/* --- averages --------------------------------------------------------------------------------- */

bool dsc_optimizer_averages(const descent_optimizer *opt)
{
    return descent_optimizer_average_name(opt) != NULL;
}

int dsc_optimizer_average(const descent_optimizer *opt, const void *w, void *out)
{
    dsc_job job;

    memcpy(out, w, opt->n * opt->element);
    if (opt->count == 0 || !dsc_optimizer_averages(opt))
        return 0;
    for (int i = opt->n_wraps - 1; i >= 0; i--)
        if (opt->wrap[i].kind->averages) {
            for (size_t s = 0; s < opt->n_spans; s++) { /* frozen segments stay as they are */
                const size_t at = opt->span[s].begin * opt->element;
                memcpy((char *)out + at, (const char *)opt->wrap[i].vector + at,
                       opt->span[s].count * opt->element);
            }
            return 1;
        }
    /* the job only reads w; its type is that of jobs that move */
    const dsc_pass p = {
        .opt = (descent_optimizer *)(uintptr_t)opt, .w = (void *)(uintptr_t)w, .g = w};
    for (size_t s = 0; s < opt->n_spans; s++) {
        dsc_fill_job(&p, &opt->span[s], &job);
        job.gain = 1.0;
        job.l2 = job.clip_value = 0.0;
        opt->pipeline->average(&job, 0, opt->span[s].count,
                               (char *)out + opt->span[s].begin * opt->element);
    }
    return 1;
}

int descent_optimizer_average_f32(const descent_optimizer *opt, const float *w, float *out)
{
    return opt->type == DESCENT_F32 ? dsc_optimizer_average(opt, w, out) : 0;
}

int descent_optimizer_average_f64(const descent_optimizer *opt, const double *w, double *out)
{
    return opt->type == DESCENT_F64 ? dsc_optimizer_average(opt, w, out) : 0;
}

/* --- curvature -------------------------------------------------------------------------------- */

static void curvature_chunk(const dsc_pass *p, const dsc_job *job, const dsc_chunk *c, double *sum)
{
    dsc_job plain = *job;

    (void)sum;
    plain.gain = 1.0;
    plain.l2 = plain.clip_value = 0.0;
    p->opt->pipeline->curvature(&plain, c->begin, c->begin + c->count);
}

void dsc_optimizer_curvature(descent_optimizer *opt, const void *h)
{
    dsc_pass p = {.opt = opt, .w = (void *)(uintptr_t)h, .g = h}; /* w is not looked at */

    if (!opt->rule->curvature || !dsc_fits(opt, h))
        return;
    for (size_t i = 0; i < opt->n_settings; i++) { /* the rule reads its betas */
        opt->setting[i].applied = opt->count;
        dsc_setting_values(opt, &opt->setting[i], opt->setting[i].step.param);
    }
    dsc_over_chunks(&p, curvature_chunk);
}

void descent_optimizer_curvature_f32(descent_optimizer *opt, const float *h)
{
    if (opt->type == DESCENT_F32)
        dsc_optimizer_curvature(opt, h);
}

void descent_optimizer_curvature_f64(descent_optimizer *opt, const double *h)
{
    if (opt->type == DESCENT_F64)
        dsc_optimizer_curvature(opt, h);
}
