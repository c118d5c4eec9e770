/* storage.c - the memory of state vectors: which of them are kept in fewer bits, and where they
 * lie. */
#include "base/memory.h"
#include "optim/object.h"

/* Elements of state vector k for the span that begins at segment i. */
size_t dsc_state_elements(const descent_optimizer *opt, size_t i, int k)
{
    const descent_segment *segment = &opt->segment[i];

    return opt->rule->state_size ? opt->rule->state_size(opt->base, segment, k) : segment->count;
}

/* Running means that have one number for each of w's are compact, where the user wants it and the
 * rule bears it. Rules that take matrices whole need all their state as it is. */
void dsc_storage_choose(descent_optimizer *opt)
{
    const int asked = (int)dsc_common_value(opt, DSC_STATE);
    const unsigned exact = opt->rule->exact ? opt->rule->exact(opt->base) : 0u;
    const unsigned moments =
        (opt->rule->first_moment | opt->rule->second_moment) & opt->states & ~exact;

    for (int k = 0; k < opt->rule->n_state; k++) {
        bool fits = asked != DSC_STATE_FULL && (moments >> k & 1) && opt->type == DESCENT_F32 &&
                    !opt->rule->matrix && !opt->rule->solve;
        for (size_t i = 0; fits && opt->rule->state_size && i < opt->n_segments; i++)
            fits = dsc_state_elements(opt, i, k) == opt->segment[i].count;
        if (fits)
            opt->storage[k] = asked == DSC_STATE_BF16        ? DSC_BF16
                              : opt->rule->positive >> k & 1 ? DSC_8BIT_POSITIVE
                                                             : DSC_8BIT_SIGNED;
    }
}

/* Why nothing is kept in fewer bits though the user wants it. */
descent_status dsc_storage_check(const descent_optimizer *opt, descent_error *err)
{
    const char *name = opt->rule->info.name;
    const char *asked = dsc_common_value(opt, DSC_STATE) == DSC_STATE_BF16 ? "bf16" : "8bit";

    if (dsc_common_value(opt, DSC_STATE) == DSC_STATE_FULL)
        return DESCENT_OK;
    for (int k = 0; k < opt->rule->n_state; k++)
        if (opt->storage[k] != DSC_FULL)
            return DESCENT_OK;
    if (opt->type == DESCENT_F64)
        return dsc_fail(err, DESCENT_INVALID,
                        "%s: state=%s goes with float; double keeps its state in double", name,
                        asked);
    if (opt->rule->matrix)
        return dsc_fail(err, DESCENT_INVALID,
                        "%s: state=%s goes block by block, and %s needs its state as whole "
                        "matrices",
                        name, asked, name);
    return dsc_fail(err, DESCENT_INVALID,
                    "%s: state=%s makes running means smaller, and as it is set %s keeps none "
                    "that could be rounded",
                    name, asked, name);
}

/* Spans of compact vectors begin on a block of their own. */
void dsc_storage_fill(descent_optimizer *opt, int k)
{
    const size_t over = opt->state_count[k] % DSC_COMPACT_BLOCK;

    if (opt->storage[k] != DSC_FULL && over > 0)
        opt->state_count[k] += DSC_COMPACT_BLOCK - over;
}

/* Bytes of state vector k, padded to a cache line. */
static size_t vector_bytes(const descent_optimizer *opt, int k)
{
    const size_t n = opt->state_count[k];
    size_t bytes = n * opt->element;

    if (opt->storage[k] == DSC_BF16)
        bytes = n * 2;
    else if (opt->storage[k] != DSC_FULL)
        bytes = n + n / DSC_COMPACT_BLOCK * sizeof(float);
    return (bytes + 63) / 64 * 64;
}

descent_status dsc_storage_make(descent_optimizer *opt, descent_error *err)
{
    for (int k = 0; k < opt->rule->n_state; k++) {
        if (opt->state_count[k] > (SIZE_MAX - opt->state_bytes) / 16)
            return dsc_no_state_memory(opt, err);
        opt->state_begin[k] = opt->state_bytes;
        opt->state_bytes += vector_bytes(opt, k);
    }
    opt->state = dsc_alloc(opt->state_bytes, 1);
    opt->numbers = dsc_alloc(dsc_optimizer_numbers(opt), sizeof *opt->numbers);
    if (!opt->state || !opt->numbers)
        return dsc_no_state_memory(opt, err);
    for (int i = 0; i < opt->n_wraps; i++) {
        size_t count;
        dsc_wrap *wrap = &opt->wrap[i];
        if (dsc_multiply(opt->n, (size_t)wrap->kind->n_vectors, &count))
            wrap->vector = dsc_alloc(count, opt->element);
        if (!wrap->vector)
            return dsc_no_state_memory(opt, err);
    }
    return DESCENT_OK;
}
