/* test_own_rule.c - a rule that comes from the caller: sgd with momentum once more, which must do
 * what the built-in one does bit for bit, whatever is around it. */
#include "make.h"

enum { LARGE = 70000, STEPS = 6 };

static void momentum(const descent_rule_step *s)
{
    const double lr = s->param[0], keep = s->param[1];

    if (s->type == DESCENT_F64) {
        const double *x = s->g;
        double *b = s->state[0], *d = s->d;
        for (size_t i = 0; i < s->n; i++) {
            b[i] = keep * b[i] + x[i];
            d[i] = lr * b[i];
        }
    } else {
        const float *x = s->g;
        float *b = s->state[0], *d = s->d;
        for (size_t i = 0; i < s->n; i++) {
            b[i] = (float)keep * b[i] + x[i];
            d[i] = (float)lr * b[i];
        }
    }
}

/* lr (1 + user) where w is positive, on the third step only */
static void third(const descent_rule_step *s)
{
    const double *w = s->w;
    double *d = s->d;

    assert_int_equal(s->type, DESCENT_F64);
    for (size_t i = 0; i < s->n; i++)
        d[i] = s->count == 3 && w[i] > 0 ? s->param[0] * (1 + *(const double *)s->user) : 0;
}

static const descent_param params[] = {
    {"lr", 0.01, 0, 1e6, "learning rate", DESCENT_NUMBER, NULL},
    {"momentum", 0.9, 0, 1, "how much of the last move is kept", DESCENT_NUMBER, NULL},
    {"weight_decay", 0, 0, 1e3, "pull towards zero", DESCENT_NUMBER, NULL},
};
static double user_value = 0.5;
static const descent_rule rules[] = {
    {.info = {.name = "mine", .summary = "momentum", .params = params, .n_params = 3},
     .n_state = 1,
     .direction = momentum},
    {.info = {.name = "decoupled", .params = params, .n_params = 3},
     .n_state = 1,
     .decoupled = 1,
     .direction = momentum},
    {.info = {.name = "third", .params = params, .n_params = 1},
     .direction = third,
     .user = &user_value},
    /* the caller's come before the built-in ones, wrappers too */
    {.info = {.name = "adam", .params = params, .n_params = 3},
     .n_state = 1,
     .direction = momentum},
    {.info = {.name = "ema", .params = params, .n_params = 3}, .n_state = 1, .direction = momentum},
};

static const descent_segment large[] = {
    {"a.weight", "weight", 0, 69000, 2, {300, 230, 0, 0}},
    {"a.bias", "bias", 69000, 1000, 1, {1000, 0, 0, 0}},
};

static double w64[2][LARGE];
static float w32[2][LARGE];

static void walk(const char *spec, const descent_optimizer_options *o, descent_type type, int which)
{
    static double g64[LARGE];
    static float g32[LARGE];
    descent_optimizer *opt = make(spec, LARGE, type, o);

    for (int i = 0; i < LARGE; i++)
        w32[which][i] = (float)(w64[which][i] = cos(0.3 * i));
    for (int step = 0; step < STEPS; step++) {
        for (int i = 0; i < LARGE; i++)
            g32[i] = (float)(g64[i] = sin(0.01 * i + step));
        descent_optimizer_step_f64(opt, w64[which], g64);
        descent_optimizer_step_f32(opt, w32[which], g32);
    }
    assert_int_equal(descent_optimizer_steps(opt), STEPS);
    if (type == DESCENT_F64)
        descent_optimizer_average_f64(opt, w64[which], g64);
    else
        descent_optimizer_average_f32(opt, w32[which], g32);
    memcpy(w64[which], type == DESCENT_F64 ? g64 : w64[which], sizeof g64);
    memcpy(w32[which], type == DESCENT_F32 ? g32 : w32[which], sizeof g32);
    descent_optimizer_free(opt);
}

static void test_same_as_the_built_in_one(void **unused)
{
    static const struct row {
        const char *own, *built_in;
    } rows[] = {
        {"mine", "sgd momentum=0.9"},
        {"mine lr=0.1 momentum=0.5 weight_decay=0.25", "sgd lr=0.1 momentum=0.5 weight_decay=0.25"},
        {"mine weight_decay=0.25 decay=lr", "sgd momentum=0.9 weight_decay=0.25 decay=lr"},
        {"decoupled weight_decay=0.25", "sgdw weight_decay=0.25"},
        {"decoupled weight_decay=0.25 decay_all decay=schedule lr=(cosine from=0.5)",
         "sgdw weight_decay=0.25 decay_all decay=schedule lr=(cosine from=0.5)"},
        {"mine lr=(linear from=1 to=0.1 warmup=2) maximize",
         "sgd momentum=0.9 lr=(linear from=1 to=0.1 warmup=2) maximize"},
        {"mine clip_norm=1 clip_value=0.9", "sgd momentum=0.9 clip_norm=1 clip_value=0.9"},
        {"mine cautious agc=0.01", "sgd momentum=0.9 cautious agc=0.01"},
        {"lookahead (ema (mine)) every=2", "lookahead (ema (sgd momentum=0.9)) every=2"},
        {"adam weight_decay=0.1", "sgd momentum=0.9 weight_decay=0.1"},
    };
    static const char *const groups[] = {"role=bias lr=0.5x momentum=0.25 maximize"};

    (void)unused;
    for (size_t r = 0; r < COUNT_OF(rows); r++)
        for (int k = 0; k < 4; k++) {
            const descent_type type = k % 2 ? DESCENT_F32 : DESCENT_F64;
            const bool shadows_wrapper = strstr(rows[r].own, "ema") != NULL;
            descent_optimizer_options o = {.segments = large,
                                           .n_segments = 2,
                                           .steps = STEPS,
                                           .threads = 1,
                                           .groups = groups,
                                           .n_groups = k < 2 ? 0 : 1};
            walk(rows[r].built_in, &o, type, 0);
            o.rules = rules;
            o.n_rules = COUNT_OF(rules) - shadows_wrapper;
            o.threads = 3;
            walk(rows[r].own, &o, type, 1);
            if (type == DESCENT_F64 ? memcmp(w64[0], w64[1], sizeof w64[0]) != 0
                                    : memcmp(w32[0], w32[1], sizeof w32[0]) != 0)
                fail_msg("'%s' differs from '%s'", rows[r].own, rows[r].built_in);
        }
}

static void test_what_it_is_told(void **unused)
{
    const descent_optimizer_options o = {.threads = 1, .rules = rules, .n_rules = COUNT_OF(rules)};
    descent_optimizer *opt = make("third lr=2", 2, DESCENT_F64, &o);
    double w[2] = {5, -5}, g[2] = {1, 1}, bad[2] = {1, (double)NAN};

    (void)unused;
    descent_optimizer_step_f64(opt, w, g);
    descent_optimizer_step_f64(opt, w, g);
    descent_optimizer_step_f64(opt, w, bad); /* counts for nothing */
    assert_true(w[0] == 5 && w[1] == -5);
    descent_optimizer_step_f64(opt, w, g);
    assert_true(w[0] == 5 - 3 && w[1] == -5);
    assert_string_equal(descent_optimizer_name(opt), "third");
    descent_optimizer_free(opt);

    opt = make("ema", 1, DESCENT_F64, &o); /* the rule, not the wrapper */
    descent_optimizer_step_f64(opt, w, g);
    near(w[0], 2 - 0.01);
    descent_optimizer_free(opt);
}

/* Saved and restored like any other. */
static void test_resume(void **unused)
{
    const descent_optimizer_options o = {.threads = 1, .rules = rules, .n_rules = COUNT_OF(rules)};
    descent_optimizer *one = make("mine", 1, DESCENT_F64, &o);
    descent_optimizer *two = make("mine", 1, DESCENT_F64, &o);
    double w = 1, v, g = 1;
    char state[2000];

    (void)unused;
    descent_optimizer_step_f64(one, &w, &g);
    v = w;
    assert_true(descent_optimizer_state_size(one) <= sizeof state);
    descent_optimizer_save(one, state);
    assert_int_equal(descent_optimizer_restore(two, state, descent_optimizer_state_size(one), NULL),
                     DESCENT_OK);
    descent_optimizer_step_f64(one, &w, &g);
    descent_optimizer_step_f64(two, &v, &g);
    assert_true(w == v);
    descent_optimizer_free(one);
    descent_optimizer_free(two);
}

static void test_messages(void **unused)
{
    static const descent_param clash[] = {{"clip_norm", 0, 0, 1, "", DESCENT_NUMBER, NULL}};
    descent_param many[26];
    char names[26][16];

    for (int i = 0; i < 26; i++) {
        snprintf(names[i], sizeof names[i], "p%d", i);
        many[i] = (descent_param){names[i], 0, 0, 1, "", DESCENT_NUMBER, NULL};
    }
    const descent_rule bad[] = {
        {.info.name = "still"},
        {.info.name = "much", .n_state = 9, .direction = momentum},
        {.info.name = "less", .n_state = -1, .direction = momentum},
        {.info = {.name = "many", .params = many, .n_params = 26}, .direction = third},
        {.info = {.name = "most", .params = many, .n_params = 25}, .direction = third},
        {.info = {.name = "clash", .params = clash, .n_params = 1}, .direction = third},
        {.direction = third}, /* without a name nobody can ask for it */
    };
    const descent_optimizer_options o = {.threads = 1, .rules = bad, .n_rules = COUNT_OF(bad)};

    (void)unused;
    refuses("still", 1, &o, "", 1, "the rule 'still' has no direction function");
    refuses("ema (still)", 1, &o, "", 6, "the rule 'still' has no direction function");
    refuses("much", 1, &o, "", 1, "the rule 'much' has 9 state vectors, must be between 0 and 8");
    refuses("less", 1, &o, "", 1, "the rule 'less' has -1 state vectors, must be between 0 and 8");
    refuses("many", 1, &o, "", 1, "the rule 'many' has 26 hyperparameters; 25 is the most");
    refuses("clash", 1, &o, "", 1,
            "the rule 'clash' has a hyperparameter clip_norm, as every optimizer has already; call "
            "it something else");
    refuses("clahs", 1, &o, "", 1, "no optimizer is called 'clahs'; did you mean 'clash'?");
    refuses("adma", 1, &o, "", 1, "no optimizer is called 'adma'; did you mean 'adam'?");
    refuses("most p30=1", 1, &o, "", 6,
            "most has no parameter 'p30'; it has p0, p1, p2, p3, p4, p5, p6, p7, p8, p9 and 30 "
            "more; did you mean 'p0'?");
    refuses("most weight_decay=1 ", 1, &o, "", 6,
            "most has no parameter 'weight_decay'; it has p0, p1, p2, p3, p4, p5, p6, p7, p8, p9 "
            "and 30 more");
    refuses("most state=bf16", 1, &o, "", 0,
            "most: state=bf16 goes with float; double keeps its state in double");
    descent_optimizer_free(make("most", 1, DESCENT_F64, &o));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_as_the_built_in_one),
        cmocka_unit_test(test_what_it_is_told),
        cmocka_unit_test(test_resume),
        cmocka_unit_test(test_messages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
