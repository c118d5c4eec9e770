/* optimizer.c - fuzz: optimizers and groups as text: the first line is the optimizer, each line
 * behind it a group. What can be made takes three steps; what it remembers goes into another one,
 * which then does the same as the first, bit for bit. */
#include "fuzz.h"

#include "descent/optimizer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N = 27, MOST_GROUPS = 8 };

static const descent_segment segments[] = {
    {.name = "0.weight", .role = "weight", .offset = 0, .count = 12, .rank = 2, .shape = {3, 4}},
    {.name = "0.bias", .role = "bias", .offset = 12, .count = 3, .rank = 1, .shape = {3}},
    {.name = "2.weight",
     .role = "head",
     .offset = 15,
     .count = 12,
     .rank = 4,
     .shape = {3, 1, 2, 2}},
};

static double bowl(size_t n, const float *w, float *g, void *user)
{
    double sum = 0.0;

    (void)user;
    for (size_t i = 0; i < n; i++) {
        const float pull = 0.1f * (float)(i % 7 + 1);
        sum += 0.5 * (double)(pull * w[i] * w[i]);
        if (g)
            g[i] = pull * w[i];
    }
    return sum;
}

static void walk(descent_optimizer *opt, float *w, int steps)
{
    for (int k = 0; k < steps; k++)
        descent_optimizer_step_objective_f32(opt, w, bowl, NULL);
}

static void go_on(descent_optimizer *opt, const char *spec, const descent_optimizer_options *o)
{
    const size_t bytes = descent_optimizer_state_size(opt);
    float w[N], again[N], average[N];
    descent_optimizer *other;
    descent_error err = {0};

    for (size_t i = 0; i < N; i++)
        w[i] = (float)i / N - 0.4f;
    walk(opt, w, 2);
    memcpy(again, w, sizeof w);
    void *state = malloc(bytes);
    fuzz_require(state != NULL);
    descent_optimizer_save(opt, state);
    if (fuzz_judge(descent_optimizer_create_with(&other, spec, N, DESCENT_F32, o, &err), &err)) {
        fuzz_require(fuzz_judge(descent_optimizer_restore(other, state, bytes, &err), &err));
        walk(opt, w, 1);
        walk(other, again, 1);
        fuzz_require(memcmp(w, again, sizeof w) == 0);
        descent_optimizer_average_f32(opt, w, average);
        fuzz_require(!fuzz_judge(descent_optimizer_restore(other, state, bytes / 2, &err), &err));
    }
    descent_optimizer_free(other);
    free(state);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *groups[MOST_GROUPS];
    char *text = fuzz_text(data, size), *rest;
    descent_optimizer_options o = descent_optimizer_defaults();
    descent_optimizer *opt;
    descent_error err = {0};

    const char *spec = fuzz_line(text, &rest);
    while (*rest && o.n_groups < MOST_GROUPS)
        groups[o.n_groups++] = fuzz_line(rest, &rest);
    o.segments = segments;
    o.n_segments = sizeof segments / sizeof *segments;
    o.groups = groups;
    o.gives_objective = o.gives_curvature = 1;
    o.steps = 100;
    if (fuzz_judge(descent_optimizer_create_with(&opt, spec, N, DESCENT_F32, &o, &err), &err))
        go_on(opt, spec, &o);
    else
        fuzz_require(opt == NULL);
    descent_optimizer_free(opt);
    free(text);
    return 0;
}
