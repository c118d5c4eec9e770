/* comm.h - processes. `self` is one process; others (mpi) fill the same table. */
#ifndef DSC_COMM_COMM_H
#define DSC_COMM_COMM_H

#include <stddef.h>

typedef struct dsc_comm {
    const char *name;
    int rank, size;
    /* collects every rank's `bytes` bytes of `mine` into all[size][bytes], on every rank */
    void (*gather)(const struct dsc_comm *comm, const void *mine, void *all, size_t bytes);
    void (*broadcast)(const struct dsc_comm *comm, void *block, size_t bytes); /* from rank 0 */
    void (*barrier)(const struct dsc_comm *comm);
} dsc_comm;

/* One process. */
extern const dsc_comm dsc_comm_self;

/* The shards a rank computes: begin..end of `shards`, contiguous and as even as possible. */
void dsc_comm_shards(const dsc_comm *comm, int shards, int *begin, int *end);

#endif
