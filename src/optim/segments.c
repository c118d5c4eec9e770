/* segments.c - the caller's segments, checked and copied. */
#include "base/memory.h"
#include "optim/object.h"

#include <string.h>

static descent_status check(const descent_segment *segment, size_t offset, descent_error *err)
{
    size_t count = 1;

    if (segment->rank < 0 || segment->rank > 4 || !segment->name || !segment->role)
        return dsc_fail(err, DESCENT_INVALID,
                        "the segment at %zu needs a name, a role and a rank from 0 to 4", offset);
    for (int i = 0; i < segment->rank; i++)
        if (segment->shape[i] < 1 || !dsc_multiply(count, (size_t)segment->shape[i], &count))
            count = 0;
    if (segment->offset != offset || segment->count == 0 || segment->count != count)
        return dsc_fail(err, DESCENT_SHAPE,
                        "segment '%s' has %zu elements from %zu on, its shape has %zu, and it "
                        "should begin at %zu",
                        segment->name, segment->count, segment->offset, count, offset);
    return DESCENT_OK;
}

static descent_status check_all(const descent_optimizer *opt, const descent_optimizer_options *o,
                                descent_error *err)
{
    size_t offset = 0;

    for (size_t i = 0; i < o->n_segments; i++) {
        DSC_TRY(check(&o->segments[i], offset, err));
        if (o->segments[i].count > SIZE_MAX - offset)
            return dsc_fail(err, DESCENT_SHAPE,
                            "the segments up to '%s' have more elements than memory can hold, w "
                            "has %zu",
                            o->segments[i].name, opt->n);
        offset += o->segments[i].count;
    }
    if (offset != opt->n)
        return dsc_fail(err, DESCENT_SHAPE, "the segments have %zu elements in all, w has %zu",
                        offset, opt->n);
    return DESCENT_OK;
}

static char *append(char *at, const char *word, const char **copy)
{
    const size_t size = strlen(word) + 1;

    memcpy(at, word, size);
    *copy = at;
    return at + size;
}

/* Without segments of the caller, w is one nameless segment of one dimension. */
descent_status dsc_segments_copy(descent_optimizer *opt, const descent_optimizer_options *o,
                                 descent_error *err)
{
    const descent_segment whole = {.name = "", .role = "", .count = opt->n, .rank = 1};
    const descent_segment *from = o->segments ? o->segments : &whole;
    size_t bytes = 0;

    opt->divided = o->segments != NULL;
    opt->n_segments = opt->divided ? o->n_segments : 1;
    if (opt->divided)
        DSC_TRY(check_all(opt, o, err));
    for (size_t i = 0; i < opt->n_segments; i++)
        bytes += strlen(from[i].name) + strlen(from[i].role) + 2;
    opt->segment = dsc_alloc(opt->n_segments, sizeof *opt->segment);
    opt->segment_words = dsc_alloc(bytes, 1);
    if (!opt->segment || !opt->segment_words)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu segments", opt->n_segments);
    char *at = opt->segment_words;
    for (size_t i = 0; i < opt->n_segments; i++) {
        opt->segment[i] = from[i];
        at = append(at, from[i].name, &opt->segment[i].name);
        at = append(at, from[i].role, &opt->segment[i].role);
    }
    return DESCENT_OK;
}
