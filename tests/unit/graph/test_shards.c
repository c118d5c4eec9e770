/* test_shards.c - several runs of one graph, and runs with fewer rows than planned. */
#include "net.h"

/* Room for more rows than there are changes nothing. */
static void fewer_rows(void **state)
{
    (void)state;
    const dsc_pass pass = pass_of(2);
    net exact, roomy;

    open_net(&exact, 2, true, true);
    open_net(&roomy, ROWS, true, true);
    fill_net(&exact, 0, 2);
    fill_net(&roomy, 3, ROWS - 3); /* dirt */
    fill_net(&roomy, 0, 2);
    assert_true(dsc_run_forward(exact.run, &pass) == dsc_run_forward(roomy.run, &pass));
    assert_memory_equal(dsc_run_value(exact.run, exact.y), dsc_run_value(roomy.run, roomy.y),
                        2 * WIDTH * sizeof(double));
    dsc_run_backward(exact.run);
    dsc_run_backward(roomy.run);
    assert_memory_equal(exact.g, roomy.g, sizeof exact.g);
    close_net(&exact);
    close_net(&roomy);
}

/* Without statistics of the batch, the gradients of two shards add up to that of the whole. */
static void shards_add_up(void **state)
{
    (void)state;
    const dsc_pass all = pass_of(ROWS), first = pass_of(2), second = pass_of(ROWS - 2);
    net whole, part[2];

    open_net(&whole, ROWS, false, true);
    open_net(&part[0], ROWS, false, true);
    open_net(&part[1], ROWS, false, true);
    fill_net(&whole, 0, ROWS);
    fill_net(&part[0], 0, 2);
    fill_net(&part[1], 2, ROWS - 2);
    assert_near(dsc_run_forward(whole.run, &all),
                dsc_run_forward(part[0].run, &first) + dsc_run_forward(part[1].run, &second));
    assert_true(dsc_run_loss_weight(whole.run, &all) == 2.0 * ROWS * WIDTH);
    assert_true(dsc_run_loss_weight(part[0].run, &first) == 2.0 * 2 * WIDTH);
    dsc_run_backward(whole.run);
    dsc_run_backward(part[0].run);
    dsc_run_backward(part[1].run);
    for (int i = 0; i < 2 * WIDTH; i++)
        assert_near(whole.g[i], part[0].g[i] + part[1].g[i]);
    close_net(&whole);
    close_net(&part[0]);
    close_net(&part[1]);
}

/* The shards' means, weighted by their rows, are the batch's mean; momentum is 0.25, b was 0.5. */
static void statistics_merge(void **state)
{
    (void)state;
    const dsc_pass first = pass_of(2), second = pass_of(ROWS - 2), empty = pass_of(0);
    dsc_pass evaluation = pass_of(ROWS);
    net part[4];
    dsc_run *run[4];
    double b[WIDTH] = {0.5, 0.5, 0.5, 0.5}, mean[WIDTH] = {0};

    for (int i = 0; i < 4; i++) {
        open_net(&part[i], ROWS, true, true);
        run[i] = part[i].run;
    }
    evaluation.training = false;
    fill_net(&part[0], 0, 2);
    fill_net(&part[2], 2, ROWS - 2);
    (void)dsc_run_forward(run[0], &first);
    (void)dsc_run_forward(run[1], &empty);
    (void)dsc_run_forward(run[2], &second);
    (void)dsc_run_forward(run[3], &evaluation);
    dsc_graph_merge_buffers(part[0].graph, run, 4, b);
    for (int r = 0; r < ROWS; r++) {
        const double *x = dsc_run_input(run[r < 2 ? 0 : 2], part[0].x);
        for (int i = 0; i < WIDTH; i++)
            mean[i] += x[(r < 2 ? r : r - 2) * WIDTH + i] * part[0].w[WIDTH + i] / ROWS;
    }
    for (int i = 0; i < WIDTH; i++)
        assert_near(b[i], 0.75 * 0.5 + 0.25 * mean[i]);
    dsc_graph_merge_buffers(part[0].graph, run + 1, 1, mean); /* nobody measured: no change */
    dsc_graph_merge_buffers(part[0].graph, run + 3, 1, mean);
    assert_near(b[0], 0.75 * 0.5 + 0.25 * mean[0]);
    for (int i = 0; i < 4; i++)
        close_net(&part[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fewer_rows),
        cmocka_unit_test(shards_add_up),
        cmocka_unit_test(statistics_merge),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
