/* test_group_messages.c - what is said to groups and segments that make no sense. */
#include "make.h"

static void test_bad_groups(void **unused)
{
    static const struct row {
        const char *spec, *group;
        int column;
        const char *message;
    } rows[] = {
        {"adam", "", 1, "a group needs a selector such as role=bias or 2.*, and settings"},
        {"adam", "   ", 4, "a group needs a selector such as role=bias or 2.*, and settings"},
        {"adam", "role=bias", 1,
         "the group 'role=bias' says nothing; give it settings, such as lr=0.1x or frozen"},
        {"adam", " 7.* lr=1", 2,
         "the group '7.*' matches no segment; they are called 0.weight to 2.weight"},
        {"adam", "0.wieght lr=1", 1,
         "the group '0.wieght' matches no segment; they are called 0.weight to 2.weight; did you "
         "mean '0.weight'?"},
        {"adam", "role=biass lr=1", 1,
         "the group 'role=biass' matches no segment; they are called 0.weight to 2.weight; did "
         "you mean 'role=bias'?"},
        {"adam", "role=0.bias lr=1", 1,
         "the group 'role=0.bias' matches no segment; they are called 0.weight to 2.weight; did "
         "you mean 'role=bias'?"},
        {"adam", "bias lr=1", 1,
         "the group 'bias' matches no segment; they are called 0.weight to 2.weight; did you mean "
         "'role=bias'?"},
        {"adam", "lr=0.1x", 1,
         "a group begins with what it is for, role=ROLE or a name such as 2.*; 'lr=0.1x' is a "
         "setting"},
        {"adam", "role=bias beta=0.5", 11,
         "adam has no parameter 'beta'; it has lr, beta1, beta2, eps, weight_decay, amsgrad, "
         "decay, decay_all, maximize, clip_value and 11 more; did you mean 'beta1'?"},
        {"adam", "role=bias lr=-1", 14, "adam: lr = -1, must be between 0 and 1000000"},
        {"adam", "role=bias beta1=1.5", 17, "adam: beta1 = 1.5, must be between 0 and 0.999999"},
        {"adam", "role=bias lr=fast", 14, "adam: lr = 'fast', must be a number"},
        {"adam", "role=bias lr=-1x", 14, "adam: lr = '-1x', must be a number"},
        {"adam", "role=bias lr=1 lr=2", 16, "adam: lr was given twice"},
        {"adam", "role=bias frozen=2x", 18, "adam: frozen = '2x', must be yes or no"},
        {"adam", "role=bias slow", 11, "adam: unexpected 'slow'; write name=value"},
        {"adam", "role=bias lr=(cosine)", 14, "adam takes no '(...)' here"},
        {"adam", "role=bias lr=1, adam", 17,
         "expected one entry, found a list: 'adam' after a comma"},
        /* what is one thing for all of w */
        {"adam", "role=bias state=bf16", 11,
         "adam: state decides how memory is laid out and is the same for all segments; say it "
         "outside groups"},
        {"adam", "role=bias clip_norm=1", 11,
         "adam: clip_norm looks at the norm of the whole gradient and is the same for all "
         "segments; say it outside groups"},
        {"adam", "role=bias zclip=2.5", 11,
         "adam: zclip looks at the norm of the whole gradient and is the same for all segments; "
         "say it outside groups"},
        {"adam", "role=bias skips=5", 11,
         "adam: skips counts whole steps and is the same for all segments; say it outside groups"},
        {"shampoo", "0.* block=64", 5,
         "shampoo: block decides how memory is laid out and is the same for all segments; say it "
         "outside groups"},
        /* what does not go together is refused in groups too */
        {"sgd", "role=bias nesterov", 11, "sgd: nesterov needs momentum, such as momentum=0.9"},
        {"dadapt_sgd", "0.* decay=lr", 5,
         "dadapt_sgd: this rule places w anew: weight decay is auto or l2"},
        {"ftrl", "0.* cautious", 5,
         "ftrl: cautious needs a direction, and this rule places w anew"},
        {"sgd", "0.* stable", 5,
         "sgd: stable compares g^2 with its running mean, and this rule keeps none"},
    };

    (void)unused;
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        const char *const groups[] = {rows[r].group, NULL};
        const descent_optimizer_options o = grouped(groups);
        descent_optimizer *opt;
        descent_error err = {0};
        refuses(rows[r].spec, N, &o, "group", rows[r].column, rows[r].message);
        descent_optimizer_create_with(&opt, rows[r].spec, N, DESCENT_F64, &o, &err);
        assert_string_equal(err.excerpt, rows[r].group); /* as it was typed */
    }
}

static void test_what_is_left(void **unused)
{
    const char *const all[] = {"* frozen", NULL}, *const one[] = {"0.* lr=0.1x", NULL};
    const char *many[66];
    descent_optimizer_options o = grouped(all);

    (void)unused;
    refuses("adam", N, &o, "", 0, "all segments are frozen: nothing would move");
    o = grouped(NULL);
    refuses("adam frozen", N, &o, "", 0, "all segments are frozen: nothing would move");
    refuses("adam frozen", N, NULL, "", 0, "all segments are frozen: nothing would move");
    o = descent_optimizer_defaults();
    o.groups = one;
    o.n_groups = 1;
    refuses("adam", N, &o, "group", 1, "the group '0.*' matches nothing: no segments were given");
    o.n_groups = 0;
    refuses("muon", N, &o, "", 0,
            "muon works on matrices, and nothing says where in w they lie; it needs segments, as "
            "a network has them");
    refuses("adam layer_decay=0.5", N, &o, "", 0,
            "adam: layer_decay goes from layer to layer, and nothing says where in w they lie; it "
            "needs segments, as a network has them");
    refuses("adam centralize", N, &o, "", 0,
            "adam: centralize works on rows of matrices, and nothing says where in w they lie; it "
            "needs segments, as a network has them");
    o = grouped(one);
    o.gives_objective = 1;
    refuses("lbfgs", N, &o, "group", 1,
            "lbfgs moves all of w along one line, and no part of it can go another way; leave out "
            "the groups");
    for (int i = 0; i < 65; i++)
        many[i] = one[0];
    many[65] = NULL;
    o = grouped(many);
    refuses("adam", N, &o, "", 0, "65 groups, at most 64 are possible");
    many[64] = NULL;
    o = grouped(many);
    descent_optimizer_free(make("adam", N, DESCENT_F64, &o));
}

static void test_bad_segments(void **unused)
{
    static const struct row {
        descent_segment second;
        const char *message;
    } rows[] = {
        {{"1", "", 6, 10, 1, {10, 0, 0, 0}}, NULL},
        {{"1", "", 7, 9, 1, {9, 0, 0, 0}},
         "segment '1' has 9 elements from 7 on, its shape has 9, and it should begin at 6"},
        {{"1", "", 5, 11, 1, {11, 0, 0, 0}},
         "segment '1' has 11 elements from 5 on, its shape has 11, and it should begin at 6"},
        {{"1", "", 6, 9, 2, {2, 5, 0, 0}},
         "segment '1' has 9 elements from 6 on, its shape has 10, and it should begin at 6"},
        {{"1", "", 6, 10, 2, {10, 0, 0, 0}},
         "segment '1' has 10 elements from 6 on, its shape has 0, and it should begin at 6"},
        {{"1", "", 6, 0, 1, {0, 0, 0, 0}},
         "segment '1' has 0 elements from 6 on, its shape has 0, and it should begin at 6"},
        {{"1", "", 6, 9, 1, {9, 0, 0, 0}}, "the segments have 15 elements in all, w has 16"},
        {{"1", "", 6, 11, 1, {11, 0, 0, 0}}, "the segments have 17 elements in all, w has 16"},
        {{NULL, "", 6, 10, 1, {10, 0, 0, 0}},
         "the segment at 6 needs a name, a role and a rank from 0 to 4"},
        {{"1", NULL, 6, 10, 1, {10, 0, 0, 0}},
         "the segment at 6 needs a name, a role and a rank from 0 to 4"},
        {{"1", "", 6, 10, 5, {10, 1, 1, 1}},
         "the segment at 6 needs a name, a role and a rank from 0 to 4"},
        {{"1", "", 6, 10, -1, {10, 1, 1, 1}},
         "the segment at 6 needs a name, a role and a rank from 0 to 4"},
    };

    (void)unused;
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        const descent_segment two[] = {segments[0], rows[r].second};
        descent_optimizer_options o = descent_optimizer_defaults();
        o.segments = two;
        o.n_segments = 2;
        if (rows[r].message)
            refuses("adam", N, &o, "", 0, rows[r].message);
        else
            descent_optimizer_free(make("adam", N, DESCENT_F64, &o));
        o.n_segments = 0;
        refuses("adam", N, &o, "", 0, "the segments have 0 elements in all, w has 16");
    }
    /* in all they have 16 elements and 2^64 more */
    const size_t half = SIZE_MAX / 2 + 1;
    const descent_segment wraps[] = {segments[0],
                                     {"1", "", 6, half, 3, {1 << 30, 1 << 30, 8, 0}},
                                     {"2", "", half + 6, half, 3, {1 << 30, 1 << 30, 8, 0}},
                                     {"3", "", 6, 10, 1, {10, 0, 0, 0}}};
    descent_optimizer_options o = descent_optimizer_defaults();
    o.segments = wraps;
    o.n_segments = COUNT_OF(wraps);
    refuses("adam", N, &o, "", 0,
            "the segments up to '2' have more elements than memory can hold, w has 16");
}

/* Names are copied, and a number may be a segment. */
static void test_segments_are_copied(void **unused)
{
    char name[] = "b", role[] = "bias", group[] = "b lr=0.25";
    const char *const groups[] = {group};
    descent_segment two[] = {{"a", "weight", 0, 1, 0, {0}}, {name, role, 1, 1, 1, {1, 0, 0, 0}}};
    descent_optimizer_options o = {
        .segments = two, .n_segments = 2, .groups = groups, .n_groups = 1, .threads = 1};
    descent_optimizer *opt = make("sgd lr=0.5", 2, DESCENT_F64, &o);
    double w[2] = {1, 1}, g[2] = {1, (double)NAN};
    const char *segment;

    (void)unused;
    memset(name, 'x', 1);
    memset(role, 'x', 4);
    memset(group, 'x', 9);
    memset(two, 0, sizeof two);
    descent_optimizer_step_f64(opt, w, g);
    assert_int_equal(descent_optimizer_culprit(opt, &segment), 1);
    assert_string_equal(segment, "b");
    g[1] = 1;
    descent_optimizer_step_f64(opt, w, g);
    assert_true(w[0] == 0.5 && w[1] == 0.75);
    descent_optimizer_free(opt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_groups),
        cmocka_unit_test(test_what_is_left),
        cmocka_unit_test(test_bad_segments),
        cmocka_unit_test(test_segments_are_copied),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
