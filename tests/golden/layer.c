/* layer.c - layers, losses and small networks, forward and backward, against published numbers.
 * In double with the reference kernels; in float with those and with the fastest ones. */
#include "layer.h"

#include "graph/op.h"
#include "op/registry.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- reading a case --------------------------------------------------------------------------- */

static const json_t *named(const json_t *list, const char *name)
{
    const json_t *item;
    size_t i;

    json_array_foreach(list, i,
                       item) if (strcmp(golden_string(item, "name"), name) == 0) return item;
    return NULL;
}

layer_tensor *layer_find(layer_case *c, const char *name)
{
    for (int i = 0; i < c->n_tensors; i++)
        if (strcmp(c->tensor[i].name, name) == 0)
            return &c->tensor[i];
    return NULL;
}

static bool read_tensor(layer_tensor *t, const json_t *item)
{
    const json_t *shape = json_object_get(item, "shape");

    *t = (layer_tensor){.name = golden_string(item, "name"),
                        .rank = (int)json_array_size(shape),
                        .integer = strcmp(golden_string(item, "type"), "int") == 0,
                        .gradient = json_is_true(json_object_get(item, "grad")),
                        .id = -1};
    if (t->rank > LAYER_RANK)
        return false;
    for (int i = 0; i < t->rank; i++)
        t->size[i] = (int)json_integer_value(json_array_get(shape, (size_t)i));
    t->data = golden_array(json_object_get(item, "data"), &t->n);
    return t->data != NULL;
}

static bool read_case(layer_case *c, const json_t *root)
{
    const json_t *inputs = json_object_get(root, "inputs"), *item;
    size_t i;

    *c = (layer_case){.root = root, .attrs = json_object_get(root, "attrs"), .y = -1};
    c->type = golden_is_f32(root) ? DESCENT_F32 : DESCENT_F64;
    if (json_array_size(inputs) > LAYER_TENSORS)
        return false;
    json_array_foreach(inputs, i,
                       item) if (!read_tensor(&c->tensor[c->n_tensors++], item)) return false;
    return true;
}

static void free_case(layer_case *c)
{
    for (int i = 0; i < c->n_tensors; i++)
        free(c->tensor[i].data);
}

/* --- vectors of the graph's type -------------------------------------------------------------- */

static void store(const layer_case *c, void *to, size_t offset, const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (c->type == DESCENT_F64)
            ((double *)to)[offset + i] = x[i];
        else
            ((float *)to)[offset + i] = (float)x[i];
    }
}

static double *load(const layer_case *c, const void *from, size_t offset, size_t n)
{
    double *x = calloc(n > 0 ? n : 1, sizeof *x);

    for (size_t i = 0; x && i < n; i++)
        x[i] = c->type == DESCENT_F64 ? ((const double *)from)[offset + i]
                                      : (double)((const float *)from)[offset + i];
    return x;
}

/* Compares n numbers at `got` with the "data" of a golden tensor. */
static golden_outcome compare(const layer_case *c, const json_t *golden, const char *what,
                              const void *got, size_t offset, golden_note *note)
{
    size_t n = 0;
    double *expected = golden_array(json_object_get(golden, "data"), &n);
    double *values = got ? load(c, got, offset, n) : NULL;
    golden_outcome outcome = GOLDEN_FAILED;

    if (!expected || !values)
        (void)golden_say(note, GOLDEN_FAILED, "%s: nothing to compare", what);
    else if (golden_close(c->root, what, values, expected, n, note))
        outcome = GOLDEN_PASSED;
    free(expected);
    free(values);
    return outcome;
}

/* --- running ---------------------------------------------------------------------------------- */

/* The vectors of one run. */
typedef struct layer_run {
    dsc_run *run;
    dsc_pass pass;
    void *w, *b, *g;
} layer_run;

static void fill(const layer_case *c, layer_run *r)
{
    for (int i = 0; i < c->n_tensors; i++) {
        const layer_tensor *t = &c->tensor[i];
        const dsc_node *node = dsc_graph_node(c->graph, t->id);

        if (!node)
            continue;
        if (node->kind == DSC_PARAMETER)
            store(c, r->w, node->offset, t->data, t->n);
        else if (node->kind == DSC_BUFFER)
            store(c, r->b, node->offset, t->data, t->n);
        else if (!t->integer)
            store(c, dsc_run_input(r->run, t->id), 0, t->data, t->n);
        for (size_t k = 0; t->integer && k < t->n; k++)
            ((int32_t *)dsc_run_input(r->run, t->id))[k] = (int32_t)t->data[k];
    }
}

static golden_outcome open_run(const layer_case *c, layer_run *r, golden_note *note)
{
    descent_error err = {0};

    r->w = calloc(dsc_graph_parameters(c->graph) + 1, sizeof(double));
    r->b = calloc(dsc_graph_buffers(c->graph) + 1, sizeof(double));
    r->g = calloc(dsc_graph_parameters(c->graph) + 1, sizeof(double));
    if (!r->w || !r->b || !r->g)
        return golden_say(note, GOLDEN_FAILED, "out of memory");
    if (dsc_run_create(&r->run, c->graph, true, r->w, r->b, r->g, &err) != DESCENT_OK)
        return golden_say(note, GOLDEN_FAILED, "%.200s", err.message);
    memset(r->g, 0xff, dsc_graph_parameters(c->graph) * sizeof(double)); /* NaN: must be assigned */
    r->pass = (dsc_pass){.rows = c->rows, .training = c->training, .loss_scale = 1.0};
    fill(c, r);
    return GOLDEN_PASSED;
}

/* A loss that is reduced: one number, and one upstream number. */
static golden_outcome run_reduced(const layer_case *c, layer_run *r, const json_t *upstream,
                                  const json_t *output, golden_note *note)
{
    const double weight = strcmp(c->reduction, "mean") == 0 ? dsc_run_loss_weight(r->run, &r->pass)
                          : strcmp(c->reduction, "batchmean") == 0 ? (double)c->rows
                                                                   : 1.0;
    const json_t *scale = json_array_get(json_object_get(upstream, "data"), 0);

    r->pass.loss_scale = golden_number(scale) / weight;
    const double got = dsc_run_forward(r->run, &r->pass) / weight;
    const double expected = golden_number(json_array_get(json_object_get(output, "data"), 0));
    dsc_run_backward(r->run);
    return golden_close(c->root, "loss", &got, &expected, 1, note) ? GOLDEN_PASSED : GOLDEN_FAILED;
}

/* Compares one output, and adds what the case sends up from it to `upstream`. */
static golden_outcome run_part(const layer_case *c, const layer_run *r, const layer_part *part,
                               double *upstream, golden_note *note)
{
    const json_t *output = named(json_object_get(c->root, "outputs"), part->name);
    const json_t *above = named(json_object_get(c->root, "upstream"), part->name);
    const size_t n = part->count * part->length;
    size_t n_expected = 0, n_above = 0;
    double *expected = golden_array(json_object_get(output, "data"), &n_expected);
    double *u = golden_array(json_object_get(above, "data"), &n_above);
    double *got = calloc(n + 1, sizeof *got);
    golden_outcome outcome = GOLDEN_FAILED;

    for (size_t k = 0; got && u && n_above == n && k < n; k++) {
        const size_t at = part->offset + k / part->length * part->stride + k % part->length;
        double *one = load(c, dsc_run_value(r->run, c->y), at, 1);
        got[k] = one ? *one : (double)NAN;
        free(one);
        upstream[at] += u[k];
    }
    if (n_expected != n || n_above != n || !got || !u)
        golden_say(note, GOLDEN_FAILED, "%s: %zu numbers where %zu are", part->name, n, n_expected);
    else if (golden_close(c->root, part->name, got, expected, n, note))
        outcome = GOLDEN_PASSED;
    free(expected);
    free(u);
    free(got);
    return outcome;
}

static golden_outcome run_whole(const layer_case *c, layer_run *r, golden_note *note)
{
    const dsc_node *y = dsc_graph_node(c->graph, c->y);
    const size_t n = dsc_shape_count(y->shape) * (size_t)(y->batched ? c->rows : 1);
    const layer_part whole = {.name = "y", .count = 1, .length = n, .stride = n};
    double *upstream = calloc(n + 1, sizeof *upstream);
    void *typed = calloc(n + 1, sizeof(double));
    golden_outcome outcome = upstream && typed ? GOLDEN_PASSED : GOLDEN_FAILED;

    (void)dsc_run_forward(r->run, &r->pass);
    for (int i = 0; outcome == GOLDEN_PASSED && i < (c->n_parts ? c->n_parts : 1); i++)
        outcome = run_part(c, r, c->n_parts ? &c->part[i] : &whole, upstream, note);
    if (outcome == GOLDEN_PASSED) {
        store(c, typed, 0, upstream, n);
        dsc_run_backward_from(r->run, typed);
    }
    free(upstream);
    free(typed);
    return outcome;
}

static golden_outcome compare_gradients(layer_case *c, const layer_run *r, golden_note *note)
{
    const json_t *grads = json_object_get(c->root, "grads"), *item;
    size_t i;

    json_array_foreach(grads, i, item)
    {
        char what[64];
        const layer_tensor *t = layer_find(c, golden_string(item, "name"));
        const dsc_node *node = t ? dsc_graph_node(c->graph, t->id) : NULL;
        const bool in_g = node && node->kind == DSC_PARAMETER;

        snprintf(what, sizeof what, "gradient of %s", golden_string(item, "name"));
        const void *got = in_g ? r->g : node ? dsc_run_input_gradient(r->run, node->id) : NULL;
        if (compare(c, item, what, got, in_g ? node->offset : 0, note) != GOLDEN_PASSED)
            return GOLDEN_FAILED;
    }
    return GOLDEN_PASSED;
}

/* "running_mean_out" is what became of the buffer "running_mean". */
static golden_outcome compare_statistics(layer_case *c, const layer_run *r, golden_note *note)
{
    const json_t *outputs = json_object_get(c->root, "outputs");

    dsc_graph_merge_buffers(c->graph, &r->run, 1, r->b);
    for (int i = 0; i < c->n_tensors; i++) {
        const dsc_node *node = dsc_graph_node(c->graph, c->tensor[i].id);
        char after[80];

        snprintf(after, sizeof after, "%s_out", c->tensor[i].name);
        const json_t *item = named(outputs, after);
        if (node && node->kind == DSC_BUFFER && item &&
            compare(c, item, after, r->b, node->offset, note) != GOLDEN_PASSED)
            return GOLDEN_FAILED;
    }
    return GOLDEN_PASSED;
}

static golden_outcome run_built(layer_case *c, golden_note *note)
{
    layer_run r = {0};
    const json_t *upstream = json_array_get(json_object_get(c->root, "upstream"), 0);
    const json_t *output = named(json_object_get(c->root, "outputs"), "y");
    const bool reduced = c->reduction && strcmp(c->reduction, "none") != 0;
    golden_outcome outcome = open_run(c, &r, note);

    if (outcome == GOLDEN_PASSED)
        outcome = reduced ? run_reduced(c, &r, upstream, output, note) : run_whole(c, &r, note);
    if (outcome == GOLDEN_PASSED)
        outcome = compare_gradients(c, &r, note);
    if (outcome == GOLDEN_PASSED)
        outcome = compare_statistics(c, &r, note);
    dsc_run_free(r.run);
    free(r.w);
    free(r.b);
    free(r.g);
    return outcome;
}

/* Builds the case's graph for one backend and runs it. */
static golden_outcome run_case(layer_case *c, dsc_backend backend, golden_note *note)
{
    descent_error err = {0};

    for (int i = 0; i < c->n_tensors; i++)
        c->tensor[i].id = -1;
    c->backend = backend;
    c->n_parts = 0;
    c->rows = c->tensor[0].rank > 0 ? c->tensor[0].size[0] : 1;
    c->graph = dsc_graph_new(c->type, c->rows, backend, dsc_op_find);
    golden_outcome outcome = layer_build(c, note);
    if (outcome == GOLDEN_PASSED && dsc_graph_build(c->graph, c->y, c->y, &err) != DESCENT_OK)
        outcome = golden_say(note, GOLDEN_FAILED, "%.200s", err.message);
    if (outcome == GOLDEN_PASSED)
        outcome = run_built(c, note);
    dsc_graph_free(c->graph);
    return outcome;
}

golden_outcome golden_layer(const json_t *root, golden_note *note)
{
    static const char *const name[] = {[DSC_BACKEND_AUTO] = "auto", [DSC_BACKEND_REF] = "ref"};
    static const dsc_backend order[] = {DSC_BACKEND_REF, DSC_BACKEND_AUTO};
    layer_case c;
    golden_outcome outcome = GOLDEN_PASSED;

    if (!read_case(&c, root))
        outcome = golden_say(note, GOLDEN_FAILED, "the inputs cannot be read");
    const int backends = c.type == DESCENT_F32 ? 2 : 1; /* double knows only the reference */
    for (int i = 0; i < backends && outcome == GOLDEN_PASSED; i++) {
        outcome = run_case(&c, order[i], note);
        if (outcome == GOLDEN_FAILED) {
            const golden_note found = *note;
            outcome = golden_say(note, GOLDEN_FAILED, "%s: %.240s", name[order[i]], found.text);
        }
    }
    free_case(&c);
    return outcome;
}
