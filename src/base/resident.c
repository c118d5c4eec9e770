/* resident.c - see resident.h. */
#include "base/resident.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

size_t dsc_resident_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    char line[256], *second; /* pages: all, resident, ... */
    size_t resident = 0;
    const long page = sysconf(_SC_PAGESIZE);

    if (!file)
        return 0;
    if (page > 0 && fgets(line, sizeof line, file)) {
        (void)strtoul(line, &second, 10);
        resident = strtoul(second, NULL, 10);
    }
    (void)fclose(file);
    return resident * (size_t)page;
}

size_t dsc_peak_bytes(void)
{
    struct rusage usage;

    if (getrusage(RUSAGE_SELF, &usage) != 0 || usage.ru_maxrss < 0)
        return 0;
#if defined(__APPLE__)
    return (size_t)usage.ru_maxrss; /* bytes there, kilobytes elsewhere */
#else
    return (size_t)usage.ru_maxrss * 1024;
#endif
}
