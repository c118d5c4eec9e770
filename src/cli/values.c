/* values.c - numbers that stand behind options. */
#include "command.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

int cli_read_whole(const char *option, const char *text, int64_t least, int64_t most, int64_t *out)
{
    char *end;

    if (!text)
        return EXIT_DONE;
    errno = 0;
    const int64_t n = strtoll(text, &end, 10);
    if (*text != '\0' && *end == '\0' && errno == 0 && n >= least && n <= most) {
        *out = n;
        return EXIT_DONE;
    }
    if (most == INT64_MAX)
        return cli_complain("%s = %s, must be a whole number of at least %lld", option, text,
                            (long long)least);
    return cli_complain("%s = %s, must be a whole number from %lld to %lld", option, text,
                        (long long)least, (long long)most);
}

int cli_read_number(const char *option, const char *text, double least, double *out)
{
    char *end, number[32];

    if (!text)
        return EXIT_DONE;
    const double x = strtod(text, &end);
    if (*text != '\0' && *end == '\0' && isfinite(x) && x >= least) {
        *out = x;
        return EXIT_DONE;
    }
    if (isinf(least))
        return cli_complain("%s = %s, must be a number", option, text);
    snprintf(number, sizeof number, "%.15g", least);
    return cli_complain("%s = %s, must be a number of at least %s", option, text, number);
}
