/* progress.c - what a training shows while it runs: a bar on a terminal, lines elsewhere. */
#include "command.h"

#include <math.h>
#include <string.h>

enum { WIDE = 100, BAR = 24, NARROW_BAR = 8, MANY_SKIPS = 5 };

static void time_text(double seconds, char out[32])
{
    const long s = seconds > 0 && seconds < 1e8 ? lround(seconds) : 0;

    if (s < 60)
        snprintf(out, 32, "%lds", s);
    else if (s < 3600)
        snprintf(out, 32, "%ldm%02lds", s / 60, s % 60);
    else
        snprintf(out, 32, "%ldh%02ldm", s / 3600, s / 60 % 60);
}

/* What goes through the network in a second: samples, of text tokens. */
static double rate_of(const descent_train_progress *now)
{
    return now->samples_per_second * (now->tokens_per_sample > 0 ? now->tokens_per_sample : 1);
}

/* Such a rate, short: "870", "12.3k", "1.2M". */
static void rate_text(double rate, char out[32])
{
    if (rate < 1000)
        snprintf(out, 32, "%.0f", rate);
    else if (rate < 1e6)
        snprintf(out, 32, rate < 1e5 ? "%.1fk" : "%.0fk", rate / 1e3);
    else
        snprintf(out, 32, "%.1fM", rate / 1e6);
}

void cli_progress_clear(cli_progress *p)
{
    if (p->anything)
        fprintf(p->out, "\r%*s\r", cli_width() - 1, "");
    p->anything = false;
}

static void draw_bar(cli_progress *p, const descent_train_progress *now)
{
    char line[256], left[32], rate[32], loss[32], bar[BAR + 1];
    const int width = cli_width() < WIDE ? NARROW_BAR : BAR;
    const int done = (int)((double)width * (double)now->step / (double)now->steps);

    memset(bar, '.', (size_t)width);
    memset(bar, '#', (size_t)done);
    bar[width] = '\0';
    time_text(now->seconds_left, left);
    rate_text(rate_of(now), rate);
    int used = snprintf(line, sizeof line, "epoch %d/%d [%s] loss %s", now->epoch, now->epochs, bar,
                        cli_loss(now->loss, loss));
    if (isfinite(now->accuracy))
        used += snprintf(line + used, sizeof line - (size_t)used, "  %.1f %% right",
                         100 * now->accuracy);
    snprintf(line + used, sizeof line - (size_t)used, "  lr %.2g  %s/s  %s left", now->lr, rate,
             left);
    fprintf(p->out, "\r%-*.*s", cli_width() - 1, cli_width() - 1, line);
    fflush(p->out);
    p->anything = true;
    p->drawn = now->seconds;
}

static void print_epoch(const cli_progress *p, const descent_train_progress *now)
{
    char rate[32], text[80], loss[32], test_loss[32];

    rate_text(rate_of(now), rate);
    fprintf(p->out, "epoch %*d/%d  loss %s  test loss %s, ", now->epochs >= 100 ? 3 : 2, now->epoch,
            now->epochs, cli_loss(now->loss, loss), cli_loss(now->test_loss, test_loss));
    if (p->unit)
        fprintf(p->out, "%s, ", cli_text_loss(now->test_loss, p->unit, text));
    if (isfinite(now->test_accuracy))
        fprintf(p->out, "%.2f %% right", 100 * now->test_accuracy);
    else
        fprintf(p->out, "rmse %.5g", now->test_rmse);
    fprintf(p->out, "  lr %.3g  %s/s\n", now->lr, rate);
}

static void print_json(const descent_train_progress *now)
{
    json_t *line = json_pack(
        "{s:s, s:i, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "event", "epoch", "epoch",
        now->epoch, "step", (json_int_t)now->step, "train_loss", cli_number(now->loss),
        "train_accuracy", cli_number(now->accuracy), "test_loss", cli_number(now->test_loss),
        "test_accuracy", cli_number(now->test_accuracy), "test_rmse", cli_number(now->test_rmse),
        "lr", cli_number(now->lr), "seconds", cli_number(now->seconds), "samples_per_second",
        cli_number(now->samples_per_second));

    if (now->tokens_per_sample > 0)
        cli_json_add_text(line, now->test_loss, rate_of(now));
    cli_json_line(line);
}

/* "step 7 skipped: the gradient of '2.weight' is not finite" */
static void print_skip(const cli_progress *p, const descent_train_progress *now)
{
    if (now->skipped > MANY_SKIPS)
        fputs("more steps are skipped; they are only counted from here on\n", p->out);
    else if (*now->culprit)
        fprintf(p->out, "step %lld skipped: the gradient of '%s' is not finite\n",
                (long long)now->step + 1, now->culprit);
    else
        fprintf(p->out, "step %lld skipped: the loss is not finite\n", (long long)now->step + 1);
    fflush(p->out);
}

static void print_json_skip(const descent_train_progress *now)
{
    cli_json_line(json_pack("{s:s, s:I, s:i, s:o, s:I}", "event", "skip", "step",
                            (json_int_t)now->step + 1, "epoch", now->epoch, "segment",
                            *now->culprit ? json_string(now->culprit) : json_null(), "skipped",
                            (json_int_t)now->skipped));
}

/* Many short epochs would flood a page: then only about twenty of them are told. */
static bool worth_a_line(const descent_train_progress *now)
{
    const int every = (now->epochs + 19) / 20;

    return now->epoch % every == 0 || now->epoch == now->epochs || now->epoch == 1;
}

void cli_progress_show(cli_progress *p, const descent_train_progress *now)
{
    if (now->step_skipped && p->json)
        print_json_skip(now);
    if (now->epoch_ended && p->json)
        print_json(now);
    if (p->quiet)
        return;
    if (now->step_skipped && now->skipped <= MANY_SKIPS + 1) {
        cli_progress_clear(p);
        print_skip(p, now);
    }
    if (now->epoch_ended && worth_a_line(now)) {
        cli_progress_clear(p);
        print_epoch(p, now);
        fflush(p->out);
    } else if (p->bar && now->seconds - p->drawn > 0.1) {
        draw_bar(p, now);
    }
}
