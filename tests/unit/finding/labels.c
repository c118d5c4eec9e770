/* labels.c - label-noise of which neighbours know nothing, read off the errors of the network. */
#include "expect.h"

extern const dsc_finding dsc_finding_label_noise;

static void errors_where_the_network_is_sure(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.data.neighbours_right = 0.4;
    h.c.train_look.accuracy = 0.8;
    h.c.test_look.accuracy = 0.78;
    h.c.test_look.wrong_of_sure = 0.2;
    h.c.test_look.wrong_of_unsure = 0.25;
    says(&dsc_finding_label_noise, &h.c,
         "of the test examples that the network is surer of 20 % are wrong, of the others 25 %; "
         "where classes overlap the first are less than half as many",
         "look through what the network is sure of and gets wrong, and correct those labels", "");
    h.c.data.neighbours_right = 0.9; /* so many labels cannot be wrong then */
    finds_nothing(&dsc_finding_label_noise, &h.c);
    h.c.data = (dsc_audit){.majority = 0.1}; /* it needs no neighbours */
    finds(&dsc_finding_label_noise, &h.c);
    h.c.test_look.wrong_of_unsure = 0.45; /* it errs at the borders of classes */
    finds_nothing(&dsc_finding_label_noise, &h.c);
    h.c.test_look.wrong_of_unsure = 0.25;
    h.c.train_look.accuracy = 0.95; /* it learned by heart, and is sure of that */
    finds_nothing(&dsc_finding_label_noise, &h.c);
    h.c.train_look.accuracy = h.c.test_look.accuracy = 0.35; /* it learned little */
    finds_nothing(&dsc_finding_label_noise, &h.c);
}

static void few_errors_say_nothing(void **state)
{
    healthy h;

    (void)state;
    healthy_make(&h);
    h.c.data.neighbours_right = 0.4;
    h.c.train_look.accuracy = h.c.test_look.accuracy = 0.93;
    h.c.test_look.wrong_of_sure = 0.08;
    h.c.test_look.wrong_of_unsure = 0.06;
    h.c.test_look.sure = 400;
    finds(&dsc_finding_label_noise, &h.c);
    h.c.test_look.sure = 70; /* five or six of seventy: it may be fewer of all */
    finds_nothing(&dsc_finding_label_noise, &h.c);
    h.c.test_look.sure = 400;
    h.c.test_look.wrong_of_sure = 0.05;
    finds_nothing(&dsc_finding_label_noise, &h.c);
}

static void make_numbers(healthy *h)
{
    healthy_make(h);
    h->c.plan.classifies = false;
    h->c.plan.outputs = 1;
    h->c.plan.loss = h->c.plan.loss_name = "mse";
    h->c.data.target_unit = 1;
    h->c.data.neighbours_contradict = 0;
    h->c.data.neighbours_right = 0.1;
    h->c.epoch = h->epoch;
    for (int i = 0; i < EPOCHS; i++)
        h->epoch[i].test_rmse = 0.8;
    h->c.test_look.n = 300;
    h->c.test_look.tails = 2.5;
    h->c.train_look.tails = 1.6;
}

static void numbers_far_off_what_the_network_says(void **state)
{
    healthy h;

    (void)state;
    make_numbers(&h);
    says(
        &dsc_finding_label_noise, &h.c,
        "errors of the test part are 2.5 times as large (root mean square) as the middle one says, "
        "of the training part 1.6 times: most targets are close, and some far off; normal errors "
        "give 1, above 1.3 in both parts some targets are wrong",
        "take a loss that single errors move little: huber; or correct those targets",
        "--loss huber");
    h.c.train_look.tails = 1.2; /* it may not know the test part */
    finds_nothing(&dsc_finding_label_noise, &h.c);
    make_numbers(&h);
    h.c.data.neighbours_right = 0.6; /* neighbours do better: it learned too little */
    finds_nothing(&dsc_finding_label_noise, &h.c);
    make_numbers(&h);
    h.c.test_look.tails = h.c.train_look.tails = HUGE_VAL; /* half of all is told exactly */
    finds_nothing(&dsc_finding_label_noise, &h.c);
    make_numbers(&h);
    h.c.plan.loss = h.c.plan.loss_name = "huber";
    finds_nothing(&dsc_finding_label_noise, &h.c);
    make_numbers(&h);
    for (int i = 0; i < EPOCHS; i++)
        h.epoch[i].test_rmse = 0.2; /* they hardly matter */
    finds_nothing(&dsc_finding_label_noise, &h.c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_where_the_network_is_sure),
        cmocka_unit_test(few_errors_say_nothing),
        cmocka_unit_test(numbers_far_off_what_the_network_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
