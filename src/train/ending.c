/* ending.c - how a training ended, in one plain sentence. */
#include "train/fit.h"

#include "base/print.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SAY(r, used, ...) \
  dsc_print((r)->sentence + (used), sizeof(r)->sentence - (size_t)(used), __VA_ARGS__)

/* "the gradient of '2.weight' is not finite": gradients too large to square are as good as that. */
static void name_culprit(const dsc_fit *fit, char out[120])
{
    const char *segment;

    if (descent_optimizer_culprit(fit->optimizer, &segment) < 0)
        snprintf(out, 120, "the loss is not finite");
    else
        snprintf(out, 120, "the gradient of '%s' is not finite", segment);
}

/* The first tensor to be saved that holds NaN or infinity; NULL: none does. */
static const char *odd_tensor(const dsc_fit *fit)
{
    const descent_model *m = fit->model;
    const float *w = m->w;

    for (size_t s = 0; s < m->n_segments; s++)
        for (size_t i = 0; i < m->segment[s].count; i++)
            if (!isfinite(w[m->segment[s].offset + i]))
                return m->segment[s].name;
    return NULL;
}

static bool is_test_odd(const dsc_fit *fit)
{
    return fit->score.count > 0 && !isfinite(fit->score.loss);
}

bool dsc_fit_is_odd(const dsc_fit *fit)
{
    return is_test_odd(fit) || odd_tensor(fit) != NULL;
}

/* Steps were taken to the end, and none behind the last could be skipped. */
static int say_odd(const dsc_fit *fit, descent_train_result *r)
{
    const long long step = (long long)fit->progress.step;
    const char *tensor = odd_tensor(fit);

    if (tensor)
        return SAY(r, 0, "diverged at step %lld: the weights '%s' are not finite; try ", step,
                   tensor);
    return SAY(r, 0, "diverged by step %lld: the test loss is not finite; try ", step);
}

static int say_skipped(const dsc_fit *fit, descent_train_result *r)
{
    const long long in_a_row = (long long)descent_optimizer_skipped_in_a_row(fit->optimizer);
    char why[120];

    name_culprit(fit, why);
    int used = SAY(r, 0, "diverged at step %lld: ", (long long)fit->progress.step + 1);
    if (in_a_row > 1)
        used += SAY(r, used, "%lld steps in a row were skipped, as ", in_a_row);
    return used + SAY(r, used, "%s; try ", why);
}

static void say_diverged(const dsc_fit *fit, double lr, descent_train_result *r)
{
    const bool skipped = descent_optimizer_skipped_in_a_row(fit->optimizer) > 0;
    int used = skipped ? say_skipped(fit, r) : say_odd(fit, r);

    if (!isnan(lr))
        used += SAY(r, used, "a lower learning rate than lr=%.4g", lr);
    if (descent_optimizer_get(fit->optimizer, "clip_norm") == 0.0)
        SAY(r, used, "%sclip_norm=1 in the optimizer", isnan(lr) ? "" : ", or ");
}

/* With patience: which epoch the model is of. */
static int say_best(const dsc_fit *fit, int used, descent_train_result *r)
{
    if (r->best_epoch > 0)
        used += SAY(r, used, "; the model is of epoch %d, whose test loss of %.4g was the best",
                    r->best_epoch, fit->best.number[DSC_BEST_LOSS]);
    return used;
}

static int say_early(const dsc_fit *fit, descent_train_result *r)
{
    const long long step = (long long)fit->progress.step, steps = (long long)fit->steps;
    int used = SAY(r, 0, "stopped early after %lld of %lld steps", step, steps);

    if (r->stopped_by)
        used += SAY(r, used, "; %s was found, which was to end it", r->stopped_by);
    else if (r->best_epoch == 0)
        used += SAY(r, used, "; no epoch had a finite test loss");
    return used;
}

void dsc_fit_say(const dsc_fit *fit, double lr, descent_train_result *r)
{
    const long long step = (long long)fit->progress.step, steps = (long long)fit->steps;
    const long long skipped = (long long)descent_optimizer_skipped(fit->optimizer);
    char why[120];
    int used = 0;

    switch (r->stop) {
    case DESCENT_STOP_DIVERGED:
        say_diverged(fit, lr, r);
        return;
    case DESCENT_STOP_INTERRUPTED:
        used = SAY(r, 0, "interrupted after %lld of %lld steps", step, steps);
        break;
    case DESCENT_STOP_STEPS:
    case DESCENT_STOP_CONVERGED:
        used = step == steps ? SAY(r, 0, "took all %lld steps", step)
                             : SAY(r, 0, "took %lld of %lld steps", step, steps);
        break;
    case DESCENT_STOP_EARLY:
        used = say_early(fit, r);
        break;
    }
    used = say_best(fit, used, r);
    if (skipped > 0)
        used += SAY(r, used, "; %lld step%s skipped", skipped, skipped == 1 ? "" : "s");
    name_culprit(fit, why);
    if (skipped > 0 && descent_optimizer_culprit(fit->optimizer, NULL) >= 0)
        SAY(r, used, ", the last because %s", why);
}
