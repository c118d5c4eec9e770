/* test_memory.c - running allocates nothing, and creating a run survives every lack of memory. */
#include "net.h"

#include <stdlib.h>

/* Takes the place of the C library's, for memory.c of the library under test. */
static int allocations, fail_at;

void *aligned_alloc(size_t alignment, size_t size)
{
    void *block = NULL;

    allocations++;
    if (allocations == fail_at || posix_memalign(&block, alignment, size) != 0)
        return NULL;
    return block;
}

static void forward_only(void **state)
{
    (void)state;
    const dsc_pass pass = pass_of(ROWS);
    net full, forward;

    open_net(&full, ROWS, true, true);
    open_net(&forward, ROWS, true, false);
    assert_true(dsc_run_bytes(forward.run) < dsc_run_bytes(full.run));
    fill_net(&full, 0, ROWS);
    fill_net(&forward, 0, ROWS);
    assert_true(dsc_run_forward(full.run, &pass) == dsc_run_forward(forward.run, &pass));
    close_net(&full);
    close_net(&forward);
}

static void nothing_is_allocated(void **state)
{
    (void)state;
    const dsc_pass pass = pass_of(ROWS);
    net n;

    open_net(&n, ROWS, true, true);
    fill_net(&n, 0, ROWS);
    assert_true(allocations > 0); /* the counter works */
    allocations = 0;
    for (int step = 0; step < 100; step++) {
        (void)dsc_run_loss_weight(n.run, &pass);
        (void)dsc_run_forward(n.run, &pass);
        dsc_run_backward(n.run);
        dsc_graph_merge_buffers(n.graph, &n.run, 1, n.b);
    }
    assert_int_equal(allocations, 0);
    close_net(&n);
}

/* Every allocation of a run fails once. */
static void out_of_memory(void **state)
{
    (void)state;
    descent_status status = DESCENT_NOMEM;
    descent_error err = {0};
    dsc_run *run = NULL;
    net n;
    int failures = 0;

    open_net(&n, ROWS, true, true);
    while (status != DESCENT_OK) {
        allocations = 0;
        fail_at = failures + 1;
        status = dsc_run_create(&run, n.graph, true, n.w, n.b, n.g, &err);
        assert_true(status == DESCENT_OK || (status == DESCENT_NOMEM && !run));
        failures += status != DESCENT_OK;
    }
    fail_at = 0;
    assert_int_equal(failures, 12);
    dsc_run_free(run);
    close_net(&n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forward_only),
        cmocka_unit_test(nothing_is_allocated),
        cmocka_unit_test(out_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
