/* result.c - what a training came to, in words and as JSON. */
#include "command.h"

#include <math.h>
#include <string.h>

/* Samples a second, of text tokens. */
static double rate_of(const descent_train_result *r)
{
    return r->samples_per_second * (r->tokens_per_sample > 0 ? r->tokens_per_sample : 1);
}

void cli_result_json(const descent_train_result *r, const descent_confirmation *confirmed)
{
    json_t *line = json_pack(
        "{s:s, s:I, s:I, s:i, s:o, s:o, s:o, s:o, s:I, s:I, s:o, s:o, s:I, s:s, s:s, s:o}", "event",
        "result", "steps", (json_int_t)r->steps, "skipped_steps", (json_int_t)r->skipped_steps,
        "epochs", r->epochs, "train_loss", cli_number(r->train_loss), "test_loss",
        cli_number(r->test_loss), "test_accuracy", cli_number(r->test_accuracy), "test_rmse",
        cli_number(r->test_rmse), "train_count", (json_int_t)r->train_count, "test_count",
        (json_int_t)r->test_count, "seconds", cli_number(r->seconds), "samples_per_second",
        cli_number(r->samples_per_second), "peak_bytes", (json_int_t)r->peak_bytes, "stop",
        descent_stop_text(r->stop), "sentence", r->sentence, "findings",
        cli_findings_json(r->finding, confirmed));
    if (r->stopped_by)
        json_object_set_new(line, "stopped_by", json_string(r->stopped_by));
    if (r->best_epoch > 0)
        json_object_set_new(line, "best_epoch", json_integer(r->best_epoch));

    if (r->tokens_per_sample > 0)
        cli_json_add_text(line, r->test_loss, rate_of(r));
    cli_json_line(line);
}

void cli_result_show(FILE *out, const descent_train_result *r, const char *unit, bool quiet)
{
    char count[32], text[80], loss[32];

    fprintf(out, "%s%s%s %.1f s (%s %s%s/s)\n", quiet ? "" : "\n", r->sentence,
            strchr(r->sentence, ';') ? ";" : " in", r->seconds,
            descent_count_text((size_t)rate_of(r), count), unit ? unit : "sample", "s");
    if (unit)
        fprintf(out, "result     test loss %s: %s, %.2f %% right", cli_loss(r->test_loss, loss),
                cli_text_loss(r->test_loss, unit, text), 100 * r->test_accuracy);
    else if (isfinite(r->test_accuracy))
        fprintf(out, "result     test accuracy %.2f %% (loss %s)", 100 * r->test_accuracy,
                cli_loss(r->test_loss, loss));
    else
        fprintf(out, "result     test rmse %.5g (loss %s)", r->test_rmse,
                cli_loss(r->test_loss, loss));
    fprintf(out, " on %s %ss never seen\n", descent_count_text(r->test_count, count),
            unit ? unit : "example");
}

void cli_result_files(FILE *out, const descent_train_result *r, const char *folder,
                      const char *data, const char *unit, bool has_page)
{
    fprintf(out, "saved      %s/model.safetensors, recipe.ini, log.jsonl\n", folder);
    if (has_page)
        fprintf(out, "look       %s/report.html\n", folder);
    if (r->stop == DESCENT_STOP_INTERRUPTED)
        fprintf(out, "go on      descent train --resume %s\n", folder);
    else if (unit)
        fprintf(out, "go on      descent generate %s/model.safetensors\n", folder);
    else
        fprintf(out, "go on      descent predict %s/model.safetensors %s\n", folder,
                strchr(data, ' ') ? "DATA" : data);
    if (r->stop != DESCENT_STOP_INTERRUPTED)
        fprintf(out, "           descent inspect %s/model.safetensors\n", folder);
}
