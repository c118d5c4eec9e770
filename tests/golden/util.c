/* util.c - clipping of gradients, as functions of their own. */
#include "golden.h"

#include "descent/optimizer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Clips g, of either type; the norm before for clip_grad_norm, else NaN. */
static double clip(const json_t *root, double *g, size_t n)
{
    const json_t *hyper = json_object_get(root, "hyper");
    const bool by_norm = strcmp(golden_string(root, "function"), "clip_grad_norm") == 0;
    const double most = golden_get(hyper, by_norm ? "max_norm" : "clip_value", (double)NAN);
    const double p = golden_get(hyper, "norm_type", 2.0);
    double norm = (double)NAN;

    if (!golden_is_f32(root)) {
        if (by_norm)
            return descent_clip_norm_f64(g, n, most, p);
        descent_clip_value_f64(g, n, most);
        return norm;
    }
    float *g32 = calloc(n + 1, sizeof *g32);
    for (size_t i = 0; g32 && i < n; i++)
        g32[i] = (float)g[i];
    if (g32 && by_norm)
        norm = descent_clip_norm_f32(g32, n, most, p);
    else if (g32)
        descent_clip_value_f32(g32, n, most);
    for (size_t i = 0; g32 && i < n; i++)
        g[i] = (double)g32[i];
    free(g32);
    return norm;
}

golden_outcome golden_util(const json_t *root, golden_note *note)
{
    const char *function = golden_string(root, "function");
    const json_t *total = json_object_get(root, "total_norm");
    size_t n, n_expected;

    if (strcmp(function, "clip_grad_norm") != 0 && strcmp(function, "clip_grad_value") != 0)
        return golden_say(note, GOLDEN_SKIPPED, "%s is not built", function);
    double *g = golden_join(json_object_get(root, "grads"), "data", &n);
    double *expected = golden_join(json_object_get(root, "expected"), NULL, &n_expected);
    golden_outcome outcome = GOLDEN_PASSED;

    if (n == 0 || n != n_expected) {
        outcome =
            golden_say(note, GOLDEN_FAILED, "%zu gradients, %zu expected numbers", n, n_expected);
    } else {
        const double norm = clip(root, g, n), theirs = golden_number(total);
        if (!golden_close(root, "g", g, expected, n, note) ||
            (!json_is_null(total) && !golden_close(root, "the norm", &norm, &theirs, 1, note)))
            outcome = GOLDEN_FAILED;
    }
    free(g);
    free(expected);
    return outcome;
}
