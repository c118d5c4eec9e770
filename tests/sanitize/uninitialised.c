/* uninitialised.c - a choice by a number that nobody has set: MemorySanitizer must tell. */
#include "base/parallel.h"

#include <stdio.h>

static void choose(int index, void *user)
{
    int numbers[4];

    numbers[index] = 1;
    *(int *)user = numbers[2] > 0 ? 1 : 2;
}

int main(void)
{
    int choice = 0;

    dsc_parallel_for(1, 1, choose, &choice);
    printf("%d\n", choice);
    return 0;
}
