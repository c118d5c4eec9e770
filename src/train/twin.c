/* twin.c - a training's network in double. */
#include "train/twin.h"

#include "base/memory.h"
#include "base/rng.h"

static const double moved = 0.02; /* how far a weight is moved at most */
enum { DIFFERENT = 1021 }; /* moves, over and over: a prime, so that no two units move alike */

void dsc_twin_release(dsc_twin *t)
{
    dsc_run_free(t->run);
    dsc_network_free(&t->net);
    dsc_free(t->w);
    dsc_free(t->b);
    dsc_free(t->g);
}

/* Examples, spread over the training part. */
static int choose(const dsc_fit *fit, uint32_t index[DSC_TWIN_EXAMPLES])
{
    const size_t n = fit->split->n_train;
    const int count = n < DSC_TWIN_EXAMPLES ? (int)n : DSC_TWIN_EXAMPLES;

    for (int i = 0; i < count; i++)
        index[i] = fit->split->train[n / (size_t)count * (size_t)i];
    return count;
}

/* A point near the first weights. */
static void place(dsc_twin *t, const descent_model *model)
{
    float move[DIFFERENT];

    for (size_t i = 0; i < DIFFERENT; i++) {
        const double u = dsc_random_uniform(model->options.seed, DSC_RNG_NEAR, 0, i);
        move[i] = (float)(moved * (2.0 * u - 1.0));
    }
    for (size_t i = 0; i < model->n_w; i += DIFFERENT) {
        const size_t left = model->n_w - i, n = left < DIFFERENT ? left : DIFFERENT;
        for (size_t j = 0; j < n; j++)
            t->w[i + j] = (double)(model->w[i + j] + move[j]);
    }
    for (size_t i = 0; i < model->n_b; i++)
        t->b[i] = (double)model->b[i];
}

descent_status dsc_twin_make(dsc_twin *t, const dsc_fit *fit, descent_error *err)
{
    const descent_model *model = fit->model;

    DSC_TRY(dsc_network_build(&t->net, &model->options, DESCENT_F64, DSC_TWIN_EXAMPLES,
                              DSC_BACKEND_REF, (dsc_place){0}, NULL, err));
    t->w = dsc_alloc(model->n_w, sizeof *t->w);
    t->b = dsc_alloc(model->n_b, sizeof *t->b);
    t->g = dsc_alloc(model->n_w, sizeof *t->g);
    if (!t->w || !t->b || !t->g)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for the gradient of %zu weights",
                        model->n_w);
    place(t, model);
    DSC_TRY(dsc_run_create(&t->run, t->net.graph, true, t->w, t->b, t->g, err));
    /* the seed and step of a model's first descent_model_gradient(): dropout drops the same */
    t->pass =
        (dsc_pass){.rows = choose(fit, t->index), .training = true, .seed = model->options.seed};
    dsc_batch_gather(fit->data, &model->scaling, DESCENT_F64, t->index, (size_t)t->pass.rows,
                     dsc_run_input(t->run, t->net.x), dsc_run_input(t->run, t->net.target));
    t->pass.loss_scale = 1.0 / dsc_run_loss_weight(t->run, &t->pass);
    return DESCENT_OK;
}
