/* diagnose_optimizer.c - what the optimizer did in a measured step: how much of the gradient
 * clipping left, whether eps or an old mean of g^2 rules the steps, how much of them is decay. Some
 * hundred weights, evenly spread, say enough. */
#include "train/diagnose.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

/* One takes as long as some 15 weights do in the examples between two measurements. */
enum { SAMPLES = 512, LEAST = 128, WEIGHTS = 16 };

struct dsc_optimizer_look {
    size_t n;
    size_t at[SAMPLES];  /* ascending */
    bool aside[SAMPLES]; /* of a norm or a bias, which may decay as they like */
    dsc_held before[SAMPLES], after[SAMPLES];
    bool has_before;
};

/* Of a norm or a bias? */
static bool stands_aside(const descent_segment *s)
{
    return strncmp(s->role, "norm_", 5) == 0 || strcmp(s->role, "bias") == 0;
}

static void find_aside(dsc_optimizer_look *look, const descent_model *model)
{
    size_t k = 0;

    for (size_t i = 0; i < look->n; i++) {
        while (look->at[i] >= model->segment[k].offset + model->segment[k].count)
            k++;
        look->aside[i] = stands_aside(&model->segment[k]);
    }
}

bool dsc_diagnosis_make_look(dsc_diagnosis *d, const dsc_fit *fit)
{
    const size_t n = fit->model->n_w;

    if (!fit->instruments)
        return true;
    d->optimizer_look = dsc_alloc(1, sizeof *d->optimizer_look);
    if (!d->optimizer_look)
        return false;
    const size_t few = n / WEIGHTS < LEAST ? LEAST : n / WEIGHTS < SAMPLES ? n / WEIGHTS : SAMPLES;
    d->optimizer_look->n = n < few ? n : few;
    /* not always the same place of a stretch, which may be that of a matrix's rows */
    for (size_t i = 0; i < d->optimizer_look->n; i++) {
        const size_t begin = i * n / d->optimizer_look->n, end = (i + 1) * n / d->optimizer_look->n;
        d->optimizer_look->at[i] = begin + i * 7919 % (end - begin);
    }
    find_aside(d->optimizer_look, fit->model);
    return true;
}

void dsc_diagnosis_before(dsc_fit *fit)
{
    dsc_diagnosis *d = fit->diagnosis;
    const int64_t step = fit->progress.step + 1;

    if (!d || !d->optimizer_look)
        return;
    /* of two steps there is no mean yet that could be old */
    d->optimizer_look->has_before = step > 2 && dsc_instruments_regular(fit->instruments, step);
    if (d->optimizer_look->has_before)
        dsc_optimizer_held(fit->optimizer, d->optimizer_look->at, d->optimizer_look->n,
                           d->optimizer_look->before);
}

/* Steps that were shortened, by any amount worth the name. */
void dsc_diagnosis_count_clipped(dsc_fit *fit)
{
    static const double SHORTER = 0.999;

    if (fit->diagnosis && dsc_optimizer_clip(fit->optimizer) < SHORTER)
        fit->diagnosis->clipped++;
}

/* --- sums over the sampled weights ------------------------------------------------------------ */

typedef struct sums {
    double whole, clipped;                 /* |g|^2, and as the rule was handed it, without decay */
    double growth, grown;                  /* sum of g^2 / v, and of how many */
    double ruled, divided;                 /* weights whose step eps rules, of how many */
    double logs;                           /* of the v of those */
    double decay, move;                    /* squares of what decay took, of all that moved */
    double decay_in_gradient, in_gradient; /* squares of l2 w, of gain g + l2 w */
} sums;

static double element(const void *vector, descent_type type, size_t i)
{
    return type == DESCENT_F64 ? ((const double *)vector)[i] : (double)((const float *)vector)[i];
}

static double clamp(double x, double limit)
{
    return x > limit ? limit : x < -limit ? -limit : x;
}

/* What decay takes of one element, beside all that moves it. */
static void add_decay(sums *s, const dsc_held *after, double g, double w, double moved)
{
    const double decay = (1.0 - after->keep) * w, l2 = after->l2 * w;
    const double handed = after->gain * clamp(g, after->limit) + l2;

    s->decay += decay * decay;
    s->move += moved * moved;
    s->decay_in_gradient += l2 * l2;
    s->in_gradient += handed * handed;
}

static void add(sums *s, const dsc_held *before, const dsc_held *after, double g, double w)
{
    const double x = after->gain * clamp(g, after->limit), handed = x + after->l2 * w;

    s->whole += g * g;
    s->clipped += x * x;
    if (after->v > 0.0) { /* else it never had a gradient: a border that is always black */
        s->divided++;
        s->logs += log(after->v);
        s->ruled += sqrt(after->v) < after->eps;
    }
    /* as Wortsman et al. have it: what eps rules cannot be old */
    if (before && before->v > 0.0) {
        const double floor = before->eps * before->eps;
        s->growth += handed * handed / (before->v > floor ? before->v : floor);
        s->grown++;
    }
}

static double ratio(double above, double below)
{
    return below > 0.0 ? above / below : (double)NAN;
}

static bool clips(const dsc_plan *p)
{
    return p->clip_norm > 0.0 || p->clip_value > 0.0;
}

/* The share of decay: of what reached the rule, or of what w moved by, as decay goes. */
static double decay_share(const sums *s)
{
    if (s->decay_in_gradient > 0.0)
        return sqrt(ratio(s->decay_in_gradient, s->in_gradient));
    return s->decay > 0.0 ? sqrt(ratio(s->decay, s->move)) : 0.0;
}

void dsc_diagnosis_optimizer(dsc_diagnosis *d, const dsc_fit *fit, dsc_moment *m)
{
    dsc_optimizer_look *look = d->optimizer_look;
    const dsc_measured_step step = dsc_instruments_step(fit->instruments);
    const descent_type type = dsc_graph_type(fit->model->network.graph);
    const double taken = (double)(fit->progress.step);
    sums s = {0};

    m->weight_norm = sqrt(step.sums->weights);
    if (clips(&d->c.plan) && taken > 0.0)
        m->clipped = d->clipped / taken;
    if (!look || !step.g || !step.before)
        return;
    dsc_optimizer_held(fit->optimizer, look->at, look->n, look->after);
    for (size_t i = 0; i < look->n; i++) {
        const size_t at = look->at[i];
        if (!look->after[i].moves)
            continue;
        const double w = element(step.before, type, at), g = element(step.g, type, at);
        add(&s, look->has_before ? &look->before[i] : NULL, &look->after[i], g, w);
        if (!look->aside[i] && g != 0.0) /* without one, all that moves it is decay, however weak */
            add_decay(&s, &look->after[i], g, w, element(fit->model->w, type, at) - w);
    }
    m->root = exp(0.5 * ratio(s.logs, s.divided));
    m->eps_share = ratio(s.ruled, s.divided);
    m->step_rms = sqrt(ratio(s.growth, s.grown));
    m->shortened = clips(&d->c.plan) ? sqrt(ratio(s.clipped, s.whole)) : (double)NAN;
    m->decay_share = decay_share(&s);
}
