/* json.c - JSON Lines on standard output. */
#include "command.h"

#include <math.h>
#include <stdlib.h>

json_t *cli_number(double x)
{
    if (!isfinite(x))
        return json_null();
    if (x == floor(x) && fabs(x) < 1e15)
        return json_integer((json_int_t)x);
    return json_real(x);
}

/* The line with as few digits as read back to the same numbers: 15 are often enough, 17 always. */
static char *shortest_line(const json_t *object)
{
    enum { FEWEST = 15, MOST = 17 };
    char *text = NULL;

    for (int digits = FEWEST; digits <= MOST; digits++) {
        free(text);
        text = json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION((size_t)digits));
        json_t *again = text ? json_loads(text, 0, NULL) : NULL;
        const bool same = json_equal(object, again);
        json_decref(again);
        if (same)
            break;
    }
    return text;
}

void cli_json_add_text(json_t *object, double test_loss, double tokens_per_second)
{
    json_object_set_new(object, "test_bits_per_token", cli_number(test_loss / log(2)));
    json_object_set_new(object, "test_perplexity", cli_number(exp(test_loss)));
    json_object_set_new(object, "tokens_per_second", cli_number(tokens_per_second));
}

void cli_json_line(json_t *object)
{
    char *text = shortest_line(object);

    puts(text ? text : "{\"event\":\"error\",\"message\":\"out of memory\"}");
    fflush(stdout);
    free(text);
    json_decref(object);
}
