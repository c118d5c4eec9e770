/* fit.c - the loop over epochs and batches. */
#include "train/diagnose.h"

#include "base/clock.h"
#include "base/rng.h"
#include "data/tokens.h"

#include <math.h>
#include <string.h>

/* How often examples for a step were taken. */
static int64_t windows_of(const dsc_fit *fit)
{
    return fit->progress.step + descent_optimizer_skipped(fit->optimizer);
}

static int64_t epoch_of(const dsc_fit *fit)
{
    return windows_of(fit) / fit->steps_per_epoch;
}

static bool epoch_ends(const dsc_fit *fit)
{
    return windows_of(fit) % fit->steps_per_epoch == 0 || fit->progress.step == fit->steps;
}

static bool goes_on(const dsc_fit *fit)
{
    return fit->progress.step < fit->steps && windows_of(fit) < fit->windows;
}

/* Every epoch has its own order (and windows of a text), a pure function of the seed and the epoch;
 * or that of the data. */
static void shuffle(dsc_fit *fit)
{
    memcpy(fit->order, fit->split->train, fit->split->n_train * sizeof *fit->order);
    dsc_tokens_shift(fit->data, fit->settings->seed, (uint64_t)epoch_of(fit), fit->order,
                     fit->split->n_train);
    if (fit->settings->shuffles)
        dsc_random_shuffle(fit->settings->seed, DSC_RNG_SHUFFLE, (uint64_t)epoch_of(fit),
                           fit->order, fit->split->n_train);
}

/* One step on the next examples. What is skipped leaves no trace, but the next step goes on behind
 * it. */
static dsc_step_result take_step(dsc_fit *fit)
{
    dsc_progress *p = &fit->progress;
    const size_t n = fit->split->n_train;
    const size_t window = (size_t)fit->window;
    const int64_t now = windows_of(fit);
    const size_t begin = (size_t)(now % fit->steps_per_epoch) * window;
    const size_t count = n - begin < window ? n - begin : window;

    dsc_fit_show_step(fit);
    dsc_diagnosis_before(fit);
    const dsc_step_result step = dsc_trainer_step(fit->trainer, fit->order + begin, count, now);
    if (!step.finite)
        return step;
    p->loss_sum += step.loss * (double)count;
    p->hits += step.hits;
    p->seen += count;
    p->step++;
    return step;
}

static bool classifies(const dsc_fit *fit)
{
    return fit->data->task == DESCENT_CLASSIFICATION;
}

/* The step log: a line at the end of every stretch. */
static void note_step(dsc_fit *fit, const dsc_step_result *step, size_t samples, size_t hits,
                      double seconds)
{
    const size_t labels = classifies(fit) ? samples * dsc_dataset_positions(fit->data) : 0;

    if (!step->finite)
        dsc_stretch_skip(&fit->stretch, seconds);
    else
        dsc_stretch_add(&fit->stretch, &(dsc_stretch_step){.step = fit->progress.step,
                                                           .loss = step->loss,
                                                           .seconds = seconds,
                                                           .hits = hits,
                                                           .labels = labels,
                                                           .samples = samples});
}

/* Also what is open when the run is over. An interrupted one goes on with it. */
static bool stretch_ends(const dsc_fit *fit, const dsc_step_result *step, descent_stop stop)
{
    const bool full = step->finite && fit->progress.step % fit->stretch_length == 0;

    return fit->stretch.count > 0 && (full || !goes_on(fit) || stop == DESCENT_STOP_DIVERGED);
}

/* A run gives up when nothing helps: `skips` steps in a row moved nothing. */
static bool gives_up(const dsc_fit *fit)
{
    const int64_t in_a_row = descent_optimizer_skipped_in_a_row(fit->optimizer);

    return in_a_row > 0 && (double)in_a_row >= descent_optimizer_get(fit->optimizer, "skips");
}

/* A run that is over, and none of the data moved it in the end: it is no better off. */
static bool is_lost(const dsc_fit *fit)
{
    return !goes_on(fit) &&
           descent_optimizer_skipped_in_a_row(fit->optimizer) >= fit->steps_per_epoch;
}

static void fill_report(const dsc_fit *fit, double lr, double rate, descent_train_progress *report)
{
    const dsc_progress *p = &fit->progress;
    const size_t positions = dsc_dataset_positions(fit->data);

    *report = (descent_train_progress){
        .step = p->step,
        .steps = fit->steps,
        .epoch = (int)((windows_of(fit) - (windows_of(fit) > 0)) / fit->steps_per_epoch) + 1,
        .epochs = (int)((fit->steps + fit->steps_per_epoch - 1) / fit->steps_per_epoch),
        .loss = p->seen > 0 ? p->loss_sum / (double)p->seen : (double)NAN,
        .accuracy = classifies(fit) && p->seen > 0 ? (double)p->hits / (double)(p->seen * positions)
                                                   : (double)NAN,
        .lr = lr,
        .samples_per_second = rate,
        .tokens_per_sample = fit->data->tokens ? (int)positions : 0,
        .seconds = p->seconds,
        .seconds_left =
            (double)(fit->steps - p->step) * p->seconds / (double)(p->step > 0 ? p->step : 1),
        .test_loss = (double)NAN,
        .test_accuracy = (double)NAN,
        .test_rmse = (double)NAN,
        .skipped = descent_optimizer_skipped(fit->optimizer),
        .culprit = ""};
}

/* An epoch's end and the run's may be the same: then once is enough. */
static descent_status score_test(dsc_fit *fit, descent_score *score, descent_error *err)
{
    const dsc_examples test = {
        .data = fit->data, .index = fit->split->test, .n = fit->split->n_test};

    if (fit->scored_at != fit->progress.step || fit->scored_at == 0)
        DSC_TRY(dsc_model_forward(fit->model, &test, fit->threads,
                                  &(dsc_forward){.score = &fit->score,
                                                 .output = fit->said,
                                                 .loss = fit->lost,
                                                 .runs = &fit->scoring},
                                  err));
    fit->scored_at = fit->progress.step;
    *score = fit->score;
    return DESCENT_OK;
}

/* A step that moved nothing: which segment is to blame. */
static void tell_skip(const dsc_fit *fit, const dsc_step_result *step,
                      descent_train_progress *report)
{
    const int64_t element = descent_optimizer_culprit(fit->optimizer, &report->culprit);

    report->step_skipped = 1;
    dsc_fit_log_skip(fit, report, element, step->loss);
}

/* Closes an epoch: test score, log line, and a fresh running mean. */
static descent_status end_epoch(dsc_fit *fit, descent_train_progress *report, descent_error *err)
{
    dsc_progress *p = &fit->progress;
    descent_score score;

    dsc_average_show(fit);
    const descent_status status = score_test(fit, &score, err);
    if (status == DESCENT_OK) {
        report->epoch_ended = 1;
        report->test_loss = score.loss;
        report->test_accuracy = score.accuracy;
        report->test_rmse = score.rmse;
        dsc_best_see(fit, report);
    }
    dsc_average_hide(fit);
    DSC_TRY(status);
    descent_schedule_observe(fit->schedule, score.loss);
    dsc_fit_log_epoch(fit, report);
    dsc_diagnosis_epoch(fit, report);
    p->last_train_loss = p->loss_sum / (double)p->seen;
    p->loss_sum = 0.0;
    p->hits = p->seen = 0;
    return dsc_keep_log(fit, err);
}

/* The last checkpoint has the training's own weights; what follows is of those to be saved. */
static descent_status finish(dsc_fit *fit, double lr, double busy, size_t samples,
                             descent_train_result *result, descent_error *err)
{
    const dsc_progress *p = &fit->progress;
    descent_score score;

    DSC_TRY(dsc_keep_checkpoint(fit, err));
    const bool restored = dsc_best_restore(fit);
    if (!restored)
        dsc_average_show(fit);
    DSC_TRY(score_test(fit, &score, err));
    memset(result->finding, 0, sizeof result->finding);
    result->stopped_by = fit->diagnosis ? fit->diagnosis->stopped_by : NULL;
    result->best_epoch = restored ? (int)fit->best.number[DSC_BEST_EPOCH] : 0;
    result->steps = p->step;
    result->skipped_steps = descent_optimizer_skipped(fit->optimizer);
    result->epochs = (int)epoch_of(fit);
    result->train_loss = p->seen > 0 ? p->loss_sum / (double)p->seen : p->last_train_loss;
    if (restored)
        result->train_loss = fit->best.number[DSC_BEST_TRAIN_LOSS];
    result->test_loss = score.loss;
    result->test_accuracy = score.accuracy;
    result->test_rmse = score.rmse;
    result->train_count = fit->split->n_train * dsc_dataset_positions(fit->data);
    result->test_count = score.count;
    result->tokens_per_sample = fit->data->tokens ? (int)dsc_dataset_positions(fit->data) : 0;
    result->seconds = p->seconds;
    result->samples_per_second = busy > 0.0 ? (double)samples / busy : 0.0;
    if (result->stop != DESCENT_STOP_INTERRUPTED && dsc_fit_is_odd(fit))
        result->stop = DESCENT_STOP_DIVERGED;
    dsc_fit_say(fit, lr, result);
    return dsc_diagnosis_end(fit, result, err);
}

/* Patience is at its end, or a finding appeared that was to end the run: epoch or stretch say what
 * has just ended. A run that is over anyway took all its steps. */
static bool ends_early(dsc_fit *fit, bool stretch, bool epoch)
{
    if (!goes_on(fit))
        return false;
    const bool at_once = stretch && dsc_watch_look(fit, DSC_AT_ONCE);
    const bool found = (epoch && dsc_watch_epoch(fit)) || at_once;
    return found || dsc_best_ends(fit);
}

descent_status dsc_fit_run(dsc_fit *fit, descent_train_result *result, descent_error *err)
{
    dsc_progress *p = &fit->progress;
    const double earlier = p->seconds, start = dsc_seconds();
    double lr = fit->drive.base_lr, busy = 0.0;
    size_t samples = 0;

    fit->kept_at = start;
    /* a run that goes on has been looked at; now more is known of it than was then */
    const bool hopeless = p->step == 0 && dsc_watch_look(fit, DSC_BEFORE);
    result->stop =
        hopeless || ends_early(fit, false, false) ? DESCENT_STOP_EARLY : DESCENT_STOP_STEPS;
    while (goes_on(fit) && result->stop == DESCENT_STOP_STEPS) {
        const double begin = dsc_seconds();
        const size_t seen = p->seen, hits = p->hits;
        descent_train_progress report;

        if (windows_of(fit) % fit->steps_per_epoch == 0 || samples == 0)
            shuffle(fit);
        DSC_TRY(dsc_drive_step(&fit->drive, p->step, &lr, err));
        DSC_TRY(dsc_snapshot_keep(fit, lr, err));
        const dsc_step_result step = take_step(fit);
        samples += p->seen - seen;
        const double now = dsc_seconds();
        busy += now - begin;
        p->seconds = earlier + now - start;
        fill_report(fit, lr, busy > 0.0 ? (double)samples / busy : 0.0, &report);
        note_step(fit, &step, p->seen - seen, p->hits - hits, now - begin);
        fit->new_numbers = step.finite && dsc_fit_measure(fit, p->seen - seen);
        report.step_loss = step.loss;
        if (!step.finite)
            tell_skip(fit, &step, &report);
        if (gives_up(fit) || is_lost(fit))
            result->stop = DESCENT_STOP_DIVERGED;
        dsc_diagnosis_step(fit, &step);
        const bool stretch = stretch_ends(fit, &step, result->stop);
        if (stretch) {
            dsc_diagnosis_stretch(fit, &report);
            dsc_fit_log_steps(fit, &report);
        }
        const bool epoch = result->stop == DESCENT_STOP_STEPS && epoch_ends(fit);
        if (epoch)
            DSC_TRY(end_epoch(fit, &report, err));
        if (result->stop == DESCENT_STOP_STEPS && ends_early(fit, stretch, epoch))
            result->stop = DESCENT_STOP_EARLY;
        if (fit->options->on_progress && fit->options->on_progress(&report, fit->options->user) &&
            goes_on(fit) && result->stop == DESCENT_STOP_STEPS)
            result->stop = DESCENT_STOP_INTERRUPTED;
        if (dsc_keep_is_due(fit, now))
            DSC_TRY(dsc_keep_checkpoint(fit, err));
    }
    return finish(fit, lr, busy, samples, result, err);
}
