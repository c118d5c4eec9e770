/* race.c - two threads add to one number without a lock: ThreadSanitizer must tell. */
#include "base/parallel.h"

#include <stdio.h>

static void add(int index, void *user)
{
    *(int *)user += index;
}

int main(void)
{
    int sum = 0;

    dsc_parallel_for(2, 2000, add, &sum);
    printf("%d\n", sum);
    return 0;
}
