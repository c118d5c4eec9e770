/* layout.c - how w is divided: segments to settings, to spans and chunks, and the state's memory.
 */
#include "base/memory.h"
#include "base/parallel.h"
#include "optim/object.h"

#include <math.h>
#include <string.h>

/* --- settings --------------------------------------------------------------------------------- */

/* Length of the part of a name that says which layer it is: up to the last dot. */
static size_t layer_length(const char *name)
{
    const char *dot = strrchr(name, '.');

    return dot ? (size_t)(dot - name) : strlen(name);
}

static bool same_layer(const descent_segment *a, const descent_segment *b)
{
    const size_t length = layer_length(a->name);

    return length == layer_length(b->name) && memcmp(a->name, b->name, length) == 0;
}

/* Layers with parameters after that of segment i. */
static int layers_above(const descent_optimizer *opt, size_t i)
{
    int layers = 0;

    for (size_t j = i + 1; j < opt->n_segments; j++)
        layers += !same_layer(&opt->segment[j - 1], &opt->segment[j]);
    return layers;
}

static bool goes_whole(const descent_optimizer *opt, const descent_segment *segment)
{
    const dsc_optim *rule = opt->rule;

    if (!rule->matrix)
        return false;
    if (!(rule->flags & DSC_RULE_MATRICES) && segment->rank < 2)
        return false;
    return !rule->takes || rule->takes(opt->base, segment);
}

static dsc_setting setting_of(const descent_optimizer *opt, size_t i)
{
    const descent_segment *segment = &opt->segment[i];
    dsc_setting s = {.rate = 1.0};

    for (size_t g = 0; g < opt->n_groups; g++)
        if (dsc_group_matches(&opt->group[g], segment))
            s.groups |= (uint64_t)1 << g;
    s.rate = opt->divided ? pow(dsc_setting_common(opt, &s, DSC_LAYER_DECAY), layers_above(opt, i))
                          : 1.0;
    s.decays =
        !opt->divided || segment->rank >= 2 || dsc_setting_common(opt, &s, DSC_DECAY_ALL) != 0.0;
    s.frozen = dsc_setting_common(opt, &s, DSC_FROZEN) != 0.0;
    s.aside = (opt->rule->aside_lr > 0 || opt->rule->aside_decay > 0) && !goes_whole(opt, segment);
    return s;
}

/* The index of the setting, added if it is new. There are at most as many as segments. */
static int add_setting(descent_optimizer *opt, const dsc_setting *s)
{
    for (size_t i = 0; i < opt->n_settings; i++) {
        const dsc_setting *known = &opt->setting[i];
        if (known->groups == s->groups && known->rate == s->rate && known->decays == s->decays &&
            known->frozen == s->frozen && known->aside == s->aside)
            return (int)i;
    }
    opt->setting[opt->n_settings] = *s;
    return (int)opt->n_settings++;
}

/* --- spans ------------------------------------------------------------------------------------ */

/* `spans` is opt->span. */
static void add_span(descent_optimizer *opt, dsc_span *spans, size_t i, int setting, bool apart)
{
    const descent_segment *segment = &opt->segment[i];
    const bool whole = goes_whole(opt, segment);
    dsc_span *last = opt->n_spans > 0 ? &spans[opt->n_spans - 1] : NULL;

    if (last && !apart && !whole && !last->whole && last->setting == setting &&
        last->begin + last->count == segment->offset) {
        last->count += segment->count;
        return;
    }
    dsc_span *span = &spans[opt->n_spans++];
    const size_t rows = segment->rank >= 2 ? (size_t)segment->shape[0] : 1;
    *span = (dsc_span){.begin = segment->offset,
                       .count = segment->count,
                       .setting = setting,
                       .rows = rows,
                       .cols = segment->count / rows,
                       .rank = segment->rank,
                       .whole = whole,
                       .scale = 1.0};
    for (int k = 0; k < opt->rule->n_state; k++) {
        dsc_storage_fill(opt, k);
        span->state_at[k] = opt->state_count[k];
    }
}

static descent_status make_spans(descent_optimizer *opt, descent_error *err)
{
    const bool apart = (opt->rule->flags & DSC_RULE_SEGMENTS) || opt->rule->matrix ||
                       opt->rule->state_size || dsc_prepares(opt) || dsc_defers(opt);

    dsc_span *spans = opt->span = dsc_alloc(opt->n_segments, sizeof *spans);
    if (!spans)
        return dsc_no_state_memory(opt, err);
    for (size_t i = 0; i < opt->n_segments; i++) {
        const dsc_setting s = setting_of(opt, i);
        if (s.frozen)
            continue;
        add_span(opt, spans, i, add_setting(opt, &s), apart);
        for (int k = 0; k < opt->rule->n_state; k++) {
            const size_t more = opt->states >> k & 1 ? dsc_state_elements(opt, i, k) : 0;
            spans[opt->n_spans - 1].odd[k] = opt->rule->state_size && more != opt->segment[i].count;
            if (more > SIZE_MAX / 16 - opt->state_count[k])
                return dsc_no_state_memory(opt, err);
            opt->state_count[k] += more;
        }
    }
    for (int k = 0; k < opt->rule->n_state; k++)
        dsc_storage_fill(opt, k);
    return DESCENT_OK;
}

static descent_status make_chunks(descent_optimizer *opt, descent_error *err)
{
    const size_t size = dsc_vector_piece(opt->n);
    size_t n = 0;

    for (size_t s = 0; s < opt->n_spans; s++) {
        opt->span[s].first_chunk = n;
        opt->span[s].n_chunks = (opt->span[s].count + size - 1) / size;
        n += opt->span[s].n_chunks;
        opt->n_whole += opt->span[s].whole;
    }
    opt->chunk = dsc_alloc(n, sizeof *opt->chunk);
    opt->chunk_sum = dsc_alloc(n, sizeof *opt->chunk_sum);
    opt->chunk_facts = dsc_alloc(n, sizeof *opt->chunk_facts);
    opt->whole = dsc_alloc(opt->n_whole, sizeof *opt->whole);
    if (!opt->chunk || !opt->chunk_sum || !opt->chunk_facts || !opt->whole)
        return dsc_no_state_memory(opt, err);
    opt->n_whole = 0;
    for (size_t s = 0; s < opt->n_spans; s++) {
        const dsc_span *span = &opt->span[s];
        for (size_t begin = 0; begin < span->count; begin += size)
            opt->chunk[opt->n_chunks++] =
                (dsc_chunk){s, begin, span->count - begin < size ? span->count - begin : size};
        if (span->whole)
            opt->whole[opt->n_whole++] = s;
    }
    return DESCENT_OK;
}

/* --- checks of what goes together ------------------------------------------------------------- */

static descent_status check(const descent_optimizer *opt, descent_error *err)
{
    const dsc_optim *rule = opt->rule;
    const char *name = rule->info.name;

    if (rule->matrix && !(rule->flags & DSC_RULE_MATRICES) && !opt->divided)
        return dsc_fail(err, DESCENT_INVALID,
                        "%s works on matrices, and nothing says where in w they lie; it needs "
                        "segments, as a network has them",
                        name);
    if (!opt->divided && dsc_common_value(opt, DSC_LAYER_DECAY) != 1.0)
        return dsc_fail(err, DESCENT_INVALID,
                        "%s: layer_decay goes from layer to layer, and nothing says where in w "
                        "they lie; it needs segments, as a network has them",
                        name);
    if (!opt->divided && dsc_common_value(opt, DSC_CENTRALIZE) != 0.0)
        return dsc_fail(err, DESCENT_INVALID,
                        "%s: centralize works on rows of matrices, and nothing says where in w "
                        "they lie; it needs segments, as a network has them",
                        name);
    if (opt->n_spans == 0)
        return dsc_fail(err, DESCENT_INVALID, "all segments are frozen: nothing would move");
    return dsc_storage_check(opt, err);
}

/* The rate that schedules are measured by: the highest of a schedule's, which base[] holds. */
static double first_lr(descent_optimizer *opt, const dsc_setting *setting)
{
    double param[DSC_MAX_PARAMS];
    const uint64_t set = opt->set;

    if (opt->lr < 0)
        return 0.0;
    opt->set |= (uint64_t)1 << opt->lr;
    dsc_setting_values(opt, setting, param);
    opt->set = set;
    return param[opt->lr];
}

descent_status dsc_layout_make(descent_optimizer *opt, descent_error *err)
{
    opt->setting = dsc_alloc(opt->n_segments, sizeof *opt->setting);
    if (!opt->setting)
        return dsc_no_state_memory(opt, err);
    /* all are known before spans ask what any of them wants */
    for (size_t i = 0; i < opt->n_segments; i++) {
        const dsc_setting s = setting_of(opt, i);
        add_setting(opt, &s);
        opt->states |= s.frozen ? 0u : dsc_setting_states(opt, &s);
    }
    dsc_storage_choose(opt);
    DSC_TRY(make_spans(opt, err));
    DSC_TRY(check(opt, err));
    DSC_TRY(dsc_storage_make(opt, err)); /* the largest first: what is too large fails at once */
    DSC_TRY(make_chunks(opt, err));
    DSC_TRY(dsc_scratch_make(opt, err));
    for (size_t i = 0; i < opt->n_settings; i++) {
        opt->setting[i].step.user = opt;
        opt->setting[i].step.examples = (double)opt->examples;
        opt->setting[i].step.first_lr = first_lr(opt, &opt->setting[i]);
    }
    return DESCENT_OK;
}
