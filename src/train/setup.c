/* setup.c - what a training stands on: its examples, kernels and optimizer, and whether what that
 * needs can be had here. */
#include "train/fit.h"

#include "base/memory.h"
#include "layer/loss.h"

#include <string.h>

/* Evenly spread, since files often are in order of their classes. */
static size_t thin(uint32_t *index, size_t n, size_t examples)
{
    if (examples >= n)
        return n;
    for (size_t i = 0; i < examples; i++)
        index[i] = index[(size_t)((double)i * (double)n / (double)examples)];
    return examples;
}

descent_status dsc_fit_split(dsc_split *split, const dsc_settings *settings,
                             const descent_dataset *data, descent_error *err)
{
    DSC_TRY(dsc_split_make(split, data, settings->test, settings->seed, err));
    return dsc_split_clean(split, data, settings->no_twins, settings->no_doubtful_labels, err);
}

/* What is held out changes no setting, but that a batch can't have more than there is. */
descent_status dsc_fit_resolve(const dsc_fit *fit, dsc_settings *settings, descent_recipe *recipe,
                               dsc_split *split, descent_error *err)
{
    DSC_TRY(dsc_settings_resolve(settings, recipe, fit->data, split->n_train, err));
    if (fit->options->hold_out)
        DSC_TRY(dsc_split_hold_out(split, fit->data, err));
    if (fit->options->examples > 0) {
        split->n_train = thin(split->train, split->n_train, fit->options->examples);
        split->n_test = thin(split->test, split->n_test, fit->options->examples);
    }
    if (settings->batch > (int64_t)split->n_train)
        settings->batch = (int64_t)split->n_train;
    return DESCENT_OK;
}

descent_status dsc_fit_read_kernels(const char *word, const dsc_settings *set, dsc_backend *backend,
                                    descent_error *err)
{
    const bool ref = word && strcmp(word, "ref") == 0;

    *backend = set->bf16 ? DSC_BACKEND_BF16 : ref ? DSC_BACKEND_REF : DSC_BACKEND_AUTO;
    if (ref && set->bf16)
        return dsc_fail(err, DESCENT_INVALID,
                        "the kernels 'ref' know no precision = bf16; use auto");
    if (!word || ref || strcmp(word, "auto") == 0)
        return DESCENT_OK;
    return dsc_fail(err, DESCENT_UNKNOWN, "no kernels are called '%s'; there are auto and ref",
                    word);
}

/* What the recipe says of groups, as the optimizer wants it. */
typedef struct groups {
    const char **text;
    dsc_place *place;
} groups;

static descent_status list_groups(const descent_recipe *recipe, groups *g, descent_error *err)
{
    g->text = dsc_alloc(recipe->n_groups, sizeof *g->text);
    g->place = dsc_alloc(recipe->n_groups, sizeof *g->place);
    if (!g->text || !g->place)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu groups", recipe->n_groups);
    for (size_t i = 0; i < recipe->n_groups; i++) {
        g->text[i] = recipe->group[i].text;
        g->place[i] = dsc_recipe_group_place(recipe, i);
    }
    return DESCENT_OK;
}

static descent_status create(dsc_fit *fit, const descent_recipe *recipe, descent_error *err)
{
    const dsc_origins origins = {.spec = dsc_recipe_place(recipe, DSC_KEY_optimizer)};
    descent_optimizer_options options = descent_optimizer_defaults();
    groups g = {0};

    descent_status status = list_groups(recipe, &g, err);
    if (status == DESCENT_OK) {
        options.segments = descent_model_segment(fit->model, 0);
        options.n_segments = descent_model_segments(fit->model);
        options.groups = g.text;
        options.n_groups = recipe->n_groups;
        options.steps = fit->steps;
        options.examples = fit->window;
        options.threads = fit->threads;
        options.gives_objective = DSC_OBJECTIVE_IF_NEEDED;
        options.gives_curvature = 1;
        status = dsc_optimizer_create_at(&fit->optimizer, fit->settings->optimizer, fit->model->n_w,
                                         DESCENT_F32, &options,
                                         (dsc_origins){origins.spec, g.place}, err);
    }
    dsc_free(g.text);
    dsc_free(g.place);
    return status;
}

/* What only this training knows: that its gradients are noisy, and what its loss is. */
static descent_status check(const dsc_fit *fit, dsc_place place, descent_error *err)
{
    const char *name = descent_optimizer_name(fit->optimizer);

    if (dsc_optimizer_searches(fit->optimizer) && fit->steps_per_epoch > 1)
        return dsc_fail_at(err, DESCENT_INVALID, place,
                           "%s needs the loss of all data at every evaluation; add --batch all",
                           name);
    const char *loss = fit->settings->loss_kind->info.name;
    if (dsc_optimizer_samples(fit->optimizer) && strcmp(loss, "cross_entropy") != 0)
        return dsc_fail_at(err, DESCENT_INVALID, place,
                           "%s draws labels from the model's softmax, which only cross_entropy "
                           "has, and the loss is %s; use sophia_h",
                           name, loss);
    return DESCENT_OK;
}

descent_status dsc_fit_make_optimizer(dsc_fit *fit, const descent_recipe *recipe,
                                      descent_error *err)
{
    DSC_TRY(create(fit, recipe, err));
    return check(fit, dsc_recipe_place(recipe, DSC_KEY_optimizer), err);
}

bool dsc_fit_wants_constant_lr(const dsc_fit *fit)
{
    const char *average = descent_optimizer_average_name(fit->optimizer);

    return dsc_optimizer_searches(fit->optimizer) ||
           dsc_optimizer_schedules(fit->optimizer, "lr") ||
           (average && strcmp(average, descent_optimizer_name(fit->optimizer)) == 0);
}

descent_status dsc_fit_make_augmentation(dsc_augment *augment, const descent_recipe *recipe,
                                         const descent_dataset *data, descent_error *err)
{
    const char *text = recipe->setting[DSC_KEY_augment].text;
    const dsc_place place = dsc_recipe_place(recipe, DSC_KEY_augment);

    *augment = data->augment;
    if (text)
        DSC_TRY(dsc_augment_parse(augment, text, place, err));
    if (text && augment->on && data->augment.on)
        return dsc_fail_at(err, DESCENT_INVALID, place,
                           "augment is given twice: here, and behind the data '%s'", data->name);
    return dsc_augment_fit(augment, data, err);
}
