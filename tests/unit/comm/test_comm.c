/* test_comm.c - one process, and how shards are dealt to several. */
#include "comm/comm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void one_process_talks_to_itself(void **state)
{
    const int mine = 42;
    int all = 0, block = 7;

    (void)state;
    assert_int_equal(dsc_comm_self.rank, 0);
    assert_int_equal(dsc_comm_self.size, 1);
    dsc_comm_self.gather(&dsc_comm_self, &mine, &all, sizeof mine);
    assert_int_equal(all, 42);
    dsc_comm_self.broadcast(&dsc_comm_self, &block, sizeof block);
    assert_int_equal(block, 7);
    dsc_comm_self.barrier(&dsc_comm_self);
}

static void every_shard_is_dealt_once_and_evenly(void **state)
{
    (void)state;
    for (int size = 1; size <= 5; size++)
        for (int shards = 1; shards <= 16; shards++) {
            int next = 0;
            for (int rank = 0; rank < size; rank++) {
                const dsc_comm comm = {.rank = rank, .size = size};
                int begin, end;
                dsc_comm_shards(&comm, shards, &begin, &end);
                assert_int_equal(begin, next);
                assert_in_range(end - begin, shards / size, (shards + size - 1) / size);
                next = end;
            }
            assert_int_equal(next, shards);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_process_talks_to_itself),
        cmocka_unit_test(every_shard_is_dealt_once_and_evenly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
