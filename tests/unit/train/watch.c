/* watch.c - findings while a training runs: told once, in the log too, and ending it only where
 * that was asked. */
#include "runs.h"

#include "finding/finding.h"

/* What on_finding told. */
typedef struct told {
    char name[16][64];
    int64_t step[16];
    int n;
} told;

static void note(const descent_finding *finding, int64_t step, void *user)
{
    told *t = user;

    assert_true(t->n < 16);
    snprintf(t->name[t->n], sizeof *t->name, "%s", finding->name);
    t->step[t->n++] = step;
    assert_true(finding->confidence > 0 && finding->evidence[0] != '\0');
}

static int times(const told *t, const char *name)
{
    int n = 0;

    for (int i = 0; i < t->n; i++)
        n += strcmp(t->name[i], name) == 0;
    return n;
}

/* The loss rises and stays high, but remains a number. */
static descent_recipe *too_long_steps(void)
{
    return RECIPE("data", "digits", "model", "linear 32, relu, linear", "epochs", "8", "optimizer",
                  "sgd lr=20");
}

static void a_finding_is_told_once_and_ends_nothing(void **state)
{
    descent_recipe *recipe = too_long_steps();
    descent_train_options options = descent_train_defaults();
    descent_train_result r, plain;
    told t = {.n = 0};

    (void)state;
    options.on_finding = note;
    options.user = &t;
    descent_model *model = run(recipe, options, &r);
    assert_int_equal(times(&t, "diverged"), 1);
    assert_int_not_equal(r.stop, DESCENT_STOP_EARLY);
    assert_null(r.stopped_by);
    options = descent_train_defaults();
    options.diagnose = 0;
    descent_model *unwatched = run(recipe, options, &plain);
    assert_same_weights(model, unwatched);
    descent_model_free(model);
    descent_model_free(unwatched);
    descent_recipe_free(recipe);
}

static int lines_with(const char *path, const char *one, const char *two)
{
    char line[4096];
    FILE *file = fopen(path, "r");
    int n = 0;

    assert_non_null(file);
    while (fgets(line, sizeof line, file))
        n += strstr(line, one) && strstr(line, two);
    fclose(file);
    return n;
}

static void stop_on_ends_the_run_within_an_epoch(void **state)
{
    descent_recipe *recipe = too_long_steps();
    descent_train_options options = descent_train_defaults();
    descent_train_result r;
    char sentence[256];

    (void)state;
    options.stop_on = "diverged";
    options.folder = "train-watch";
    descent_model *model = run(recipe, options, &r);
    assert_int_equal(r.stop, DESCENT_STOP_EARLY);
    assert_string_equal(r.stopped_by, "diverged");
    assert_true(r.steps < 30); /* an epoch has 45 */
    snprintf(sentence, sizeof sentence,
             "stopped early after %lld of 360 steps; diverged was found, which was to end it",
             (long long)r.steps);
    assert_memory_equal(r.sentence, sentence, strlen(sentence));
    assert_int_equal(lines_with("train-watch/log.jsonl", "\"finding\"", "\"training\""), 1);
    assert_true(lines_with("train-watch/log.jsonl", "\"finding\"", "\"end\"") >= 1);
    descent_model_free(model);
    descent_recipe_free(recipe);
}

static void a_healthy_run_is_not_ended(void **state)
{
    descent_recipe *recipe = RECIPE("data", "iris", "epochs", "20");
    descent_train_options options = descent_train_defaults();
    descent_train_result r;

    (void)state;
    options.stop_on = "diverged";
    descent_model *model = run(recipe, options, &r);
    assert_int_equal(r.stop, DESCENT_STOP_STEPS);
    descent_model_free(model);
    descent_recipe_free(recipe);
}

/* Every finding can be waited for, or says why not. */
static void what_can_end_a_run(void **state)
{
    descent_recipe *recipe = RECIPE("data", "iris", "epochs", "1");

    (void)state;
    for (size_t i = 0; dsc_finding_at(i); i++) {
        const dsc_finding *finding = dsc_finding_at(i);
        const bool late = (finding->when & (DSC_BEFORE | DSC_DURING | DSC_AT_ONCE)) == 0;
        descent_train_options options = descent_train_defaults();
        descent_model *model;
        descent_error err = {0};
        char message[256];
        options.stop_on = finding->info.name;
        const descent_status status = descent_train(&model, recipe, NULL, &options, NULL, &err);
        assert_int_equal(status, late ? DESCENT_INVALID : DESCENT_OK);
        snprintf(message, sizeof message,
                 "%s is only seen when a training is over, so it can't end one",
                 finding->info.name);
        assert_string_equal(err.message, late ? message : "");
        descent_model_free(model);
    }
    descent_recipe_free(recipe);
}

static void mistakes_are_explained(void **state)
{
    static const struct {
        const char *text, *message;
        int diagnose;
    } c[] = {
        {"divergd", "no finding is called 'divergd'; did you mean 'diverged'?", 1},
        {"diverged x=1", "a finding takes no parameters; between two names stands a comma", 1},
        {"diverged", "stop_on waits for a finding, and diagnose = 0 looks for none", 0},
    };
    descent_recipe *recipe = RECIPE("data", "iris", "epochs", "1");

    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        descent_train_options options = descent_train_defaults();
        descent_model *model;
        descent_error err = {0};
        options.stop_on = c[i].text;
        options.diagnose = c[i].diagnose;
        assert_int_not_equal(descent_train(&model, recipe, NULL, &options, NULL, &err), DESCENT_OK);
        assert_string_equal(err.message, c[i].message);
    }
    descent_recipe_free(recipe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_finding_is_told_once_and_ends_nothing),
        cmocka_unit_test(stop_on_ends_the_run_within_an_epoch),
        cmocka_unit_test(a_healthy_run_is_not_ended),
        cmocka_unit_test(what_can_end_a_run),
        cmocka_unit_test(mistakes_are_explained),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
