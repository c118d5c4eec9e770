/* place.c - offsets in one arena for blocks with lifetimes.
 *
 * Greedy by size (Pisarchyk & Lee 2020, "Efficient memory management for deep neural net
 * inference", arXiv:2001.03288): the largest block first, each at the lowest offset that is free
 * during its whole life. */
#include "base/memory.h"
#include "graph/plan.h"

#include <stdlib.h>

static int larger_first(const void *a, const void *b)
{
    const dsc_block *const *x = a, *const *y = b;

    if ((*x)->bytes != (*y)->bytes)
        return (*x)->bytes > (*y)->bytes ? -1 : 1;
    return *x < *y ? -1 : *x > *y; /* one array: order by index, so that plans are reproducible */
}

static bool live_together(const dsc_block *a, const dsc_block *b)
{
    return a->begin <= b->end && b->begin <= a->end;
}

/* Puts `block` among `placed`, which is ordered by offset. room: its bytes with gap, rounded. */
static void place_one(dsc_block *block, size_t room, dsc_block **placed, const size_t *rooms,
                      const dsc_block *first, int n_placed)
{
    size_t offset = 0;
    int at = n_placed;

    for (int i = 0; i < n_placed; i++) {
        if (!live_together(block, placed[i]))
            continue;
        if (offset + room <= placed[i]->offset)
            break;
        const size_t end = placed[i]->offset + rooms[placed[i] - first];
        offset = end > offset ? end : offset;
    }
    block->offset = offset;
    while (at > 0 && placed[at - 1]->offset > offset) {
        placed[at] = placed[at - 1];
        at--;
    }
    placed[at] = block;
}

/* rooms[i]: what block i takes; false when all of them together overflow. */
static bool measure(const dsc_block *block, int n, size_t gap, size_t *rooms)
{
    const size_t slack = gap + DSC_ALIGNMENT;
    size_t sum = 0;

    for (int i = 0; i < n; i++) {
        if (block[i].bytes > SIZE_MAX - slack)
            return false;
        rooms[i] = (block[i].bytes + slack - 1) / DSC_ALIGNMENT * DSC_ALIGNMENT;
        if (rooms[i] > SIZE_MAX - sum)
            return false;
        sum += rooms[i];
    }
    return true;
}

descent_status dsc_place_blocks(dsc_block *block, int n, size_t gap, size_t *bytes,
                                descent_error *err)
{
    const size_t count = n > 0 ? (size_t)n : 1;
    size_t *rooms = dsc_alloc(count, sizeof *rooms);
    dsc_block **order = dsc_alloc(count, sizeof *order);
    dsc_block **placed = dsc_alloc(count, sizeof *placed);
    const bool fits = rooms && order && placed && measure(block, n, gap, rooms);

    *bytes = 0;
    for (int i = 0; fits && i < n; i++)
        order[i] = &block[i];
    if (fits)
        qsort(order, (size_t)n, sizeof *order, larger_first);
    for (int i = 0; fits && i < n; i++) {
        const size_t room = rooms[order[i] - block];
        place_one(order[i], room, placed, rooms, block, i);
        if (order[i]->offset + room > *bytes)
            *bytes = order[i]->offset + room;
    }
    dsc_free(rooms);
    dsc_free(order);
    dsc_free(placed);
    return fits ? DESCENT_OK
                : dsc_fail(err, DESCENT_NOMEM, "out of memory for a plan of %d blocks", n);
}
