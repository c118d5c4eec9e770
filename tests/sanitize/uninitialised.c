/* uninitialised.c - a choice by a number that nobody has set: MemorySanitizer must tell. */
#include "base/parallel.h"

#include <stdio.h>

static void choose(int index, void *user)
{
    volatile int numbers[4]; /* or the compiler chooses what nobody has set */

    numbers[index] = 1;
    *(int *)user = numbers[2] > 0 ? 1 : 2;
}

int main(void)
{
    int choice = 0;

    dsc_parallel_for(1, 1, choose, &choice);
    if (choice == 1)
        puts("one");
    else
        puts("two");
    return 0;
}
