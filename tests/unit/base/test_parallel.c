/* test_parallel.c - threads of either kind: who does which piece, and that all are done. */
#include "base/parallel.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { PIECES = 1000 };

static void count_up(int index, void *user)
{
    ((int *)user)[index]++;
}

/* Also for more threads than there are cores, or than the POSIX kind starts at most. */
static void every_piece_is_done_once(void **state)
{
    static const int threads[] = {0, 1, 2, 3, 8, 300};
    int done[PIECES];

    (void)state;
    for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
        memset(done, 0, sizeof done);
        dsc_parallel_for(threads[i], PIECES, count_up, done);
        for (int j = 0; j < PIECES; j++)
            assert_int_equal(done[j], 1);
    }
    dsc_parallel_for(4, 0, count_up, done);
}

static void note_who(int index, void *user)
{
    ((pthread_t *)user)[index] = pthread_self();
}

/* The first is the caller's: who trains side by side talks to the outside from there. */
static void threads_take_turns_from_the_caller_on(void **state)
{
    enum { TEAM = 3, COUNT = 10 };
    pthread_t who[COUNT];

    (void)state;
    dsc_parallel_for(TEAM, COUNT, note_who, who);
    assert_true(pthread_equal(who[0], pthread_self()));
    for (int i = TEAM; i < COUNT; i++)
        assert_true(pthread_equal(who[i], who[i - TEAM]));
    assert_false(pthread_equal(who[0], who[1]));
}

typedef struct rows {
    int done[4][4];
} rows;

static void count_a_row(int index, void *user)
{
    dsc_parallel_for(2, 4, count_up, ((rows *)user)->done[index]);
}

static void regions_nest(void **state)
{
    rows all = {0};

    (void)state;
    dsc_parallel_for(2, 4, count_a_row, &all);
    for (int i = 0; i < 16; i++)
        assert_int_equal(all.done[i / 4][i % 4], 1);
}

static void threads_that_are_asked_for(void **state)
{
    (void)state;
    assert_int_equal(dsc_threads(5), 5);
    assert_true(dsc_threads(0) >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_piece_is_done_once),
        cmocka_unit_test(threads_take_turns_from_the_caller_on),
        cmocka_unit_test(regions_nest),
        cmocka_unit_test(threads_that_are_asked_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
