/* fit.c - the loop over epochs and batches. */
#include "train/fit.h"

#include "base/clock.h"
#include "base/number.h"
#include "base/rng.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CHECKPOINT_SECONDS = 30 };

static int64_t epoch_of(const dsc_fit *fit)
{
    return fit->progress.step / fit->steps_per_epoch;
}

/* Every epoch has its own order, a pure function of the seed and the epoch. */
static void shuffle(dsc_fit *fit)
{
    memcpy(fit->order, fit->split->train, fit->split->n_train * sizeof *fit->order);
    dsc_random_shuffle(fit->settings->seed, DSC_RNG_SHUFFLE, (uint64_t)epoch_of(fit), fit->order,
                       fit->split->n_train);
}

static dsc_step_result take_step(dsc_fit *fit)
{
    dsc_progress *p = &fit->progress;
    const size_t batch = (size_t)fit->settings->batch, n = fit->split->n_train;
    const size_t begin = (size_t)(p->step % fit->steps_per_epoch) * batch;
    const size_t count = n - begin < batch ? n - begin : batch;

    const dsc_step_result step = dsc_trainer_step(fit->trainer, fit->order + begin, count, p->step);
    p->loss_sum += step.loss * (double)count;
    p->hits += step.hits;
    p->seen += count;
    if (step.finite)
        p->step++;
    return step;
}

static bool classifies(const dsc_fit *fit)
{
    return fit->data->task == DESCENT_CLASSIFICATION;
}

static void fill_report(const dsc_fit *fit, double lr, double rate, descent_train_progress *report)
{
    const dsc_progress *p = &fit->progress;

    *report = (descent_train_progress){
        .step = p->step,
        .steps = fit->steps,
        .epoch = (int)((p->step - (p->step > 0)) / fit->steps_per_epoch) + 1,
        .epochs = (int)((fit->steps + fit->steps_per_epoch - 1) / fit->steps_per_epoch),
        .loss = p->loss_sum / (double)p->seen,
        .accuracy = classifies(fit) ? (double)p->hits / (double)p->seen : (double)NAN,
        .lr = lr,
        .samples_per_second = rate,
        .seconds = p->seconds,
        .seconds_left =
            (double)(fit->steps - p->step) * p->seconds / (double)(p->step > 0 ? p->step : 1),
        .test_loss = (double)NAN,
        .test_accuracy = (double)NAN,
        .test_rmse = (double)NAN};
}

static descent_status score_test(const dsc_fit *fit, descent_score *score, descent_error *err)
{
    const dsc_examples test = {
        .data = fit->data, .index = fit->split->test, .n = fit->split->n_test};

    return dsc_model_forward(fit->model, &test, fit->threads, &(dsc_forward){.score = score}, err);
}

static void log_epoch(const dsc_fit *fit, const descent_train_progress *r)
{
    const dsc_log_field field[] = {
        {"epoch", NULL, r->epoch},         {"step", NULL, (double)r->step},
        {"train_loss", NULL, r->loss},     {"train_accuracy", NULL, r->accuracy},
        {"test_loss", NULL, r->test_loss}, {"test_accuracy", NULL, r->test_accuracy},
        {"test_rmse", NULL, r->test_rmse}, {"lr", NULL, r->lr},
        {"seconds", NULL, r->seconds},     {"samples_per_second", NULL, r->samples_per_second},
    };

    dsc_log_event(fit->log, "epoch", field, sizeof field / sizeof *field);
}

/* Closes an epoch: test score, log line, and a fresh running mean. */
static descent_status end_epoch(dsc_fit *fit, descent_train_progress *report, descent_error *err)
{
    dsc_progress *p = &fit->progress;
    descent_score score;

    DSC_TRY(score_test(fit, &score, err));
    report->epoch_ended = 1;
    report->test_loss = score.loss;
    report->test_accuracy = score.accuracy;
    report->test_rmse = score.rmse;
    descent_schedule_observe(fit->schedule, score.loss);
    log_epoch(fit, report);
    p->last_train_loss = p->loss_sum / (double)p->seen;
    p->loss_sum = 0.0;
    p->hits = p->seen = 0;
    return dsc_log_status(fit->log, err);
}

static void say_how_it_ended(const dsc_fit *fit, double lr, descent_train_result *result)
{
    char *out = result->sentence, rate[DSC_NUMBER_SIZE];
    const size_t size = sizeof result->sentence;
    const long long step = (long long)fit->progress.step;

    dsc_number_plain(lr, rate);
    switch (result->stop) {
    case DESCENT_STOP_DIVERGED:
        snprintf(out, size,
                 "diverged at step %lld: the loss or its gradient is no longer a finite number; "
                 "try a lower learning rate than lr=%s",
                 step + 1, rate);
        break;
    case DESCENT_STOP_INTERRUPTED:
        snprintf(out, size, "interrupted after %lld of %lld steps", step, (long long)fit->steps);
        break;
    case DESCENT_STOP_STEPS:
    case DESCENT_STOP_CONVERGED:
    case DESCENT_STOP_EARLY:
        snprintf(out, size, "took all %lld steps", step);
        break;
    }
}

static descent_status finish(dsc_fit *fit, double lr, double busy, size_t samples,
                             descent_train_result *result, descent_error *err)
{
    const dsc_progress *p = &fit->progress;
    descent_score score;

    DSC_TRY(score_test(fit, &score, err));
    result->steps = p->step;
    result->epochs = (int)epoch_of(fit);
    result->train_loss = p->seen > 0 ? p->loss_sum / (double)p->seen : p->last_train_loss;
    result->test_loss = score.loss;
    result->test_accuracy = score.accuracy;
    result->test_rmse = score.rmse;
    result->train_count = fit->split->n_train;
    result->test_count = fit->split->n_test;
    result->seconds = p->seconds;
    result->samples_per_second = busy > 0.0 ? (double)samples / busy : 0.0;
    say_how_it_ended(fit, lr, result);
    return DESCENT_OK;
}

descent_status dsc_fit_run(dsc_fit *fit, descent_train_result *result, descent_error *err)
{
    dsc_progress *p = &fit->progress;
    const double earlier = p->seconds, start = dsc_seconds();
    double lr = fit->drive.base_lr, busy = 0.0, saved = start;
    size_t samples = 0;

    result->stop = DESCENT_STOP_STEPS;
    while (p->step < fit->steps && result->stop == DESCENT_STOP_STEPS) {
        const double begin = dsc_seconds();
        const size_t seen = p->seen;
        descent_train_progress report;

        if (p->step % fit->steps_per_epoch == 0 || samples == 0)
            shuffle(fit);
        DSC_TRY(dsc_drive_step(&fit->drive, p->step, &lr, err));
        const dsc_step_result step = take_step(fit);
        samples += p->seen - seen;
        const double now = dsc_seconds();
        busy += now - begin;
        p->seconds = earlier + now - start;
        fill_report(fit, lr, busy > 0.0 ? (double)samples / busy : 0.0, &report);
        if (!step.finite) {
            result->stop = DESCENT_STOP_DIVERGED;
            break;
        }
        if (p->step % fit->steps_per_epoch == 0 || p->step == fit->steps)
            DSC_TRY(end_epoch(fit, &report, err));
        if (fit->options->on_progress && fit->options->on_progress(&report, fit->options->user) &&
            p->step < fit->steps)
            result->stop = DESCENT_STOP_INTERRUPTED;
        if (fit->options->folder && now - saved > CHECKPOINT_SECONDS) {
            DSC_TRY(dsc_checkpoint_write(fit, err));
            saved = now;
        }
    }
    return finish(fit, lr, busy, samples, result, err);
}
