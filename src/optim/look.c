/* look.c - a look at the gradient before a step: is it finite, how long is it, how much is clipped.
 */
#include "base/parallel.h"
#include "optim/passes.h"

#include <math.h>

static void scan_chunk(int index, void *user)
{
    const dsc_pass *p = user;
    const dsc_chunk *c = &p->opt->chunk[index];
    const size_t begin = p->opt->span[c->span].begin + c->begin;

    p->opt->pipeline->scan(dsc_element(p->opt, p->g, begin), c->count,
                           p->opt->setting[p->opt->span[c->span].setting].clip_value, p->scale,
                           p->squares, &p->opt->chunk_facts[index]);
}

static double total_squares(dsc_pass *p, double scale)
{
    double sum = 0.0;

    p->scale = scale;
    dsc_parallel_for(dsc_team(p->opt), (int)p->opt->n_chunks, scan_chunk, p);
    for (size_t c = 0; c < p->opt->n_chunks; c++)
        sum += p->opt->chunk_facts[c].squares;
    return sum;
}

/* A common hyperparameter outside groups, at the step that comes next. */
static double next_common(const descent_optimizer *opt, dsc_common which)
{
    return dsc_setting_common(opt, &(dsc_setting){.rate = 1.0, .applied = opt->count}, which);
}

static double reach(const descent_optimizer *opt)
{
    return opt->type == DESCENT_F64 ? DSC_REACH_F64 : DSC_REACH_F32;
}

/* Elements whose squares leave the range of the type are as good as infinite: they would stay in
 * running means for ever. Clipping may bring them back. */
static double most_allowed(const descent_optimizer *opt, const dsc_span *span)
{
    const double clip = next_common(opt, DSC_CLIP_NORM);
    const double clip_value = opt->setting[span->setting].clip_value;

    if (clip_value > 0.0 && clip_value <= reach(opt))
        return (double)INFINITY;
    return clip > 0.0 && opt->norm > clip ? reach(opt) * (opt->norm / clip) : reach(opt);
}

/* Where the first element that is not finite, or too large, stands; -1: nowhere. */
static int64_t find_culprit(const dsc_pass *p)
{
    const descent_optimizer *opt = p->opt;
    dsc_facts facts;

    for (size_t c = 0; c < opt->n_chunks; c++) {
        const dsc_chunk *chunk = &opt->chunk[c];
        const size_t begin = opt->span[chunk->span].begin + chunk->begin;
        const double most = most_allowed(opt, &opt->span[chunk->span]);
        if (opt->chunk_facts[c].finite && opt->chunk_facts[c].largest <= most)
            continue;
        for (size_t i = begin; i < begin + chunk->count; i++) {
            opt->pipeline->scan(dsc_element(opt, p->g, i), 1, 0.0, 1.0, false, &facts);
            if (!facts.finite || facts.largest > most)
                return (int64_t)i;
        }
    }
    return -1;
}

bool dsc_optimizer_wants_squares(const descent_optimizer *opt)
{
    return (opt->rule->flags & DSC_RULE_NORM) || next_common(opt, DSC_CLIP_NORM) > 0.0 ||
           next_common(opt, DSC_ZCLIP) > 0.0;
}

bool dsc_optimizer_takes_outer(const descent_optimizer *opt, dsc_gradient_facts facts)
{
    return facts.known && facts.finite && facts.largest <= reach(opt) && opt->n_whole == 0 &&
           !opt->prepared && !opt->rule->solve && !dsc_optimizer_wants_squares(opt);
}

static void measure_norm(dsc_pass *p, double squares, double largest)
{
    double scale = 0.0;

    p->opt->norm = sqrt(squares);
    if (largest == 0.0 || (isfinite(squares) && squares >= 1e-290))
        return;
    for (size_t s = 0; s < p->opt->n_spans; s++) { /* squares left the range */
        const double limit = p->opt->setting[p->opt->span[s].setting].clip_value;
        const double most = limit > 0.0 && limit < largest ? limit : largest;
        scale = most > scale ? most : scale;
    }
    scale = scale > 1e-300 ? scale : 1e-300;
    p->opt->norm = scale * sqrt(total_squares(p, 1.0 / scale));
}

static bool clips_values(const descent_optimizer *opt)
{
    for (size_t i = 0; i < opt->n_settings; i++)
        if (opt->setting[i].clip_value > 0.0)
            return true;
    return false;
}

/* Whether what the caller saw will do. It saw all of g as it is: what is frozen has no part in a
 * norm, and clamped values have other squares. */
static bool knows_enough(const dsc_pass *p, dsc_gradient_facts facts)
{
    const descent_optimizer *opt = p->opt;
    size_t moving = 0;

    for (size_t s = 0; s < opt->n_spans; s++)
        moving += opt->span[s].count;
    if (!facts.known || !facts.finite || facts.largest > reach(opt))
        return false;
    return !p->squares || (moving == opt->n && !isnan(facts.squares) && !clips_values(opt));
}

dsc_gradient_facts dsc_scan_all(dsc_pass *p)
{
    const descent_optimizer *opt = p->opt;
    dsc_gradient_facts facts = {.known = true, .finite = true};

    facts.squares = total_squares(p, 1.0);
    for (size_t c = 0; c < opt->n_chunks; c++) {
        const dsc_facts *chunk = &opt->chunk_facts[c];
        facts.finite = facts.finite && chunk->finite;
        facts.largest = chunk->largest > facts.largest ? chunk->largest : facts.largest;
    }
    return facts;
}

void dsc_optimizer_skip(descent_optimizer *opt, const void *g)
{
    dsc_pass p = {.opt = opt, .g = g};

    dsc_scan_all(&p);
    opt->skipped++;
    opt->skipped_in_a_row++;
    opt->culprit = find_culprit(&p);
}

/* True when no element is too large where it stands. */
static bool is_allowed(const dsc_pass *p, dsc_gradient_facts facts)
{
    return facts.finite && (facts.largest <= reach(p->opt) || find_culprit(p) < 0);
}

bool dsc_look(dsc_pass *p, dsc_gradient_facts facts)
{
    descent_optimizer *opt = p->opt;

    for (size_t i = 0; i < opt->n_settings; i++) {
        opt->setting[i].applied = opt->count;
        opt->setting[i].clip_value = dsc_setting_common(opt, &opt->setting[i], DSC_CLIP_VALUE);
    }
    p->squares = dsc_optimizer_wants_squares(opt);
    if (!knows_enough(p, facts))
        facts = dsc_scan_all(p);
    if (facts.finite && p->squares)
        measure_norm(p, facts.squares, facts.largest);
    if (is_allowed(p, facts))
        return true;
    dsc_optimizer_skip(opt, p->g);
    return false;
}

bool dsc_fits(descent_optimizer *opt, const void *vector)
{
    dsc_pass p = {.opt = opt, .g = vector};
    bool fits = true;

    total_squares(&p, 1.0);
    for (size_t c = 0; c < opt->n_chunks; c++)
        fits = fits && opt->chunk_facts[c].finite && opt->chunk_facts[c].largest <= reach(opt);
    return fits;
}

/* ZClip (Kumar et al. 2025): norms more than z deviations above their running mean are taken back
 * towards it; the mean is of the clipped norms, so that one spike can't move it. */
static double zclip(descent_optimizer *opt, double z, double norm)
{
    const double keep = 0.97;
    const int64_t warm_up = 25;
    const double deviation = sqrt(opt->zclip_variance), above = norm - opt->zclip_mean;
    double clipped = norm;

    if (opt->zclip_count < warm_up) {
        const double k = (double)++opt->zclip_count, before = opt->zclip_mean;
        opt->zclip_mean += (norm - before) / k;
        opt->zclip_variance +=
            ((norm - before) * (norm - opt->zclip_mean) - opt->zclip_variance) / k;
        return norm;
    }
    if (deviation > 0.0 && above > z * deviation)
        clipped = opt->zclip_mean + z * z * deviation * deviation / above;
    opt->zclip_mean = keep * opt->zclip_mean + (1.0 - keep) * clipped;
    const double distance = clipped - opt->zclip_mean;
    opt->zclip_variance = keep * opt->zclip_variance + (1.0 - keep) * distance * distance;
    return clipped;
}

double dsc_clip_factor(descent_optimizer *opt)
{
    const double z = next_common(opt, DSC_ZCLIP), most = next_common(opt, DSC_CLIP_NORM);
    double factor = 1.0, norm = opt->norm;

    if (z > 0.0 && norm > 0.0) {
        factor = zclip(opt, z, norm) / norm;
        norm *= factor;
    }
    if (most > 0.0 && most / (norm + 1e-6) < 1.0)
        factor *= most / (norm + 1e-6);
    return factor;
}
