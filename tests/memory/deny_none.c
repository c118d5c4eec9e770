/* deny_none.c - deny.h where malloc can't be replaced: nothing is counted, nothing fails. */
#include "deny.h"

#include "caller.h"

#if !defined(CAN_DENY)

int deny_works(void)
{
    return 0;
}

void deny_at(long n)
{
    (void)n;
}

void deny_rest(long n)
{
    (void)n;
}

void deny_products(int denied)
{
    (void)denied;
}

long deny_off(void)
{
    return 0;
}

long deny_blocks(void)
{
    return 0;
}

size_t deny_bytes(void)
{
    return 0;
}

long deny_moment(void)
{
    return 0;
}

void deny_tell(FILE *out, long moment)
{
    (void)out, (void)moment;
}

#endif
