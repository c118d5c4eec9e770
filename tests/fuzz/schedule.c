/* schedule.c - fuzz: schedules as text. The first byte chooses the length of the training. */
#include "fuzz.h"

#include "descent/schedule.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int64_t lengths[] = {1, 2, 10, 1000, 3000000000, INT64_MAX};
    static const double metrics[] = {1.0, 0.5, 0.6, 0.7, (double)NAN, (double)INFINITY};
    enum {
        N_LENGTHS = sizeof lengths / sizeof *lengths,
        N_METRICS = sizeof metrics / sizeof *metrics
    };
    descent_error err = {0};
    descent_schedule *s;

    if (size < 1)
        return 0;
    const int64_t steps = lengths[data[0] % N_LENGTHS];
    char *text = fuzz_text(data + 1, size - 1);
    if (fuzz_judge(descent_schedule_create(&s, text, steps, &err), &err)) {
        const int64_t at[] = {0, 1, 2, 9, steps / 3, steps - 1, steps, INT64_MAX};
        for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
            const double factor = descent_schedule_factor(s, at[i]);
            fuzz_require(!isnan(factor) || strstr(text, "expression")); /* formulas may be NaN */
            descent_schedule_momentum(s, at[i]);
            descent_schedule_observe(s, metrics[i % N_METRICS]);
        }
    } else {
        fuzz_require(s == NULL);
    }
    descent_schedule_free(s);
    free(text);
    return 0;
}
