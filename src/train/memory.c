/* memory.c - what a training takes of memory, before its first step. */
#include "train/diagnose.h"

#include "base/memory.h"
#include "base/resident.h"
#include "kernel/shapes.h"

/* The arenas of the runs that score examples, and what the model says of these. */
static descent_status evaluation_bytes(const dsc_fit *fit, size_t *bytes, descent_error *err)
{
    const size_t rows = (size_t)fit->model->predict_rows, n = fit->split->n_test;
    const size_t chunks = (n + rows - 1) / rows, threads = (size_t)fit->threads;

    DSC_TRY(dsc_graph_run_bytes(fit->model->network.graph, false, bytes, err));
    *bytes = dsc_block_bytes(*bytes) * (threads < chunks ? threads : chunks);
    if (fit->lost)
        *bytes += dsc_block_bytes(n * sizeof *fit->lost);
    if (fit->said)
        *bytes += dsc_block_bytes(n * (size_t)fit->model->options.outputs * sizeof *fit->said);
    return DESCENT_OK;
}

enum { INSTRUMENTS = 7 }; /* the first of the parts that a training may be without */

descent_status dsc_fit_tell_memory(const dsc_fit *fit, descent_error *err)
{
    const size_t index = sizeof *fit->split->train;
    const size_t n = fit->split->n_train;
    /* training's own, while the average is shown; the best of a training with patience */
    const size_t vectors = 1u + (fit->averages ? 1u : 0u) + (fit->best.w ? 1u : 0u);
    const dsc_trainer_memory trainer = dsc_trainer_bytes(fit->trainer);
    size_t evaluation;

    if (!fit->options->on_memory)
        return DESCENT_OK;
    DSC_TRY(evaluation_bytes(fit, &evaluation, err));
    const descent_memory_part part[] = {
        {"program", "this program and its libraries, before", fit->program_bytes},
        {"data", "examples, their split and their order",
         descent_dataset_bytes(fit->data) + (2 * n + fit->split->n_test) * index},
        {"weights", "parameters and statistics of batch_norm",
         vectors * (fit->model->n_w + fit->model->n_b) * sizeof *fit->model->w},
        {"gradients", "one vector a shard", trainer.gradients},
        {"optimizer", "its state", descent_optimizer_state_size(fit->optimizer)},
        {"arena", "activations, their gradients and scratch, planned by lifetime", trainer.arenas},
        {"evaluation", "arenas for scoring the test part", evaluation},
        {"instruments", "gradients and weights of earlier steps, largest outputs",
         fit->instruments ? dsc_instruments_bytes(fit->instruments) : 0},
        {"diagnosis", "the course, late weights, what is said of examples",
         dsc_diagnosis_bytes(fit)},
    };
    descent_memory_part there[sizeof part / sizeof *part];
    size_t n_there = 0;

    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        const bool may_be_none = part[i].bytes == 0 && i >= INSTRUMENTS;
        if (!may_be_none)
            there[n_there++] = part[i];
    }
    fit->options->on_memory(there, n_there, fit->options->user);
    return DESCENT_OK;
}

size_t dsc_measure_program(int threads)
{
    const size_t before = dsc_peak_bytes();

    dsc_kernels_warm_up(threads);
    const size_t now = dsc_resident_bytes(), peak = dsc_peak_bytes();
    return peak > before && peak > now ? peak : now;
}
