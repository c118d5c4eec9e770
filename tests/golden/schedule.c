/* schedule.c - learning-rate schedules, step by step, for the classes that ours can express. */
#include "golden.h"

#include "descent/schedule.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* One hyperparameter of a class in terms of ours. */
enum { MAX_SETTINGS = 4 };

typedef struct setting {
    const char *ours, *theirs; /* "every=", "step_size" */
    const char *relative_to;   /* subtract (lengths) or divide by (rates) this one, or NULL */
} setting;

typedef struct mapping {
    const char *class, *spec; /* their class, and our schedule with fixed settings */
    setting setting[MAX_SETTINGS];
} mapping;

/* clang-format off */
static const mapping mappings[] = {
    {"StepLR",            "step",         {{"every",  "step_size",    NULL}, {"gamma", "gamma", NULL}}},
    {"ExponentialLR",     "exponential",  {{"gamma",  "gamma",        NULL}}},
    {"MultiplicativeLR",  "exponential",  {{"gamma",  "factor",       NULL}}},
    {"CosineAnnealingLR", "cosine waves", {{"steps",  "T_max",        NULL}, {"floor", "eta_min", "lr"}}},
    {"LinearLR",          "linear",       {{"from",   "start_factor", NULL}, {"to", "end_factor", NULL},
                                           {"steps",  "total_iters",  NULL}}},
    {"ConstantLR",        "constant",     {{"factor", "factor",       NULL}, {"steps", "total_iters", NULL}}},
    {"PolynomialLR",      "linear",       {{"steps",  "total_iters",  NULL}}},
    {"warmup_cosine",     "cosine",       {{"warmup", "warmup",       NULL}, {"steps", "total", "warmup"},
                                           {"floor",  "min_lr",       "lr"}}},
    {"warmup_linear",     "linear",       {{"warmup", "warmup",       NULL}, {"steps", "total", "warmup"}}},
};
/* clang-format on */

static const mapping *find_mapping(const char *class)
{
    for (size_t i = 0; i < sizeof mappings / sizeof *mappings; i++)
        if (strcmp(mappings[i].class, class) == 0)
            return &mappings[i];
    return NULL;
}

/* A setting's value in our terms; rates become factors of the base rate. */
static double value_of(const setting *s, const json_t *hyper, double base)
{
    /* only the floor may be left out */
    const double value = golden_get(hyper, s->theirs, s->relative_to ? 0.0 : (double)NAN);

    if (!s->relative_to)
        return value;
    if (strcmp(s->relative_to, "lr") == 0)
        return value / base;
    return value - golden_get(hyper, s->relative_to, (double)NAN);
}

static void write_spec(const mapping *map, const json_t *hyper, double base, char *out, size_t size)
{
    int used = snprintf(out, size, "%s", map->spec);

    for (int i = 0; i < MAX_SETTINGS && map->setting[i].ours; i++) {
        const setting *s = &map->setting[i];
        used += snprintf(out + used, size - (size_t)used, " %s=%.17g", s->ours,
                         value_of(s, hyper, base));
    }
}

/* What our schedules can't do, though the class is known. */
static bool is_unlike(const char *class, const json_t *hyper)
{
    return (strcmp(class, "PolynomialLR") == 0 && golden_get(hyper, "power", 1.0) != 1.0) ||
           (strcmp(class, "ConstantLR") == 0 && golden_get(hyper, "total_iters", 5.0) < 1.0);
}

static golden_outcome follow(const json_t *root, const descent_schedule *schedule, double base,
                             golden_note *note)
{
    const json_t *list = json_object_get(root, "lr"), *expected;
    size_t i;

    if (json_array_size(list) == 0)
        return golden_say(note, GOLDEN_FAILED, "the case has no learning rates");
    json_array_foreach(list, i, expected)
    {
        const double lr = golden_number(expected);
        const double got = base * descent_schedule_factor(schedule, (int64_t)i);
        golden_note detail;
        if (!golden_close(root, "lr", &got, &lr, 1, &detail))
            return golden_say(note, GOLDEN_FAILED, "at step %zu: %.200s", i, detail.text);
    }
    return GOLDEN_PASSED;
}

golden_outcome golden_schedule(const json_t *root, golden_note *note)
{
    const char *class = golden_string(root, "class");
    const json_t *hyper = json_object_get(root, "hyper");
    const double base = golden_get(root, "base_lr", (double)NAN);
    const mapping *map = find_mapping(class);
    descent_schedule *schedule;
    descent_error err;
    char spec[256];

    if (!map || is_unlike(class, hyper))
        return golden_say(note, GOLDEN_SKIPPED, "schedule %s%s is not built", class,
                          map ? " with these settings" : "");
    write_spec(map, hyper, base, spec, sizeof spec);
    if (descent_schedule_create(&schedule, spec,
                                (int64_t)json_array_size(json_object_get(root, "lr")), &err))
        return golden_say(note, GOLDEN_FAILED, "'%s' was refused: %.150s", spec, err.message);
    const golden_outcome outcome = follow(root, schedule, base, note);
    descent_schedule_free(schedule);
    return outcome;
}
