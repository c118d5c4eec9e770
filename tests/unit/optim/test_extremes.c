/* test_extremes.c - zero, tiny, huge and alternating gradients, eps=0 where there is an eps: after
 * a hundred steps w, its average and all that is remembered are finite. */
#include "rows.h"

#include <math.h>

enum { N = 16, STEPS = 100 };

static const descent_segment small[] = {
    {"0.weight", "weight", 0, 6, 2, {2, 3, 0, 0}},
    {"0.bias", "bias", 6, 2, 1, {2, 0, 0, 0}},
    {"1.weight", "weight", 8, 6, 2, {3, 2, 0, 0}},
    {"2.weight", "head", 14, 2, 2, {1, 2, 0, 0}},
};

typedef struct weather {
    const char *name;
    double (*at)(int step, int i, double tiny, double huge);
} weather;

static double none(int step, int i, double tiny, double huge)
{
    (void)step, (void)i, (void)tiny, (void)huge;
    return 0;
}

static double tiny_ones(int step, int i, double tiny, double huge)
{
    (void)huge;
    return (step + i) % 3 ? tiny : -tiny;
}

static double huge_ones(int step, int i, double tiny, double huge)
{
    (void)tiny;
    return (step + i) % 3 ? huge : -huge;
}

static double in_turn(int step, int i, double tiny, double huge)
{
    return (step % 2 ? tiny : huge) * (i % 2 ? 1 : -1);
}

static double one_of_many(int step, int i, double tiny, double huge)
{
    (void)tiny;
    return i == 3 ? huge * (step % 5 - 2) / 2 : 0;
}

/* Everything at first, then nothing for ever. */
static double dies(int step, int i, double tiny, double huge)
{
    return step == 0 ? huge : step == 1 ? tiny * i : 0;
}

static const weather weathers[] = {
    {"zero", none},           {"tiny", tiny_ones},     {"huge", huge_ones},
    {"alternating", in_turn}, {"sparse", one_of_many}, {"dying", dies},
};

static double g[N];

static double linear_f64(size_t n, const double *w, double *out, void *user)
{
    double f = 0;

    (void)user;
    for (size_t i = 0; i < n; i++) {
        out[i] = g[i];
        f += g[i] * w[i];
    }
    return f;
}

static double linear_f32(size_t n, const float *w, float *out, void *user)
{
    double f = 0;

    (void)user;
    for (size_t i = 0; i < n; i++) {
        out[i] = (float)g[i];
        f += g[i] * (double)w[i];
    }
    return f;
}

static void step(descent_optimizer *opt, double *w64, float *w32)
{
    float narrow[N];

    for (int i = 0; i < N; i++)
        narrow[i] = (float)g[i];
    if (dsc_optimizer_needs_curvature(opt)) {
        descent_optimizer_curvature_f32(opt, narrow);
        descent_optimizer_curvature_f64(opt, g);
    }
    if (dsc_optimizer_needs_objective(opt)) {
        descent_optimizer_step_objective_f32(opt, w32, linear_f32, NULL);
        descent_optimizer_step_objective_f64(opt, w64, linear_f64, NULL);
    } else {
        descent_optimizer_step_f32(opt, w32, narrow);
        descent_optimizer_step_f64(opt, w64, g);
    }
}

static bool all_finite(descent_type type, const void *data, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(type == DESCENT_F32 ? (double)((const float *)data)[i]
                                          : ((const double *)data)[i]))
            return false;
    return true;
}

/* What is not finite: "w", "average", the name of a part; NULL: all is. */
static const char *infinite(descent_optimizer *opt, const double *w64, const float *w32,
                            dsc_part *part)
{
    const bool narrow = opt->type == DESCENT_F32;
    const void *w = narrow ? (const void *)w32 : (const void *)w64;
    double out[N];
    const int n = dsc_optimizer_parts(opt, part);
    bool compact = false;

    for (int k = 0; k < opt->rule->n_state; k++)
        compact = compact || opt->storage[k] != DSC_FULL;
    if (!all_finite(opt->type, w, N))
        return "w";
    dsc_optimizer_average(opt, w, out);
    if (!all_finite(opt->type, out, N))
        return "average";
    for (size_t i = 0; i < opt->n_settings; i++)
        if (!all_finite(DESCENT_F64, opt->setting[i].step.memory, DSC_MAX_MEMORY))
            return "memory";
    for (int i = 1; i < n; i++) /* the first one holds hyperparameters, which may be infinite */
        if (!(compact && i == 1) && !all_finite(part[i].type, part[i].data, part[i].count))
            return part[i].name;
    return NULL;
}

static bool has_eps(const descent_optimizer *opt)
{
    for (int i = 0; i < opt->rule->info.n_params; i++)
        if (strcmp(opt->rule->info.params[i].name, "eps") == 0)
            return true;
    return false;
}

static void walk(const char *spec, descent_type type, const descent_optimizer_options *o,
                 const weather *sky)
{
    descent_optimizer *opt = create_with(spec, N, type, o);
    dsc_part part[DSC_MAX_PARTS];
    double w64[N];
    float w32[N];
    const char *what = NULL;

    for (int i = 0; i < N; i++)
        w32[i] = (float)(w64[i] = i % 4 ? 0.5 * i - 3 : 0);
    for (int s = 0; s < STEPS && !what; s++) {
        for (int i = 0; i < N; i++)
            g[i] = sky->at(s, i, 1e-30, type == DESCENT_F32 ? 1e18 : 1e150);
        step(opt, w64, w32);
        what = infinite(opt, w64, w32, part);
        if (what)
            fail_msg("'%s' (%s), %s gradients, step %d: %s is not finite", spec,
                     type == DESCENT_F32 ? "f32" : "f64", sky->name, s, what);
    }
    descent_optimizer_free(opt);
}

static void test_everything_stays_finite(void **unused)
{
    descent_optimizer_options o = all_options(1);
    char spec[256], sharp[300];

    (void)unused;
    o.segments = small;
    o.n_segments = sizeof small / sizeof *small;
    for (int r = 0; r < N_ROWS; r++)
        for (int k = 0; row_spec(&rule_rows[r], k, spec); k++)
            for (int type = DESCENT_F32; type <= DESCENT_F64 && has_type(spec, type); type++) {
                descent_optimizer *opt = create_with(spec, N, (descent_type)type, &o);
                const bool sharpens = has_eps(opt) && opt->n_wraps == 0 && !strstr(spec, " eps=");
                descent_optimizer_free(opt);
                snprintf(sharp, sizeof sharp, "%s eps=0", spec);
                for (size_t s = 0; s < sizeof weathers / sizeof *weathers; s++) {
                    walk(spec, (descent_type)type, &o, &weathers[s]);
                    if (sharpens)
                        walk(sharp, (descent_type)type, &o, &weathers[s]);
                }
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_everything_stays_finite)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
