/* layer_recurrent.c - cases of recurrent layers: sequences with time on the first axis, so without
 * a batch axis; y, the last h and the last c are checked together. */
#include "layer_build.h"

#include <string.h>

/* y, h_n and c_n in the op's value (steps, examples, width): h of all steps, and h and c of the
 * last. */
static void set_parts(layer_case *c, size_t units, size_t width)
{
    const layer_tensor *x = layer_find(c, "x");
    const size_t steps = (size_t)x->size[0], rows = (size_t)x->size[1];
    const size_t last = (steps - 1) * rows * width;

    c->part[0] = (layer_part){"y", 0, steps * rows, units, width};
    c->part[1] = (layer_part){"h_n", last, rows, units, width};
    c->part[2] = (layer_part){"c_n", last + units, rows, units, width};
    c->n_parts = width > units ? 3 : 2;
}

static dsc_id recurrent(layer_case *c)
{
    const char *op = golden_string(c->root, "op");
    const bool lstm = strcmp(op, "lstm") == 0, rnn = strcmp(op, "rnn") == 0;
    const bool bias = layer_find(c, "bias_ih"), state = layer_find(c, "h0");
    const char *act = rnn ? golden_string(c->attrs, "nonlinearity") : "";
    const layer_attribute attribute[] = {
        {"bias", bias},
        {"state", state},
        {lstm ? "cell" : "relu", lstm || strcmp(act, "relu") == 0}};
    const size_t units = (size_t)layer_find(c, "weight_hh")->size[1];
    dsc_id input[DSC_MAX_INPUTS] = {layer_shared(c, "x"), layer_shared(c, "weight_ih"),
                                    layer_shared(c, "weight_hh")};
    int n = 3;

    if (bias) {
        input[n++] = layer_shared(c, "bias_ih");
        input[n++] = layer_shared(c, "bias_hh");
    }
    if (state)
        input[n++] = layer_shared(c, "h0");
    if (state && lstm)
        input[n++] = layer_shared(c, "c0");
    set_parts(c, units, lstm ? 2 * units : units);
    return layer_op(c, op, n, input, lstm || rnn ? 3 : 2, attribute);
}

const layer_map layer_recurrent[] = {
    {"rnn", recurrent, NULL},
    {"lstm", recurrent, NULL},
    {"gru", recurrent, NULL},
    {0},
};
