/* remedy.c - changes as flags that can be copied. */
#include "healthy.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hyperparameter_is_replaced_or_added),
        cmocka_unit_test(several_changes_make_one_flag),
        cmocka_unit_test(a_layer_is_replaced_or_taken_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
