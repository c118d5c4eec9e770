/* instruments.c - a training under its instruments: see instrument/measure.h. */
#include "train/fit.h"

/* Measuring reads the weights and what else is as long some ten times, which takes about as long as
 * the gradients of 40 to 80 examples: so much lies between two measurements that they stay below
 * one part in twenty. A function of the plan alone, so that runs can be repeated and resumed. */
enum { EXAMPLES_BETWEEN = 2048 };

/* Steps from one measurement to the next: whole stretches. */
static int64_t steps_between(const dsc_fit *fit)
{
    const int64_t least = (EXAMPLES_BETWEEN + fit->window - 1) / fit->window;
    const int64_t stretches = (least + fit->stretch_length - 1) / fit->stretch_length;

    return stretches * fit->stretch_length;
}

static void gradient(void *user, void *g)
{
    dsc_trainer_again(((dsc_fit *)user)->trainer, g);
}

descent_status dsc_fit_make_instruments(dsc_fit *fit, const dsc_graph *graph, descent_error *err)
{
    const char *choice = fit->options->instruments;
    const dsc_instruments_options options = {
        .choice = choice,
        .place = {.file = "--instruments", .line_text = choice},
        .graph = graph,
        .w = fit->model->w,
        .shards = fit->settings->shards,
        .threads = fit->threads,
        .seed = fit->settings->seed,
        .steps = fit->steps,
        .every = steps_between(fit),
        .gradient = gradient,
        .user = fit};

    return choice ? dsc_instruments_create(&fit->instruments, &options, err) : DESCENT_OK;
}

void dsc_fit_show_step(dsc_fit *fit)
{
    if (!fit->instruments)
        return;
    const dsc_showing show = dsc_instruments_begin(fit->instruments, fit->progress.step + 1);
    dsc_trainer_show(fit->trainer, show.g, show.watcher);
}

bool dsc_fit_measure(dsc_fit *fit, size_t examples)
{
    return fit->instruments && dsc_instruments_end(fit->instruments, fit->progress.step, examples);
}
