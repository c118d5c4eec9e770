/* checkpoint.c - everything a training needs to go on: the model, the optimizer's state, the recipe
 * and where it stood. Written to a temporary name and renamed, so the last one is always whole. */
#include "train/fit.h"

#include "base/memory.h"
#include "base/number.h"

#include <stdio.h>
#include <string.h>

enum { STEP, LOSS_SUM, HITS, SEEN, LAST_LOSS, SECONDS, N_NUMBERS };

enum { KEY_SIZE = 32 };
static const char number_key[N_NUMBERS][KEY_SIZE] = {
    [STEP] = "checkpoint.step",           [LOSS_SUM] = "checkpoint.loss_sum",
    [HITS] = "checkpoint.hits",           [SEEN] = "checkpoint.seen",
    [LAST_LOSS] = "checkpoint.last_loss", [SECONDS] = "checkpoint.seconds",
};

static void checkpoint_path(const dsc_fit *fit, char *out, size_t size)
{
    snprintf(out, size, "%s/checkpoint.safetensors", fit->options->folder);
}

/* What the schedule has seen of the test losses, in doubles. */
static dsc_tensor memory_of(const dsc_fit *fit)
{
    dsc_tensor memory = {.name = "schedule.memory", .type = DESCENT_F64, .rank = 1};

    memory.data = dsc_schedule_memory(fit->schedule, &memory.size[0]);
    return memory;
}

descent_status dsc_checkpoint_write(const dsc_fit *fit, descent_error *err)
{
    const dsc_progress *p = &fit->progress;
    const double number[N_NUMBERS] = {
        [STEP] = (double)p->step, [LOSS_SUM] = p->loss_sum,         [HITS] = (double)p->hits,
        [SEEN] = (double)p->seen, [LAST_LOSS] = p->last_train_loss, [SECONDS] = p->seconds,
    };
    char key[N_NUMBERS][KEY_SIZE], text[N_NUMBERS][DSC_NUMBER_SIZE], path[512];
    dsc_note note[N_NUMBERS];
    dsc_tensor extra[2] = {{.name = "optimizer.state", .type = DESCENT_F32, .rank = 1}};
    size_t n_extra = 0;

    extra[0].data = dsc_optimizer_state(fit->optimizer, &extra[0].size[0]);
    n_extra += extra[0].size[0] > 0;
    extra[n_extra] = memory_of(fit);
    n_extra += extra[n_extra].size[0] > 0;
    memcpy(key, number_key, sizeof key);
    for (int i = 0; i < N_NUMBERS; i++)
        note[i] = (dsc_note){key[i], dsc_number_text(number[i], text[i])};
    checkpoint_path(fit, path, sizeof path);
    return dsc_model_write(fit->model, path, extra, n_extra, note, N_NUMBERS, err);
}

/* Copies a tensor of exactly n numbers of that type into `to`. */
static descent_status take_tensor(const dsc_tensors *file, const char *path, const char *name,
                                  descent_type type, size_t n, void *to, descent_error *err)
{
    const dsc_tensor *tensor = dsc_tensors_find(file, name);
    size_t count = 1;

    for (int i = 0; tensor && i < tensor->rank; i++)
        count *= tensor->size[i];
    if (!tensor || tensor->type != type || count != n)
        return dsc_fail(err, DESCENT_INVALID,
                        "'%s' has no tensor '%s' of %zu numbers, as this training needs; was it "
                        "written by another recipe?",
                        path, name, n);
    memcpy(to, tensor->data, n * (type == DESCENT_F64 ? sizeof(double) : sizeof(float)));
    return DESCENT_OK;
}

static descent_status take_numbers(dsc_fit *fit, const dsc_tensors *file, const char *path,
                                   descent_error *err)
{
    double number[N_NUMBERS];

    for (int i = 0; i < N_NUMBERS; i++) {
        const char *text = dsc_tensors_note(file, number_key[i]);
        if (!text || !dsc_number_read(text, strlen(text), &number[i]))
            return dsc_fail(err, DESCENT_INVALID, "'%s' is not a checkpoint: it has no %s", path,
                            number_key[i]);
    }
    if (!(number[STEP] >= 0 && number[STEP] <= (double)fit->steps))
        return dsc_fail(err, DESCENT_INVALID, "'%s' stands at step %.0f, this training has %lld",
                        path, number[STEP], (long long)fit->steps);
    fit->progress = (dsc_progress){.step = (int64_t)number[STEP],
                                   .loss_sum = number[LOSS_SUM],
                                   .hits = (size_t)number[HITS],
                                   .seen = (size_t)number[SEEN],
                                   .last_train_loss = number[LAST_LOSS],
                                   .seconds = number[SECONDS]};
    dsc_optimizer_restore_steps(fit->optimizer, fit->progress.step);
    return DESCENT_OK;
}

static descent_status take_all(dsc_fit *fit, const dsc_tensors *file, const char *path,
                               descent_error *err)
{
    size_t n_state, n_memory;
    double *memory = dsc_schedule_memory(fit->schedule, &n_memory);
    float *state = dsc_optimizer_state(fit->optimizer, &n_state);

    DSC_TRY(dsc_model_restore(fit->model, file, path, err));
    if (n_state > 0)
        DSC_TRY(take_tensor(file, path, "optimizer.state", DESCENT_F32, n_state, state, err));
    if (n_memory > 0)
        DSC_TRY(take_tensor(file, path, "schedule.memory", DESCENT_F64, n_memory, memory, err));
    return take_numbers(fit, file, path, err);
}

descent_status dsc_checkpoint_read(dsc_fit *fit, descent_error *err)
{
    dsc_tensors file;
    char path[512];

    checkpoint_path(fit, path, sizeof path);
    DSC_TRY(dsc_tensors_read(&file, path, err));
    const descent_status status = take_all(fit, &file, path, err);
    dsc_tensors_free(&file);
    return status;
}
