/* shards.c - into how many pieces a batch is cut, where the recipe leaves that open. */
#include "train/fit.h"

/* Examples that are worth a run of their own. Text is counted in tokens. Rows of numbers go through
 * ops that turn their weights for every shard and otherwise share their work among threads, so
 * their shards are larger. */
static int64_t least_rows(const descent_dataset *data, const dsc_network *network)
{
    enum { TOKENS = 384, FLAT = 64, OTHERS = 32 };
    const int64_t positions = (int64_t)dsc_dataset_positions(data);

    if (data->tokens)
        return (TOKENS + positions - 1) / positions;
    return dsc_network_is_flat(network) ? FLAT : OTHERS;
}

int dsc_shards_choose(dsc_settings *s, const descent_dataset *data, const dsc_network *network)
{
    const int64_t least = least_rows(data, network);

    if (s->shards == 0) {
        s->shards = 1;
        while (s->shards < 16 && s->batch / ((int64_t)2 * s->shards) >= least)
            s->shards *= 2;
    }
    return (int)((s->batch + s->shards - 1) / s->shards);
}
