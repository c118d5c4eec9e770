/* check_repeat.c - two short trainings, on one thread and on two, must end with the same bits. */
#include "study/check.h"

#include "model/model.h"

#include <string.h>

enum { STEPS = 20 };

static const double limit = 2.0; /* seconds of the first; the second takes as many steps */

typedef struct repeat {
    descent_check *check;
    int64_t steps; /* that the first took */
    bool second;
} repeat;

static int on_progress(const descent_train_progress *now, void *user)
{
    repeat *r = user;
    const double done = (double)now->step / STEPS;

    if (dsc_check_tell(r->check, DSC_CHECK_REPEAT, 0.5 * (done + (r->second ? 1.0 : 0.0))))
        return 1;
    if (r->second)
        return now->step >= r->steps;
    r->steps = now->step;
    return now->seconds > limit;
}

static descent_status train(repeat *r, descent_model **model, int threads, descent_error *err)
{
    descent_train_options o = descent_train_defaults();
    descent_recipe *recipe;

    o.threads = threads;
    o.kernels = r->check->options.kernels;
    o.diagnose = 0;
    o.on_progress = on_progress;
    o.user = r;
    DSC_TRY(dsc_ground_recipe(&recipe, &r->check->ground, r->check->ground.seed, err));
    descent_status status = dsc_ground_put_steps(recipe, STEPS, err);
    if (status == DESCENT_OK)
        status = descent_train(model, recipe, r->check->ground.data, &o, NULL, err);
    descent_recipe_free(recipe);
    return status;
}

/* How many of all weights differ. */
static size_t differences(const descent_model *a, const descent_model *b)
{
    size_t n = 0;

    for (size_t i = 0; i < a->n_w; i++) {
        uint32_t x, y; /* their bits: 0 and -0 differ */
        memcpy(&x, &a->w[i], sizeof x);
        memcpy(&y, &b->w[i], sizeof y);
        n += x != y;
    }
    return n;
}

descent_status dsc_check_repeat(descent_check *check, descent_error *err)
{
    repeat r = {.check = check};
    descent_model *one = NULL, *two = NULL;

    descent_status status = train(&r, &one, 1, err);
    r.second = true;
    if (status == DESCENT_OK && !check->interrupted)
        status = train(&r, &two, 2, err);
    if (status == DESCENT_OK && !check->interrupted) {
        const size_t n = differences(one, two);
        if (n == 0)
            dsc_check_say(check, "repeat", DESCENT_PASS,
                          "two trainings of %lld steps, on one thread and on two, end with the "
                          "same bits",
                          (long long)r.steps);
        else
            dsc_check_say(check, "repeat", DESCENT_FAIL,
                          "%zu of %zu weights differ after %lld steps on one thread and on two; "
                          "none should",
                          n, one->n_w, (long long)r.steps);
    }
    descent_model_free(one);
    descent_model_free(two);
    return status;
}
