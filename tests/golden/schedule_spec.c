/* schedule_spec.c - schedules of other implementations in our words. */
#include "golden.h"

#include "descent/schedule.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MAX_SETTINGS = 12, PART_SIZE = 1024 };

/* One hyperparameter of a class in our terms. */
typedef struct setting {
    const char *ours, *theirs;
    /* rates are divided by the base rate ("lr"), lengths have this one subtracted; or NULL */
    const char *relative_to;
    double otherwise; /* their default; NaN: leave it to ours */
} setting;

typedef struct mapping {
    const char *class, *spec; /* their class, and our schedule with fixed settings */
    bool sets_lr;             /* in a chain it overwrites what the others made of lr */
    setting setting[MAX_SETTINGS];
} mapping;

#define NONE ((double)NAN)

/* clang-format off */
static const mapping mappings[] = {
    {"StepLR", "step", false,
     {{"every", "step_size", NULL, NONE}, {"gamma", "gamma", NULL, 0.1}}},
    {"MultiStepLR", "multistep", false,
     {{"at", "milestones", NULL, NONE}, {"gamma", "gamma", NULL, 0.1}}},
    {"ExponentialLR", "exponential", false, {{"gamma", "gamma", NULL, NONE}}},
    {"MultiplicativeLR", "exponential", false, {{"gamma", "factor", NULL, NONE}}},
    {"LinearLR", "linear", false,
     {{"from", "start_factor", NULL, 1.0 / 3}, {"to", "end_factor", NULL, 1},
      {"steps", "total_iters", NULL, 5}}},
    {"ConstantLR", "constant", false,
     {{"factor", "factor", NULL, 1.0 / 3}, {"steps", "total_iters", NULL, 5}}},
    {"PolynomialLR", "polynomial", false,
     {{"power", "power", NULL, 1}, {"steps", "total_iters", NULL, 5}}},
    {"CosineAnnealingLR", "cosine waves", false,
     {{"steps", "T_max", NULL, NONE}, {"floor", "eta_min", "lr", 0}}},
    {"CosineAnnealingWarmRestarts", "restarts", true,
     {{"first", "T_0", NULL, NONE}, {"mult", "T_mult", NULL, 1}, {"floor", "eta_min", "lr", 0}}},
    {"CyclicLR", "cyclic", true,
     {{"low", "base_lr", "lr", NONE}, {"high", "max_lr", "lr", NONE},
      {"up", "step_size_up", NULL, 2000}, {"down", "step_size_down", NULL, NONE},
      {"mode", "mode", NULL, NONE}, {"gamma", "gamma", NULL, 1},
      {"momentum_low", "base_momentum", NULL, 0.8}, {"momentum_high", "max_momentum", NULL, 0.9},
      {"momentum", "cycle_momentum", NULL, 1}}},
    {"OneCycleLR", "one_cycle", true,
     {{"from", "max_lr", "lr", NONE}, {"steps", "total_steps", NULL, NONE},
      {"pct_start", "pct_start", NULL, 0.3}, {"div_factor", "div_factor", NULL, 25},
      {"final_div_factor", "final_div_factor", NULL, 1e4}, {"anneal", "anneal_strategy", NULL, NONE},
      {"three_phase", "three_phase", NULL, 0}, {"momentum_low", "base_momentum", NULL, 0.85},
      {"momentum_high", "max_momentum", NULL, 0.95}, {"momentum", "cycle_momentum", NULL, 1}}},
    {"ReduceLROnPlateau", "plateau", false,
     {{"mode", "mode", NULL, NONE}, {"factor", "factor", NULL, 0.1},
      {"patience", "patience", NULL, 10}, {"threshold", "threshold", NULL, 1e-4},
      {"threshold_mode", "threshold_mode", NULL, NONE}, {"cooldown", "cooldown", NULL, 0},
      {"floor", "min_lr", "lr", 0}, {"eps", "eps", "lr", 1e-8}}},
    {"SWALR", "swa", true,
     {{"to", "swa_lr", "lr", NONE}, {"steps", "anneal_epochs", NULL, 10},
      {"anneal", "anneal_strategy", NULL, NONE}}},
    {"warmup_cosine", "cosine", false,
     {{"warmup", "warmup", NULL, NONE}, {"steps", "total", "warmup", NONE},
      {"floor", "min_lr", "lr", 0}}},
    {"warmup_linear", "linear", false,
     {{"warmup", "warmup", NULL, NONE}, {"steps", "total", "warmup", NONE}}},
    {"inverse_sqrt", "inverse_sqrt", false, {{"warmup", "warmup", NULL, NONE}}},
    {"noam", "noam", false,
     {{"d_model", "d_model", NULL, NONE}, {"warmup", "warmup", NULL, NONE},
      {"factor", "factor", NULL, 1}}},
    {"wsd", "wsd", false,
     {{"warmup", "warmup", NULL, NONE}, {"stable", "stable", NULL, NONE},
      {"decay", "decay", NULL, NONE}, {"shape", "decay_type", NULL, NONE},
      {"floor", "min_ratio", NULL, 0}}},
};
/* clang-format on */

static const mapping *find_mapping(const char *class)
{
    for (size_t i = 0; i < sizeof mappings / sizeof *mappings; i++)
        if (strcmp(mappings[i].class, class) == 0)
            return &mappings[i];
    return NULL;
}

static void add(char *out, size_t size, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

static void add(char *out, size_t size, const char *fmt, ...)
{
    const size_t used = strlen(out);
    va_list args;

    va_start(args, fmt);
    vsnprintf(out + used, size - used, fmt, args);
    va_end(args);
}

static void add_setting(const setting *s, const json_t *hyper, double base, char *out, size_t size)
{
    const json_t *theirs = json_object_get(hyper, s->theirs), *element;
    double value = golden_get(hyper, s->theirs, s->otherwise);
    size_t i;

    if (json_is_string(theirs)) {
        add(out, size, " %s=%s", s->ours, json_string_value(theirs));
        return;
    }
    if (json_is_array(theirs)) {
        add(out, size, " %s=\"", s->ours);
        json_array_foreach(theirs, i, element)
            add(out, size, "%s%.0f", i > 0 ? ", " : "", golden_number(element));
        add(out, size, "\"");
        return;
    }
    if (isnan(value))
        return;
    if (s->relative_to && strcmp(s->relative_to, "lr") == 0)
        value /= base;
    else if (s->relative_to)
        value -= golden_get(hyper, s->relative_to, 0.0);
    add(out, size, " %s=%.17g", s->ours, value);
}

/* Cases where a length of 0 means something else there than here; later: not the first part of a
 * sequence, where PyTorch evaluates the closed form. */
static bool write_unmoving(const char *class, const json_t *hyper, bool later, char *out,
                           size_t size)
{
    const bool constant = strcmp(class, "ConstantLR") == 0, linear = strcmp(class, "LinearLR") == 0;

    if ((!constant && !linear && strcmp(class, "PolynomialLR") != 0) ||
        golden_get(hyper, "total_iters", 5.0) >= 1.0)
        return false;
    if (constant || linear)
        snprintf(out, size, "constant factor=%.17g",
                 later ? 1.0 : golden_get(hyper, constant ? "factor" : "start_factor", 1.0 / 3));
    else
        snprintf(out, size, "constant");
    return true;
}

static bool write_one(const char *class, const json_t *hyper, golden_frame frame, char *out,
                      size_t size)
{
    const mapping *map = find_mapping(class);

    if (!map)
        return false;
    if (write_unmoving(class, hyper, frame.later, out, size))
        return true;
    snprintf(out, size, "%s", map->spec);
    for (int i = 0; i < MAX_SETTINGS && map->setting[i].ours; i++)
        add_setting(&map->setting[i], hyper, frame.base, out, size);
    const double product =
        golden_get(hyper, "epochs", NONE) * golden_get(hyper, "steps_per_epoch", NONE);
    if (isnan(golden_get(hyper, "total_steps", NONE)) && !isnan(product))
        add(out, size, " steps=%.17g", product);
    return true;
}

/* What a part that goes on from the lr of the part before it (MultiplicativeLR) starts with. */
static double value_before(const char *so_far, double milestone)
{
    char spec[GOLDEN_SPEC_SIZE];
    descent_schedule *schedule;

    snprintf(spec, sizeof spec, "%s)", so_far);
    if (descent_schedule_create(&schedule, spec, 1000000, NULL))
        return NONE;
    const double value = descent_schedule_factor(schedule, (int64_t)milestone - 1);
    descent_schedule_free(schedule);
    return value;
}

/* PyTorch takes the first step of an inner sequence twice, and at its milestones it sets lr
 * whatever the others of a chain made of it. */
static bool is_inner_sequence(const char *class, golden_note *note)
{
    if (strcmp(class, "SequentialLR") != 0)
        return false;
    golden_say(note, GOLDEN_SKIPPED, "a SequentialLR in another starts one step ahead");
    return true;
}

/* PyTorch's OneCycleLR, and CyclicLR when it is made first, put their own rate in the place of the
 * optimizer's, for the parts made before and after them too. */
static bool changes_base(const json_t *parts)
{
    const json_t *part;
    bool changes = false, others = false;
    size_t i;

    json_array_foreach(parts, i, part)
    {
        const bool one_cycle = strcmp(golden_string(part, "class"), "OneCycleLR") == 0;
        const bool cyclic = strcmp(golden_string(part, "class"), "CyclicLR") == 0;
        changes = changes || one_cycle || (cyclic && i == 0);
        others = others || !(one_cycle || cyclic);
    }
    return changes && others;
}

static bool write_sequence(const json_t *hyper, golden_frame frame, char *out, size_t size,
                           golden_note *note)
{
    const json_t *parts = json_object_get(hyper, "schedulers");
    const json_t *milestones = json_object_get(hyper, "milestones"), *part;
    double begin = 0.0;
    size_t i;

    /* with a milestone of 0 the first part takes the first step all the same */
    if (changes_base(parts) || golden_number(json_array_get(milestones, 0)) == 0.0) {
        golden_say(note, GOLDEN_SKIPPED, "a part of the sequence changes the rate of another");
        return false;
    }
    snprintf(out, size, "sequence (");
    json_array_foreach(parts, i, part)
    {
        const char *class = golden_string(part, "class");
        const bool last = i + 1 == json_array_size(parts);
        const double end = last ? NONE : golden_number(json_array_get(milestones, i));
        char one[PART_SIZE];
        if (end == begin) /* a part of no steps */
            continue;
        if (i > 0 && strcmp(class, "SWALR") == 0) {
            golden_say(note, GOLDEN_SKIPPED, "SWALR after another part starts one step ahead");
            return false;
        }
        frame.later = i > 0;
        if (is_inner_sequence(class, note) ||
            !golden_schedule_spec(class, part, frame, one, sizeof one, note))
            return false;
        if (begin > 0.0 && strcmp(class, "MultiplicativeLR") == 0)
            add(one, sizeof one, " from=%.17g", value_before(out, begin));
        add(out, size, "%s%s", begin > 0.0 ? ", " : "", one);
        if (!last)
            add(out, size, " for=%.0f", end - begin);
        begin = last ? begin : end;
    }
    add(out, size, ")");
    return true;
}

/* Each scheduler changes the lr that the one before it left: factors multiply, but one that sets
 * lr makes all before it void. */
static bool write_product(const json_t *hyper, golden_frame frame, char *out, size_t size,
                          golden_note *note)
{
    const json_t *parts = json_object_get(hyper, "schedulers"), *part;
    const size_t n = json_array_size(parts);
    char one[PART_SIZE];
    size_t i;

    snprintf(out, size, "product (");
    json_array_foreach(parts, i, part)
    {
        const char *class = golden_string(part, "class");
        const mapping *map = find_mapping(class);
        if (is_inner_sequence(class, note) ||
            !golden_schedule_spec(class, part, frame, one, sizeof one, note))
            return false;
        if (map && map->sets_lr && i + 1 == n) {
            snprintf(out, size, "product (%s)", one);
            return true;
        }
        /* past T_max it adds to lr instead of multiplying it, and with a floor it always does */
        if (n > 1 && ((map && map->sets_lr) || golden_get(part, "eta_min", 0.0) != 0.0 ||
                      golden_get(part, "T_max", frame.steps) + 1.0 < frame.steps)) {
            golden_say(note, GOLDEN_SKIPPED, "%s in a chain is no product there", class);
            return false;
        }
        add(out, size, "%s%s", i > 0 ? ", " : "", one);
    }
    add(out, size, ")");
    return true;
}

bool golden_schedule_spec(const char *class, const json_t *hyper, golden_frame frame, char *out,
                          size_t size, golden_note *note)
{
    if (strcmp(class, "SequentialLR") == 0)
        return write_sequence(hyper, frame, out, size, note);
    if (strcmp(class, "ChainedScheduler") == 0)
        return write_product(hyper, frame, out, size, note);
    if (write_one(class, hyper, frame, out, size))
        return true;
    golden_say(note, GOLDEN_SKIPPED, "schedule %s is not built", class);
    return false;
}
