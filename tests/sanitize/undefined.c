/* undefined.c - a number that is larger than its type: UndefinedBehaviorSanitizer must stop it, and
 * AddressSanitizer say where. */
#include <limits.h>
#include <stdio.h>

int main(void)
{
    volatile int largest = INT_MAX; /* or the compiler computes it */

    largest = largest + 1;
    printf("%d\n", largest);
    return 0;
}
