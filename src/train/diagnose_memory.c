/* diagnose_memory.c - what a diagnosis holds, in bytes, all of it taken before the first step. */
#include "train/diagnose.h"

#include "base/memory.h"

static size_t course_bytes(const dsc_diagnosis *d)
{
    const dsc_course_room *room = &d->room;
    const size_t layers = d->c.layers;

    return dsc_block_bytes(room->moments * sizeof *d->moment) +
           dsc_block_bytes(room->step_losses * sizeof *d->step_loss) +
           dsc_block_bytes(room->epochs * sizeof *d->epoch) +
           dsc_block_bytes((room->moments + 1) * layers * sizeof *d->layer_moment);
}

static size_t look_bytes(const dsc_diagnosis *d, const dsc_fit *fit)
{
    const dsc_look_room *look = &d->look;
    const size_t most = look->n_train > look->n_test ? look->n_train : look->n_test;
    const size_t outputs = (size_t)fit->model->options.outputs;

    return (look->n_train + look->n_test) * sizeof *look->train + most * sizeof *look->loss +
           (look->output ? dsc_block_bytes(most * outputs * sizeof *look->output) : 0) +
           outputs * (3 * sizeof *look->count + 2 * sizeof *d->output_sum);
}

size_t dsc_diagnosis_bytes(const dsc_fit *fit)
{
    const dsc_diagnosis *d = fit->diagnosis;

    return d ? course_bytes(d) + look_bytes(d, fit) + dsc_probe_bytes(fit) : 0;
}
