/* remedy.c - changes as flags that can be copied. */
#include "healthy.h"

#include <stdio.h>

static void set(const char *spec, const char *param, double value, const char *flags)
{
    const dsc_case c = {.plan = {.optimizer = spec}};
    descent_finding out = {.confidence = 1};

    dsc_remedy_optimizer(&c, &out, param, value);
    assert_string_equal(out.flags, flags);
}

static void a_hyperparameter_is_replaced_or_added(void **state)
{
    (void)state;
    set("sgd", "lr", 0.1, "--optimizer \"sgd lr=0.1\"");
    set("sgd lr=1 momentum=0.9", "lr", 0.1, "--optimizer \"sgd lr=0.1 momentum=0.9\"");
    set("sgd lr=1 momentum=0.9", "momentum", 0.5, "--optimizer \"sgd lr=1 momentum=0.5\"");
    set("adam lr=(step every=10 by=2) eps=1", "lr", 0.01, "--optimizer \"adam lr=0.01 eps=1\"");
    set("lookahead (sgd lr=1) every=5", "every", 6, "--optimizer \"lookahead (sgd lr=1) every=6\"");
}

static void several_changes_make_one_flag(void **state)
{
    const dsc_case c = {.plan = {.optimizer = "sgd lr=1"}};
    descent_finding out = {.confidence = 1};

    (void)state;
    dsc_remedy_optimizer(&c, &out, "lr", 0.1);
    dsc_remedy_flag(&out, "--batch", "%d", 64);
    dsc_remedy_optimizer(&c, &out, "momentum", 0.9);
    assert_string_equal(out.flags, "--batch 64 --optimizer \"sgd lr=0.1 momentum=0.9\"");
}

static void model(const char *text, const char *from, const char *to, const char *flags)
{
    const dsc_case c = {.plan = {.model = text}};
    descent_finding out = {.confidence = 1};

    dsc_remedy_model(&c, &out, from, to);
    assert_string_equal(out.flags, flags);
}

static void a_layer_is_replaced_or_taken_out(void **state)
{
    (void)state;
    model("linear 8, sigmoid, linear", "sigmoid", "relu", "--model \"linear 8, relu, linear\"");
    model("linear 8, relu, linear, softmax", "softmax", "", "--model \"linear 8, relu, linear\"");
    model("dropout 0.9, linear", "dropout 0.9", "", "--model \" linear\"");
    model("repeat 4 (linear 8, sigmoid), linear", "sigmoid", "relu",
          "--model \"repeat 4 (linear 8, relu), linear\"");
}

enum { LONG = 400 };

/* A string of `length` bytes: what it begins with, then many layers or words, then how it ends. */
static const char *long_string(char out[LONG], const char *begin, const char *middle,
                               const char *end, size_t length)
{
    snprintf(out, LONG, "%s", begin);
    while (strlen(out) + strlen(middle) + strlen(end) <= length)
        strcat(out, middle);
    strcat(out, end);
    while (strlen(out) < length)
        strcat(out, " ");
    return out;
}

/* Half a model would be wrong: it is there whole, or not at all. */
static void what_is_too_long_is_left_out(void **state)
{
    char text[LONG], flags[LONG + 32];

    (void)state;
    long_string(text, "linear 8, sigmoid", ", linear 8, relu", ", linear", 260);
    snprintf(flags, sizeof flags, "--model \"linear 8, relu%s\"", strchr(text, 'd') + 1);
    model(text, "sigmoid", "relu", flags);
    for (size_t length = 290; length < LONG; length++) {
        long_string(text, "linear 8, sigmoid", ", linear 8, relu", ", linear", length);
        snprintf(flags, sizeof flags, "--model \"linear 8, relu%s\"", strchr(text, 'd') + 1);
        const bool fits = strlen(flags) < sizeof((descent_finding *)0)->flags;
        model(text, "sigmoid", "relu", fits ? flags : "");
        long_string(text, "adam lr=1", " eps=1", " beta2=0.9", length);
        snprintf(flags, sizeof flags, "--optimizer \"adam lr=2%s\"", text + strlen("adam lr=1"));
        set(text, "lr", 2, strlen(flags) < sizeof((descent_finding *)0)->flags ? flags : "");
    }
}

static void what_does_not_fit_leaves_the_other_flags(void **state)
{
    char text[LONG];
    const dsc_case c = {.plan = {.optimizer = "sgd lr=1"}};
    descent_finding out = {.confidence = 1};

    (void)state;
    dsc_remedy_optimizer(&c, &out, "lr", 0.1);
    dsc_remedy_flag(&out, "--optimizer", "%s", long_string(text, "sgd", " lr=1", "", 350));
    assert_string_equal(out.flags, "--optimizer \"sgd lr=0.1\"");
    dsc_remedy_flag(&out, "--data", "%s", "\"a file.csv\" target=x");
    dsc_remedy_flag(&out, "--data", "%s", "$HOME/a.csv target=x");
    assert_string_equal(out.flags, "--optimizer \"sgd lr=0.1\"");
}

static void a_long_optimizer_without_a_word(void **state)
{
    char text[LONG];
    const dsc_case c = {
        .plan = {.optimizer = long_string(text, "adam decay_all", " eps=1", "", 350)}};
    descent_finding out = {.confidence = 1};

    (void)state;
    dsc_remedy_without(&c, &out, "decay_all");
    assert_string_equal(out.flags, "");
}

static void a_model_without_that_layer_stays(void **state)
{
    const dsc_case c = {.plan = {.model = "linear 8 init=zeros, gelu, linear"}};
    descent_finding out = {.confidence = 1};

    (void)state;
    model("linear 8, gelu, linear", "relu", "batch_norm, relu", "");
    assert_true(dsc_remedy_init(&c, &out));
    dsc_remedy_model(&c, &out, "relu", "leaky_relu");
    assert_string_equal(out.flags, "--model \"linear 8, gelu, linear\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hyperparameter_is_replaced_or_added),
        cmocka_unit_test(several_changes_make_one_flag),
        cmocka_unit_test(a_layer_is_replaced_or_taken_out),
        cmocka_unit_test(what_is_too_long_is_left_out),
        cmocka_unit_test(what_does_not_fit_leaves_the_other_flags),
        cmocka_unit_test(a_long_optimizer_without_a_word),
        cmocka_unit_test(a_model_without_that_layer_stays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
