/* diagnose_plan.c - what the recipe says, as findings want it. */
#include "train/diagnose.h"

#include "graph/op.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The first word of a string that people type. */
static void first_word(const char *text, char out[32])
{
    snprintf(out, 32, "%.*s", (int)strcspn(text, " ("), text);
}

/* Layers with matrices or filters, one behind the other, and those of some kinds. */
static void count_layers(dsc_plan *p, const dsc_graph *graph)
{
    const char *last = "";

    for (dsc_id k = 0; (size_t)k < dsc_graph_nodes(graph); k++) {
        const dsc_node *node = dsc_graph_node(graph, k);
        if (node->kind == DSC_PARAMETER && node->shape.rank >= 2) {
            p->deep += strcmp(last, node->layer) != 0;
            last = node->layer;
        }
        if (node->kind != DSC_OP)
            continue;
        if (strcmp(node->op->name, "rnn") == 0) {
            const int steps = dsc_graph_node(graph, node->input[0])->shape.size[0];
            p->recurrent_steps = steps > p->recurrent_steps ? steps : p->recurrent_steps;
        }
        p->batch_norms += strcmp(node->op->name, "batch_norm") == 0;
        p->dropouts += strcmp(node->op->name, "dropout") == 0;
        p->layer_norms += strstr(node->op->name, "_norm") != NULL;
    }
    p->layer_norms -= p->batch_norms;
}

static void count_frozen(dsc_plan *p, const dsc_fit *fit)
{
    for (size_t i = 0; i < fit->model->n_segments; i++) {
        const double n = (double)fit->model->segment[i].count;
        descent_treatment t = {.frozen = 0};
        descent_optimizer_treatment(fit->optimizer, i, &t);
        const bool slow = !t.frozen && dsc_diagnosis_rate(fit, i) < DSC_HARDLY_LEARNS;
        p->frozen += t.frozen || slow ? n : 0.0;
        p->slow += slow ? n : 0.0;
    }
}

/* Norm gains and biases that decay, whoever says so: decay_all or a group. */
static void count_decayed(dsc_plan *p, const dsc_fit *fit)
{
    for (size_t i = 0; i < fit->model->n_segments; i++) {
        const descent_segment *s = &fit->model->segment[i];
        descent_treatment t;
        if (!descent_optimizer_treatment(fit->optimizer, i, &t) || t.frozen ||
            !(t.weight_decay > 0.0))
            continue;
        p->decayed_norms += strncmp(s->role, "norm_", 5) == 0;
        p->decayed_biases += strcmp(s->role, "bias") == 0;
    }
}

static void read_hyperparameters(dsc_plan *p, const descent_optimizer *o)
{
    p->lr = descent_optimizer_get(o, "lr");
    p->momentum = descent_optimizer_get(o, "momentum");
    p->beta1 = descent_optimizer_get(o, "beta1");
    p->beta2 = descent_optimizer_get(o, "beta2");
    p->eps = descent_optimizer_get(o, "eps");
    p->weight_decay = descent_optimizer_get(o, "weight_decay");
    p->clip_norm = descent_optimizer_get(o, "clip_norm");
    p->clip_value = descent_optimizer_get(o, "clip_value");
    p->clip_segment = descent_optimizer_get(o, "clip_segment");
    p->agc = descent_optimizer_get(o, "agc");
    p->layer_decay = descent_optimizer_get(o, "layer_decay");
    p->adaptive = !isnan(p->eps);
    p->decay_all = descent_optimizer_get(o, "decay_all") > 0.0;
    p->l2_decay = strstr(p->optimizer, "decay=l2") != NULL;
}

void dsc_diagnosis_plan(dsc_diagnosis *d, const dsc_fit *fit)
{
    const dsc_settings *s = fit->settings;
    dsc_plan *p = &d->c.plan;

    first_word(s->optimizer, d->rule);
    first_word(s->schedule, d->shape);
    first_word(s->loss, d->loss);
    *p = (dsc_plan){.classifies = fit->data->task == DESCENT_CLASSIFICATION && !fit->data->tokens,
                    .text = fit->data->tokens != NULL,
                    .pictures = fit->data->shape.rank == 3,
                    .outputs = fit->data->outputs,
                    .train = fit->split->n_train,
                    .test = fit->split->n_test,
                    .positions = (int)dsc_dataset_positions(fit->data),
                    .parameters = (double)fit->model->n_w,
                    .steps = fit->steps,
                    .steps_per_epoch = fit->steps_per_epoch,
                    .batch = fit->window,
                    .epochs = s->epochs,
                    .patience = s->patience,
                    .standardizes = s->standardize,
                    .shuffles = s->shuffles,
                    .augments = fit->recipe->setting[DSC_KEY_augment].text != NULL,
                    .data = s->data,
                    .model = s->model,
                    .loss = s->loss,
                    .optimizer = s->optimizer,
                    .schedule = s->schedule,
                    .rule = d->rule,
                    .shape = d->shape,
                    .loss_name = d->loss,
                    .warmup = fit->schedule->warmup};
    read_hyperparameters(p, fit->optimizer);
    p->searches = dsc_optimizer_searches(fit->optimizer);
    count_layers(p, fit->model->network.graph);
    count_decayed(p, fit);
    count_frozen(p, fit);
}
