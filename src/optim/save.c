/* save.c - what an optimizer remembers, as named arrays for checkpoints and as bytes. */
#include "base/memory.h"
#include "optim/object.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* The numbers: of the object, of every setting, of every wrapper. */
enum {
    COUNT,
    SKIPPED,
    IN_A_ROW,
    EVALUATIONS,
    ITERATIONS,
    Z_COUNT,
    Z_MEAN,
    Z_VARIANCE,
    SET,
    N_OBJECT
};

size_t dsc_optimizer_numbers(const descent_optimizer *opt)
{
    return N_OBJECT + (size_t)opt->joined.info.n_params +
           (opt->n_settings + (size_t)opt->n_wraps) * DSC_MAX_MEMORY;
}

static void take_numbers(const descent_optimizer *opt)
{
    double *out = opt->numbers;
    const double object[N_OBJECT] = {
        [COUNT] = (double)opt->count,
        [SKIPPED] = (double)opt->skipped,
        [IN_A_ROW] = (double)opt->skipped_in_a_row,
        [EVALUATIONS] = (double)opt->evaluations,
        [ITERATIONS] = (double)opt->iterations,
        [Z_COUNT] = (double)opt->zclip_count,
        [Z_MEAN] = opt->zclip_mean,
        [Z_VARIANCE] = opt->zclip_variance,
        [SET] = (double)opt->set, /* fewer bits than a double has */
    };
    const size_t memory = sizeof opt->setting[0].step.memory, n = (size_t)opt->joined.info.n_params;

    memcpy(out, object, sizeof object);
    memcpy(out += N_OBJECT, opt->base, n * sizeof *out);
    out += n;
    for (size_t i = 0; i < opt->n_settings; i++, out += DSC_MAX_MEMORY)
        memcpy(out, opt->setting[i].step.memory, memory);
    for (int i = 0; i < opt->n_wraps; i++, out += DSC_MAX_MEMORY)
        memcpy(out, opt->wrap[i].step.memory, memory);
}

/* Bounds of the counts among the numbers: whole ones that a double holds exactly. */
static bool is_count(double x)
{
    return x >= 0.0 && x <= 0x1p53 && x == floor(x);
}

/* What a damaged file has in their place counts as nothing, rather than as whatever a processor
 * makes of it. */
static int64_t count_of(double x)
{
    return is_count(x) ? (int64_t)x : 0;
}

void dsc_optimizer_restored(descent_optimizer *opt)
{
    const double *in = opt->numbers;
    const size_t memory = sizeof opt->setting[0].step.memory, n = (size_t)opt->joined.info.n_params;

    opt->count = count_of(in[COUNT]);
    opt->skipped = count_of(in[SKIPPED]);
    opt->skipped_in_a_row = count_of(in[IN_A_ROW]);
    opt->evaluations = count_of(in[EVALUATIONS]);
    opt->iterations = count_of(in[ITERATIONS]);
    opt->zclip_count = count_of(in[Z_COUNT]);
    opt->zclip_mean = in[Z_MEAN];
    opt->zclip_variance = in[Z_VARIANCE];
    opt->set = (uint64_t)count_of(in[SET]);
    in += N_OBJECT;
    for (size_t i = 0; i < n; i++)
        if (!dsc_is_settled(opt, (int)i))
            opt->base[i] = in[i];
    in += n;
    for (size_t i = 0; i < opt->n_settings; i++, in += DSC_MAX_MEMORY) {
        memcpy(opt->setting[i].step.memory, in, memory);
        opt->setting[i].step.count = opt->count;
        opt->setting[i].applied = opt->count;
    }
    for (int i = 0; i < opt->n_wraps; i++, in += DSC_MAX_MEMORY) {
        memcpy(opt->wrap[i].step.memory, in, memory);
        opt->wrap[i].step.count = opt->count;
    }
}

int dsc_optimizer_parts(descent_optimizer *opt, dsc_part part[DSC_MAX_PARTS])
{
    int n = 0;

    take_numbers(opt);
    part[n++] =
        (dsc_part){"optimizer.numbers", DESCENT_F64, dsc_optimizer_numbers(opt), opt->numbers};
    if (opt->state_bytes > 0) /* compact vectors are bytes; they travel as floats do */
        part[n++] =
            (dsc_part){"optimizer.state", opt->type, opt->state_bytes / opt->element, opt->state};
    for (int i = 0; i < opt->n_wraps; i++) {
        part[n] = (dsc_part){.type = opt->type,
                             .count = (size_t)opt->wrap[i].kind->n_vectors * opt->n,
                             .data = opt->wrap[i].vector};
        snprintf(part[n++].name, sizeof part->name, "optimizer.%d.%s", i,
                 opt->wrap[i].kind->info.name);
    }
    return n;
}

/* --- as bytes --------------------------------------------------------------------------------- */

/* What must agree before bytes are taken for a state. */
typedef struct header {
    char magic[8], rule[40];
    uint64_t n, type, numbers, state_bytes, wraps;
    uint64_t vectors; /* which there are, as bits: those of the rule, then what treatments need */
} header;

static header header_of(const descent_optimizer *opt)
{
    header h = {.magic = "dscopt2",
                .n = opt->n,
                .type = (uint64_t)opt->type,
                .numbers = dsc_optimizer_numbers(opt),
                .state_bytes = opt->state_bytes,
                .wraps = (uint64_t)opt->n_wraps,
                .vectors = (uint64_t)opt->states | (uint64_t)(opt->prepared != NULL) << 32 |
                           (uint64_t)(opt->delta != NULL) << 33};

    snprintf(h.rule, sizeof h.rule, "%s", opt->rule->info.name);
    return h;
}

static size_t part_bytes(const dsc_part *part)
{
    return part->count * (part->type == DESCENT_F64 ? sizeof(double) : sizeof(float));
}

size_t descent_optimizer_state_size(const descent_optimizer *opt)
{
    size_t bytes = sizeof(header) + dsc_optimizer_numbers(opt) * sizeof(double) + opt->state_bytes;

    for (int i = 0; i < opt->n_wraps; i++)
        bytes += (size_t)opt->wrap[i].kind->n_vectors * opt->n * opt->element;
    return bytes;
}

double descent_optimizer_memory(const char *spec)
{
    enum { SIDE = 256, N = SIDE * SIDE };
    const descent_segment square = {
        .name = "weight", .role = "weight", .count = N, .rank = 2, .shape = {SIDE, SIDE}};
    descent_optimizer_options options = descent_optimizer_defaults();
    descent_optimizer *opt;

    options.segments = &square;
    options.n_segments = 1;
    options.gives_objective = options.gives_curvature = 1;
    options.steps = 1000;
    if (descent_optimizer_create_with(&opt, spec, N, DESCENT_F32, &options, NULL) != DESCENT_OK)
        return -1.0;
    const size_t numbers = dsc_optimizer_numbers(opt) * sizeof(double) + sizeof(header);
    const double bytes = (double)(descent_optimizer_state_size(opt) - numbers);
    descent_optimizer_free(opt);
    return bytes / sizeof(float) / N;
}

void descent_optimizer_save(descent_optimizer *opt, void *out)
{
    const header h = header_of(opt);
    dsc_part part[DSC_MAX_PARTS];
    char *at = out;
    const int n = dsc_optimizer_parts(opt, part);

    memcpy(at, &h, sizeof h);
    at += sizeof h;
    for (int i = 0; i < n; i++) {
        memcpy(at, part[i].data, part_bytes(&part[i]));
        at += part_bytes(&part[i]);
    }
}

/* Whether the numbers begin with counts, as those that were saved do. */
static bool counts_are_whole(const char *numbers)
{
    double number[N_OBJECT];

    memcpy(number, numbers, sizeof number);
    for (int i = 0; i < N_OBJECT; i++)
        if (i != Z_MEAN && i != Z_VARIANCE && !is_count(number[i]))
            return false;
    return true;
}

descent_status descent_optimizer_restore(descent_optimizer *opt, const void *state, size_t size,
                                         descent_error *err)
{
    const header mine = header_of(opt);
    header h = mine;
    dsc_part part[DSC_MAX_PARTS];
    const char *at = (const char *)state + sizeof h;
    const int n = dsc_optimizer_parts(opt, part);

    memset(&h, 0, sizeof h);
    if (size >= sizeof h)
        memcpy(&h, state, sizeof h);
    h.rule[sizeof h.rule - 1] = '\0';
    if (memcmp(h.magic, mine.magic, sizeof h.magic) != 0)
        return dsc_fail(err, DESCENT_INVALID, "this is not the state of an optimizer");
    if (memcmp(&h, &mine, offsetof(header, vectors)) != 0 ||
        size != descent_optimizer_state_size(opt))
        return dsc_fail(err, DESCENT_INVALID,
                        "this state is of %s for %llu elements, %zu bytes; the optimizer is %s for "
                        "%zu elements and has %zu bytes",
                        h.rule, (unsigned long long)h.n, size, mine.rule, opt->n,
                        descent_optimizer_state_size(opt));
    if (h.vectors != mine.vectors)
        return dsc_fail(err, DESCENT_INVALID,
                        "this state of %s was saved with other settings, which keep other vectors; "
                        "create the optimizer with the same",
                        h.rule);
    if (!counts_are_whole(at))
        return dsc_fail(err, DESCENT_INVALID,
                        "this state of %s is damaged: its counts are no whole numbers", h.rule);
    for (int i = 0; i < n; i++) {
        memcpy(part[i].data, at, part_bytes(&part[i]));
        at += part_bytes(&part[i]);
    }
    dsc_optimizer_restored(opt);
    return DESCENT_OK;
}
