/* diagnose_start.c - the untrained network: its first weights, and what it makes of examples. */
#include "train/diagnose.h"

#include "graph/op.h"

#include <math.h>
#include <string.h>

/* EVERY: so many examples of the training pay for one here */
enum { EVERY = 80, LEAST = 64, EXAMPLES = 256 }; /* that the untrained network is shown */

descent_status dsc_diagnosis_prepare(dsc_diagnosis *d, const dsc_fit *fit, descent_error *err)
{
    const dsc_graph *graph = fit->model->network.graph;
    dsc_start *start = &d->c.start;

    start->output_deviation = start->output_magnitude = start->same_units = (double)NAN;
    start->widest_init = start->narrowest_init = start->target_magnitude = (double)NAN;
    if (fit->instruments) {
        DSC_TRY(dsc_layers_find(&d->model_layers, graph, err));
        DSC_TRY(dsc_silence_create(&d->silence, &d->model_layers, graph, err));
    }
    DSC_TRY(dsc_look_create(d, fit, err));
    return dsc_trace_create(d, fit, err);
}

void dsc_diagnosis_release(dsc_diagnosis *d)
{
    dsc_silence_free(&d->silence);
    dsc_layers_free(&d->model_layers);
    dsc_look_free(d);
    dsc_trace_free(d);
}

/* --- first weights ---------------------------------------------------------------------------- */

static bool same_rows(const float *w, size_t columns, size_t a, size_t b)
{
    for (size_t i = 0; i < columns; i++)
        if (w[a * columns + i] != w[b * columns + i])
            return false;
    return true;
}

/* The share of a matrix' rows that have a twin. Of many rows only the first: units that are drawn
 * alike are alike everywhere. */
static double share_of_twins(const float *w, size_t rows, size_t columns)
{
    enum { MOST = 512 };
    size_t twins = 0;

    rows = rows < MOST ? rows : MOST;
    for (size_t a = 0; a < rows; a++)
        for (size_t b = 0; b < rows; b++)
            if (a != b && same_rows(w, columns, a, b)) {
                twins++;
                break;
            }
    return rows > 1 ? (double)twins / (double)rows : 0.0;
}

static double magnitude(const float *w, size_t n)
{
    double squares = 0.0;

    for (size_t i = 0; i < n; i++)
        squares += (double)w[i] * (double)w[i];
    return sqrt(squares / (double)n);
}

/* A name that is a whole line, cut where there is no room. */
static void keep_name(char out[DSC_NAME], const char *name)
{
    const size_t n = strlen(name);

    memcpy(out, name, n < DSC_NAME ? n : DSC_NAME - 1);
    out[n < DSC_NAME ? n : DSC_NAME - 1] = '\0';
}

/* One matrix: how its deviation stands to what He, Glorot and LeCun propose for it. A model's last
 * may begin at nothing, as its outputs are told apart by their targets. */
static void look_at_matrix(dsc_start *start, const dsc_node *node, const float *w)
{
    const double in = node->fan_in, out = node->fan_out,
                 size = magnitude(w, dsc_shape_count(node->shape));
    const double he = sqrt(2.0 / in), glorot = sqrt(2.0 / (in + out)), lecun = sqrt(1.0 / in);
    const double wide = size / fmax(he, glorot), narrow = size / fmin(glorot, lecun / sqrt(3.0));
    const bool head = strcmp(node->role, "head") == 0;
    const double length = size * sqrt((double)dsc_shape_count(node->shape));
    const size_t rows = (size_t)node->shape.size[0];
    const double same = share_of_twins(w, rows, dsc_shape_count(node->shape) / rows);

    start->weight_norm = hypot(start->weight_norm, length);
    if (!(wide <= start->widest_init)) {
        start->widest_init = wide;
        keep_name(start->widest_segment, node->name);
    }
    if (!head && size > 0.0 && !(narrow >= start->narrowest_init)) {
        start->narrowest_init = narrow;
        keep_name(start->narrowest_segment, node->name);
    }
    const double growth = size * sqrt((double)rows);
    if (strstr(node->name, "weight_hh") && rows == (size_t)node->shape.size[1] &&
        !(growth >= start->recurrent_growth && start->recurrent_growth > 0.0))
        start->recurrent_growth = growth;
    const size_t units = (size_t)node->shape.size[1];
    if (strstr(node->name, "weight_hh") && rows > units)
        start->gate_spread = fmax(start->gate_spread, size * sqrt((double)units));
    if (!head && !(same <= start->same_units)) {
        start->same_units = same;
        keep_name(start->same_segment, node->name);
    }
}

static void look_at_weights(dsc_start *start, const descent_model *model)
{
    const dsc_graph *graph = model->network.graph;

    for (dsc_id k = 0; (size_t)k < dsc_graph_nodes(graph); k++) {
        const dsc_node *node = dsc_graph_node(graph, k);
        if (node->kind == DSC_PARAMETER && node->shape.rank >= 2 && node->fan_in > 0 &&
            strcmp(node->role, "embedding") != 0)
            look_at_matrix(start, node, model->w + node->offset);
    }
}

/* --- first outputs ---------------------------------------------------------------------------- */

/* Sums over what the network gave so far. */
typedef struct sums {
    double loss, examples;
    double values, squares; /* of outputs */
    double target_squares;  /* of regression's targets */
    double rows;            /* outputs of a place each */
} sums;

static void add_outputs(dsc_diagnosis *d, const dsc_fit *fit, dsc_run *run, size_t n, sums *s)
{
    const dsc_network *net = &fit->model->network; /* the trainer's has the same nodes */
    const size_t width = (size_t)fit->model->options.outputs;
    const size_t rows = n * dsc_shape_count(dsc_graph_node(net->graph, net->output)->shape) / width;
    const float *y = dsc_run_value(run, net->output), *t = dsc_run_input(run, net->target);
    const bool labels = fit->model->loss.kind->target == DSC_LABELS;

    for (size_t i = 0; i < rows * width; i++) {
        const double value = (double)y[i];
        d->output_sum[i % width] += value;
        d->output_squares[i % width] += value * value;
        s->squares += value * value;
        s->target_squares += labels ? 0.0 : (double)t[i] * (double)t[i];
    }
    s->rows += (double)rows;
    s->values += (double)(rows * width);
}

static double mean_deviation(const dsc_diagnosis *d, size_t width, double rows)
{
    double sum = 0.0;

    for (size_t i = 0; i < width; i++) {
        const double mean = d->output_sum[i] / rows;
        sum += sqrt(fmax(0.0, d->output_squares[i] / rows - mean * mean));
    }
    return sum / (double)width;
}

static void look_at_outputs(dsc_diagnosis *d, const dsc_fit *fit)
{
    const size_t room = dsc_trainer_room(fit->trainer), n = d->look.n_train;
    const size_t width = (size_t)fit->model->options.outputs;
    const size_t places = dsc_dataset_positions(fit->data);
    const size_t few = (size_t)(fit->steps * fit->window) / EVERY;
    const size_t some = few < LEAST ? LEAST : few < EXAMPLES ? few : EXAMPLES;
    const size_t most = places > 1 ? 1 + EXAMPLES / places : some;
    dsc_start *start = &d->c.start;
    sums s = {0};

    memset(d->output_sum, 0, width * sizeof *d->output_sum);
    memset(d->output_squares, 0, width * sizeof *d->output_squares);
    for (size_t begin = 0; begin < n && begin < most; begin += room) {
        const size_t count = n - begin < room ? n - begin : room;
        dsc_run *run;
        s.loss += (double)count * dsc_trainer_peek(fit->trainer, d->look.train + begin, count,
                                                   d->c.layers > 0 ? dsc_silence_see : NULL,
                                                   &d->silence, &run);
        s.examples += (double)count;
        add_outputs(d, fit, run, count, &s);
    }
    start->loss = s.loss / s.examples;
    start->output_magnitude = sqrt(s.squares / s.values);
    start->output_deviation = mean_deviation(d, width, s.rows);
    start->target_magnitude = fit->model->loss.kind->target == DSC_LABELS
                                  ? (double)NAN
                                  : sqrt(s.target_squares / s.values);
}

void dsc_diagnosis_start(dsc_fit *fit)
{
    dsc_diagnosis *d = fit->diagnosis;

    if (!d)
        return;
    dsc_start *start = &d->c.start;
    start->looked = true;
    look_at_weights(start, fit->model);
    if (d->c.layers > 0)
        dsc_silence_begin(&d->silence, dsc_instruments_layers(fit->instruments),
                          dsc_trainer_graph(fit->trainer));
    look_at_outputs(d, fit);
    for (size_t i = 0; i < d->c.layers; i++)
        d->layer[i].silent_at_start = dsc_silence_share(&d->silence, i);
}
