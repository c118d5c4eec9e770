/* snapshot.c - copies of the weights on their way, for pictures of it: FOLDER/snapshots/step-N,
 * each a model file like any other. The training does not notice. */
#include "train/fit.h"

#include "base/file.h"
#include "base/number.h"

#include <stdio.h>

/* What is learned from two features can be drawn as a plane, so its way is worth keeping. */
int64_t dsc_snapshot_count(const dsc_fit *fit)
{
    enum { OF_A_PLANE = 20 };
    const dsc_shape x = fit->data->shape;

    if (fit->options->snapshots != DESCENT_SNAPSHOTS_OF_PLANES)
        return fit->options->snapshots;
    return x.rank == 1 && x.size[0] == 2 && !fit->data->tokens ? OF_A_PLANE : 0;
}

/* N of them in equal parts of the planned steps, from step 0 on; the end is the run's model. A
 * function of these numbers alone, so that a resumed training keeps the same ones. A step that was
 * skipped moved nothing. */
static bool is_due(const dsc_fit *fit)
{
    const int64_t n = dsc_snapshot_count(fit), step = fit->progress.step;

    if (n < 1 || !fit->options->folder || descent_optimizer_skipped_in_a_row(fit->optimizer) > 0)
        return false;
    return step == 0 || step * n / fit->steps > (step - 1) * n / fit->steps;
}

void dsc_snapshot_path(char out[DSC_SNAPSHOT_PATH], const char *folder, int64_t step)
{
    snprintf(out, DSC_SNAPSHOT_PATH, "%s/snapshots/step-%lld.safetensors", folder, (long long)step);
}

static descent_status write(const dsc_fit *fit, double lr, descent_error *err)
{
    char folder[512], path[DSC_SNAPSHOT_PATH], step[32], number[DSC_NUMBER_SIZE];
    char keys[][8] = {"step", "lr"};

    snprintf(folder, sizeof folder, "%s/snapshots", fit->options->folder);
    DSC_TRY(dsc_folder_make(folder, err));
    snprintf(step, sizeof step, "%lld", (long long)fit->progress.step);
    dsc_snapshot_path(path, fit->options->folder, fit->progress.step);
    const dsc_note note[] = {{keys[0], step}, {keys[1], dsc_number_text(lr, number)}};
    return dsc_model_write(fit->model, path, NULL, 0, note, sizeof note / sizeof *note, err);
}

/* One that can't be written can't wait, as the weights move on: it ends the training, which goes on
 * from its last checkpoint when there is room. */
descent_status dsc_snapshot_keep(dsc_fit *fit, double lr, descent_error *err)
{
    const dsc_log_field field[] = {{.key = "step", .number = (double)fit->progress.step},
                                   {.key = "lr", .number = lr}};

    if (!is_due(fit))
        return DESCENT_OK;
    DSC_TRY(write(fit, lr, err));
    dsc_log_event(fit->log, "snapshot", field, sizeof field / sizeof *field);
    return dsc_keep_log(fit, err);
}
