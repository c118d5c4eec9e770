/* score.c - forward passes over many examples: outputs, loss, accuracy. */
#include "model/model.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "graph/op.h"

#include <math.h>
#include <string.h>

/* What one chunk of predict_rows examples gives; summed in order of the chunks. */
typedef struct chunk {
    double loss, weight, squares;
    size_t labels, hits;
} chunk;

typedef struct work {
    const descent_model *model;
    const dsc_examples *examples;
    const dsc_forward *out;
    dsc_run **run; /* one a worker */
    uint32_t (*index)[DSC_PREDICT_ROWS];
    int workers;
    size_t chunks;
    chunk *result;
} work;

/* Labels of a chunk, in the model's numbering. */
static void map_labels(const dsc_examples *e, int32_t *label, size_t n)
{
    for (size_t i = 0; e->class_map && i < n; i++)
        label[i] = e->class_map[label[i]];
}

/* Past the end of a text there is nothing to predict. */
static size_t count_labels(const int32_t *label, size_t n)
{
    size_t labels = 0;

    for (size_t i = 0; i < n; i++)
        labels += label[i] != DSC_NO_LABEL;
    return labels;
}

static size_t count_hits(const float *output, const int32_t *label, size_t n, int outputs)
{
    size_t hits = 0;

    for (size_t i = 0; i < n; i++, output += outputs) {
        int best = 0;
        bool known = !isnan(output[0]);
        for (int j = 1; j < outputs; j++) {
            best = output[j] > output[best] ? j : best;
            known = known && !isnan(output[j]);
        }
        hits += known && best == label[i];
    }
    return hits;
}

/* Squared errors in the data's own units. */
static double sum_squares(const descent_model *model, const float *output, const float *target,
                          size_t n)
{
    const size_t width = (size_t)model->options.outputs;
    double sum = 0;

    for (size_t i = 0; i < n * width; i++) {
        const double scale =
            model->scaling.n_targets ? (double)model->scaling.target_scale[i % width] : 1.0;
        const double y = dsc_link_value(model->loss.link, (double)output[i]);
        const double d = (y - (double)target[i]) / scale;
        sum += d * d;
    }
    return sum;
}

static void score_chunk(const work *w, dsc_run *run, const dsc_pass *pass, chunk *c)
{
    const dsc_network *net = &w->model->network;
    const size_t n = (size_t)pass->rows;
    const float *output = dsc_run_value(run, net->output);
    const void *target = dsc_run_input(run, net->target);

    c->weight = dsc_run_loss_weight(run, pass);
    if (w->model->loss.kind->target == DSC_LABELS) {
        const size_t positions = n * dsc_network_labels(net);
        c->labels = count_labels(target, positions);
        c->hits = count_hits(output, target, positions, w->model->options.outputs);
    } else {
        c->squares = sum_squares(w->model, output, target, n);
    }
}

/* What each example lost: the mean over its elements. */
static void copy_losses(const work *w, const dsc_run *run, size_t begin, size_t n)
{
    const dsc_network *net = &w->model->network;
    const size_t each = dsc_shape_count(dsc_graph_node(net->graph, net->loss)->shape);
    const float *loss = dsc_run_value(run, net->loss);

    for (size_t i = 0; i < n; i++) {
        double sum = 0.0;
        for (size_t j = 0; j < each; j++)
            sum += (double)loss[i * each + j];
        w->out->loss[begin + i] = (float)(sum / (double)each);
    }
}

static void run_chunk(const work *w, int worker, size_t number)
{
    const dsc_network *net = &w->model->network;
    const size_t most = (size_t)w->model->predict_rows, begin = number * most;
    const size_t left = w->examples->n - begin, n = left < most ? left : most;
    const size_t outputs = (size_t)w->model->options.outputs;
    const dsc_pass pass = {.rows = (int)n, .first_row = (int64_t)begin, .loss_scale = 1.0};
    dsc_run *run = w->run[worker];
    uint32_t *index = w->index[worker];
    const bool wanted = w->out->score || w->out->loss;
    void *target = wanted ? dsc_run_input(run, net->target) : NULL;

    for (size_t i = 0; i < n; i++)
        index[i] = w->examples->index ? w->examples->index[begin + i]
                                      : dsc_dataset_index(w->examples->data, begin + i);
    dsc_batch_gather(w->examples->data, &w->model->scaling, DESCENT_F32, index, n,
                     dsc_run_input(run, net->x), target);
    if (target && w->model->loss.kind->target == DSC_LABELS)
        map_labels(w->examples, target, n);
    if (!target) /* the loss is computed too; its target must only be valid */
        memset(dsc_run_input(run, net->target), 0,
               n * sizeof(float) *
                   (w->model->loss.kind->target == DSC_LABELS ? dsc_network_labels(net) : outputs));
    w->result[number].loss = dsc_run_forward(run, &pass);
    if (target)
        score_chunk(w, run, &pass, &w->result[number]);
    if (w->out->loss)
        copy_losses(w, run, begin, n);
    if (w->out->output)
        memcpy(w->out->output + begin * outputs, dsc_run_value(run, net->output),
               n * outputs * sizeof(float));
}

static void run_worker(int worker, void *user)
{
    const work *w = user;

    for (size_t number = (size_t)worker; number < w->chunks; number += (size_t)w->workers)
        run_chunk(w, worker, number);
}

static void sum_up(const work *w, descent_score *score)
{
    const bool classes = w->model->loss.kind->target == DSC_LABELS;
    chunk total = {0};

    for (size_t i = 0; i < w->chunks; i++) {
        total.loss += w->result[i].loss;
        total.weight += w->result[i].weight;
        total.squares += w->result[i].squares;
        total.hits += w->result[i].hits;
        total.labels += w->result[i].labels;
    }
    const double n = (double)(classes ? total.labels : w->examples->n);
    *score = (descent_score){
        .count = (size_t)n,
        /* examples that all weigh nothing have a loss of 0, as in training */
        .loss = total.weight > 0.0 || n == 0.0 ? total.loss / total.weight : 0.0,
        .accuracy = classes ? (double)total.hits / n : (double)NAN,
        .rmse =
            classes ? (double)NAN : sqrt(total.squares / (n * (double)w->model->options.outputs))};
}

void dsc_forward_runs_free(dsc_forward_runs *runs)
{
    for (int i = 0; i < runs->n; i++)
        dsc_run_free(runs->run[i]);
    dsc_free(runs->run);
    *runs = (dsc_forward_runs){0};
}

/* As many as there are workers. */
static descent_status make_runs(dsc_forward_runs *runs, const work *w, descent_error *err)
{
    if (runs->n >= w->workers)
        return DESCENT_OK;
    dsc_run **more = dsc_alloc((size_t)w->workers, sizeof(dsc_run *));
    if (!more)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %d runs", w->workers);
    for (int i = 0; i < runs->n; i++)
        more[i] = runs->run[i];
    dsc_free(runs->run);
    runs->run = more;
    while (runs->n < w->workers) {
        DSC_TRY(dsc_run_create(&more[runs->n], w->model->network.graph, false, w->model->w,
                               w->model->b, NULL, err));
        runs->n++;
    }
    return DESCENT_OK;
}

/* The calls on all chunks, by runs that are made. */
static void run_all(work *w, const dsc_forward_runs *runs)
{
    w->run = runs->run;
    if (w->workers > 0)
        dsc_run_watch(w->run[0], w->out->watch, w->out->watcher);
    dsc_parallel_for(w->workers, w->workers, run_worker, w);
    if (w->workers > 0)
        dsc_run_watch(w->run[0], NULL, NULL);
    if (w->out->score)
        sum_up(w, w->out->score);
}

descent_status dsc_model_forward(const descent_model *model, const dsc_examples *examples,
                                 int threads, const dsc_forward *out, descent_error *err)
{
    work w = {.model = model, .examples = examples, .out = out};
    dsc_forward_runs own = {0}, *runs = out->runs ? out->runs : &own;

    const size_t rows = (size_t)model->predict_rows;

    w.chunks = (examples->n + rows - 1) / rows;
    w.workers = (size_t)threads < w.chunks ? threads : (int)w.chunks;
    w.index = dsc_alloc((size_t)w.workers, sizeof *w.index);
    w.result = dsc_alloc(w.chunks, sizeof *w.result);
    descent_status status =
        w.index && w.result
            ? make_runs(runs, &w, err)
            : dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu predictions", examples->n);
    if (status == DESCENT_OK)
        run_all(&w, runs);
    dsc_forward_runs_free(&own);
    dsc_free(w.index);
    dsc_free(w.result);
    return status;
}
