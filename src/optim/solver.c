/* solver.c - one step of a rule that evaluates the objective itself: direction, search, when to
 * end.
 *
 *     w <- w + t d,    t <- line search along d
 *
 * Steps continue one another: d, t and the gradient before the move survive between them. What is
 * remembered is forgotten, so that the next direction is -g, when the search finds nothing better
 * or d does not descend. Ends of a step are those of M. Schmidt's minFunc (2005). */
#include "optim/solver.h"

#include "base/sums.h"

#include <string.h>

enum { MOST_HALVINGS = 25 };

static double max_abs(const real *a, size_t n)
{
    real lane[DSC_LANES] = {0};
    real largest = 0;
    size_t i = 0;

    for (; i + DSC_LANES <= n; i += DSC_LANES)
        for (int j = 0; j < DSC_LANES; j++) {
            const real x = real_abs(a[i + (size_t)j]);
            lane[j] = x > lane[j] ? x : lane[j];
        }
    for (; i < n; i++)
        largest = real_abs(a[i]) > largest ? real_abs(a[i]) : largest;
    for (int j = 0; j < DSC_LANES; j++)
        largest = lane[j] > largest ? lane[j] : largest;
    return (double)largest;
}

static void forget(const dsc_solver *x)
{
    memset(x->step->memory, 0, sizeof x->step->memory);
}

static dsc_line line_from_here(const dsc_solver *x, const dsc_method *method)
{
    void *const *state = x->job->state;

    return (dsc_line){
        .job = x->job,
        .start = {.f = x->at.f, .slope = x->at.slope, .g = x->g_last},
        .w0 = x->w0,
        .d = x->d,
        .room = {state[ROOM], state[MORE_ROOM]},
        .w_max = max_abs(x->w0, x->job->n),
        .d_max = max_abs(x->d, x->job->n),
        .c2 = method->c2,
    };
}

/* Without a search w may have gone where f is not finite: back towards w0, where it was. */
static bool retreat(dsc_solver *x, const dsc_line *line)
{
    double *t = &x->step->memory[T_LAST];

    for (int i = 0; i < MOST_HALVINGS; i++) {
        *t /= 2;
        x->at = DSC_R(dsc_line_at)(line, *t, line->room[0]);
        if (isfinite(x->at.f))
            return true;
    }
    memcpy(x->w, x->w0, x->job->n * sizeof(real));
    forget(x);
    return false;
}

/* Evaluates at the w of the call. False when there is nothing to go on from. */
static bool arrive(dsc_solver *x, const dsc_method *method)
{
    dsc_solve *job = x->job;
    real *g = job->state[ROOM];

    job->loss = job->evaluate(job->user, x->w, g);
    job->evaluations = 1;
    job->iterations = 0;
    x->at = (dsc_point){.f = job->loss, .g = g};
    if (isfinite(job->loss) && isfinite(dsc_sum_abs(g, job->n)))
        return true;
    if (!method->search && x->step->memory[T_LAST] > 0) {
        const dsc_line line = line_from_here(x, method);
        return retreat(x, &line);
    }
    forget(x);
    return false;
}

/* Chooses d, its slope and the first t, and notes where it starts. False when d leads nowhere any
 * more. */
static bool turn(dsc_solver *x, const dsc_method *method, double *t)
{
    const dsc_step *s = x->step;
    const size_t n = x->job->n;
    const real *g = x->at.g;
    bool fresh = s->memory[T_LAST] == 0;

    x->spare = x->job->state[g == x->job->state[ROOM] ? MORE_ROOM : ROOM];
    if (!fresh) {
        method->aim(x);
        x->at.slope = dsc_dot(g, x->d, n);
        fresh = !(x->at.slope < 0) || !isfinite(x->at.slope);
    }
    if (fresh) {
        forget(x);
        for (size_t i = 0; i < n; i++)
            x->d[i] = -g[i];
        x->at.slope = -dsc_dot(g, g, n);
    }
    /* the length of -g says nothing about a good step, so the first one moves w by 1 at most */
    *t = fresh ? fmin(1, 1 / dsc_sum_abs(g, n)) * s->lr : method->first_step(x);
    x->step->memory[T_LAST] = *t;
    x->step->memory[SLOPE_LAST] = x->at.slope;
    memcpy(x->g_last, g, n * sizeof *g);
    memcpy(x->w0, x->w, n * sizeof *x->w);
    return x->at.slope <= -s->param[TOLERANCE_CHANGE] && isfinite(x->at.slope) && *t > 0;
}

/* Moves w along the line, at first by t. False when it found nothing. */
static bool move(dsc_solver *x, const dsc_method *method, const dsc_line *line, double t)
{
    const bool last = x->job->iterations == (int)x->step->param[MAX_ITER];

    if (!method->search) {
        if (last && DSC_R(dsc_line_place)(line, t))
            return true; /* what f is there, the next step will see */
        x->at = DSC_R(dsc_line_at)(line, t, line->room[0]);
        return isfinite(x->at.f) || retreat(x, line);
    }
    x->at = DSC_R(dsc_line_search)(line, t);
    x->step->memory[T_LAST] = x->at.t; /* 0 when it failed: the next direction will be -g */
    return x->at.t > 0;
}

static bool is_done(const dsc_solver *x, const dsc_line *line)
{
    const double *p = x->step->param;
    const double change = p[TOLERANCE_CHANGE];
    const double evaluations = p[MAX_EVAL] > 0 ? p[MAX_EVAL] : floor(p[MAX_ITER] * 1.25);

    return x->job->iterations >= (int)p[MAX_ITER] || x->job->evaluations >= (int)evaluations ||
           max_abs(x->at.g, x->job->n) <= p[TOLERANCE_GRAD] ||
           x->step->memory[T_LAST] * line->d_max <= change ||
           fabs(x->at.f - line->start.f) < change;
}

void DSC_R(dsc_solver_run)(dsc_step *s, dsc_solve *job, const dsc_method *method)
{
    dsc_solver x = {.step = s,
                    .job = job,
                    .w = job->w,
                    .d = job->state[D],
                    .g_last = job->state[G_LAST],
                    .w0 = job->state[W0]};
    double t;

    if (!arrive(&x, method) || max_abs(x.at.g, job->n) <= s->param[TOLERANCE_GRAD])
        return;
    for (;;) {
        job->iterations++;
        if (!turn(&x, method, &t))
            return;
        const dsc_line line = line_from_here(&x, method);
        if (!move(&x, method, &line, t) || is_done(&x, &line))
            return;
    }
}
