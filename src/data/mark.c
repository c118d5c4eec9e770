/* mark.c - a short text that tells one data set from another. */
#include "data/dataset.h"

#include "base/memory.h"

#include <stdio.h>
#include <zlib.h>

enum { MOST = 64, NUMBERS = 1 << 20 }; /* examples that are looked at, and numbers of all of them */

/* Evenly spread, and the last one. */
static void spread(const descent_dataset *data, size_t take, uint32_t *index)
{
    for (size_t i = 0; i < take; i++)
        index[i] = dsc_dataset_index(data, take > 1 ? i * (data->count - 1) / (take - 1) : 0);
}

descent_status dsc_dataset_mark(const descent_dataset *data, char out[DSC_MARK_SIZE],
                                descent_error *err)
{
    const size_t width = data->tokens ? dsc_dataset_positions(data) : dsc_shape_count(data->shape);
    const size_t positions = dsc_dataset_positions(data), outputs = (size_t)data->outputs;
    const size_t targets = data->targets ? outputs : positions;
    const size_t fit = NUMBERS / (width + targets) + 1;
    size_t take = fit < MOST ? fit : MOST;
    uint32_t index[MOST];

    take = take < data->count ? take : data->count;
    spread(data, take, index);
    float *x = dsc_alloc(take * width, sizeof *x), *y = dsc_alloc(take * targets, sizeof *y);
    const bool good = x && y;
    uLong sum = crc32(0, NULL, 0);
    if (good) {
        dsc_batch_gather(data, NULL, DESCENT_F32, index, take, x, y);
        sum = crc32(sum, (const Bytef *)x, (uInt)(take * width * sizeof *x));
        sum = crc32(sum, (const Bytef *)y, (uInt)(take * targets * sizeof *y));
    }
    dsc_free(x);
    dsc_free(y);
    snprintf(out, DSC_MARK_SIZE, "%zu of mark %08lx", data->count, sum);
    return good ? DESCENT_OK : dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu examples", take);
}
