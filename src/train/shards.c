/* shards.c - into how many pieces a batch is cut, where the recipe leaves that open. */
#include "train/fit.h"

/* Examples that are worth a run of their own, when there are `shards` already. Text is counted in
 * tokens. Layers on rows of numbers turn their weights for every shard, so once two cores have work
 * their shards are larger. */
static int64_t least_rows(const descent_dataset *data, const dsc_network *network, int shards)
{
    enum { TOKENS = 384, ROWS = 32, ROWS_OF_MANY = 64 };
    const int64_t positions = (int64_t)dsc_dataset_positions(data);

    if (data->tokens)
        return (TOKENS + positions - 1) / positions;
    return dsc_network_is_flat(network) && shards > 1 ? ROWS_OF_MANY : ROWS;
}

int dsc_shards_choose(dsc_settings *s, const descent_dataset *data, const dsc_network *network)
{
    if (s->shards == 0) {
        s->shards = 1;
        while (s->shards < 16 &&
               s->batch / ((int64_t)2 * s->shards) >= least_rows(data, network, s->shards))
            s->shards *= 2;
    }
    return (int)((s->batch + s->shards - 1) / s->shards);
}
