/* checkpoint.c - everything a training needs to go on: the model, the optimizer's state, the recipe
 * and where it stood. Written to a temporary name and renamed, so the last one is always whole. */
#include "train/fit.h"

#include "base/memory.h"
#include "base/number.h"

#include <stdio.h>
#include <string.h>

enum { STEP, LOSS_SUM, HITS, SEEN, LAST_LOSS, SECONDS, LOG_BYTES, N_NUMBERS };

enum { KEY_SIZE = 32 };
static const char number_key[N_NUMBERS][KEY_SIZE] = {
    [STEP] = "checkpoint.step",           [LOSS_SUM] = "checkpoint.loss_sum",
    [HITS] = "checkpoint.hits",           [SEEN] = "checkpoint.seen",
    [LAST_LOSS] = "checkpoint.last_loss", [SECONDS] = "checkpoint.seconds",
    [LOG_BYTES] = "checkpoint.log_bytes",
};

static void checkpoint_path(const descent_train_options *options, char *out, size_t size)
{
    snprintf(out, size, "%s/checkpoint.safetensors", options->folder);
}

enum {
    MOST_PARTS = DSC_MAX_PARTS + 2 + DSC_BEST_PARTS + DSC_INSTRUMENT_PARTS + DSC_DIAGNOSIS_PARTS
};

/* What is saved beside the model and the numbers: how many arrays. */
static int parts_of(dsc_fit *fit, dsc_part part[MOST_PARTS])
{
    int n = dsc_optimizer_parts(fit->optimizer, part);

    n += dsc_best_parts(fit, part + n);
    /* what the schedule has seen of the test losses */
    part[n] = (dsc_part){.name = "schedule.memory", .type = DESCENT_F64};
    part[n].data = dsc_schedule_memory(fit->schedule, &part[n].count);
    return part[n].count > 0 ? n + 1 : n;
}

/* The same of the log and the instruments, which a training can go on without. */
static int log_parts_of(dsc_fit *fit, dsc_part part[MOST_PARTS])
{
    dsc_memory memory[DSC_INSTRUMENT_PARTS];
    const int n = fit->instruments ? dsc_instruments_memory(fit->instruments, memory) : 0;

    part[0] = (dsc_part){.name = "log.stretch",
                         .type = DESCENT_F64,
                         .count = DSC_STRETCH_NUMBERS,
                         .data = &fit->stretch};
    for (int i = 0; i < n; i++) {
        part[i + 1] =
            (dsc_part){.type = memory[i].type, .count = memory[i].count, .data = memory[i].data};
        snprintf(part[i + 1].name, sizeof part->name, "%s", memory[i].name);
    }
    return n + 1;
}

enum { MOST_NOTES = N_NUMBERS + 1 };

/* Texts of the notes and room for them; a note borrows both. */
typedef struct notes {
    char key[MOST_NOTES][KEY_SIZE], number[MOST_NOTES][DSC_NUMBER_SIZE];
    dsc_note note[MOST_NOTES];
    size_t n;
} notes;

static void add_note(notes *all, const char *key, char *text)
{
    snprintf(all->key[all->n], KEY_SIZE, "%.*s", KEY_SIZE - 1, key);
    all->note[all->n] = (dsc_note){all->key[all->n], text};
    all->n++;
}

static void add_number(notes *all, const char *key, double number)
{
    add_note(all, key, dsc_number_text(number, all->number[all->n]));
}

static void take_notes(dsc_fit *fit, int64_t log_bytes, notes *all)
{
    const dsc_progress *p = &fit->progress;
    const double number[N_NUMBERS] = {
        [STEP] = (double)p->step,        [LOSS_SUM] = p->loss_sum,         [HITS] = (double)p->hits,
        [SEEN] = (double)p->seen,        [LAST_LOSS] = p->last_train_loss, [SECONDS] = p->seconds,
        [LOG_BYTES] = (double)log_bytes,
    };

    for (int i = 0; i < N_NUMBERS; i++)
        add_number(all, number_key[i], number[i]);
    add_note(all, DSC_MARK_NOTE, fit->mark);
}

descent_status dsc_checkpoint_write(dsc_fit *fit, descent_error *err)
{
    char path[512];
    notes all = {.n = 0};
    dsc_part part[MOST_PARTS];
    dsc_tensor state[MOST_PARTS];
    int64_t log_bytes;

    DSC_TRY(dsc_log_sync(fit->log, &log_bytes, err)); /* what the checkpoint counts on is there */
    int n = parts_of(fit, part);
    n += log_parts_of(fit, part + n);
    n += dsc_diagnosis_parts(fit, part + n);
    for (int i = 0; i < n; i++) {
        state[i] = (dsc_tensor){
            .type = part[i].type, .rank = 1, .size = {part[i].count}, .data = part[i].data};
        snprintf(state[i].name, sizeof state[i].name, "%.*s", (int)sizeof part[i].name - 1,
                 part[i].name);
    }
    checkpoint_path(fit->options, path, sizeof path);
    take_notes(fit, log_bytes, &all);
    return dsc_model_write(fit->model, path, state, (size_t)n, all.note, all.n, err);
}

/* Copies the tensor of that name, type and size. */
static descent_status take_part(const dsc_tensors *file, const char *path, const dsc_part *part,
                                descent_error *err)
{
    const dsc_tensor *tensor = dsc_tensors_find(file, part->name);

    if (!tensor || tensor->type != part->type || dsc_tensor_count(tensor) != part->count)
        return dsc_fail(err, DESCENT_INVALID,
                        "'%s' has no tensor '%s' of %zu numbers, as this training needs; was it "
                        "written by another recipe?",
                        path, part->name, part->count);
    memcpy(part->data, tensor->data,
           part->count * (part->type == DESCENT_F64 ? sizeof(double) : sizeof(float)));
    return DESCENT_OK;
}

static descent_status take_numbers(dsc_fit *fit, const dsc_tensors *file, const char *path,
                                   int64_t *log_bytes, descent_error *err)
{
    static const int counts[] = {HITS, SEEN, LOG_BYTES};
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
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (!(number[counts[i]] >= 0 && number[counts[i]] <= 0x1p53))
            return dsc_fail(err, DESCENT_INVALID, "'%s': %s is %.17g, expected a count", path,
                            number_key[counts[i]], number[counts[i]]);
    fit->progress = (dsc_progress){.step = (int64_t)number[STEP],
                                   .loss_sum = number[LOSS_SUM],
                                   .hits = (size_t)number[HITS],
                                   .seen = (size_t)number[SEEN],
                                   .last_train_loss = number[LAST_LOSS],
                                   .seconds = number[SECONDS]};
    *log_bytes = (int64_t)number[LOG_BYTES];
    return DESCENT_OK;
}

descent_status dsc_checkpoint_take(dsc_fit *fit, const dsc_tensors *file, int64_t *log_bytes,
                                   descent_error *err)
{
    char path[512];
    dsc_part part[MOST_PARTS];
    const int n = parts_of(fit, part), all = n + log_parts_of(fit, part + n);

    checkpoint_path(fit->options, path, sizeof path);
    DSC_TRY(dsc_model_restore(fit->model, file, path, err));
    for (int i = 0; i < n; i++)
        DSC_TRY(take_part(file, path, &part[i], err));
    for (int i = n; i < all; i++) /* what is not there begins anew */
        if (dsc_tensors_find(file, part[i].name))
            DSC_TRY(take_part(file, path, &part[i], err));
    dsc_diagnosis_restore(fit, file);
    dsc_optimizer_restored(fit->optimizer);
    return take_numbers(fit, file, path, log_bytes, err);
}
