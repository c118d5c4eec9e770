/* instruments.c - a training under its instruments: see instrument/measure.h. */
#include "train/fit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Measuring reads the weights and what else is as long some ten times, which takes about as long as
 * the gradients of 40 to 80 examples of a perceptron: with MOST between two measurements they stay
 * below one part in twenty. Where weights are used many times for an example, in convolutions and
 * sequences, examples cost more and fewer are enough. A function of the plan alone, so that runs
 * can be repeated and resumed. */
enum { MOST = 2048, LEAST = 256 };

/* For findings alone it need not be so often: SPARSE times as far apart, or up to RARE times where
 * that leaves ENOUGH of them. */
enum { SPARSE = 4, RARE = 6, ENOUGH = 5, MEASUREMENTS = 200 };

/* With more weights than that a diagnosis does without: it would need four more of them. */
enum { MOST_WEIGHTS = 1 << 24 };

enum { CHOICE = 1024 }; /* characters of a list of instruments */

/* How often a matrix or filter is used for one example. */
static double uses(const dsc_node *op, const dsc_node *w)
{
    const double n = (double)dsc_shape_count(op->shape) / w->shape.size[0];

    return n > 1.0 ? n : 1.0;
}

double dsc_fit_uses(const dsc_graph *graph, double *weights)
{
    double all = 0.0, used = 0.0;

    for (dsc_id k = 0; (size_t)k < dsc_graph_nodes(graph); k++) {
        const dsc_node *op = dsc_graph_node(graph, k);
        for (int i = 0; op->kind == DSC_OP && dsc_graph_runs(graph, k) && i < op->n_inputs; i++) {
            const dsc_node *w = dsc_graph_node(graph, op->input[i]);
            if (w->kind != DSC_PARAMETER || w->shape.rank < 2)
                continue;
            all += (double)dsc_shape_count(w->shape);
            used += (double)dsc_shape_count(w->shape) * uses(op, w);
        }
    }
    if (weights)
        *weights = all;
    return used;
}

static double examples_between(const dsc_graph *graph)
{
    double weights;
    const double used = dsc_fit_uses(graph, &weights);
    const double examples = used > 0.0 ? MOST * weights / used : MOST;

    return examples > LEAST ? examples : LEAST;
}

/* Steps from one measurement to the next: whole stretches. */
static int64_t steps_between(const dsc_fit *fit, const dsc_graph *graph)
{
    const bool sparse = !fit->options->instruments;
    const double apart = examples_between(graph), all = (double)fit->steps * (double)fit->window;
    const int64_t examples =
        (int64_t)(sparse ? fmin(RARE * apart, fmax(SPARSE * apart, all / ENOUGH)) : apart);
    const int64_t often = (examples + fit->window - 1) / fit->window;
    const int64_t few = sparse ? fit->steps / MEASUREMENTS : 0, least = often > few ? often : few;
    const int64_t stretches = (least + fit->stretch_length - 1) / fit->stretch_length;

    return stretches * fit->stretch_length;
}

static void gradient(void *user, void *g)
{
    dsc_trainer_again(((dsc_fit *)user)->trainer, g);
}

/* Those that the log tells of are what somebody asked for; a diagnosis reads all standard ones. */
static descent_status choose(dsc_fit *fit, char text[CHOICE], descent_error *err)
{
    const char *asked = fit->options->instruments;
    const dsc_place place = {.file = "--instruments", .line_text = asked};
    const bool all = fit->options->diagnose && fit->model->n_w <= MOST_WEIGHTS;
    dsc_choice told = {.n = 0};

    text[0] = '\0';
    if (asked) {
        DSC_TRY(dsc_choice_read(&told, asked, place, err));
        if (snprintf(text, CHOICE, "%s%s", all ? "standard, " : "", asked) >= CHOICE)
            return dsc_fail_at(err, DESCENT_INVALID, place,
                               "the list of instruments has %zu characters, at most %d have room",
                               strlen(asked), CHOICE - 16);
    } else if (all) {
        snprintf(text, CHOICE, "standard");
    }
    for (size_t i = 0; i < told.n; i++)
        fit->tells[told.index[i]] = true;
    return DESCENT_OK;
}

descent_status dsc_fit_make_instruments(dsc_fit *fit, const dsc_graph *graph, descent_error *err)
{
    char text[CHOICE];

    DSC_TRY(choose(fit, text, err));
    const dsc_instruments_options options = {.choice = text,
                                             .place = {.file = "--instruments", .line_text = text},
                                             .graph = graph,
                                             .w = fit->model->w,
                                             .shards = fit->settings->shards,
                                             .threads = fit->threads,
                                             .seed = fit->settings->seed,
                                             .steps = fit->steps,
                                             .every = steps_between(fit, graph),
                                             .histograms = fit->options->instruments != NULL,
                                             .first = fit->options->diagnose != 0,
                                             .gradient = gradient,
                                             .user = fit};

    return *text ? dsc_instruments_create(&fit->instruments, &options, err) : DESCENT_OK;
}

bool dsc_fit_tells(const dsc_fit *fit, size_t i)
{
    size_t index = 0;

    while (dsc_instrument_at(index) &&
           dsc_instrument_at(index) != dsc_instruments_chosen(fit->instruments, i))
        index++;
    return index < DSC_MAX_INSTRUMENTS && fit->tells[index];
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
