/* uninitialised.c - an index that nobody has set: MemorySanitizer must tell. */
#include "base/parallel.h"

#include <stdio.h>

static void choose(int index, void *user)
{
    volatile int numbers[4]; /* or the compiler chooses what nobody has set */

    numbers[index] = *(int *)user;
    puts(((const char *const[]){"even", "odd"})[numbers[2] & 1]);
}

int main(void)
{
    int first = 0;

    dsc_parallel_for(1, 1, choose, &first);
    return 0;
}
