/* step.c - one step: look at the gradient, settle the numbers, prepare, survey, move. */
#include "base/parallel.h"
#include "optim/passes.h"

#include <math.h>
#include <string.h>

static void prepare_span(int index, void *user)
{
    const dsc_pass *p = user;
    const dsc_span *span = &p->opt->span[index];
    const dsc_setting *s = &p->opt->setting[span->setting];
    const double *common = s->step.param + p->opt->rule->info.n_params;
    const dsc_prepare how = {.gain = s->step.gain,
                             .clip_value = s->clip_value,
                             .clip_segment = common[DSC_CLIP_SEGMENT],
                             .agc = common[DSC_AGC],
                             /* of one number nothing would be left */
                             .centralize =
                                 common[DSC_CENTRALIZE] != 0.0 && span->rank >= 2 && span->cols > 1,
                             .rows = span->rows,
                             .cols = span->cols};

    p->opt->pipeline->prepare(&how, dsc_element(p->opt, p->w, span->begin),
                              dsc_element(p->opt, p->g, span->begin),
                              (char *)p->opt->prepared + span->begin * p->opt->element);
}

static void prepare(dsc_pass *p)
{
    if (!p->opt->prepared) /* no setting asks for it */
        return;
    dsc_parallel_for(dsc_team(p->opt), (int)p->opt->n_spans, prepare_span, p);
    p->prepared = true;
}

static void survey_chunk(const dsc_pass *p, const dsc_job *job, const dsc_chunk *c, double *sum)
{
    p->opt->pipeline->survey(job, c->begin, c->begin + c->count, sum);
}

/* Totals of a group: of all spans whose settings belong to it, so that rules with one estimate for
 * many segments have it once for what decays and what does not. */
static void add_group_sums(descent_optimizer *opt, uint64_t groups, double sum[DSC_MAX_SUMS])
{
    memset(sum, 0, DSC_MAX_SUMS * sizeof *sum);
    for (size_t s = 0; s < opt->n_spans; s++)
        for (int k = 0; k < DSC_MAX_SUMS && opt->setting[opt->span[s].setting].groups == groups;
             k++)
            sum[k] += opt->span[s].sum[k];
}

static void settle_segments(const dsc_pass *p)
{
    descent_optimizer *opt = p->opt;
    dsc_job job;

    for (size_t s = 0; s < opt->n_spans && opt->rule->settle; s++) {
        dsc_fill_job(p, &opt->span[s], &job);
        if (!opt->span[s].whole)
            opt->rule->settle(&opt->setting[opt->span[s].setting].step, job.state,
                              opt->span[s].sum);
    }
}

static void survey(const dsc_pass *p)
{
    descent_optimizer *opt = p->opt;
    double total[DSC_MAX_SUMS];

    if (!opt->rule->survey)
        return;
    dsc_over_chunks(p, survey_chunk);
    dsc_add_chunk_sums(opt);
    if (opt->rule->flags & DSC_RULE_SEGMENTS) {
        settle_segments(p);
        return;
    }
    for (size_t i = 0; i < opt->n_settings; i++) {
        add_group_sums(opt, opt->setting[i].groups, total);
        if (opt->rule->settle)
            opt->rule->settle(&opt->setting[i].step, NULL, total);
    }
}

static void move_chunk(const dsc_pass *p, const dsc_job *job, const dsc_chunk *c, double *sum)
{
    (void)sum;
    p->opt->pipeline->move(job, c->begin, c->begin + c->count);
}

static void defer_chunk(const dsc_pass *p, const dsc_job *job, const dsc_chunk *c, double *sum)
{
    p->opt->pipeline->defer(job, c->begin, c->begin + c->count, sum);
}

static void resume_chunk(const dsc_pass *p, const dsc_job *job, const dsc_chunk *c, double *sum)
{
    (void)sum;
    p->opt->pipeline->resume(job, c->begin, c->begin + c->count);
}

static void move_whole(const dsc_pass *p, const dsc_job *job, dsc_span *span,
                       const dsc_whole *memory)
{
    double sum[DSC_MAX_SUMS] = {0};

    p->opt->pipeline->whole(job, memory, sum);
    if (job->delta)
        memcpy(span->sum, sum, sizeof sum);
}

static void resume_whole(const dsc_pass *p, const dsc_job *job, dsc_span *span,
                         const dsc_whole *memory)
{
    (void)memory;
    p->opt->pipeline->resume(job, 0, span->count);
}

/* Cautious (Liang et al. 2024): what is left of the direction makes up for what was masked. Stable
 * (Wortsman et al. 2023): a step as much smaller as g^2 is above its mean. */
static void settle_scales(descent_optimizer *opt)
{
    for (size_t s = 0; s < opt->n_spans; s++) {
        dsc_span *span = &opt->span[s];
        const double *common = opt->setting[span->setting].step.param + opt->rule->info.n_params;
        const double n = (double)span->count, agree = span->sum[0] / n;
        const double growth = sqrt(span->sum[1] / n);

        span->scale = 1.0;
        if (common[DSC_CAUTIOUS] != 0.0)
            span->scale /= agree > 1e-3 ? agree : 1e-3;
        if (common[DSC_STABLE] != 0.0 && growth > 1.0)
            span->scale /= growth;
    }
}

static void move(const dsc_pass *p)
{
    dsc_over_chunks(p, p->opt->delta ? defer_chunk : move_chunk);
    dsc_over_whole(p, move_whole);
    if (!p->opt->delta)
        return;
    dsc_add_chunk_sums(p->opt);
    settle_scales(p->opt);
    dsc_over_chunks(p, resume_chunk);
    dsc_over_whole(p, resume_whole);
}

bool dsc_optimizer_move(descent_optimizer *opt, void *w, const void *g, dsc_gradient_facts facts)
{
    dsc_pass p = {.opt = opt, .w = w, .g = g, .outer = facts.outer, .n_outer = facts.n_outer};

    if (opt->rule->solve || !dsc_look(&p, facts))
        return false;
    dsc_step_begin(opt);
    prepare(&p);
    survey(&p);
    move(&p);
    return true;
}

void descent_optimizer_step_f32(descent_optimizer *opt, float *w, const float *g)
{
    if (opt->type == DESCENT_F32)
        dsc_optimizer_move(opt, w, g, (dsc_gradient_facts){0});
}

void descent_optimizer_step_f64(descent_optimizer *opt, double *w, const double *g)
{
    if (opt->type == DESCENT_F64)
        dsc_optimizer_move(opt, w, g, (dsc_gradient_facts){0});
}
