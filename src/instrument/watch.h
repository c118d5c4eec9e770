/* watch.h - looks at activations while the shards of a step go forward, each on its thread. */
#ifndef DSC_INSTRUMENT_WATCH_H
#define DSC_INSTRUMENT_WATCH_H

#include "instrument/histogram.h"
#include "instrument/layers.h"

typedef struct dsc_watcher dsc_watcher;

/* For networks of these layers, in so many shards. */
descent_status dsc_watcher_create(dsc_watcher **out, const dsc_layers *layers, size_t nodes,
                                  descent_type type, int shards, descent_error *err);
void dsc_watcher_free(dsc_watcher *watcher); /* NULL is fine */
/* What it holds beside a few numbers a layer. */
size_t dsc_watcher_bytes(const dsc_watcher *watcher);

/* Forgets what was seen; `histograms`: those are wanted too, of some of the first shard's examples.
 */
void dsc_watcher_begin(dsc_watcher *watcher, bool histograms);
/* What a dsc_watch of shard `shard` takes as its user; the function is dsc_watcher_see. */
void *dsc_watcher_shard(dsc_watcher *watcher, int shard);
void dsc_watcher_see(void *user, dsc_id id, const void *y, int rows);
/* What all shards saw of a layer, added in their order. */
dsc_activity dsc_watcher_sum(dsc_watcher *w, size_t index);
const dsc_histogram *dsc_watcher_histogram(const dsc_watcher *watcher, size_t layer);

#endif
